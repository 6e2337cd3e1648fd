"""A1 and A2 notice what is planted; test_claims.py has them confirmed."""

from dataclasses import replace

import pytest

from cme323.claims import claim, schedules
from cme323.claims.claim import REFUTED
from cme323.pram import DAG, greedy, schedule
from cme323.pram.schedule import Schedule, Span

UPPER = "T_P is at most (W - D)/P + D, by any of 5 lists"
LOWER = "max(W/P, D) is at most T_P"
RULES = "each task runs once, after all that it waits for, alone on one of the P"

by_list = schedule.list_schedule


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def planted(monkeypatch, list_schedule):
    monkeypatch.setattr(schedule, "list_schedule", list_schedule)


def late(dag, P, order):
    """A step of idleness before the first task."""
    spans = by_list(dag, P, order).spans
    return Schedule(
        dag, P, tuple(Span(s.task, s.processor, s.start + 1, s.end + 1) for s in spans)
    )


def one_left_out(dag, P, order):
    """A processor that never takes a task."""
    return replace(by_list(dag, max(P - 1, 1), order), processors=P)


def one_too_many(dag, P, order):
    return replace(by_list(dag, P + 1, order), processors=P)


def one_forgotten(dag, P, order):
    plan = by_list(dag, P, order)
    return replace(plan, spans=plan.spans[:-1])


def each_alone(dag, P, order):
    """Every task waits for the one before it in the list of the program."""
    chain = tuple((task - 1,) if task else () for task in range(len(dag.lengths)))
    return replace(by_list(DAG(dag.lengths, chain), P, order), dag=dag)


def in_haste(dag, P, order):
    """A task that waits for two starts after the first of them."""
    first = tuple(parents[:1] for parents in dag.parents)
    return replace(by_list(DAG(dag.lengths, first), P, order), dag=dag)


@pytest.mark.parametrize("bug", [late, one_left_out, each_alone])
def test_A1_notices_a_processor_that_is_idle_while_a_task_is_ready(monkeypatch, bug):
    planted(monkeypatch, bug)
    assert UPPER in refuted("A1")


@pytest.mark.parametrize("bug", [one_too_many, in_haste])
def test_A1_notices_a_schedule_that_is_too_short_to_be_true(monkeypatch, bug):
    planted(monkeypatch, bug)
    assert LOWER in refuted("A1")


@pytest.mark.parametrize("bug", [one_forgotten, one_too_many, in_haste])
def test_A1_notices_a_broken_rule(monkeypatch, bug):
    planted(monkeypatch, bug)
    assert RULES in refuted("A1")


def test_A1_notices_a_list_that_nobody_follows(monkeypatch):
    planted(monkeypatch, lambda dag, P, _: by_list(dag, P, range(len(dag.lengths))))
    assert refuted("A1") == [
        "the same with the longest path first: W/P and D are attained"
    ]


def test_A2_notices_a_processor_too_many(monkeypatch):
    planted(monkeypatch, one_too_many)
    assert "the speedup is at most min(P, W/D)" in refuted("A2")


def test_A2_notices_tasks_that_wait_for_no_reason(monkeypatch):
    planted(monkeypatch, each_alone)
    assert refuted("A2") == [
        "up to P = W/D, at least half of the processors' time is work",
        "with enough processors it is W/D",
        "the knee is at most at W/D, rounded up",
    ]


def test_a_schedule_by_hand_breaks_as_many_rules_as_are_broken():
    diamond = DAG((1, 2, 5, 1), ((), (0,), (0,), (1, 2)))
    good = greedy(diamond, 2)
    assert schedules.broken(good) == 0
    first, second, third, last = good.spans
    early = Span(3, 0, 5, 6)
    assert schedules.broken(replace(good, spans=(first, second, third, early))) == 1
    assert schedules.broken(replace(good, spans=(first, second, third))) == 1
    assert schedules.broken(replace(good, spans=(*good.spans, last))) == 2
    assert schedules.broken(replace(good, processors=1)) == 1
    crowded = tuple(replace(span, processor=0) for span in good.spans)
    assert schedules.broken(replace(good, spans=crowded)) == 1


def test_the_knee_of_a_tree_is_where_it_takes_twice_its_depth():
    assert schedules.DAGS["tree sum"]().depth == 8
    P = schedules.knee("tree sum")
    assert greedy(schedules.DAGS["tree sum"](), P).makespan <= 16
    assert greedy(schedules.DAGS["tree sum"](), P - 1).makespan > 16
