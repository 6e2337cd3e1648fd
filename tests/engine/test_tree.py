from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323 import Context

numbers = st.lists(st.integers(-50, 50), max_size=30)


@given(numbers, st.integers(1, 40), st.integers(1, 6))
def test_a_tree_gives_what_one_step_gives(data, p, depth):
    rdd = Context().parallelize(data, p)
    assert rdd.treeAggregate(0, add, add, depth) == sum(data)
    counted = rdd.treeAggregate([], lambda a, x: [*a, x], add, depth)
    assert sorted(counted) == sorted(data)
    if data:
        assert rdd.treeReduce(max, depth) == max(data)


# Rounds and tasks as Spark 4.3 counted them.
@pytest.mark.parametrize(
    ("partitions", "depth", "rounds", "tasks"),
    [
        (3, 2, 0, 3),
        (4, 2, 0, 4),
        (5, 2, 1, 6),
        (10, 1, 0, 10),
        (10, 2, 1, 12),
        (10, 5, 2, 17),
        (30, 4, 2, 43),
        (64, 3, 2, 84),
        (64, 6, 4, 124),
        (100, 2, 1, 110),
        (100, 3, 2, 124),
    ],
)
def test_a_tree_is_as_deep_as_spark_s(sc, partitions, depth, rounds, tasks):
    assert sc.range(200, numSlices=partitions).treeReduce(add, depth) == 19900
    assert (sc.cost.rounds, sc.cost.tasks) == (rounds, tasks)


def test_a_level_moves_one_record_for_each_partition_there_was(sc):
    sc.range(1000, numSlices=64).treeAggregate(0, add, add, depth=3)
    assert sc.cost.records == 64 + 16


def test_zero_is_copied_for_each_partition(sc):
    zero = []

    def append(records, x):
        records.append(x)
        return records

    assert sc.range(5, numSlices=5).treeAggregate(zero, append, add) == [0, 1, 2, 3, 4]
    assert zero == []


def test_depth_is_at_least_one(sc):
    with pytest.raises(ValueError, match="Depth cannot be smaller than 1 but got 0"):
        sc.range(3).treeReduce(add, 0)
