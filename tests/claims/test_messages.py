"""B1, B2 and B3 notice what is planted; test_claims.py has them confirmed."""

from operator import add

from cme323.claims import claim, messages
from cme323.claims.claim import REFUTED
from cme323.network import machine, tree


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def test_B1_notices_a_tree_that_is_a_chain(monkeypatch):
    def chain(place, size):
        return [place + 1] if place + 1 < size else []

    monkeypatch.setattr(tree, "children", chain)
    monkeypatch.setattr(tree, "parent", lambda place: place - 1)
    assert refuted("B1") == [
        "tree: log2 P rounds",
        "tree: the driver receives n log2 P words",
    ]


def test_B1_notices_groups_that_are_too_wide(monkeypatch):
    monkeypatch.setattr(tree, "group_width", lambda size: size)
    assert refuted("B1") == ["two levels: 2(sqrt(P) - 1) messages come to the driver"]


def test_B2_and_B3_notice_a_ring_that_sends_whole_vectors(monkeypatch):
    def wasteful(rank, x):
        right, left = (rank.number + 1) % rank.size, (rank.number - 1) % rank.size
        total, passing = x, x
        for _ in range(rank.size - 1):
            passing = yield rank.exchange(right, passing, left)
            total = yield rank.compute(add, total, passing)
        return total

    monkeypatch.setitem(messages.WAYS, "ring", wasteful)
    assert "ring: 2(P-1)a + 2(P-1)/P nb seconds" in refuted("B2")
    assert refuted("B3") == ["ring attains it"]


def test_B2_notices_a_clock_that_forgets_alpha(monkeypatch):
    monkeypatch.setattr(
        machine.Network, "seconds", lambda self, rounds, words: self.beta * words
    )
    assert len(refuted("B2")) == 4


def test_B2_notices_a_sum_that_misses_a_part(monkeypatch):
    def first_only(rank, x):
        return (yield from messages.doubling_allreduce(rank, x, lambda a, b: a))

    monkeypatch.setitem(messages.WAYS, "doubling", first_only)
    assert refuted("B2") == ["no rank gets a wrong sum"]
