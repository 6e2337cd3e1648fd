import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime, minimize

from cme323.errors import BadInput
from cme323.optimize.logistic import curvature, fit, gradient, hessian, objective

seeds = st.integers(0, 10**6)


def data(seed, n=40, d=3):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)), rng.choice([-1.0, 1.0], n), rng.normal(size=d)


def test_a_sure_model_is_wrong_about_nothing():
    x, y = np.array([[1000.0]]), np.array([1.0])
    assert objective(np.ones(1), x, y) == 0
    assert gradient(np.ones(1), x, y) == 0
    assert gradient(-np.ones(1), x, y) == -1000


@settings(max_examples=20)
@given(seeds, st.floats(0, 2))
def test_gradient_and_hessian_are_those_of_differences(seed, ridge):
    x, y, w = data(seed)
    slope = approx_fprime(w, lambda w: objective(w, x, y, ridge), 1e-7)
    np.testing.assert_allclose(gradient(w, x, y, ridge), slope, atol=1e-5)
    bend = approx_fprime(w, lambda w: gradient(w, x, y, ridge), 1e-7)
    np.testing.assert_allclose(hessian(w, x, y, ridge), bend, atol=1e-5)


@settings(max_examples=20)
@given(seeds, st.floats(0.01, 2))
def test_the_hessian_is_between_mu_and_L(seed, ridge):
    x, y, w = data(seed)
    bends = np.linalg.eigvalsh(hessian(w, x, y, ridge))
    mu, L = curvature(x, ridge)
    assert mu - 1e-12 <= bends[0]
    assert bends[-1] <= L + 1e-12


@pytest.mark.parametrize("ridge", [1e-4, 0.1, 10])
def test_fits_as_scipy_does(ridge):
    x, y, _ = data(1)
    oracle = minimize(lambda w: objective(w, x, y, ridge), np.zeros(3), tol=1e-12)
    np.testing.assert_allclose(fit(x, y, ridge), oracle.x, atol=1e-5)


def test_fits_data_that_a_plane_separates():
    x, y = np.array([[0.01], [1000.0]]), np.array([1.0, 1.0])
    w = fit(x, y, ridge=1e-6)
    assert abs(gradient(w, x, y, 1e-6)) < 1e-9


def test_fits_as_scikit_learn_does():
    library = pytest.importorskip("cme323.optimize.logistic_sklearn")
    x, y, _ = data(2)
    np.testing.assert_allclose(library.fit(x, y, 0.05), fit(x, y, 0.05), atol=1e-5)


def test_fits_as_torch_does_and_has_the_gradient_of_autograd():
    library = pytest.importorskip("cme323.optimize.logistic_torch")
    x, y, w = data(3)
    np.testing.assert_allclose(library.fit(x, y, 0.05), fit(x, y, 0.05), atol=1e-7)
    np.testing.assert_allclose(
        library.gradient(w, x, y, 0.3), gradient(w, x, y, 0.3), atol=1e-12
    )


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_fits_as_mllib_does(spark):
    library = pytest.importorskip("cme323.optimize.logistic_pyspark")
    x, y, _ = data(4)
    np.testing.assert_allclose(library.fit(spark, x, y, 0.05), fit(x, y, 0.05), 1e-4)


@pytest.mark.parametrize(
    ("label", "ridge", "says"), [(0.0, 1, "-1 or 1, got 0.0"), (1.0, 0, "above 0")]
)
def test_refuses_labels_and_ridges_that_have_no_best_weights(label, ridge, says):
    with pytest.raises(BadInput, match=says):
        fit(np.ones((1, 1)), np.array([label]), ridge)


def test_refuses_labels_that_are_not_one_for_each_example():
    for labels in np.ones(2), np.ones((3, 1)):
        with pytest.raises(BadInput, match=r"not shapes \(3, 2\) and \("):
            fit(np.ones((3, 2)), labels, 0.1)
