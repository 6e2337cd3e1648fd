"""Part A, schedules: Brent's bound (A1), parallelism (A2).

The DAGs are those that the fork-join machine records of real programs, and random ones.
Bounds with /P are multiplied out, so that whole numbers are compared.
"""

from itertools import pairwise
from math import ceil, inf

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal
from cme323.parallel.filter_by_scan import filter_by_scan
from cme323.parallel.merge import merge
from cme323.parallel.mergesort import mergesort
from cme323.parallel.scan import blelloch, hillis_steele
from cme323.parallel.tree_sum import tree_sum
from cme323.pram import PRAM, schedule
from cme323.pram.families import jobs_beside_chain, layered_dag, random_dag

BRENT = "Brent, The parallel evaluation of general arithmetic expressions, J. ACM 21"
GRAHAM = "Graham, Bounds for certain multiprocessing anomalies, Bell Syst. Tech. J. 45"


def recorded(program, n):
    """The DAG of a program on the numbers below n, in random order."""
    pram = PRAM(record=True)
    program(pram, pram.array(np.random.default_rng(0).permutation(n).tolist()))
    return pram.dag


DAGS = {
    "tree sum": lambda: recorded(tree_sum, 200),
    "Blelloch scan": lambda: recorded(blelloch, 100),
    "Hillis-Steele scan": lambda: recorded(hillis_steele, 40),
    "filter": lambda: recorded(lambda pram, x: filter_by_scan(pram, is_low, x), 80),
    "mergesort": lambda: recorded(mergesort, 24),
    "mergesort by loops": lambda: recorded(lambda *a: mergesort(*a, merge), 40),
    "random": lambda: random_dag(200, reach=40),
    "layered": lambda: layered_dag([1, 30, 2, 70, 7, 50, 1], seed=1),
}


def is_low(value):
    return value < 40


def orders(dag):
    """Lists of the tasks: as in the program and back, by the path to go, by chance."""
    program = range(len(dag.lengths))
    by_path = sorted(program, key=lambda task: dag.tails[task])
    by_chance = np.random.default_rng(0).permutation(len(program)).tolist()
    return program, program[::-1], by_path, by_path[::-1], by_chance


def times(dag, P):
    """T_P of each list."""
    return [schedule.list_schedule(dag, P, order).makespan for order in orders(dag)]


def spread(values):
    return max(values) - min(values)


def brent(name, P):
    """P times the bound of Brent: W - D + PD."""
    dag = DAGS[name]()
    return dag.work + (P - 1) * dag.depth


def laws(dag, P):
    """P times the larger of W/P and D."""
    return max(dag.work, P * dag.depth)


def broken(plan):
    """How often a schedule breaks a rule.

    Each task runs once and for its length, after all that it waits for, on one of the
    P processors, and alone.
    """
    dag, spans = plan.dag, {span.task: span for span in plan.spans}
    lasting = {task for task, length in enumerate(dag.lengths) if length}
    wrong = len(lasting ^ spans.keys()) + len(plan.spans) - len(spans)
    ends = []
    for task, (length, parents) in enumerate(zip(dag.lengths, dag.parents)):
        ready = max((ends[parent] for parent in parents), default=0)
        span = spans.get(task)
        ends.append(span.end if span else ready)
        if span:
            wrong += span.start < ready or span.end != span.start + length
            wrong += not 0 <= span.processor < plan.processors
    rows = sorted((s.processor, s.start, s.end) for s in plan.spans)
    return wrong + sum(a[0] == b[0] and b[1] < a[2] for a, b in pairwise(rows))


PROCESSORS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
EVERY = tuple((name, p) for name in DAGS for p in PROCESSORS)
SOME = tuple((name, p) for name in DAGS for p in (3, 16))
BRENTS_WORST = tuple((10, d, p) for d in (1, 10, 50) for p in (2, 5, 16, 64))

A1 = Claim(
    id="A1",
    title="Brent's bound",
    statement=(
        "Whatever list a greedy schedule of a DAG with work $W$ and depth $D$ follows, "
        "$\\max(W/P, D) \\le T_P \\le (W-D)/P + D$: at most twice the optimum. While "
        "any processor is idle all ready tasks run, so the longest path left gets "
        "shorter; that lasts for $D$ steps at most."
    ),
    source=f"CME 323, lecture 1; {BRENT}, 1974; {GRAHAM}, 1966",
    experiments=(
        Experiment(
            "T_P is at most (W - D)/P + D, by any of 5 lists",
            "P times the longest T_P (steps)",
            "program, P",
            EVERY,
            predict=brent,
            run=lambda name, p: p * max(times(DAGS[name](), p)),
            verdict=AtMost(),
        ),
        Experiment(
            "max(W/P, D) is at most T_P",
            "share of the shortest T_P",
            "program, P",
            EVERY,
            predict=lambda name, p: 1,
            run=lambda name, p: (
                laws(DAGS[name](), p) / (p * min(times(DAGS[name](), p)))
            ),
            verdict=AtMost(),
        ),
        Experiment(
            "T_P is W on one processor, and D if each task could have its own",
            "steps",
            "program, has each task its own?",
            tuple((name, own) for name in DAGS for own in (False, True)),
            predict=lambda name, own: DAGS[name]().depth if own else DAGS[name]().work,
            run=lambda name, own: times(DAGS[name](), 1000 if own else 1)[-1],
            verdict=Equal(),
        ),
        Experiment(
            "10P jobs, then a chain: (W - D)/P + D is attained",
            "steps",
            "jobs/P, D, P",
            BRENTS_WORST,
            predict=lambda jobs, depth, p: jobs + depth,
            run=lambda jobs, depth, p: (
                schedule.greedy(jobs_beside_chain(jobs * p, depth), p).makespan
            ),
            verdict=Equal(),
        ),
        Experiment(
            "the same with the longest path first: W/P and D are attained",
            "steps",
            "jobs/P, D, P",
            BRENTS_WORST,
            predict=lambda jobs, depth, p: max(-(-(jobs * p + depth) // p), depth),
            run=lambda jobs, depth, p: (
                schedule.longest_path_first(
                    jobs_beside_chain(jobs * p, depth), p
                ).makespan
            ),
            verdict=Equal(),
        ),
        Experiment(
            "each task runs once, after all that it waits for, alone on one of the P",
            "broken rules",
            "program, P",
            SOME,
            predict=lambda name, p: 0,
            run=lambda name, p: broken(schedule.greedy(DAGS[name](), p)),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "P processors take W/P, rounded up",
            "steps",
            "program, P",
            SOME,
            predict=lambda name, p: -(-DAGS[name]().work // p),
            run=lambda name, p: schedule.greedy(DAGS[name](), p).makespan,
            verdict=Equal(),
        ),
        Experiment(
            "the larger of W/P and D, rounded up, is enough",
            "steps",
            "program, P",
            SOME,
            predict=lambda name, p: -(-laws(DAGS[name](), p) // p),
            run=lambda name, p: schedule.greedy(DAGS[name](), p).makespan,
            verdict=AtMost(),
        ),
        Experiment(
            "the order of the list makes no difference",
            "steps between the shortest and the longest T_P",
            "program, P",
            SOME,
            predict=lambda name, p: 0,
            run=lambda name, p: spread(times(DAGS[name](), p)),
            verdict=Equal(),
        ),
    ),
)


def speedup(name, P):
    return schedule.greedy(DAGS[name](), P).speedup


def knee(name):
    """The fewest processors that reach half of the largest speedup: T_P <= 2D."""
    dag = DAGS[name]()
    few = range(1, 2 * ceil(dag.parallelism) + 1)  # the claim is that half are enough
    plans = (schedule.greedy(dag, P) for P in few)
    found = (plan.processors for plan in plans if plan.makespan <= 2 * dag.depth)
    return next(found, inf)


NAMES = tuple(DAGS)
UP_TO_PARALLELISM = tuple(
    (name, p) for name in DAGS for p in PROCESSORS if p <= DAGS[name]().parallelism
)

A2 = Claim(
    id="A2",
    title="Parallelism",
    statement=(
        "The speedup $T_1/T_P$ of a greedy schedule is at most $\\min(P, W/D)$, at "
        "least $P/2$ as long as $P \\le W/D$, and $W/D$ with enough processors. The "
        "fewest that reach half of that, the knee, are from $W/(2D)$ to "
        "$\\lceil W/D \\rceil$."
    ),
    source=f"CME 323, lectures 1 and 2; follows from {BRENT}, 1974",
    experiments=(
        Experiment(
            "the speedup is at most min(P, W/D)",
            "speedup",
            "program, P",
            EVERY,
            predict=lambda name, p: min(p, DAGS[name]().parallelism),
            run=speedup,
            verdict=AtMost(),
        ),
        Experiment(
            "up to P = W/D, at least half of the processors' time is work",
            "idle time (steps)",
            "program, P",
            UP_TO_PARALLELISM,
            predict=lambda name, p: DAGS[name]().work,
            run=lambda name, p: schedule.greedy(DAGS[name](), p).idle,
            verdict=AtMost(),
        ),
        Experiment(
            "with enough processors it is W/D",
            "speedup",
            "program",
            NAMES,
            predict=lambda name: DAGS[name]().parallelism,
            run=lambda name: speedup(name, 1000),
            verdict=Equal(),
        ),
        Experiment(
            "the knee is at most at W/D, rounded up",
            "processors",
            "program",
            NAMES,
            predict=lambda name: -(-DAGS[name]().work // DAGS[name]().depth),
            run=knee,
            verdict=AtMost(),
        ),
        Experiment(
            "the knee is at least at W/(2D)",
            "W/(2D), as a share of the knee",
            "program",
            NAMES,
            predict=lambda name: 1,
            run=lambda name: DAGS[name]().parallelism / (2 * knee(name)),
            verdict=AtMost(),
        ),
    ),
    controls=(
        Experiment(
            "up to P = W/D the speedup is P",
            "speedup",
            "program, P",
            UP_TO_PARALLELISM,
            predict=lambda name, p: p,
            run=speedup,
            verdict=Equal(),
        ),
        Experiment(
            "twice the processors, half the time",
            "steps on 2P processors",
            "program, P",
            SOME,
            predict=lambda name, p: -(-schedule.greedy(DAGS[name](), p).makespan // 2),
            run=lambda name, p: schedule.greedy(DAGS[name](), 2 * p).makespan,
            verdict=AtMost(),
        ),
    ),
)

CLAIMS = (A1, A2)
