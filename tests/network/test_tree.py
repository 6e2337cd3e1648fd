import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.network import Network
from cme323.network.tree import (
    broadcast,
    broadcast_by_driver,
    broadcast_by_driver_cost,
    broadcast_cost,
    children,
    parent,
    reduce,
    reduce_by_driver,
    reduce_by_driver_cost,
    reduce_cost,
    reduce_in_two_levels,
    reduce_in_two_levels_cost,
)

REDUCTIONS = (reduce, reduce_by_driver, reduce_in_two_levels)
SIZES = (1, 2, 3, 4, 7, 8, 13, 16)


def vectors(P, n):
    return list(np.random.default_rng(0).integers(100, size=(P, n)))


def test_a_broadcast_doubles_the_ranks_that_know():
    network = Network(8)
    network.run(broadcast, ["x"] + [None] * 7)
    pairs = sorted((m.round, m.source, m.to) for m in network.messages)
    assert pairs == [
        (1, 0, 4),
        (2, 0, 2),
        (2, 4, 6),
        (3, 0, 1),
        (3, 2, 3),
        (3, 4, 5),
        (3, 6, 7),
    ]


@given(st.integers(1, 40))
def test_every_rank_but_the_root_is_the_child_of_its_parent(size):
    told = [child for place in range(size) for child in children(place, size)]
    assert sorted(told) == list(range(1, size))
    assert all(child in children(parent(child), size) for child in told)


@pytest.mark.parametrize("program", REDUCTIONS)
@pytest.mark.parametrize("P", SIZES)
def test_a_reduction_is_numpys_sum(program, P):
    x = vectors(P, 5)
    total, *others = Network(P).run(program, x)
    assert total.tolist() == np.sum(x, axis=0).tolist()
    assert others == [None] * (P - 1)


@pytest.mark.parametrize("P", SIZES)
def test_a_driver_tells_all(P):
    assert Network(P).run(broadcast_by_driver, ["x"] + [None] * (P - 1)) == ["x"] * P


@given(st.integers(1, 20), st.data())
def test_any_rank_can_be_the_root(P, data):
    root = data.draw(st.integers(0, P - 1))
    values = [2**number for number in range(P)]
    assert Network(P).run(broadcast, values, root=root) == [2**root] * P
    totals = Network(P).run(reduce, values, root=root)
    assert totals == [2**P - 1 if number == root else None for number in range(P)]


@given(st.integers(1, 20))
def test_any_associative_and_commutative_operation_will_do(P):
    assert Network(P).run(reduce, list(range(P)), op=max)[0] == P - 1


@pytest.mark.parametrize("P", SIZES)
@pytest.mark.parametrize(
    ("program", "predict"),
    [
        (broadcast, broadcast_cost),
        (broadcast_by_driver, broadcast_by_driver_cost),
        (reduce, reduce_cost),
        (reduce_by_driver, reduce_by_driver_cost),
    ],
)
def test_costs_what_is_predicted(program, predict, P):
    network = Network(P)
    network.run(program, vectors(P, 6))
    assert network.cost == predict(6, P)


@pytest.mark.parametrize("P", [1, 4, 9, 16, 25])
def test_two_levels_cost_what_is_predicted(P):
    network = Network(P)
    network.run(reduce_in_two_levels, vectors(P, 6))
    assert network.cost == reduce_in_two_levels_cost(6, P)


@pytest.mark.parametrize("P", SIZES)
def test_a_tree_takes_a_message_and_a_sum_for_each_round(P):
    network = Network(P, alpha=1, beta=0.5, gamma=0.25)
    network.run(reduce, vectors(P, 4))
    assert network.clock == (P - 1).bit_length() * (1 + 0.5 * 4 + 0.25 * 4)


def test_shapes_that_do_not_fit_are_told_by_numpy_with_the_rank():
    with pytest.raises(ValueError, match="could not be broadcast") as caught:
        Network(2).run(reduce, [np.ones(2), np.ones(3)])
    assert caught.value.__notes__[0].startswith("at rank 0")
