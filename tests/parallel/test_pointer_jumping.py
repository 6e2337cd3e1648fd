import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.parallel.pointer_jumping import jump_to_roots, jump_to_roots_cost
from cme323.pram import PRAM, plain

# Each node's parent is itself or one before it.
forests = st.lists(st.integers(0, 10**6), max_size=60).map(
    lambda draws: [draw % (v + 1) for v, draw in enumerate(draws)]
)


def jumped(forest):
    pram = PRAM()
    parent = pram.array(forest)
    jump_to_roots(pram, parent, range(len(forest)))
    return plain(parent), pram.cost


def walk(forest, v):
    """(the root above v, the steps to it)."""
    steps = 0
    while forest[v] != v:
        v, steps = forest[v], steps + 1
    return v, steps


def test_a_path_of_five_takes_two_jumps_and_a_look():
    assert jumped([1, 2, 3, 4, 4]) == ([4] * 5, jump_to_roots_cost(5, height=4))
    assert jump_to_roots_cost(5, height=4).depth == 3


@given(forests)
def test_agrees_with_a_walk_from_each_node_and_costs_what_is_predicted(forest):
    walks = [walk(forest, v) for v in range(len(forest))]
    height = max((steps for _, steps in walks), default=0)
    roots, cost = jumped(forest)
    assert roots == [root for root, _ in walks]
    assert cost.work == jump_to_roots_cost(len(forest), height).work


def test_only_the_nodes_that_are_named_jump():
    pram = PRAM()
    parent = pram.array([0, 0, 1, 3, 3, 4])
    jump_to_roots(pram, parent, [0, 1, 2])
    assert plain(parent) == [0, 0, 0, 3, 3, 4]
    assert pram.cost.work == 2 * 3


@pytest.mark.parametrize("cycle", [[1, 2, 0], [1, 2, 3, 4, 0]])
def test_a_cycle_is_refused(cycle):
    with pytest.raises(BadInput, match="must form a forest"):
        jumped(cycle)
