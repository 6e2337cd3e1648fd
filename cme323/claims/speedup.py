"""Part A, laws of speedup: Amdahl (A3), Gustafson (A4).

The programs are run on the fork-join machine, and their DAGs scheduled.
"""

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal
from cme323.parallel.filter_by_loop import filter_by_loop
from cme323.parallel.filter_by_scan import filter_by_scan
from cme323.pram import PRAM, schedule
from cme323.pram.speedup import amdahl, gustafson, serial_fraction

AMDAHL = "Amdahl, Validity of the single processor approach, AFIPS 30, 1967"
GUSTAFSON = "Gustafson, Reevaluating Amdahl's law, Communications of the ACM 31, 1988"


def passes(k):
    """A test of k operations: multiply k - 1 times, then compare."""

    def keep(value):
        for _ in range(k - 1):
            value = value * 1
        return value < 32

    return keep


FILTERS = {"loop": filter_by_loop, "scan": filter_by_scan}


def filtered(k, n=64, by="loop"):
    """A machine on which n items were filtered by a test of k operations."""
    pram = PRAM(record=True)
    FILTERS[by](pram, passes(k), pram.array(range(n)))
    return pram


def amdahl_speedup(k, P, by="loop"):
    """How much faster P processors filter than one does by a loop."""
    one = filtered(k).dag.work
    return one / schedule.greedy(filtered(k, by=by).dag, P).makespan


def fitted(k):
    """The serial share that fits the speedups."""
    return serial_fraction({P: amdahl_speedup(k, P) for P in POWERS[1:]})


TESTS = (1, 3, 9, 19)
POWERS = tuple(2**i for i in range(7))
DIVIDING = tuple((k, p) for k in TESTS for p in POWERS)
ANY_P = tuple((k, p) for k in TESTS for p in (3, 5, 11, 24, 50, 63, 100, 1000))

A3 = Claim(
    id="A3",
    title="Amdahl's law",
    statement=(
        "If a share $f$ of the work is serial and the rest can be shared evenly, the "
        "speedup is $S(P) = 1/(f + (1-f)/P)$, and never above $1/f$. Here items are "
        "tested, $k$ operations for each, and a loop counts the places of those that "
        "stay: $f = 1/(k+1)$. The law is about a program, not about its problem."
    ),
    source=f"CME 323, lecture 2; {AMDAHL}",
    experiments=(
        Experiment(
            "the loop is 1/(k + 1) of the work",
            "share of the operations",
            "k",
            TESTS,
            predict=lambda k: 1 / (k + 1),
            run=lambda k: filtered(k).operations["+"] / filtered(k).cost.work,
            verdict=Equal(),
        ),
        Experiment(
            "the speedup is 1/(f + (1 - f)/P), if P divides the items",
            "speedup",
            "k, P",
            DIVIDING,
            predict=lambda k, p: amdahl(1 / (k + 1), p),
            run=amdahl_speedup,
            verdict=Equal(rounding=1e-12),
        ),
        Experiment(
            "for any P it is at most that",
            "speedup",
            "k, P",
            ANY_P,
            predict=lambda k, p: amdahl(1 / (k + 1), p),
            run=amdahl_speedup,
            verdict=AtMost(rounding=1e-12),
        ),
        Experiment(
            "fitted to the speedups, f is 1/(k + 1)",
            "serial share",
            "k",
            TESTS,
            predict=lambda k: 1 / (k + 1),
            run=fitted,
            verdict=Equal(rounding=1e-12),
        ),
    ),
    controls=(
        Experiment(
            "a serial share of f costs a share f of the speedup: (1 - f)P",
            "speedup",
            "k, P",
            DIVIDING,
            predict=lambda k, p: (1 - 1 / (k + 1)) * p,
            run=amdahl_speedup,
            verdict=Equal(rounding=1e-12),
        ),
        Experiment(
            "no program for this problem is more than 1/f times faster",
            "speedup of a filter by scan",
            "k, P",
            DIVIDING,
            predict=lambda k, p: k + 1,
            run=lambda k, p: amdahl_speedup(k, p, by="scan"),
            verdict=AtMost(),
        ),
    ),
)


def loop_then_map(serial, n):
    """The DAG of a loop, and of one operation on each of n items after it."""
    pram = PRAM(record=True)
    (value,) = pram.array([0])
    for _ in range(serial):
        value = value + 1
    pram.map(lambda item: item * 1, pram.array(range(n)))
    return pram.dag


def on(P, serial, share):
    """The schedule of a problem that grows with P, so that each has its share."""
    return schedule.greedy(loop_then_map(serial, share * P), P)


def alone(plan):
    """The share of T_P in which one processor is busy, and all others are idle."""
    busy = np.zeros(plan.makespan, dtype=int)
    for span in plan.spans:
        busy[span.start : span.end] += 1
    return int((busy == 1).sum()) / plan.makespan


def scaled_filter(k, P):
    """The speedup of a filter of 8 items on each processor, and its serial share."""
    plan = schedule.greedy(filtered(k, 8 * P).dag, P)
    return plan.speedup, alone(plan)


LOOPS = ((10, 90), (20, 20), (60, 20))  # operations in the loop, items for each P
WEAK = tuple((s, w, p) for s, w in LOOPS for p in (2, 3, 4, 7, 8, 16))

A4 = Claim(
    id="A4",
    title="Gustafson's law",
    statement=(
        "If the part of a problem that is shared grows with $P$ and the serial part "
        "does not, the speedup is $P - f(P-1)$, where $f$ is the serial share of the "
        "time on $P$ processors. Each further processor adds $1 - f$. Amdahl's law, "
        "whose $f$ is a share of $T_1$, says the same of each single run."
    ),
    source=f"CME 323, lecture 2; {GUSTAFSON}",
    experiments=(
        Experiment(
            "one processor alone is busy for s/(s + w) of the time, whatever P",
            "share of T_P",
            "s, w, P",
            WEAK,
            predict=lambda s, w, p: s / (s + w),
            run=lambda s, w, p: alone(on(p, s, w)),
            verdict=Equal(),
        ),
        Experiment(
            "the speedup is P - f(P - 1)",
            "speedup",
            "s, w, P",
            WEAK,
            predict=lambda s, w, p: gustafson(alone(on(p, s, w)), p),
            run=lambda s, w, p: on(p, s, w).speedup,
            verdict=Equal(rounding=1e-12),
        ),
        Experiment(
            "one more processor adds 1 - f",
            "speedup",
            "s, w, P",
            WEAK,
            predict=lambda s, w, p: w / (s + w),
            run=lambda s, w, p: on(p + 1, s, w).speedup - on(p, s, w).speedup,
            verdict=Equal(rounding=1e-12),
        ),
        Experiment(
            "Amdahl's law says the same, with the loop's share of T_1",
            "speedup",
            "s, w, P",
            WEAK,
            predict=lambda s, w, p: amdahl(s / on(p, s, w).dag.work, p),
            run=lambda s, w, p: on(p, s, w).speedup,
            verdict=Equal(rounding=1e-12),
        ),
    ),
    controls=(
        Experiment(
            "the share of T_P can be put into Amdahl's law",
            "speedup",
            "s, w, P",
            WEAK,
            predict=lambda s, w, p: amdahl(alone(on(p, s, w)), p),
            run=lambda s, w, p: on(p, s, w).speedup,
            verdict=Equal(rounding=1e-12),
        ),
        Experiment(
            "it holds with the f of P = 2 if the loop grows too: the filter of A3",
            "speedup",
            "k, P",
            tuple((9, p) for p in (2, 4, 8, 16)),
            predict=lambda k, p: gustafson(scaled_filter(k, 2)[1], p),
            run=lambda k, p: scaled_filter(k, p)[0],
            verdict=Equal(rounding=1e-12),
        ),
    ),
)

CLAIMS = (A3, A4)
