"""B12 and B14 notice what is planted; test_claims.py has them confirmed."""

import pytest

from cme323 import Context
from cme323.claims import claim, joins
from cme323.claims.claim import REFUTED
from cme323.engine.pairs import PairOperations
from cme323.engine.partitioner import Partitioner
from cme323.engine.rdd import Shuffled
from cme323.engine.transformations import Transformations
from cme323.parallel import broadcast_join as program


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def test_the_driver_and_each_task_receive_the_small_side():
    assert joins.received(large=100, small=10, partitions=4) == 10 + 4 * 10


def test_B12_notices_a_table_that_keeps_one_value_of_a_key(monkeypatch):
    monkeypatch.setattr(
        program, "by_key", lambda pairs: {key: [value] for key, value in pairs}
    )
    assert "of which (P - 1)S change partition" in refuted("B12")


def test_B12_notices_pairs_that_are_not_found(monkeypatch):
    monkeypatch.setattr(
        joins, "shuffle_join", lambda r, s: r.join(s.filter(lambda pair: pair[0] > 0))
    )
    monkeypatch.setitem(joins.JOINS, "shuffle", joins.shuffle_join)
    assert "all three find the same pairs" in refuted("B12")


def test_B12_notices_a_broadcast_that_collects_the_large_side(monkeypatch):
    monkeypatch.setattr(
        joins, "broadcast_join", lambda r, s: program.broadcast_join(s, r)
    )
    assert refuted("B12") == [
        "a broadcast: S to the driver, PS to the tasks",
        "through the driver, below S = R/P",
    ]


def test_B12_notices_a_replication_that_sends_the_large_side_too(monkeypatch):
    def both_move(large, small):
        moved = large.partitionBy(large.getNumPartitions())
        return program.replicated_join(moved, small)

    monkeypatch.setattr(joins, "replicated_join", both_move)
    assert "replication writes PS" in refuted("B12")


def test_B12_notices_a_partitioner_that_leaves_half_the_keys(monkeypatch):
    def everything_to_few(rdd, partitioner, name):
        few = Partitioner(partitioner.numPartitions, lambda key: abs(hash(key)) % 2)
        return Shuffled(rdd, few, name)

    monkeypatch.setattr(PairOperations, "_moved_to", everything_to_few)
    assert "of which (P - 1)S change partition" in refuted("B12")


def test_B14_notices_repeats_that_are_not_dropped_before_the_shuffle(monkeypatch):
    monkeypatch.setattr(
        Transformations, "_locally_distinct", lambda rdd: rdd.map(lambda x: (x, None))
    )
    assert refuted("B14") == ["with repeats: at most min(A, PK) + min(B, PK)"]


def test_B14_notices_a_union_that_shuffles(monkeypatch):
    union = Transformations.union
    monkeypatch.setattr(
        Transformations, "union", lambda a, b: union(a, b).repartition(4)
    )
    assert refuted("B14") == [
        "a union writes 0",
        "a union takes 0 rounds, the others 1",
    ]


def test_B14_notices_a_sort_that_samples_twice(monkeypatch):
    bounds = PairOperations._bounds

    def counted_first(rdd, partitions, keyfunc):
        rdd.count()
        return bounds(rdd, partitions, keyfunc)

    monkeypatch.setattr(PairOperations, "_bounds", counted_first)
    assert refuted("B14") == ["a sort reads its input twice"]


def test_B14_notices_a_sort_that_sends_all_to_one_place(monkeypatch):
    # Each record then changes partition with 1 - 1/P, so only the rest can tell.
    monkeypatch.setattr(PairOperations, "_bounds", lambda *_: [])
    assert Context(2).range(9).sortBy(lambda x: x).glom().map(len).collect() == [9, 0]
    assert refuted("B14") == ["a sort reads its input twice"]


@pytest.mark.parametrize(("large", "small"), [(1, 1), (35, 49), (700, 100)])
def test_partners_agree_with_two_sets_of_keys(large, small):
    r, s = (side.keys().collect() for side in joins.sides(Context(), large, small))
    assert joins.partners(large, small) == len(set(r) & set(s))
