import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.parallel.tree_sum import tree_sum, tree_sum_cost
from cme323.pram import PRAM, plain

numbers = st.lists(st.integers(), max_size=70)


def test_adds_neighbours_before_their_sums():
    pram = PRAM()
    assert plain(tree_sum(pram, pram.array(["a", "b", "c", "d"]))) == "abcd"
    assert (pram.cost.work, pram.cost.depth) == (3, 2)


@given(numbers)
def test_agrees_with_sum(x):
    pram = PRAM()
    assert plain(tree_sum(pram, pram.array(x))) == sum(x)


@given(numbers)
def test_costs_exactly_what_is_predicted(x):
    pram = PRAM()
    tree_sum(pram, pram.array(x))
    assert pram.cost == tree_sum_cost(len(x))


@pytest.mark.parametrize(
    ("n", "depth"), [(0, 0), (1, 0), (2, 1), (3, 2), (8, 3), (9, 4)]
)
def test_is_as_deep_as_the_logarithm_rounded_up(n, depth):
    assert tree_sum_cost(n).depth == depth


def test_rounds_less_than_a_loop():
    x = np.random.default_rng(0).random(4096, dtype=np.float32)
    pram = PRAM()
    exact = x.astype(np.float64).sum()
    by_tree = float(tree_sum(pram, pram.array(x)))
    by_loop = float(np.add.accumulate(x)[-1])
    assert abs(by_tree - exact) <= 12 * np.finfo(np.float32).eps * exact
    assert abs(by_tree - exact) < abs(by_loop - exact)


def test_refuses_what_cannot_be_added():
    pram = PRAM()
    with pytest.raises(TypeError, match="unsupported operand"):
        tree_sum(pram, pram.array([1, "a"]))
