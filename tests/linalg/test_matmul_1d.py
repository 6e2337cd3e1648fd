import numpy as np
import pytest

from cme323.linalg.grid import in_blocks
from cme323.linalg.matmul_1d import matmul_1d, matmul_1d_cost, matmul_1d_words
from cme323.network import Network


@pytest.mark.parametrize("P", [1, 2, 3, 4, 12])
def test_is_numpys_product_at_the_predicted_cost(P):
    a, b = np.random.default_rng(P).integers(-9, 10, size=(2, 12, 12))
    network = Network(P)
    rows = network.run(matmul_1d, in_blocks(a, P, 1), in_blocks(b, P, 1))
    np.testing.assert_array_equal(np.vstack(rows), a @ b)
    assert network.received == [matmul_1d_words(12, P)] * P
    assert network.cost.records == matmul_1d_cost(12, P).records
    assert network.cost.messages == matmul_1d_cost(12, P).messages
    assert network.cost.rounds == matmul_1d_cost(12, P).rounds
