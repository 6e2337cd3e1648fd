import numpy as np
import pytest

from cme323.linalg.cannon import (
    cannon,
    cannon_cost,
    cannon_words,
    rotate,
    rotate_words,
    skewed,
)
from cme323.linalg.grid import from_blocks, in_blocks
from cme323.network import Network


def matrices(side):
    return np.random.default_rng(side).integers(-9, 10, size=(2, 12, 12))


@pytest.mark.parametrize("side", [1, 2, 3, 4])
def test_is_numpys_product_at_the_predicted_cost(side):
    a, b = matrices(side)
    network = Network(side**2)
    blocks = network.run(cannon, in_blocks(a, side, side), in_blocks(b, side, side))
    np.testing.assert_array_equal(from_blocks(blocks, side), a @ b)
    cost = cannon_cost(12, side**2)
    assert max(network.received) == cannon_words(12, side**2)
    assert (network.cost.records, network.cost.messages) == (
        cost.records,
        cost.messages,
    )


@pytest.mark.parametrize("side", [1, 2, 3, 4])
def test_without_the_skew_each_rank_gets_as_much_as_by_summa(side):
    a, b = matrices(side)
    network = Network(side**2)
    blocks = in_blocks(a, side, side), in_blocks(b, side, side)
    result = network.run(rotate, *skewed(blocks, side))
    np.testing.assert_array_equal(from_blocks(result, side), a @ b)
    assert network.received == [rotate_words(12, side**2)] * side**2


def test_after_the_skew_all_talk_to_neighbours():
    a, b = matrices(4)
    network = Network(16)
    blocks = in_blocks(a, 4, 4), in_blocks(b, 4, 4)
    network.run(rotate, *skewed(blocks, 4))
    assert {(s - t) % 4 for s, t in network.traffic if s // 4 == t // 4} == {1}
    assert {(s - t) % 16 for s, t in network.traffic if s // 4 != t // 4} == {4}
