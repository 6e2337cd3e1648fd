import pytest

from cme323 import Context
from cme323.engine import eviction

KEYS = [(0, 1), (1, 0), (0, 0)]


def scans(policy, kept, partitions=10, times=4):
    """Hits of each of several scans of an RDD, a part of which fits into memory."""
    sc = Context(partitions, memory=kept * 7000 + 3000, eviction=policy)
    rdd = sc.range(1000, 1000 + 150 * partitions).map(lambda x: x).cache()
    for _ in range(times):
        rdd.count()
    return [job.total("hits") for job in sc.jobs]


def test_each_policy_says_which_blocks_may_leave():
    assert eviction.lru(KEYS, 0) == KEYS
    assert eviction.spark(KEYS, 0) == [(1, 0)]
    assert eviction.spark(KEYS, None) == KEYS
    assert eviction.pin(KEYS, 1) == eviction.pin(KEYS, None) == []


@pytest.mark.parametrize("kept", [1, 5, 9])
def test_lru_has_no_hit_on_cyclic_scans_unless_all_fits(kept):
    assert scans("lru", kept) == [0, 0, 0, 0]


@pytest.mark.parametrize("policy", ["spark", "pin"])
@pytest.mark.parametrize("kept", [1, 5, 9])
def test_the_others_hit_the_fraction_that_fits(policy, kept):
    assert scans(policy, kept) == [0, kept, kept, kept]


@pytest.mark.parametrize("policy", eviction.POLICIES)
def test_all_hit_if_all_fits(policy):
    assert scans(policy, 10) == [0, 10, 10, 10]


@pytest.mark.parametrize(("policy", "hits"), [("lru", 0), ("spark", 0), ("pin", 3)])
def test_only_a_pinned_rdd_stays_when_another_one_comes(policy, hits):
    sc = Context(3, memory=40_000, eviction=policy)
    first, second = (sc.range(1000, 1450).map(str).cache() for _ in range(2))
    for rdd in (first, second, first):
        rdd.count()
    assert sc.jobs[-1].total("hits") == hits
    sc.stop()


def test_an_unknown_policy_is_refused():
    with pytest.raises(ValueError, match=r"must be one of .*'lru'.*, not 'fifo'"):
        Context(eviction="fifo")
