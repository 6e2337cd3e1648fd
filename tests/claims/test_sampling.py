"""B18 notices what is planted; test_claims.py has it confirmed."""

from itertools import chain, islice
from math import inf

import numpy as np
import pytest
from scipy.stats import chi2

from cme323.claims import claim, sampling
from cme323.claims.claim import REFUTED
from cme323.network import sampling as programs
from cme323.network.rank import Rank

EVENLY = "10,000 samples from uneven ranks: all sets of k are drawn as often"
EVEN_RANKS = "2,000 samples from even ranks: all sets of k are drawn as often"
ITEMS = "3 of 8 items: each is in the sample with probability 3/8"


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


@pytest.mark.parametrize("freedom", [1, 2, 3, 11, 55, 400])
def test_the_limit_of_chi_square_is_that_of_scipy(freedom):
    limit = sampling.chi_square_limit(freedom)
    assert limit == pytest.approx(chi2.isf(0.001, freedom), rel=1e-6)
    chance = sampling.chance_of_more(freedom, freedom)
    assert chance == pytest.approx(chi2.sf(freedom, freedom))


def test_what_is_no_set_of_k_items_is_never_even(monkeypatch):
    def too_few(rank, items, k):
        return (yield from programs.random_sample(rank, items, k - 1))

    assert sampling.chi_square(too_few, (1, 2), 2, 10) == inf


def test_a_merge_that_prefers_one_side_is_noticed(monkeypatch):
    monkeypatch.setattr(
        programs, "_merged", lambda k, a, b: list(islice(chain(a, b), k))
    )
    assert refuted()[:3] == [EVENLY, EVEN_RANKS, ITEMS]


def test_keys_that_are_smaller_at_one_rank_are_noticed(monkeypatch):
    keyed = programs._keyed

    def favoured(rank, items, k):
        pairs = yield from keyed(rank, items, k)
        return [(key * (1 - 0.1 * (rank.number == 0)), item) for key, item in pairs]

    monkeypatch.setattr(programs, "_keyed", favoured)
    assert refuted() == [EVENLY, EVEN_RANKS, ITEMS]


def test_ranks_that_draw_the_same_keys_are_noticed(monkeypatch):
    create = Rank.__init__

    def alike(self, number, size, seed=0):
        create(self, number, size, seed)
        self.rng = np.random.default_rng(seed)

    monkeypatch.setattr(Rank, "__init__", alike)
    assert EVEN_RANKS in refuted()


def test_a_threshold_without_a_second_try_is_noticed(monkeypatch):
    def nothing_is_missing(rank, value):
        return False
        yield

    monkeypatch.setattr(programs, "sqrt", lambda k: -1)
    monkeypatch.setattr(programs, "broadcast", nothing_is_missing)
    assert {EVENLY, "with a threshold, the same sample"} <= set(refuted())


def test_a_merge_that_keeps_all_is_noticed(monkeypatch):
    monkeypatch.setattr(programs, "_merged", lambda k, a, b: sorted(a + b)[: k + 1])
    assert "2k(P - 1) words" in refuted()
