"""E4, E5, E8 and E15 notice what is planted; test_claims.py has them confirmed."""

import numpy as np
import pytest

from cme323.claims import claim, stochastic
from cme323.claims.claim import REFUTED
from cme323.optimize import averaging, svm
from cme323.optimize.sgd import sgd


@pytest.fixture(autouse=True)
def _forget():
    stochastic.pegasos_gap.cache_clear()
    yield
    stochastic.pegasos_gap.cache_clear()


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def test_batches_of_neighbours_are_noticed(monkeypatch):
    def neighbours(x, y, size, steps, seed=0):
        rng = np.random.default_rng(seed)
        for _ in range(steps):
            chosen = (rng.integers(len(y)) // 4 * 4 + np.arange(size) % 4) % len(y)
            yield x[chosen], y[chosen]

    monkeypatch.setattr(stochastic, "minibatches", neighbours)
    assert "with replacement: as 1/b" in refuted("E4")


def test_a_shuffle_that_draws_twice_is_noticed(monkeypatch):
    def twice(x, y, size, passes, seed=0):
        return stochastic.minibatches(x, y, size, passes * -(-len(y) // size), seed)

    monkeypatch.setattr(stochastic, "epochs", twice)
    assert refuted("E4") == [
        "without: sigma^2/b (N - b)/(N - 1)",
        "without, and all of them: no noise",
    ]


def test_steps_that_count_from_another_number_are_noticed(monkeypatch):
    monkeypatch.setattr(
        stochastic, "sgd", lambda g, w, b, step: sgd(g, w, b, lambda t: step(t + 3))
    )
    assert "step 1/(mu t): sigma^2 / (2 mu T)" in refuted("E5")


def test_noise_that_comes_twice_is_noticed(monkeypatch):
    once = stochastic.noises

    def pairs(steps, chains=stochastic.CHAINS, seed=0):
        for (noise,) in once(-(-steps // 2), chains, seed):
            yield from [(noise,)] * 2

    monkeypatch.setattr(stochastic, "noises", pairs)
    assert len(refuted("E5")) >= 2


def test_runs_that_draw_the_same_are_noticed(monkeypatch):
    once = stochastic.noises
    monkeypatch.setattr(
        stochastic, "noises", lambda steps, chains, seed: once(steps, chains, 7)
    )
    assert len(refuted("E8")) == 2


def test_a_mean_of_runs_that_forgets_one_is_noticed(monkeypatch):
    def one_less(batches, gradient, w, step):
        k = batches.getNumPartitions()
        return averaging.averaged_runs(batches, gradient, w, step) * (k - 1) / k

    monkeypatch.setattr(stochastic, "averaged_runs", one_less)
    assert "bias^2 + variance/k" in refuted("E8")


def test_a_subgradient_of_the_wrong_sign_is_noticed(monkeypatch):
    right = svm.gradient
    monkeypatch.setattr(svm, "gradient", lambda w, x, y, ridge: right(w, x, -y, ridge))
    assert "f - f* is at most 4 R^2 (1 + ln T) / (2 lambda T)" in refuted("E15")


def test_draws_from_the_first_examples_alone_are_noticed(monkeypatch):
    drawn = svm.minibatches

    def first(x, y, size, steps, seed):
        return drawn(x[: 10 + len(y) // 50], y[: 10 + len(y) // 50], size, steps, seed)

    monkeypatch.setattr(svm, "minibatches", first)
    assert "the same accuracy after 100 steps, however many examples" in refuted("E15")
