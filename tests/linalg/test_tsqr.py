import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.linalg.tsqr import packed, tsqr, tsqr_cost, tsqr_r, unpacked
from cme323.network import Network


def ran(a, P):
    """(Q, R, the network) of the rows of A at P ranks."""
    network = Network(P)
    results = network.run(tsqr, np.array_split(a, P))
    assert all(r is None for _, r in results[1:])
    return np.vstack([q for q, _ in results]), results[0][1], network


@settings(max_examples=15)
@given(st.integers(1, 9), st.integers(1, 4))
def test_is_a_qr(P, n):
    a = np.random.default_rng(P).standard_normal((P * 5, n))
    q, r, _ = ran(a, P)
    np.testing.assert_allclose(q @ r, a, atol=1e-13)
    np.testing.assert_allclose(q.T @ q, np.eye(n), atol=1e-13)
    np.testing.assert_allclose(abs(r), abs(np.linalg.qr(a).R), atol=1e-13)
    np.testing.assert_array_equal(np.tril(r, -1), 0)


@pytest.mark.parametrize("P", [1, 2, 3, 4, 7, 8])
def test_costs_what_is_predicted(P):
    _, _, network = ran(np.random.default_rng(0).standard_normal((8 * P, 3)), P)
    cost = tsqr_cost(3, P)
    assert (network.cost.records, network.cost.messages) == (
        cost.records,
        cost.messages,
    )
    assert network.cost.rounds <= cost.rounds


def test_r_of_an_rdd_is_numpys_up_to_signs(sc):
    a = np.random.default_rng(0).standard_normal((20, 4))
    np.testing.assert_allclose(
        abs(tsqr_r(sc.parallelize(a))), abs(np.linalg.qr(a).R), atol=1e-13
    )


def test_a_triangle_is_packed_into_half_the_words():
    r = np.triu(np.arange(1.0, 17).reshape(4, 4))
    assert len(packed(r)) == 10
    np.testing.assert_array_equal(unpacked(packed(r)), r)


def test_refuses_a_block_that_is_not_tall():
    with pytest.raises(BadInput, match="rank 0 has 2x3: take fewer ranks"):
        Network(1).run(tsqr, [np.ones((2, 3))])
