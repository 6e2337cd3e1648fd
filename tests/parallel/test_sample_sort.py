from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323 import Context
from cme323.errors import BadInput
from cme323.measure import run
from cme323.parallel.sample_sort import (
    relative_deviation,
    sample_sort,
    sample_sort_cost,
    splitters,
)

records = st.lists(st.integers(-9, 9) | st.integers())


@pytest.fixture
def sc():
    return Context(partitions=3)


def test_each_bucket_is_a_sorted_range(sc):
    buckets = sample_sort(sc.parallelize([5, 2, 8, 1, 9, 4]), samples=3).glom()
    assert buckets.collect() == [[1, 2], [4, 5], [8, 9]]


def test_the_whole_input_as_a_sample_cuts_it_evenly(sc):
    sizes = sample_sort(sc.range(63), samples=16, buckets=4).glom().map(len)
    assert sizes.collect() == [16, 16, 16, 15]


@settings(max_examples=50)
@given(records, st.integers(1, 5), st.integers(1, 9), st.integers(1, 6))
def test_agrees_with_sorted(items, partitions, samples, buckets):
    rdd = Context(partitions).parallelize(items)
    assert sample_sort(rdd, samples, buckets).collect() == sorted(items)


@given(st.lists(st.integers(), max_size=40), st.integers(1, 9))
def test_splitters_leave_gaps_that_differ_by_at_most_one(sample, buckets):
    cuts = splitters(list(range(len(sample))), buckets)
    ends = [-1, *cuts, len(sample)]
    if len(cuts) == buckets - 1:
        gaps = [b - a for a, b in pairwise(ends)]
        assert max(gaps) - min(gaps) <= 1
    else:
        assert len(sample) + 1 < buckets


def test_the_same_seed_gives_the_same_buckets_and_another_others(sc):
    def buckets(seed):
        return sample_sort(sc.range(500), 4, 5, seed).glom().map(len).collect()

    assert buckets(1) == buckets(1) != buckets(1024)


def test_an_rdd_without_partitions_is_sorted(sc):
    assert sample_sort(sc.emptyRDD()).collect() == []


def test_a_full_sample_leaves_no_deviation():
    assert relative_deviation(n=63, samples=16, buckets=4) == 0


@pytest.mark.parametrize("n", [0, 10, 500])
def test_costs_what_is_predicted(sc, n):
    cost = run(lambda sc: sample_sort(sc.range(n)).count(), sc).cost
    assert (cost.rounds, cost.records) == (1, n)
    assert cost <= sample_sort_cost(n)


@pytest.mark.parametrize("sizes", [{"samples": 0}, {"buckets": 0}, {"buckets": -2}])
def test_refuses_no_samples_or_buckets(sc, sizes):
    with pytest.raises(BadInput, match="at least 1 sample for each of at least 1 buck"):
        sample_sort(sc.range(9), **sizes)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_the_same_program_on_spark_makes_the_same_buckets_in_one_round(spark):
    items = [i * 7919 % 1000 for i in range(1000)]

    def buckets(sc):
        return sample_sort(sc.parallelize(items, 4), 8, 5, seed=3).glom().collect()

    theirs = run(buckets, spark)
    assert theirs.value == buckets(Context())
    assert theirs.cost.rounds == 1
