import numpy as np
import pytest

from cme323.errors import BadInput
from cme323.linalg.orthogonal import cholesky_qr, departure, gram_schmidt


@pytest.mark.parametrize("way", [cholesky_qr, gram_schmidt])
def test_is_a_qr(way):
    a = np.random.default_rng(0).standard_normal((12, 5))
    q, r = way(a)
    np.testing.assert_allclose(q @ r, a, atol=1e-13)
    np.testing.assert_allclose(q.T @ q, np.eye(5), atol=1e-13)
    np.testing.assert_allclose(abs(r), abs(np.linalg.qr(a).R), atol=1e-13)
    np.testing.assert_array_equal(np.tril(r, -1), 0)


def test_departure_is_the_norm_of_what_is_too_much():
    assert departure(np.diag([1.0, 2.0])) == 3


def test_cholesky_refuses_what_rounding_has_made_singular():
    a = np.array([[1.0, 1.0], [0.0, 1e-9], [0.0, 0.0]])
    with pytest.raises(BadInput, match="use tsqr"):
        cholesky_qr(a)
    assert departure(gram_schmidt(a)[0]) < 1e-6
