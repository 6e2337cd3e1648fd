"""B17 notices what is planted; test_claims.py has it confirmed."""

from collections import Counter
from itertools import count

from cme323 import Context
from cme323.claims import claim, skew
from cme323.claims.claim import REFUTED
from cme323.engine import portable_hash
from cme323.engine.pairs import PairOperations
from cme323.parallel import salted


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def test_one_key_is_as_hot_as_asked_and_no_other_is():
    found = Counter(key for key, _ in skew.one_hot(1000, 300))
    assert found[skew.HOT] == 300
    assert found.most_common(2)[1][1] == 1
    assert skew.one_hot(10, 5, seed=1) != skew.one_hot(10, 5, seed=2)


def test_loads_are_those_of_the_values():
    groups = skew.plain_groups(Context(), [(0, 1)] * 5 + [(1, 1)] * 3, partitions=2)
    assert skew.loads(groups) == [5, 3]


def test_B17_notices_a_salt_that_is_always_the_same(monkeypatch):
    def same(pairs, shards, first):
        return (((key, 0), value) for key, value in pairs)

    monkeypatch.setattr(salted, "salt", same)
    assert "salted: 95% of one key, load as g^-1" in refuted("B17")


def test_B17_notices_a_salt_by_the_partition_alone(monkeypatch):
    def by_source(pairs, shards, first):
        return (((key, first % shards), value) for key, value in pairs)

    monkeypatch.setattr(salted, "salt", by_source)
    assert "salted: N p_max/g + N(1 - p_max)/P on average" in refuted("B17")


def test_B17_notices_shards_that_meet_in_one_partition(monkeypatch):
    place = skew.portable_hash
    monkeypatch.setattr(salted, "portable_hash", lambda key: place(key) * 64)
    assert refuted("B17")


def test_B17_notices_a_partitioner_that_does_not_look_at_the_key(monkeypatch):
    turns = count()
    monkeypatch.setattr(skew, "portable_hash", lambda key: next(turns))
    assert refuted("B17") == [
        "the other reducers together get at most N(1 - p_max)",
        "Zipf keys: the load N p_max is flat in P",
        "one frequent key: N p_max + N(1 - p_max)/P on average",
    ]


def test_B17_notices_partial_results_that_are_not_merged(monkeypatch):
    monkeypatch.setattr(
        skew,
        "salted_aggregate",
        lambda pairs, fold, merge, shards, partitions=None: (
            salted.salted_groups(pairs, shards, partitions)
            .mapValues(fold)
            .map(lambda group: (group[0][0], group[1]))
        ),
    )
    assert refuted("B17") == ["2 rounds", "no sum is wrong"]


def test_B17_notices_shards_that_are_placed_by_chance(monkeypatch):
    grouped = PairOperations.groupByKey

    def by_hash(rdd, numPartitions=None, partitionFunc=None):
        return grouped(rdd, numPartitions, lambda key: portable_hash(str(key)))

    monkeypatch.setattr(PairOperations, "groupByKey", by_hash)
    assert "salted: N p_max/g + N(1 - p_max)/P on average" in refuted("B17")
