import random
import sys

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


@given(numbers, partitions, st.data())
def test_coalesce_joins_neighbours_and_moves_nothing(data, p, drawn):
    q = drawn.draw(st.integers(1, 8))
    sc = Context()
    parts = sc.parallelize(data, p).glom()
    fewer = parts.coalesce(q)
    assert fewer.getNumPartitions() == min(p, q)
    assert fewer.collect() == parts.collect()
    sizes = [len(part) for part in fewer.glom().collect()]
    assert max(sizes) - min(sizes) <= 1
    assert sc.cost.records == 0


@given(numbers, partitions, partitions)
def test_repartition_moves_every_record_once_and_evenly(data, p, q):
    sc = Context()
    parts = sc.parallelize(data, p).repartition(q).glom().collect()
    assert (len(parts), sc.cost.rounds, sc.cost.records) == (q, 1, len(data))
    assert sorted(x for part in parts for x in part) == sorted(data)
    assert max(map(len, parts)) <= len(data) / q + p


@given(numbers, numbers, partitions, partitions)
def test_cartesian_has_every_pair_and_moves_nothing(a, b, p, q):
    sc = Context()
    product = sc.parallelize(a, p).cartesian(sc.parallelize(b, q))
    assert product.getNumPartitions() == p * q
    assert sorted(product.collect()) == sorted((x, y) for x in a for y in b)
    assert sc.cost.records == 0


@given(numbers, numbers, partitions, partitions)
def test_set_operations_are_their_plain_python_meaning(a, b, p, q):
    sc = Context()
    here, there = sc.parallelize(a, p), sc.parallelize(b, q)
    assert sorted(here.intersection(there).collect()) == sorted(set(a) & set(b))
    assert sc.cost.records <= len(a) + len(b)
    missing = here.subtract(there, q)
    assert sorted(missing.collect()) == sorted(x for x in a if x not in b)
    assert missing.getNumPartitions() == q


@given(numbers, partitions, partitions)
def test_groupBy_is_its_plain_python_meaning(data, p, q):
    groups = Context().parallelize(data, p).groupBy(lambda x: x % 3, q)
    assert {key: list(group) for key, group in groups.collect()} == {
        key: [x for x in data if x % 3 == key] for key in {x % 3 for x in data}
    }


@given(numbers, partitions)
def test_zips_are_their_plain_python_meaning(data, p):
    rdd = Context().parallelize(data, p)
    assert rdd.zip(rdd.map(str)).collect() == [(x, str(x)) for x in data]
    ids = [number for _, number in rdd.zipWithUniqueId().collect()]
    assert len(set(ids)) == len(data)
    assert rdd.zipWithUniqueId().keys().collect() == data


@given(numbers, st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_randomSplit_puts_each_record_in_one(data, weights):
    parts = Context().parallelize(data, 3).randomSplit(weights, seed=3)
    assert len(parts) == len(weights)
    split = [x for part in parts for x in part.collect()]
    assert sorted(split) == sorted(data)


def test_coalesce_does_not_cross_a_shuffle_that_is_before_it(sc):
    rdd = sc.range(20).map(lambda x: (x % 4, 1)).reduceByKey(int.__add__, 4)
    assert sorted(rdd.coalesce(2).collect()) == [(key, 5) for key in range(4)]
    assert sc.cost.rounds == 1


def test_cartesian_of_two_shuffles_runs_both_in_one_round(sc):
    left, right = sc.range(3).distinct(), sc.range(2).repartition(2)
    assert left.cartesian(right).count() == 6
    assert sc.cost.rounds == 1


def test_intersection_sends_one_of_each_record_and_partition(sc):
    rdd = sc.parallelize([1, 2] * 30, 3)
    assert sorted(rdd.intersection(rdd).collect()) == [1, 2]
    assert sc.cost.records == 2 * 3 * 2


def test_randomSplit_gives_each_its_share(sc):
    few, many = sc.range(4000).randomSplit([1, 3], seed=1)
    assert abs(few.count() - 1000) < 5 * 1000**0.5
    assert many.intersection(few).count() == 0


ECHO = f'"{sys.executable}" -c "import sys; sys.stdout.write(sys.stdin.read())"'
FAIL = f'"{sys.executable}" -c "raise SystemExit(3)"'


@pytest.mark.skipif(sys.platform == "win32", reason="shlex reads / paths")
def test_pipe_gives_the_lines_of_a_program(sc):
    lines = sc.parallelize(["a", "", "b\n", 3, "é\r"], 2).pipe(ECHO)
    assert lines.collect() == ["a", "", "b", "3", "é\r"]


@pytest.mark.skipif(sys.platform == "win32", reason="shlex reads / paths")
def test_pipe_has_the_environment_it_is_given_and_no_other(sc, monkeypatch):
    monkeypatch.setenv("OURS", "not seen")
    rdd = sc.parallelize(["x"], 1)
    assert rdd.pipe("/usr/bin/env", {"A": "1"}).collect() == ["A=1"]
    assert rdd.pipe("/usr/bin/env").collect() == []


@pytest.mark.skipif(sys.platform == "win32", reason="shlex reads / paths")
def test_pipe_checks_the_exit_code_if_told_to(sc):
    rdd = sc.parallelize(["x"], 1)
    assert rdd.pipe(FAIL).collect() == []
    with pytest.raises(RuntimeError, match="exited with error code 3"):
        rdd.pipe(FAIL, checkCode=True).collect()
    assert rdd.collect() == ["x"]


def test_coalesce_refuses_no_partitions(sc):
    for shuffle in (False, True):
        with pytest.raises(ValueError, match="must be positive"):
            sc.range(3).coalesce(0, shuffle)


def test_zip_refuses_other_partitions_and_other_lengths(sc):
    with pytest.raises(ValueError, match="same number of partitions: 2 here, 3"):
        sc.range(6, numSlices=2).zip(sc.range(6, numSlices=3))
    for a, b, fewer in [(5, 6, "here"), (6, 5, "there")]:
        uneven = sc.range(a, numSlices=1).zip(sc.range(b, numSlices=1))
        with pytest.raises(ValueError, match=f"partition 0 has fewer {fewer}"):
            uneven.collect()


def test_randomSplit_refuses_weights_that_are_no_shares(sc):
    with pytest.raises(ValueError, match="nonnegative"):
        sc.range(3).randomSplit([1, -1])
    with pytest.raises(ValueError, match="must be positive"):
        sc.range(3).randomSplit([0, 0])
    for endless in ([1, float("inf")], [1e308, 1e308]):
        with pytest.raises(ValueError, match="finite, not inf"):
            sc.range(3).randomSplit(endless)


def test_the_old_name_of_mapPartitionsWithIndex_warns(sc):
    with pytest.warns(FutureWarning, match="use mapPartitionsWithIndex instead"):
        rdd = sc.range(6).mapPartitionsWithSplit(lambda i, it: [(i, sum(it))])
    assert rdd.collect() == [(0, 1), (1, 5), (2, 9)]
