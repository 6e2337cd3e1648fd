from collections import Counter
from operator import add

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323 import Context
from cme323.errors import BadInput
from cme323.measure import run
from cme323.parallel.salted import (
    hot_load,
    most_of_a_key,
    salted_aggregate,
    salted_aggregate_cost,
    salted_groups,
)

keys = st.lists(st.sampled_from("aaaabc"), max_size=60)


@pytest.fixture
def sc():
    return Context(partitions=3)


def pairs(sc, keys, partitions=None):
    return sc.parallelize([(key, 1) for key in keys], partitions)


def sizes(groups):
    return {shard: len(values) for shard, values in groups.collect()}


def test_deals_a_key_to_its_shards_in_turn(sc):
    groups = salted_groups(pairs(sc, "aaaaab", partitions=1), shards=2)
    assert sizes(groups) == {("a", 0): 3, ("a", 1): 2, ("b", 0): 1}


def test_one_shard_is_no_salt(sc):
    groups = salted_groups(pairs(sc, "abracadabra"), shards=1)
    assert sizes(groups) == {(k, 0): n for k, n in Counter("abracadabra").items()}


def test_shards_of_a_key_are_in_different_partitions(sc):
    groups = salted_groups(pairs(sc, "a" * 90), shards=7, partitions=7)
    assert groups.glom().map(len).collect() == [1] * 7


@settings(max_examples=50)
@given(keys, st.integers(1, 9), st.integers(1, 4), st.integers(1, 4))
def test_agrees_with_a_counter(keys, shards, sources, partitions):
    rdd = pairs(Context(), keys, sources)
    summed = salted_aggregate(rdd, sum, add, shards, partitions)
    assert summed.collectAsMap() == Counter(keys)
    assert summed.getNumPartitions() == partitions


@settings(max_examples=50)
@given(keys, st.integers(1, 9), st.integers(1, 4))
def test_no_shard_gets_more_than_its_share_and_one_for_each_source(keys, g, sources):
    found = sizes(salted_groups(pairs(Context(), keys, sources), g))
    for (key, _), size in found.items():
        assert size <= most_of_a_key(keys.count(key), g, sources) + 1e-9


def test_loads_add_up_to_all_records_if_each_partition_has_a_shard():
    assert hot_load(1000, 400, shards=8, partitions=8) * 8 == 1000


def test_an_rdd_without_partitions_has_no_keys(sc):
    assert salted_aggregate(sc.emptyRDD(), sum, add, shards=3).collect() == []


@pytest.mark.parametrize("shards", [1, 2, 20])
@pytest.mark.parametrize("partitions", [1, 3, 8])
def test_costs_at_most_what_is_predicted(sc, shards, partitions):
    letters = "abracadabra" * 20
    summed = salted_aggregate(pairs(sc, letters), sum, add, shards, partitions)
    cost = run(lambda sc: summed.count(), sc).cost
    predicted = salted_aggregate_cost(220, 5, shards, partitions)
    assert cost.rounds == predicted.rounds == 2
    assert cost <= predicted


def test_the_predicted_cost_is_attained_by_frequent_keys(sc):
    summed = salted_aggregate(pairs(sc, "ab" * 100), sum, add, 2, 3)
    assert run(lambda sc: summed.count(), sc).cost.records == 200 + 2 * 2


def test_refuses_less_than_one_shard(sc):
    with pytest.raises(BadInput, match="at least 1 shard for each key, but got 0"):
        salted_groups(pairs(sc, "ab"), shards=0)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_the_same_program_on_spark_gives_the_same_sums_in_as_many_rounds(spark):
    words = ["a"] * 50 + ["b", "c"] * 25

    def summed(sc):
        return salted_aggregate(pairs(sc, words, 4), sum, add, 3).collectAsMap()

    theirs = run(summed, spark)
    assert theirs.value == summed(Context()) == Counter(words)
    assert theirs.cost.rounds == 2
