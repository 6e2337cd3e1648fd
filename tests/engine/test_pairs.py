from collections import defaultdict
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323 import Context
from cme323.measure import run

pairs = st.lists(st.tuples(st.integers(0, 5) | st.sampled_from("ab"), st.integers()))
partitions = st.integers(1, 5)


def grouped(data):
    groups = defaultdict(list)
    for key, value in data:
        groups[key].append(value)
    return groups


def in_order(records):
    return sorted(records, key=repr)


@given(pairs, partitions, partitions)
def test_ByKey_methods_are_their_plain_python_meaning(data, p, q):
    rdd, groups = Context().parallelize(data, p), grouped(data)
    sums = {key: sum(values) for key, values in groups.items()}
    assert rdd.groupByKey(q).mapValues(list).collectAsMap() == groups
    assert rdd.reduceByKey(add, q).collectAsMap() == sums
    assert rdd.aggregateByKey([], lambda a, v: [*a, v], add, q).collectAsMap() == groups
    assert rdd.combineByKey(int, add, add, q).collectAsMap() == sums
    assert rdd.countByKey() == {key: len(values) for key, values in groups.items()}
    assert in_order(rdd.partitionBy(q).collect()) == in_order(data)


@given(pairs, partitions, partitions)
def test_folds_are_their_plain_python_meaning(data, p, q):
    rdd, groups = Context().parallelize(data, p), grouped(data)
    sums = {key: sum(values) for key, values in groups.items()}
    assert rdd.foldByKey(0, add, q).collectAsMap() == sums
    assert rdd.reduceByKeyLocally(add) == sums


@given(pairs, pairs, partitions, partitions)
def test_subtractByKey_keeps_the_pairs_of_other_keys(left, right, p, q):
    sc = Context()
    rest = sc.parallelize(left, p).subtractByKey(sc.parallelize(right, 2), q)
    there = dict(right)
    assert in_order(rest.collect()) == in_order(
        pair for pair in left if pair[0] not in there
    )
    assert (sc.cost.rounds, sc.cost.records) == (1, len(left) + len(right))


@given(st.lists(pairs, min_size=2, max_size=4))
def test_groupWith_has_the_values_of_every_side(sides):
    sc = Context()
    first, *others = (sc.parallelize(side) for side in sides)
    groups = first.groupWith(*others).mapValues(lambda vs: tuple(map(list, vs)))
    meant = [grouped(side) for side in sides]
    assert groups.collectAsMap() == {
        key: tuple(group.get(key, []) for group in meant) for key in set().union(*meant)
    }
    assert sc.cost.records == sum(map(len, sides))


@given(pairs, partitions, partitions)
def test_repartitionAndSort_sorts_each_partition_by_key(data, p, q):
    rdd = Context().parallelize([(str(key), value) for key, value in data], p)
    parts = rdd.repartitionAndSortWithinPartitions(q, keyfunc=str.lower)
    placed = rdd.partitionBy(q).glom().collect()
    assert parts.glom().collect() == [
        sorted(part, key=lambda kv: kv[0]) for part in placed
    ]
    assert parts.partitioner == rdd.partitionBy(q).partitioner


@given(pairs, pairs, partitions, partitions)
def test_joins_are_their_plain_python_meaning(left, right, p, q):
    sc = Context()
    a, b = sc.parallelize(left, p), sc.parallelize(right, 2)
    here, there = grouped(left), grouped(right)

    def joined(keys, missing_here, missing_there):
        return in_order(
            (key, (v, w))
            for key in keys
            for v in here.get(key, missing_here)
            for w in there.get(key, missing_there)
        )

    everywhere = {**here, **there}
    assert in_order(a.join(b, q).collect()) == joined(everywhere, [], [])
    assert in_order(a.leftOuterJoin(b, q).collect()) == joined(everywhere, [], [None])
    assert in_order(a.rightOuterJoin(b, q).collect()) == joined(everywhere, [None], [])
    assert in_order(a.fullOuterJoin(b, q).collect()) == joined(
        everywhere, [None], [None]
    )
    assert {
        key: (list(vs), list(ws)) for key, (vs, ws) in a.cogroup(b, q).collect()
    } == {key: (here.get(key, []), there.get(key, [])) for key in everywhere}


@given(pairs, partitions)
def test_sortByKey_orders_the_keys(data, p):
    data = [(str(key), value) for key, value in data]
    rdd = Context().parallelize(data, p)
    assert rdd.sortByKey().collect() == sorted(data, key=lambda kv: kv[0])
    assert rdd.sortByKey(ascending=False).keys().collect() == sorted(
        (key for key, _ in data), reverse=True
    )


def test_sortByKey_with_a_keyfunc(sc):
    rdd = sc.parallelize([("b", 1), ("A", 2), ("C", 3)]).sortByKey(keyfunc=str.lower)
    assert rdd.keys().collect() == ["A", "b", "C"]


def test_values_keys_and_what_maps_them(sc):
    rdd = sc.parallelize([("a", 1), ("b", 2)])
    assert rdd.keys().collect() == ["a", "b"]
    assert rdd.values().collect() == [1, 2]
    assert rdd.flatMapValues(range).collect() == [("a", 0), ("b", 0), ("b", 1)]


def test_partitionFunc_decides_the_place(sc):
    placed = sc.range(6).keyBy(lambda x: x).partitionBy(2, lambda key: key // 3)
    assert placed.keys().glom().collect() == [[0, 1, 2], [3, 4, 5]]


def test_a_zero_that_is_mutable_is_not_shared(sc):
    def append(values, value):
        values.append(value)
        return values

    rdd = sc.parallelize([("a", 1), ("b", 2)], 1).aggregateByKey([], append, add)
    assert rdd.collectAsMap() == {"a": [1], "b": [2]}


def test_combiners_that_change_their_first_argument_can_be_asked_for_again(sc):
    def extend(values, others):
        values.extend(others)
        return values

    rdd = sc.parallelize([("a", 1), ("a", 2), ("a", 3)], 3)
    listed = rdd.combineByKey(lambda v: [v], lambda c, v: extend(c, [v]), extend, 2)
    for _ in range(3):
        assert listed.collect() == [("a", [1, 2, 3])]


def test_a_record_of_a_shuffle_can_be_changed_by_who_read_it(sc):
    moved = sc.parallelize([("a", [1])], 1).partitionBy(2)
    assert moved.mapValues(lambda v: v.append(2) or v).values().collect() == [[1, 2]]
    assert moved.values().collect() == [[1]]


def test_a_combiner_sends_one_record_a_key_and_partition(sc):
    rdd = sc.parallelize([(x % 5, 1) for x in range(300)], 3)
    assert run(lambda sc: rdd.reduceByKey(add).count(), sc).cost.records == 15
    assert run(lambda sc: rdd.groupByKey().count(), sc).cost.records == 300


def test_a_co_partitioned_join_moves_nothing_and_takes_no_round(sc):
    a = sc.range(50).keyBy(lambda x: x).partitionBy(7).cache()
    b = sc.range(50).keyBy(lambda x: x).partitionBy(7).mapValues(str).cache()
    a.count(), b.count()
    cost = run(lambda sc: a.join(b).reduceByKey(max).count(), sc).cost
    assert (cost.rounds, cost.records, cost.bytes) == (0, 0, 0)


def test_both_sides_of_a_join_move_in_one_round(sc):
    a, b = sc.range(9).keyBy(lambda x: x), sc.range(9).keyBy(lambda x: x)
    cost = run(lambda sc: a.join(b).count(), sc).cost
    assert (cost.rounds, cost.records) == (1, 18)


@pytest.mark.parametrize(
    ("transform", "kept"),
    [
        (lambda rdd: rdd.mapValues(str), True),
        (lambda rdd: rdd.filter(bool), True),
        (lambda rdd: rdd.flatMapValues(range), True),
        (lambda rdd: rdd.map(lambda kv: kv), False),
        (lambda rdd: rdd.map(lambda kv: kv, preservesPartitioning=True), True),
        (lambda rdd: rdd.flatMap(lambda kv: [kv]), False),
        (lambda rdd: rdd.mapPartitions(list), False),
        (lambda rdd: rdd.union(rdd), False),
    ],
)
def test_what_keeps_the_keys_keeps_the_partitioner(sc, transform, kept):
    rdd = sc.range(9).keyBy(lambda x: x).partitionBy(4)
    assert (transform(rdd).partitioner == rdd.partitioner) == kept


def test_a_shuffle_that_ran_is_reused(sc):
    reduced = sc.range(30).map(lambda x: (x % 3, x)).reduceByKey(add)
    reduced.count()
    again = run(lambda sc: reduced.mapValues(str).collect(), sc).cost
    assert (again.rounds, again.records, again.tasks) == (0, 0, 3)


def test_values_of_a_key_are_a_loop_and_a_length_but_no_list(sc):
    ((_, values),) = sc.parallelize([("a", 1), ("a", 2)]).groupByKey().collect()
    assert list(values) == [1, 2]
    assert len(values) == 2
    assert repr(values) == "ResultIterable([1, 2])"
    with pytest.raises(TypeError):
        values[0]


def test_refuses_to_shuffle_into_no_partitions(sc):
    with pytest.raises(ValueError, match="at least 1"):
        sc.parallelize([(1, 1)]).groupByKey(0)


def test_repartitionAndSort_as_spark_documents_it(sc):
    data = [(0, 5), (3, 8), (2, 6), (0, 8), (3, 8), (1, 3)]
    rdd = sc.parallelize(data)
    up = rdd.repartitionAndSortWithinPartitions(2, lambda x: x % 2, True)
    assert up.glom().collect() == [[(0, 5), (0, 8), (2, 6)], [(1, 3), (3, 8), (3, 8)]]
    down = rdd.repartitionAndSortWithinPartitions(2, ascending=False)
    assert down.keys().collect() == [2, 0, 0, 3, 3, 1]


def test_repartitionAndSort_places_sorted_pairs_anew(sc):
    rdd = sc.parallelize([(3, "c"), (1, "a"), (2, "b")], 1).sortByKey(numPartitions=2)
    placed = rdd.repartitionAndSortWithinPartitions()
    assert placed.keys().glom().collect() == [[3], [1], [2]]
    with pytest.raises(ValueError, match="at least 1"):
        rdd.repartitionAndSortWithinPartitions(0)


def test_foldByKey_starts_each_partition_from_a_copy_of_zero(sc):
    rdd = sc.parallelize([("a", [1]), ("b", [2]), ("a", [3])], 1)
    extended = rdd.foldByKey([], lambda a, b: a.extend(b) or a)
    assert extended.collectAsMap() == {"a": [1, 3], "b": [2]}


def test_sampleByKey_takes_the_fraction_of_each_key(sc):
    rdd = sc.range(8000).map(lambda x: ("ab"[x % 2], x))
    counts = rdd.sampleByKey(False, {"a": 0.25, "b": 0.0}, seed=1).countByKey()
    assert abs(counts["a"] - 1000) < 5 * 1000**0.5
    assert counts["b"] == 0
    twice = rdd.sampleByKey(True, {"a": 2.0, "b": 1}, seed=1).countByKey()
    assert abs(twice["a"] - 8000) < 5 * 8000**0.5


def test_subtractByKey_moves_only_what_is_not_in_place(sc):
    here = sc.range(50).keyBy(lambda x: x).partitionBy(4).cache()
    here.count()
    there = sc.range(10).keyBy(lambda x: x)
    cost = run(lambda sc: here.subtractByKey(there).count(), sc).cost
    assert (cost.rounds, cost.records) == (1, 10)
    placed = there.partitionBy(4).cache()
    placed.count()
    assert run(lambda sc: here.subtractByKey(placed).count(), sc).cost.records == 0


def test_reduceByKeyLocally_is_an_action_without_a_shuffle(sc):
    assert sc.parallelize([("a", 1), ("a", 2)]).reduceByKeyLocally(add) == {"a": 3}
    assert (len(sc.jobs), sc.cost.rounds) == (1, 0)


def test_sampleByKey_refuses_a_negative_fraction_and_needs_each_key(sc):
    rdd = sc.parallelize([("a", 1)])
    with pytest.raises(AssertionError, match="Negative fraction value: -1"):
        rdd.sampleByKey(False, {"a": -1})
    with pytest.raises(KeyError):
        rdd.sampleByKey(False, {"b": 1}).collect()


def test_what_a_sort_leaves_is_not_adopted(sc):
    mixed = sc.parallelize([(1, "a"), (True, "b"), (1.0, "c")])
    by_text = mixed.sortByKey(keyfunc=str)
    assert by_text.groupByKey().mapValues(sorted).collect() == [(1.0, ["a", "b", "c"])]
    in_order = sc.parallelize([(2, "x"), (1, "y")]).sortByKey()
    words = sc.parallelize([("two", 2), (1, "one")])
    assert in_order.join(words).collect() == [(1, ("y", "one"))]
