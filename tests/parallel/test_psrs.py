from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323 import Context
from cme323.measure import run
from cme323.parallel.psrs import largest_bucket, psrs, psrs_cost, regular_sample

few = st.lists(st.integers(-5, 5), max_size=200)
distinct = st.permutations(range(150))


def test_three_partitions_of_nine_by_hand():
    first = [15, 46, 48, 93, 39, 6, 72, 91, 14]
    second = [36, 69, 40, 89, 61, 97, 12, 21, 54]
    third = [53, 97, 84, 58, 32, 27, 33, 72, 20]
    runs = [sorted(part) for part in (first, second, third)]
    assert [regular_sample(run, 3) for run in runs] == [
        [6, 39, 72],
        [12, 40, 69],
        [20, 33, 72],
    ]
    buckets = psrs(Context(3).parallelize(first + second + third)).glom().collect()
    assert [bucket[-1] for bucket in buckets[:2]] == [33, 69]
    assert [x for bucket in buckets for x in bucket] == sorted(first + second + third)


@settings(max_examples=50)
@given(few | st.lists(st.text(max_size=2)), st.integers(1, 6))
def test_agrees_with_sorted(items, partitions):
    assert psrs(Context(partitions).parallelize(items)).collect() == sorted(items)


@settings(max_examples=100)
@given(few | distinct, st.integers(1, 6))
def test_no_bucket_is_above_the_bound(items, partitions):
    sizes = psrs(Context(partitions).parallelize(items)).glom().map(len).collect()
    copies = max(Counter(items).values(), default=0)
    assert max(sizes) <= largest_bucket(len(items), partitions, copies)


@given(st.integers(2, 50), st.integers(1, 20))
def test_the_bound_is_at_most_twice_an_even_share(partitions, block):
    n = partitions**2 * block
    assert largest_bucket(n, partitions) <= 2 * n / partitions


def test_an_rdd_without_partitions_is_sorted():
    assert psrs(Context().emptyRDD()).collect() == []


@pytest.mark.parametrize("n", [0, 10, 500])
def test_costs_what_is_predicted(n):
    cost = run(lambda sc: psrs(sc.range(n)).count(), Context(3)).cost
    assert (cost.rounds, cost.records) == (1, n)
    assert cost <= psrs_cost(n)


def test_sorts_each_partition_once():
    sc = Context(2)
    read = sc.accumulator(0)
    psrs(sc.range(100).filter(lambda x: read.add(1) or True)).count()
    assert read.value == 100


def test_refuses_records_that_have_no_order():
    with pytest.raises(TypeError, match="not supported between"):
        psrs(Context(1).parallelize([1, "a"]))


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_the_same_program_on_spark_makes_the_same_buckets_in_one_round(spark):
    items = [i * 7919 % 1000 for i in range(1000)]

    def buckets(sc):
        return psrs(sc.parallelize(items, 4)).glom().collect()

    theirs = run(buckets, spark)
    assert theirs.value == buckets(Context())
    assert theirs.cost.rounds == 1
