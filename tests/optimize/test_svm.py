from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from cme323.claims.descent import data, svm_minimum
from cme323.errors import BadInput
from cme323.optimize import svm

seeds = st.integers(0, 10**6)


def test_one_step_by_hand():
    x, y = np.array([[2.0]]), np.array([1.0])
    # From 0 it is short of the margin: w = 1/(ridge 1) * 2. The mean of 0 and 4 is 2.
    assert svm.pegasos(x, y, ridge=0.5, steps=2) == [2.0]


@settings(max_examples=20)
@given(seeds)
def test_the_subgradient_is_below_the_function(seed):
    x, y = data(30, 4, seed)
    v, w = np.random.default_rng(seed).normal(size=(2, 4))
    slope = svm.gradient(w, x, y, 0.3)
    above = svm.objective(v, x, y, 0.3) - svm.objective(w, x, y, 0.3)
    assert above >= slope @ (v - w) - 1e-12


def test_without_a_ridge_no_w_beats_a_linear_program():
    x, y = data(30, 4)
    cost = np.concatenate([np.zeros(4), np.full(30, 1 / 30)])
    short = np.hstack([-(y[:, None] * x), -np.eye(30)])
    bounds = [(None, None)] * 4 + [(0, None)] * 30
    oracle = linprog(cost, short, -np.ones(30), bounds=bounds)
    assert svm.objective(oracle.x[:4], x, y) == pytest.approx(oracle.fun)
    assert (svm.gradient(oracle.x[:4] * 0, x, y) != 0).any()


@settings(max_examples=10)
@given(seeds, st.floats(0.1, 2))
def test_a_dual_objective_is_below_every_primal_one(seed, ridge):
    x, y = data(30, 4, seed)
    steps = list(svm.certified(x, y, ridge, 30))
    losses = [svm.objective(w, x, y, ridge) for w, _ in steps]
    assert max(dual for _, dual in steps) <= min(losses)


def test_certified_steps_are_those_of_pegasos_on_all_examples():
    x, y = data(30, 4)
    w = np.zeros(4)
    for t, (ours, _) in enumerate(islice(svm.certified(x, y, 0.5, 9), 8), start=1):
        w = w - svm.gradient(w, x, y, 0.5) / (0.5 * t)
        np.testing.assert_allclose(ours, w, atol=1e-12)


def test_comes_near_scikit_learns_minimum():
    library = pytest.importorskip("cme323.optimize.svm_sklearn")
    x, y = data()
    best = svm.objective(library.fit(x, y, 0.3), x, y, 0.3)
    assert svm_minimum(0.3) == pytest.approx(best, abs=1e-6)
    ours = svm.pegasos(x, y, 0.3, steps=20_000, seed=1)
    assert svm.objective(ours, x, y, 0.3) == pytest.approx(best, abs=2e-3)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_comes_near_mllibs_minimum(spark):
    library = pytest.importorskip("cme323.optimize.svm_pyspark")
    x, y = data()
    theirs = svm.objective(library.fit(spark, x, y, 0.3, steps=20), x, y, 0.3)
    assert theirs == pytest.approx(svm_minimum(0.3), abs=5e-3)


def test_refuses_labels_of_zero_and_one():
    with pytest.raises(BadInput, match=r"np\.where"):
        svm.pegasos(np.ones((2, 1)), np.array([0.0, 1.0]), 0.1, 10)


def test_refuses_fewer_labels_than_examples_and_no_steps():
    x, y = data(30, 4)
    with pytest.raises(BadInput, match=r"\(30, 4\) and \(5,\)"):
        svm.pegasos(x, y[:5], 0.1, 10)
    with pytest.raises(BadInput, match="1 step or more, got 0"):
        svm.pegasos(x, y, 0.1, 0)
    with pytest.raises(BadInput, match="ridge must be above 0"):
        next(svm.certified(x, y, 0.0, 3))
