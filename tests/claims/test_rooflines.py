"""F10 notices what is planted; test_claims.py has it confirmed."""

from cme323.claims import claim, rooflines
from cme323.claims.claim import REFUTED
from cme323.linalg import matmul, roofline
from cme323.linalg.cache import Cache


def refuted():
    """What F10 says that does not hold."""
    experiments = claim("F10").experiments
    return [e.says for e in experiments if e.perform().verdict == REFUTED]


def test_notices_an_axpy_that_reads_twice(monkeypatch):
    def in_two_passes(a, x, y):
        scaled = [a * x[i] for i in range(len(x))]
        for i in range(len(x)):
            y[i] = scaled[i] + y[i] + 0 * x[i]

    monkeypatch.setattr(roofline, "axpy", in_two_passes)
    assert refuted() == ["y = ax + y: 1/6 flop for a byte"]


def test_notices_blocks_that_are_not_used(monkeypatch):
    monkeypatch.setattr(
        rooflines, "blocked", lambda a, b, c, size: matmul.three_loops(a, b, c)
    )
    assert refuted() == ["by blocks, in a cache of 5 b^2 words: b/(4 + 2b/n)"]


def test_notices_a_cache_that_forgets_at_once(monkeypatch):
    touch = Cache.touch

    def forgetful(cache, place, written):
        cache.words = 1
        touch(cache, place, written)

    monkeypatch.setattr(Cache, "touch", forgetful)
    found = refuted()
    assert "a product in an ample cache: n/6" in found
    assert "arithmetic is the limit from n = 12 on" in found
