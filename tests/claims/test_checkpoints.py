"""B7 notices what is planted; test_claims.py has it confirmed."""

from cme323.claims import checkpoints, claim
from cme323.claims.claim import REFUTED
from cme323.engine.simulation import ClusterExecutor

MEAN = "(M + R)(e^((tau + C)/M) - 1) T/tau seconds on average"
ENGINE = "the engine's cluster takes as long, with the same lives"
YOUNG = "sqrt(2 C M) is within 20% of the best interval if C << M"
BEST = "e^((tau + C)/M) (1 - tau/M) = 1 gives the best interval for any C"
LOSS = "at sqrt(2 C M) the loss is as the square root of C"

RUN = checkpoints.run_seconds


def refuted(monkeypatch, run=RUN):
    """What B7 says that does not hold if runs take as long as `run` says."""
    monkeypatch.setattr(checkpoints, "run_seconds", run)
    report = claim("B7").check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def test_notices_a_death_that_loses_nothing(monkeypatch):
    def resumed(segments, interval, checkpoint, lives, restart=0.0):
        work, clock = segments * (interval + checkpoint), 0.0
        for life in lives:
            if life >= work:
                return clock + work
            work, clock = work - life, clock + life + restart

    assert refuted(monkeypatch, resumed) == [MEAN, ENGINE, YOUNG, BEST]


def test_notices_that_saving_ends_a_segment_too_early(monkeypatch):
    def torn(segments, interval, checkpoint, lives, restart=0.0):
        """What was computed before a death counts, even if it was not saved yet."""
        lost = (max(life - checkpoint, 0.0) for life in lives)
        return RUN(segments, interval, 0, lost, restart + checkpoint)

    assert {MEAN, ENGINE} <= set(refuted(monkeypatch, torn))


def test_notices_a_checkpoint_that_is_free(monkeypatch):
    def free(segments, interval, checkpoint, *rest):
        return RUN(segments, interval, 0, *rest)

    assert {MEAN, ENGINE, YOUNG} <= set(refuted(monkeypatch, free))


def test_notices_a_checkpoint_that_costs_as_much_as_was_computed(monkeypatch):
    def proportional(segments, interval, checkpoint, *rest):
        return RUN(segments, interval, interval / 10, *rest)

    assert {YOUNG, LOSS} <= set(refuted(monkeypatch, proportional))


def test_notices_a_restart_that_is_forgotten(monkeypatch):
    def at_once(segments, interval, checkpoint, lives, restart=0.0):
        return RUN(segments, interval, checkpoint, lives)

    assert refuted(monkeypatch, at_once) == [MEAN, ENGINE]


def test_notices_that_one_segment_is_left_out(monkeypatch):
    def short(segments, *rest):
        return RUN(segments - 1, *rest)

    assert ENGINE in refuted(monkeypatch, short)


def test_notices_a_machine_that_ages(monkeypatch):
    def ageing(mean_life, rng):
        while True:
            yield from rng.gamma(2, mean_life / 2, 1000).tolist()

    monkeypatch.setattr(checkpoints, "exponential_lives", ageing)
    assert MEAN in refuted(monkeypatch)


def test_notices_a_cluster_that_is_back_at_once(monkeypatch):
    die = ClusterExecutor._die

    def back_at_once(self, machine, time, how):
        object.__setattr__(self.cluster, "restart", 0.0)
        return die(self, machine, time, how)

    monkeypatch.setattr(ClusterExecutor, "_die", back_at_once)
    assert refuted(monkeypatch) == [ENGINE]
