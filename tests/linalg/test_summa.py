import numpy as np
import pytest

from cme323.errors import BadInput
from cme323.linalg.grid import from_blocks, in_blocks
from cme323.linalg.summa import summa, summa_cost, summa_words
from cme323.network import Network


@pytest.mark.parametrize("side", [1, 2, 3, 4])
def test_is_numpys_product_at_the_predicted_cost(side):
    a, b = np.random.default_rng(side).integers(-9, 10, size=(2, 12, 12))
    network = Network(side**2)
    blocks = network.run(summa, in_blocks(a, side, side), in_blocks(b, side, side))
    np.testing.assert_array_equal(from_blocks(blocks, side), a @ b)
    cost = summa_cost(12, side**2)
    assert network.received == [summa_words(12, side**2)] * side**2
    assert (network.cost.records, network.cost.messages) == (
        cost.records,
        cost.messages,
    )
    assert network.cost.rounds <= cost.rounds


def test_blocks_need_not_be_square():
    rng = np.random.default_rng(0)
    a, b = rng.integers(9, size=(4, 6)), rng.integers(9, size=(6, 2))
    blocks = Network(4).run(summa, in_blocks(a, 2, 2), in_blocks(b, 2, 2))
    np.testing.assert_array_equal(from_blocks(blocks, 2), a @ b)


def test_refuses_ranks_that_are_no_square():
    with pytest.raises(BadInput, match="must be a square"):
        Network(3).run(summa, [np.eye(2)] * 3, [np.eye(2)] * 3)


def test_gives_the_same_on_processes():
    real = pytest.importorskip("cme323.network.machine_torch", reason="needs torch")
    a, b = np.random.default_rng(0).integers(-9, 10, size=(2, 4, 4))
    processes = real.TorchNetwork(4)
    blocks = processes.run(summa, in_blocks(a, 2, 2), in_blocks(b, 2, 2))
    np.testing.assert_array_equal(from_blocks(blocks, 2), a @ b)
    assert processes.received == [summa_words(4, 4)] * 4
