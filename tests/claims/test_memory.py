"""B8 and B9 notice what is planted; test_claims.py has them confirmed."""

from cme323.claims import claim, memory
from cme323.claims.claim import REFUTED
from cme323.engine import eviction
from cme323.engine.storage import Storage


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def test_three_passes_by_hand():
    # 4 partitions; 5 RDDs to load, 2 in a pass, 1 block written.
    assert memory.uncached(3) == 3 * 4 * (5 + 2)
    assert memory.cached(3) == 4 * 5 + 3 * 4 * 2
    assert memory.by_mapreduce(3) == 3 * 4 * (5 + 2 + 1)


def test_B8_notices_a_cache_that_is_never_read(monkeypatch):
    monkeypatch.setattr(Storage, "read", lambda self, rdd, i, c: rdd.computed(i, c))
    assert "cached: L + kc" in refuted("B8")


def test_B8_notices_results_that_are_not_written(monkeypatch):
    monkeypatch.setattr(memory.StorageLevel, "DISK_ONLY", memory.StorageLevel.NONE)
    assert "MapReduce: k(L + c + w)" in refuted("B8")


def test_B9_notices_a_policy_that_lets_the_most_recent_leave(monkeypatch):
    monkeypatch.setitem(eviction.POLICIES, "lru", lambda keys, storing: keys[::-1])
    assert refuted("B9") == ["LRU: 0 hits, even where 9 of 10 blocks fit"]


def test_B9_notices_a_policy_that_keeps_nothing(monkeypatch):
    monkeypatch.setitem(eviction.POLICIES, "spark", eviction.lru)
    assert refuted("B9") == [
        "a policy that keeps: what fits is hit",
        "a scan costs c + (1 - phi)L",
    ]


def test_B9_notices_a_limit_that_is_ignored(monkeypatch):
    third_scan = memory.third_scan
    monkeypatch.setattr(
        memory, "third_scan", lambda policy, kept: third_scan(policy, 10)
    )
    assert "LRU: 0 hits, even where 9 of 10 blocks fit" in refuted("B9")
