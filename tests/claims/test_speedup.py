"""A3 and A4 notice what is planted; test_claims.py has them confirmed."""

from dataclasses import replace

from cme323.claims import claim, speedup
from cme323.claims.claim import REFUTED
from cme323.pram import DAG, greedy, schedule

by_list = schedule.list_schedule


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def test_A3_notices_a_loop_that_counts_every_item_twice(monkeypatch):
    loop = speedup.FILTERS["loop"]

    def twice(pram, keep, x):
        kept = loop(pram, keep, x)
        for item in x:
            item + 0
        return kept

    monkeypatch.setitem(speedup.FILTERS, "loop", twice)
    assert "the loop is 1/(k + 1) of the work" in refuted("A3")
    assert "fitted to the speedups, f is 1/(k + 1)" in refuted("A3")


def test_A3_notices_a_scheduler_that_shares_the_loop(monkeypatch):
    def shared(dag, P, order):
        loose = tuple(
            () if label == "+" else parents
            for label, parents in zip(dag.labels, dag.parents)
        )
        return replace(by_list(DAG(dag.lengths, loose), P, order), dag=dag)

    monkeypatch.setattr(schedule, "list_schedule", shared)
    assert refuted("A3") == [
        "the speedup is 1/(f + (1 - f)/P), if P divides the items",
        "for any P it is at most that",
        "fitted to the speedups, f is 1/(k + 1)",
    ]


def test_A4_notices_a_processor_that_never_takes_a_task(monkeypatch):
    def one_left_out(dag, P, order):
        return replace(by_list(dag, max(P - 1, 1), order), processors=P)

    monkeypatch.setattr(schedule, "list_schedule", one_left_out)
    assert "the speedup is P - f(P - 1)" in refuted("A4")


def test_A4_notices_a_loop_that_grows_with_the_problem(monkeypatch):
    fixed = speedup.loop_then_map
    monkeypatch.setattr(
        speedup, "loop_then_map", lambda serial, n: fixed(serial + n // 10, n)
    )
    assert "one processor alone is busy for s/(s + w) of the time, whatever P" in (
        refuted("A4")
    )


def test_alone_is_the_share_of_time_that_one_processor_works_by_itself():
    assert speedup.alone(greedy(DAG((2, 1, 1), ((), (0,), (0,))), 2)) == 2 / 3


def test_both_filters_keep_the_same():
    loop, scan = speedup.filtered(3), speedup.filtered(3, by="scan")
    assert loop.operations["<"] == scan.operations["<"] == 64
    assert loop.operations["*"] == 2 * 64
