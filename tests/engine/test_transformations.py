import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323 import Context

numbers = st.lists(st.integers(-20, 20), max_size=30)
partitions = st.integers(1, 6)


@given(numbers, partitions)
def test_narrow_ones_are_their_plain_python_meaning(data, p):
    rdd = Context().parallelize(data, p)
    assert rdd.map(str).collect() == [str(x) for x in data]
    assert rdd.filter(lambda x: x > 0).collect() == [x for x in data if x > 0]
    assert rdd.flatMap(lambda x: [x, x]).collect() == [x for x in data for _ in "ab"]
    assert rdd.keyBy(abs).collect() == [(abs(x), x) for x in data]
    assert rdd.mapPartitions(lambda it: [sum(it)]).sum() == sum(data)
    assert rdd.zipWithIndex().collect() == [(x, i) for i, x in enumerate(data)]


@given(numbers, partitions, partitions)
def test_wide_ones_are_their_plain_python_meaning(data, p, q):
    rdd = Context().parallelize(data, p)
    assert sorted(rdd.distinct(q).collect()) == sorted(set(data))
    assert rdd.sortBy(lambda x: x, numPartitions=q).collect() == sorted(data)
    assert rdd.sortBy(lambda x: x, False, q).collect() == sorted(data, reverse=True)


@given(numbers, numbers, partitions)
def test_union_keeps_order_and_repeats_and_moves_nothing(a, b, p):
    sc = Context()
    both = sc.parallelize(a, p) + sc.parallelize(b, 2)
    assert both.collect() == a + b
    assert both.getNumPartitions() == p + 2
    assert sc.cost.records == 0


def test_partitions_are_even_and_in_order(sc):
    assert sc.parallelize(range(10), 4).glom().collect() == [
        [0, 1],
        [2, 3, 4],
        [5, 6],
        [7, 8, 9],
    ]


def test_mapPartitionsWithIndex_knows_the_partition(sc):
    rdd = sc.parallelize("abc", 3).mapPartitionsWithIndex(lambda i, it: [(i, *it)])
    assert rdd.collect() == [(0, "a"), (1, "b"), (2, "c")]


def test_nothing_runs_before_an_action(sc):
    def explode(x):
        raise AssertionError

    sc.parallelize([1]).map(explode).map(str).keyBy(len).groupByKey()
    assert sc.jobs == []


def test_a_chain_longer_than_pythons_stack_of_shuffles_runs(sc):
    rdd = sc.parallelize([(1, 1)])
    for number in range(2, 1500):
        rdd = rdd.partitionBy(2 + number % 2)
    assert rdd.collect() == [(1, 1)]
    assert sc.cost.rounds == 1498


def test_sort_is_balanced_and_costs_one_round(sc):
    data = random.Random(0).sample(range(10**6), 3000)
    rdd = sc.parallelize(data).sortBy(lambda x: x, numPartitions=5)
    sizes = [len(part) for part in rdd.glom().collect()]
    assert max(sizes) < 2 * 3000 / 5
    assert (sc.cost.rounds, sc.cost.records) == (1, 3000)


def test_sorting_keeps_the_order_of_equal_keys(sc):
    data = [(x % 3, x) for x in range(30)]
    assert sc.parallelize(data).sortBy(lambda kv: kv[0]).collect() == sorted(
        data, key=lambda kv: kv[0]
    )


@pytest.mark.parametrize("replacement", [False, True])
def test_sample_takes_about_its_fraction_and_the_same_one_each_time(sc, replacement):
    rdd = sc.parallelize(range(4000))
    first = rdd.sample(replacement, 0.25, seed=7).collect()
    assert first == rdd.sample(replacement, 0.25, seed=7).collect()
    assert first != rdd.sample(replacement, 0.25, seed=8).collect()
    assert abs(len(first) - 1000) < 5 * 1000**0.5
    assert (len(set(first)) < len(first)) == replacement


def test_sample_with_replacement_can_take_more_than_there_is(sc):
    assert abs(sc.range(1000).sample(True, 3.0, seed=1).count() - 3000) < 5 * 3000**0.5


def test_sample_refuses_a_fraction_that_is_none(sc):
    with pytest.raises(ValueError, match="between 0 and 1"):
        sc.range(9).sample(False, 1.5)
