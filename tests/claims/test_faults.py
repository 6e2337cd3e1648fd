"""B4, B5 and B6 notice what is planted; test_claims.py has them confirmed."""

from cme323.claims import claim, faults
from cme323.claims.claim import REFUTED
from cme323.engine import tracker
from cme323.engine.storage import Storage


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def test_a_cluster_has_a_partition_on_each_machine():
    sc = faults.on_machines(5)
    sc.range(10).count()
    assert [report.worker for report in sc.jobs[0].result.reports] == [0, 1, 2, 3, 4]


def test_B4_notices_a_loss_that_loses_every_machines_blocks(monkeypatch):
    lose = tracker.Tracker.lose

    def lose_all(self, worker):
        self.clear()
        lose(self, worker)

    monkeypatch.setattr(tracker.Tracker, "lose", lose_all)
    monkeypatch.setattr(Storage, "read", lambda self, rdd, i, c: rdd.computed(i, c))
    assert refuted("B4") == [
        "a loss costs L + 1 partitions",
        "and they are all those of one machine",
    ]


def test_B4_notices_a_loss_that_nobody_is_told_of(monkeypatch):
    monkeypatch.setattr(faults.Context, "kill", lambda self, worker: None)
    assert "a loss costs L + 1 partitions" in refuted("B4")


def test_B5_notices_outputs_that_are_thought_lost(monkeypatch):
    def lose_all(self, worker):
        for shuffle in self._shuffles.values():
            shuffle.clear()
        self._blocks.clear()

    monkeypatch.setattr(tracker.Tracker, "lose", lose_all)
    assert "all outputs kept: 1 task" in refuted("B5")
    assert "one output lost with it: 2 tasks" in refuted("B5")


def test_B6_notices_a_copy_that_is_not_made(monkeypatch):
    replicate = Storage._replicate
    monkeypatch.setattr(
        Storage, "_replicate", lambda *args: replicate(*args)[:1] if args else []
    )
    assert "3 copies are cheaper from p = 2/(L + 1) = 0.222" in refuted("B6")


def test_B6_notices_copies_that_are_not_read(monkeypatch):
    monkeypatch.setattr(Storage, "_given", lambda self, key, level: None)
    monkeypatch.setattr(tracker.Tracker, "workers", lambda self, rdd, partition: ())
    assert "with 2 copies a loss costs no computing" in refuted("B6")
