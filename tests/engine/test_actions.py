from collections import Counter
from heapq import nlargest, nsmallest
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323 import Context

numbers = st.lists(st.integers(-50, 50), max_size=30)
partitions = st.integers(1, 6)


@given(numbers, partitions)
def test_actions_are_their_plain_python_meaning(data, p):
    rdd = Context().parallelize(data, p)
    assert rdd.collect() == data
    assert rdd.count() == len(data)
    assert rdd.sum() == rdd.fold(0, add) == sum(data)
    assert rdd.aggregate((0, 0), lambda a, x: (a[0] + x, a[1] + 1), _both) == (
        sum(data),
        len(data),
    )
    if data:
        assert rdd.first() == data[0]
        assert rdd.reduce(max) == max(data)


def _both(a, b):
    return a[0] + b[0], a[1] + b[1]


@given(numbers, partitions, st.integers(0, 40))
def test_take_gives_the_first_records(data, p, num):
    assert Context().parallelize(data, p).take(num) == data[:num]


def test_take_reads_no_more_partitions_than_it_needs(sc):
    sc.range(100, numSlices=50).take(2)
    assert sc.cost.tasks == 1


def test_take_and_first_compute_no_record_too_many(sc):
    seen = sc.accumulator(0)

    def note(x):
        seen.add(1)
        return x

    assert sc.range(100).map(note).first() == 0
    assert seen.value == 1


def test_fold_starts_from_a_copy_of_its_zero_in_each_partition(sc):
    zero = []
    assert sc.parallelize([[1], [2], [3]]).fold(zero, add) == [1, 2, 3]
    assert zero == []


def test_collectAsMap_keeps_the_last_value_of_a_key(sc):
    assert sc.parallelize([("a", 1), ("a", 2)]).collectAsMap() == {"a": 2}


def test_lookup_reads_one_partition_if_it_knows_which(sc):
    rdd = sc.parallelize([(x % 5, x) for x in range(20)])
    assert rdd.lookup(3) == [3, 8, 13, 18]
    placed = rdd.partitionBy(5)
    placed.count()
    before = sc.cost.tasks
    assert placed.lookup(3) == [3, 8, 13, 18]
    assert sc.cost.tasks - before == 1


def test_foreach_calls_for_effect(sc):
    total = sc.accumulator(0)
    assert sc.range(10).foreach(total.add) is None
    assert total.value == 45


def test_an_empty_rdd_has_no_first_and_no_reduction(sc):
    with pytest.raises(ValueError, match="empty"):
        sc.parallelize([]).first()
    with pytest.raises(ValueError, match="empty"):
        sc.parallelize([]).reduce(add)


@given(numbers, partitions, st.integers(0, 40))
def test_the_best_records_are_those_of_a_sorted_list(data, p, num):
    rdd = Context().parallelize(data, p)
    assert rdd.top(num) == nlargest(num, data)
    assert rdd.top(num, key=abs) == nlargest(num, data, key=abs)
    assert rdd.takeOrdered(num) == nsmallest(num, data)
    assert rdd.takeOrdered(num, abs) == nsmallest(num, data, key=abs)
    assert rdd.isEmpty() == (not data)
    if data:
        assert (rdd.max(), rdd.min()) == (max(data), min(data))
        assert (rdd.max(abs), rdd.min(abs)) == (max(data, key=abs), min(data, key=abs))


@given(numbers, partitions)
def test_countByValue_is_a_counter(data, p):
    counts = Context().parallelize(data, p).countByValue()
    assert counts == Counter(data)
    assert counts["not there"] == 0


def test_takeOrdered_refuses_a_negative_number(sc):
    with pytest.raises(ValueError, match="negative"):
        sc.range(3).takeOrdered(-1)
    assert sc.range(3).top(-1) == []


@given(numbers, partitions, st.integers(0, 40), st.integers(0, 5))
def test_takeSample_draws_distinct_positions(data, p, num, seed):
    rdd = Context().parallelize(data, p)
    sample = rdd.takeSample(False, num, seed)
    assert len(sample) == min(num, len(data))
    assert Counter(sample) <= Counter(data)
    assert sample == rdd.takeSample(False, num, seed)


@given(numbers, partitions, st.integers(0, 40))
def test_takeSample_with_replacement_draws_as_many_as_asked(data, p, num):
    sample = Context().parallelize(data, p).takeSample(True, num)
    assert len(sample) == (num if data else 0)
    assert set(sample) <= set(data)


def test_takeSample_is_uniform(sc):
    draws = Counter(
        x for seed in range(400) for x in sc.range(10).takeSample(False, 3, seed)
    )
    # 120 expected of each, with a standard deviation of about 9
    assert all(80 < draws[x] < 160 for x in range(10))


def test_takeSample_draws_again_until_there_are_enough(sc, monkeypatch):
    monkeypatch.setattr("cme323.engine.actions._fraction", lambda *args: 0.3)
    assert len(sc.range(20).takeSample(False, 8)) == 8


def test_takeSample_refuses_what_is_no_size(sc):
    with pytest.raises(ValueError, match="negative"):
        sc.range(3).takeSample(False, -1)
    with pytest.raises(ValueError, match="greater than"):
        sc.range(3).takeSample(True, 2**63)


def test_foreachPartition_sees_each_partition_once(sc):
    sizes = sc.accumulator(0)

    def called(records):
        sizes.add(10 ** sum(1 for _ in records))

    assert sc.range(6, numSlices=3).foreachPartition(called) is None
    assert sizes.value == 300


def test_foreachPartition_runs_a_generator_to_its_end(sc):
    total = sc.accumulator(0)
    sc.range(5).foreachPartition(lambda it: (total.add(x) for x in it))
    assert total.value == 10


@given(numbers, partitions, st.booleans())
def test_toLocalIterator_gives_what_collect_gives(data, p, prefetch):
    rdd = Context().parallelize(data, p)
    assert list(rdd.toLocalIterator(prefetch)) == data


@pytest.mark.parametrize(("prefetch", "tasks"), [(False, [0, 1, 2]), (True, [0, 2, 3])])
def test_toLocalIterator_runs_one_partition_at_a_time(sc, prefetch, tasks):
    records = sc.range(8, numSlices=4).toLocalIterator(prefetchPartitions=prefetch)
    seen = [sc.cost.tasks]
    assert [next(records), next(records)] == [0, 1]
    seen.append(sc.cost.tasks)
    assert next(records) == 2
    assert [*seen, sc.cost.tasks] == tasks


def test_what_reduces_needs_a_record(sc):
    nothing = sc.parallelize([])
    for action in (nothing.max, nothing.min, lambda: nothing.treeReduce(add)):
        with pytest.raises(ValueError, match="empty"):
            action()
