"""Part A, lists: any list (A5), the longest processing time first (A6).

The optimum is found by branch and bound, for a dozen jobs. Lengths are whole numbers,
and bounds with /P are multiplied out.
"""

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.schedules import GRAHAM, laws, times
from cme323.claims.verdicts import AtMost, Equal
from cme323.pram import independent, schedule
from cme323.pram.families import graham_anomaly, random_dag
from cme323.pram.optimum import optimum

TIMING = "Graham, Bounds on multiprocessing timing anomalies, SIAM J. Appl. Math. 17"


def jobs(n, seed):
    """n jobs, some of them far longer than others."""
    rng = np.random.default_rng(seed)
    longest = rng.choice([9, 40], size=n)
    return [int(rng.integers(1, most + 1)) for most in longest]


def by_list(n, P, seed):
    """The longest makespan of any of 5 lists."""
    return max(times(independent(jobs(n, seed)), P))


def best(n, P, seed):
    return optimum(jobs(n, seed), P)


def by_lpt(n, P, seed):
    return schedule.lpt(jobs(n, seed), P).makespan


def in_order(lengths, P):
    """The makespan of jobs by the list that they are in."""
    return schedule.greedy(independent(lengths), P).makespan


def weighted(seed):
    """A DAG of tasks of unequal lengths."""
    return random_dag(60, reach=30, longest=9, seed=seed)


def anomaly(change):
    """The makespan of Graham's nine tasks after a change that ought to help."""
    changed = {
        "none": (graham_anomaly(), 3),
        "a processor more": (graham_anomaly(), 4),
        "tasks shorter by 1": (graham_anomaly(shorter=1), 3),
        "fewer wait": (graham_anomaly(waits=(6, 7)), 3),
    }
    return schedule.greedy(*changed[change]).makespan


JOBS = tuple(
    (n, p, seed) for n in (7, 9, 12) for p in (2, 3, 4, 5) for seed in range(8)
)
TIGHT = tuple(range(2, 17))
WEIGHTED = tuple((seed, p) for seed in range(5) for p in (2, 3, 4, 8, 16))
ANOMALIES = {
    "none": 12,
    "a processor more": 15,
    "tasks shorter by 1": 13,
    "fewer wait": 16,
}

A5 = Claim(
    id="A5",
    title="List scheduling",
    statement=(
        "Whatever the list, $T_P \\le (2 - 1/P)\\,\\mathrm{OPT}$, for jobs as for "
        "DAGs, whatever the lengths. It is attained: after $P(P-1)$ jobs of length 1 "
        "comes one of "
        "length $P$. A list has anomalies: a processor more, shorter tasks or fewer "
        "that wait can make its schedule longer, though never beyond that bound."
    ),
    source=f"CME 323, lecture 2; {GRAHAM}, 1966; {TIMING}, 1969",
    experiments=(
        Experiment(
            "jobs: any of 5 lists takes at most (2 - 1/P) OPT",
            "P times the longest T_P (steps)",
            "jobs, P, seed",
            JOBS,
            predict=lambda n, p, seed: (2 * p - 1) * best(n, p, seed),
            run=lambda n, p, seed: p * by_list(n, p, seed),
            verdict=AtMost(),
        ),
        Experiment(
            "and none takes less than OPT",
            "share of the shortest T_P",
            "jobs, P, seed",
            JOBS,
            predict=lambda n, p, seed: 1,
            run=lambda n, p, seed: (
                best(n, p, seed) / min(times(independent(jobs(n, seed)), p))
            ),
            verdict=AtMost(),
        ),
        Experiment(
            "DAGs: at most (2 - 1/P) max(W/P, D), and OPT is no less than that",
            "P^2 times the longest T_P (steps)",
            "seed, P",
            WEIGHTED,
            predict=lambda seed, p: (2 * p - 1) * laws(weighted(seed), p),
            run=lambda seed, p: p * p * max(times(weighted(seed), p)),
            verdict=AtMost(),
        ),
        Experiment(
            "P(P - 1) jobs of length 1, then one of P: (2 - 1/P) OPT",
            "P T_P (steps)",
            "P",
            TIGHT,
            predict=lambda p: (2 * p - 1) * optimum(schedule.worst_for_lists(p), p),
            run=lambda p: p * in_order(schedule.worst_for_lists(p), p),
            verdict=Equal(),
        ),
        Experiment(
            "three changes that ought to help make Graham's nine tasks slower",
            "steps",
            "change",
            tuple(ANOMALIES),
            predict=ANOMALIES.get,
            run=anomaly,
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "(2 - 2/P) OPT is enough",
            "P T_P (steps)",
            "P",
            TIGHT,
            predict=lambda p: (2 * p - 2) * optimum(schedule.worst_for_lists(p), p),
            run=lambda p: p * in_order(schedule.worst_for_lists(p), p),
            verdict=AtMost(),
        ),
        Experiment(
            "one more processor never makes it slower",
            "steps on P + 1 processors",
            "P",
            (1, 2, 3, 4),
            predict=lambda p: schedule.greedy(graham_anomaly(), p).makespan,
            run=lambda p: schedule.greedy(graham_anomaly(), p + 1).makespan,
            verdict=AtMost(),
        ),
    ),
)

A6 = Claim(
    id="A6",
    title="Longest processing time first (LPT)",
    statement=(
        "For jobs that do not wait for each other, a list with the longest first "
        "takes at most $(4/3 - 1/(3P))\\,\\mathrm{OPT}$. It is attained by two jobs of "
        "each length from $2P-1$ to $P+1$, and three of length $P$."
    ),
    source=f"CME 323, lecture 2; {TIMING}, 1969",
    experiments=(
        Experiment(
            "LPT takes at most (4/3 - 1/(3P)) OPT",
            "3P T_P (steps)",
            "jobs, P, seed",
            JOBS,
            predict=lambda n, p, seed: (4 * p - 1) * best(n, p, seed),
            run=lambda n, p, seed: 3 * p * by_lpt(n, p, seed),
            verdict=AtMost(),
        ),
        Experiment(
            "and no less than OPT",
            "share of T_P",
            "jobs, P, seed",
            JOBS,
            predict=lambda n, p, seed: 1,
            run=lambda n, p, seed: best(n, p, seed) / by_lpt(n, p, seed),
            verdict=AtMost(),
        ),
        Experiment(
            "two each of 2P - 1 to P + 1, three of P: (4/3 - 1/(3P)) OPT",
            "3P T_P (steps)",
            "P",
            TIGHT,
            predict=lambda p: (4 * p - 1) * optimum(schedule.worst_for_lpt(p), p),
            run=lambda p: 3 * p * schedule.lpt(schedule.worst_for_lpt(p), p).makespan,
            verdict=Equal(),
        ),
        Experiment(
            "where a list in the worst order doubles OPT, LPT attains it",
            "steps",
            "P",
            TIGHT,
            predict=lambda p: optimum(schedule.worst_for_lists(p), p),
            run=lambda p: schedule.lpt(schedule.worst_for_lists(p), p).makespan,
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "LPT is optimal",
            "steps",
            "jobs, P, seed",
            JOBS,
            predict=best,
            run=by_lpt,
            verdict=Equal(),
        ),
        Experiment(
            "the shortest first is as good",
            "3P T_P (steps)",
            "P",
            TIGHT,
            predict=lambda p: (4 * p - 1) * optimum(schedule.worst_for_lists(p), p),
            run=lambda p: 3 * p * in_order(sorted(schedule.worst_for_lists(p)), p),
            verdict=AtMost(),
        ),
    ),
)

CLAIMS = (A5, A6)
