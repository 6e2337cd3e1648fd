"""E10 and E11 notice what is planted; test_claims.py has them confirmed."""

import pytest

from cme323.claims import asynchronous, claim
from cme323.claims.claim import REFUTED
from cme323.optimize.hogwild import hogwild, safe_step


@pytest.fixture(autouse=True)
def _forget():
    kept = asynchronous.mean_steps, asynchronous.longest_stable_step
    for each in kept:
        each.cache_clear()
    yield
    for each in kept:
        each.cache_clear()


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def late(extra):
    """Hogwild whose reads are older by so many steps than told."""

    def delayed(gradient, w, x, y, step, steps, delay, seed=0):
        delay = max(delay + extra, 0) if delay else 0
        return hogwild(gradient, w, x, y, step, steps, delay, seed)

    return delayed


def test_reads_that_are_fresh_are_noticed(monkeypatch):
    monkeypatch.setattr(asynchronous, "hogwild", late(-100))
    assert len(refuted("E10")) == 2
    assert len(refuted("E11")) == 1


def test_reads_that_are_one_step_older_are_noticed(monkeypatch):
    monkeypatch.setattr(asynchronous, "hogwild", late(1))
    assert len(refuted("E11")) == 1


def test_a_step_that_is_not_safe_is_noticed(monkeypatch):
    monkeypatch.setattr(asynchronous, "safe_step", lambda *shape: safe_step(*shape) / 4)
    assert len(refuted("E10")) == 1
