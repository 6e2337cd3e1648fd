import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from cme323.errors import BadInput
from cme323.optimize.least_squares import curvature, fit, gradient, objective

seeds = st.integers(0, 10**6)


def data(seed, n=20, d=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)), rng.normal(size=n), rng.normal(size=d)


@settings(max_examples=20)
@given(seeds, st.floats(0, 2))
def test_the_gradient_is_that_of_differences(seed, ridge):
    x, y, w = data(seed)
    oracle = approx_fprime(w, lambda w: objective(w, x, y, ridge), 1e-7)
    np.testing.assert_allclose(gradient(w, x, y, ridge), oracle, atol=1e-5)


def test_fits_as_numpy_does():
    x, y, _ = data(0)
    np.testing.assert_allclose(fit(x, y), np.linalg.lstsq(x, y, rcond=None)[0])


@settings(max_examples=20)
@given(seeds, st.floats(0, 2))
def test_gradients_differ_by_the_curvature_at_least_and_at_most(seed, ridge):
    x, y, w = data(seed)
    v = w + data(seed + 1)[2]
    apart = np.linalg.norm(gradient(v, x, y, ridge) - gradient(w, x, y, ridge))
    mu, L = curvature(x, ridge)
    assert mu - 1e-9 <= apart / np.linalg.norm(v - w) <= L + 1e-9


def test_the_gradient_at_the_end_is_zero():
    x, y, _ = data(3)
    assert gradient(fit(x, y, 0.3), x, y, 0.3) == pytest.approx(np.zeros(3), abs=1e-12)


@pytest.mark.parametrize(("n", "targets"), [(5, 4), (2, 2)])
def test_refuses_what_has_no_best_weights(n, targets):
    with pytest.raises(BadInput, match=f"got {n} examples, {targets} targets"):
        fit(np.ones((n, 3)), np.ones(targets))
