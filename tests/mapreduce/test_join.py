from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323 import Context
from cme323.mapreduce import MapReduce
from cme323.mapreduce.join import join, join_cost

pairs = st.lists(st.tuples(st.integers(0, 4), st.integers()), max_size=15)


def test_each_value_meets_each(machine):
    left = machine.write([("k", 1), ("k", 2), ("l", 3)])
    right = machine.write([("k", "x"), ("k", "y"), ("r", "z")])
    assert machine.read(join(machine, left, right)) == [
        ("k", (1, "x")),
        ("k", (1, "y")),
        ("k", (2, "x")),
        ("k", (2, "y")),
    ]


@given(pairs, pairs, st.integers(1, 4))
@settings(max_examples=40)
def test_is_the_engines_join_at_the_same_cost(left, right, partitions):
    sc = Context(partitions)
    expected = sc.parallelize(left).join(sc.parallelize(right)).collect()
    with MapReduce(partitions) as machine:
        found = machine.read(join(machine, machine.write(left), machine.write(right)))
        assert Counter(found) == Counter(expected)
        predicted = join_cost(len(left), len(right))
        assert machine.cost.records == predicted.records == sc.cost.records
        assert machine.cost.rounds == predicted.rounds


def test_a_record_that_is_no_pair_is_an_error(machine):
    with pytest.raises(TypeError, match="unpack"):
        join(machine, machine.write([1]), machine.write([]))
