"""B18 notices what is planted; test_claims.py has it confirmed."""

from itertools import chain, islice

import pytest

from cme323.claims import claim, sampling
from cme323.claims.claim import REFUTED
from cme323.network import sampling as programs


@pytest.fixture(autouse=True)
def _forget():
    """A sample that was drawn by sound code, or is by broken code, is not kept."""
    sampling.drawn.cache_clear()
    yield
    sampling.drawn.cache_clear()


def refuted():
    """What B18 says that does not hold."""
    return [
        f.experiment.says for f in claim("B18").check().findings if f.verdict == REFUTED
    ]


def test_a_merge_that_prefers_one_side_is_noticed(monkeypatch):
    monkeypatch.setattr(
        programs, "_merged", lambda k, a, b: list(islice(chain(a, b), k))
    )
    assert refuted()[:2] == [
        "2 of 4 items: each of six pairs is as likely",
        "an item is in it with probability k/n",
    ]


def test_a_threshold_without_a_second_try_is_noticed(monkeypatch):
    def nothing_is_missing(rank, value):
        return False
        yield

    monkeypatch.setattr(programs, "sqrt", lambda k: -1)
    monkeypatch.setattr(programs, "broadcast", nothing_is_missing)
    assert "with a threshold, the same sample" in refuted()


def test_a_merge_that_keeps_all_is_noticed(monkeypatch):
    monkeypatch.setattr(programs, "_merged", lambda k, a, b: sorted(a + b)[: k + 1])
    assert "2k(P - 1) words" in refuted()
