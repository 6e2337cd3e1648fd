from hypothesis import given
from hypothesis import strategies as st

from cme323 import Context
from cme323.claims.moves import loads, strayed, tagged

keys = st.lists(st.integers(0, 20), max_size=50)


def test_counts_those_that_are_elsewhere_by_hand():
    # Partitions [0, 1] and [2, 3]; by parity, 1 and 2 have to leave theirs.
    pairs = Context(2).parallelize([(key, "x") for key in range(4)])
    assert tagged(pairs).collect() == [(0, 0), (1, 0), (2, 1), (3, 1)]
    moved = tagged(pairs).partitionBy(2)
    assert strayed(moved) == 2
    assert loads(moved) == [2, 2]


@given(keys, st.integers(1, 5))
def test_agrees_with_two_lists_of_partitions(keys, partitions):
    pairs = Context(partitions).parallelize([(key, None) for key in keys])
    before, after = (
        rdd.keys().glom().collect() for rdd in (pairs, pairs.partitionBy(partitions))
    )
    staying = sum(
        min(b.count(k), a.count(k)) for b, a in zip(before, after) for k in {*b}
    )
    assert strayed(tagged(pairs).partitionBy(partitions)) == len(keys) - staying
    assert loads(pairs) == [len(part) for part in before]


def test_nothing_strays_in_one_partition_or_where_nothing_moves():
    pairs = Context(4).parallelize([(key, None) for key in range(30)])
    assert strayed(tagged(pairs)) == 0
    assert strayed(tagged(pairs.coalesce(1)).partitionBy(1)) == 0
