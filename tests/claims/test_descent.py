"""E1, E2 and E14 notice what is planted; test_claims.py has them confirmed."""

import pytest
from scipy.optimize import minimize

from cme323.claims import claim, descent
from cme323.claims.claim import REFUTED
from cme323.optimize import least_squares, logistic, svm
from cme323.optimize.descent import gradient_descent


@pytest.fixture(autouse=True)
def _forget():
    """What sound code found is not kept for broken code, nor the other way round."""
    kept = descent.problem, descent.svm_minimum, descent.all_ends
    for each in kept:
        each.cache_clear()
    yield
    for each in kept:
        each.cache_clear()


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def slowly(gradient, w, step, steps):
    return gradient_descent(gradient, w, step / 4, steps)


def test_the_minimum_of_the_svm_is_that_of_scipy():
    x, y = descent.data()
    start = svm.weights(descent.np.full(100, 0.5), x, y, 1.0)
    oracle = minimize(svm.objective, start, (x, y, 1.0), method="Nelder-Mead", tol=1e-9)
    assert descent.svm_minimum(1.0) == pytest.approx(oracle.fun, abs=1e-6)


def test_steps_that_are_too_short_are_noticed(monkeypatch):
    monkeypatch.setattr(descent, "gradient_descent", slowly)
    assert refuted("E1") == ["the worst f for t steps: L |w_0 - w*|^2 / (4t + 2)"]
    assert "steps of 2/(mu + L): nearer by (K - 1)/(K + 1)" in refuted("E2")


def test_steps_that_shrink_are_noticed(monkeypatch):
    def falling(gradient, w, step, steps):
        yield w
        for t in range(1, steps + 1):
            w = w - step / t * gradient(w)
            yield w

    monkeypatch.setattr(descent, "gradient_descent", falling)
    assert "the worst f for t steps: as 1/t" in refuted("E1")
    assert len(refuted("E2")) == 3


def test_a_mu_that_is_too_large_is_noticed(monkeypatch):
    found = least_squares.curvature
    monkeypatch.setattr(
        least_squares, "curvature", lambda *a: (2 * found(*a)[0], found(*a)[1])
    )
    assert refuted("E14")[0].startswith("f - f* is at most |gradient|^2 / (2 mu)")


def test_a_dual_without_its_ridge_is_noticed(monkeypatch):
    monkeypatch.setattr(svm, "dual", lambda a, x, y, ridge: float(a.mean()))
    assert refuted("E14") == ["SVM: no dual objective is above f*"]


def test_a_gradient_without_its_ridge_is_noticed(monkeypatch):
    found = logistic.gradient
    monkeypatch.setattr(
        logistic, "gradient", lambda w, x, y, ridge=0.0: found(w, x, y, ridge / 2)
    )
    assert len(refuted("E14")) >= 2
