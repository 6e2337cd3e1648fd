"""B8 and B9 notice what is planted; test_claims.py has them confirmed."""

from types import SimpleNamespace

from cme323.claims import claim, memory, on_disk
from cme323.claims.claim import REFUTED
from cme323.engine import Context, eviction
from cme323.engine.storage import Storage
from cme323.mapreduce import pagerank
from cme323.mapreduce.map_task import MapTask
from cme323.mapreduce.pagerank import shares
from cme323.mapreduce.reduce_task import ReduceTask


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
    assert {"cached: L + kc", "cached, L bytes"} <= set(refuted("B8"))


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


def test_B8_in_bytes_three_passes_by_hand():
    # 200 records of 32 bytes; a sum of 25 bytes from each of 4 parts, and the result.
    assert on_disk.by_mapreduce(3)[1].disk_read == 3 * (6400 + 2 * 100)
    assert on_disk.by_mapreduce(3)[1].disk_written == 3 * (2 * 100 + 25)
    assert on_disk.by_rdd(Context(4), 3)[1] == 3 * 6400
    assert on_disk.by_rdd(Context(4), 3, cached=True)[1] == 6400
    assert on_disk.by_small_memory(3, 1)[1] == 6400 + 2 * 4800


READS, WRITES = "MapReduce reads k(L + 2s) bytes", "MapReduce writes k(2s + w) bytes"


def test_B8_notices_a_combiner_that_is_missed(monkeypatch):
    monkeypatch.setattr(MapTask, "_pickles", lambda _, found: (d for *_, d in found))
    assert {READS, WRITES} <= set(refuted("B8"))


def test_B8_notices_a_reducer_that_keeps_what_it_fetched_in_memory(monkeypatch):
    def kept(task, pairs):
        pairs = list(pairs)
        return SimpleNamespace(records=len(pairs), bytes=0, read=lambda: iter(pairs))

    monkeypatch.setattr(ReduceTask, "write_run", kept)
    assert {READS, WRITES} <= set(refuted("B8"))


def test_B8_notices_a_result_that_stays_in_memory(monkeypatch):
    monkeypatch.setattr(on_disk, "W", 0)
    assert refuted("B8") == [WRITES]


def test_B8_notices_links_that_stay_where_they_are(monkeypatch):
    def unlinked(record):
        return ((v, (share, ())) for v, (share, _) in shares(record))

    monkeypatch.setattr(pagerank, "shares", unlinked)
    assert refuted("B8") == [
        "PageRank by MapReduce reads links and ranks, and shuffles them: k(L + 2s)"
    ]


def test_B8_notices_a_cache_that_pushes_out_its_own(monkeypatch):
    monkeypatch.setitem(eviction.POLICIES, "spark", eviction.lru)
    assert refuted("B8") == ["if a fraction phi fits, L + (k - 1)(1 - phi)L bytes"]
