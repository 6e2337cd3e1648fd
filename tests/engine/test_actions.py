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
