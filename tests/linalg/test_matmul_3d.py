import numpy as np
import pytest

from cme323.errors import BadInput
from cme323.linalg.matmul_3d import (
    collected,
    dealt,
    matmul_3d,
    matmul_3d_cost,
    matmul_3d_words,
)
from cme323.network import Network


@pytest.mark.parametrize(("n", "p"), [(3, 1), (4, 2), (8, 2), (9, 3)])
def test_is_numpys_product_at_the_predicted_cost(n, p):
    a, b = np.random.default_rng(n).integers(-9, 10, size=(2, n, n))
    network = Network(p**3)
    parts = network.run(matmul_3d, *dealt(a, b, p))
    np.testing.assert_array_equal(collected(parts, p), a @ b)
    cost = matmul_3d_cost(n, p**3)
    assert network.received == [matmul_3d_words(n, p**3)] * p**3
    assert (network.cost.records, network.cost.messages) == (
        cost.records,
        cost.messages,
    )
    assert network.cost.rounds == cost.rounds


def test_each_rank_begins_with_an_even_share():
    a, b = dealt(np.eye(8), np.eye(8), 2)
    assert {x.size for x in a + b} == {64 // 8}


def test_refuses_ranks_that_are_no_cube():
    with pytest.raises(BadInput, match="must be a cube"):
        Network(4).run(matmul_3d, [np.eye(2)] * 4, [np.eye(2)] * 4)
