import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323 import Context
from cme323.measure import run
from cme323.parallel.broadcast_join import (
    broadcast_join,
    broadcast_join_cost,
    replicated_join,
    replicated_join_cost,
    shuffle_join_cost,
)

sides = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3)), max_size=30)
both = pytest.mark.parametrize("join", [broadcast_join, replicated_join])


@pytest.fixture
def sc():
    return Context(partitions=3)


def by_loop(left, right):
    return sorted((k, (v, w)) for k, v in left for other, w in right if k == other)


@both
def test_joins_each_value_here_with_each_there(sc, join):
    ages = sc.parallelize([("ann", 41), ("bob", 7), ("ann", 5)])
    towns = sc.parallelize([("ann", "Bonn"), ("eve", "Oslo"), ("ann", "Rome")])
    assert sorted(join(ages, towns).collect()) == [
        ("ann", (5, "Bonn")),
        ("ann", (5, "Rome")),
        ("ann", (41, "Bonn")),
        ("ann", (41, "Rome")),
    ]


@both
@settings(max_examples=50)
@given(left=sides, right=sides, here=st.integers(1, 4), there=st.integers(1, 4))
def test_agrees_with_a_loop_and_with_the_shuffle_join(join, left, right, here, there):
    sc = Context()
    large, small = sc.parallelize(left, here), sc.parallelize(right, there)
    found = sorted(join(large, small).collect())
    assert found == by_loop(left, right) == sorted(large.join(small).collect())


def test_a_broadcast_join_leaves_the_large_side_where_it_is(sc):
    large = sc.parallelize([(i, i) for i in range(30)]).partitionBy(3)
    met = broadcast_join(large, sc.parallelize([(i, -i) for i in range(30)]))
    assert met.partitioner == large.partitioner
    assert met.keys().glom().collect() == large.keys().glom().collect()


@pytest.mark.parametrize("partitions", [1, 2, 8])
def test_costs_what_is_predicted(partitions):
    sc = Context(partitions)
    large = sc.parallelize([(i, i) for i in range(90)])
    small = sc.parallelize([(i, i) for i in range(20)])

    def cost(join):
        return run(lambda sc: join(large, small).count(), sc).cost

    shuffled = cost(lambda a, b: a.join(b))
    assert (shuffled.rounds, shuffled.records) == (1, 110)
    assert shuffled <= shuffle_join_cost(90, 20)
    replicated = cost(replicated_join)
    assert (replicated.rounds, replicated.records) == (1, 20 * partitions)
    assert replicated <= replicated_join_cost(20, partitions)
    assert cost(broadcast_join) <= broadcast_join_cost(20, partitions)
    assert cost(broadcast_join).rounds == 0


@both
def test_refuses_records_that_are_no_pairs(sc, join):
    with pytest.raises(ValueError, match="unpack"):
        join(sc.parallelize([(1, 2)]), sc.parallelize([(1, 2, 3)])).collect()


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
@both
def test_the_same_program_on_spark_finds_the_same_pairs(spark, join):
    left = [(i % 20, i) for i in range(100)]
    right = [(i % 30, -i) for i in range(40)]
    theirs = run(
        lambda sc: join(sc.parallelize(left), sc.parallelize(right)).collect(), spark
    )
    assert sorted(theirs.value) == by_loop(left, right)
    assert theirs.cost.rounds == (join is replicated_join)
