"""A5 and A6 notice what is planted; test_claims.py has them confirmed."""

from dataclasses import replace

import pytest

from cme323.claims import claim, lists
from cme323.claims.claim import REFUTED
from cme323.pram import schedule

by_list = schedule.list_schedule


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def one_left_out(dag, P, order):
    """A processor that never takes a task."""
    return replace(by_list(dag, max(P - 1, 1), order), processors=P)


def one_forgotten(dag, P, order):
    plan = by_list(dag, P, order)
    return replace(plan, spans=plan.spans[:-1])


def test_A5_notices_a_processor_that_never_takes_a_task(monkeypatch):
    monkeypatch.setattr(schedule, "list_schedule", one_left_out)
    assert refuted("A5") == [
        "jobs: any of 5 lists takes at most (2 - 1/P) OPT",
        "DAGs: at most (2 - 1/P) max(W/P, D), and OPT is no less than that",
        "P(P - 1) jobs of length 1, then one of P: (2 - 1/P) OPT",
        "three changes that ought to help make Graham's nine tasks slower",
    ]


def test_A5_notices_a_job_that_never_runs(monkeypatch):
    monkeypatch.setattr(schedule, "list_schedule", one_forgotten)
    assert "and none takes less than OPT" in refuted("A5")


def test_A5_notices_an_optimum_that_is_none(monkeypatch):
    monkeypatch.setattr(
        lists, "optimum", lambda jobs, P: schedule.lpt(jobs, P).makespan
    )
    assert refuted("A5") == ["and none takes less than OPT"]


def test_A6_notices_a_list_with_the_shortest_first(monkeypatch):
    monkeypatch.setattr(
        schedule, "_falling", lambda x: sorted(range(len(x)), key=x.__getitem__)
    )
    assert "LPT takes at most (4/3 - 1/(3P)) OPT" in refuted("A6")


def test_A6_notices_a_list_that_is_not_sorted(monkeypatch):
    monkeypatch.setattr(schedule, "_falling", lambda x: range(len(x)))
    assert "where a list in the worst order doubles OPT, LPT attains it" in refuted(
        "A6"
    )


@pytest.mark.parametrize("bug", [one_left_out, one_forgotten])
def test_A6_notices_a_scheduler_that_is_wrong_whatever_the_list(monkeypatch, bug):
    monkeypatch.setattr(schedule, "list_schedule", bug)
    assert "two each of 2P - 1 to P + 1, three of P: (4/3 - 1/(3P)) OPT" in refuted(
        "A6"
    )


def test_jobs_are_drawn_by_their_seed():
    assert lists.jobs(9, seed=1) == lists.jobs(9, seed=1) != lists.jobs(9, seed=2)
    assert all(1 <= job <= 40 for job in lists.jobs(12, seed=3))
