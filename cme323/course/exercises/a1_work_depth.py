"""Assignment 1, work, depth, schedules: the specs are slow, and right.

A DAG is a list: at place i, the tasks that task i waits for. Each takes one step.
"""

from itertools import count
from numbers import Integral

from cme323.cost import Cost
from cme323.course.exercises.exercise import Exercise

HIDE = (
    "cme323.parallel",
    "cme323.pram.schedule",
    "cme323.pram.Schedule",
    "cme323.pram.greedy",
    "cme323.pram.list_schedule",
    "cme323.pram.lpt",
    "cme323.claims",
)

DIAMOND = [[], [0], [0], [1, 2]]
FORK = [[], [], [], [0], [0, 1], [2]]
BROOM = [[], [], [], [], [3], [4], [5]]
DEPTHS = {"tree": 8, "layers": 10, "chains": 50, "funnel": 51}  # all of work 250


def prefixes(x, identity):
    """[identity, x0, x0 + x1, ...], each from the beginning."""
    return [sum_from(identity, x[:i]) for i in range(len(x) + 1)]


def sum_from(total, x):
    for value in x:
        total = total + value
    return total


def total_of(x):
    return sum_from(x[0], x[1:])


def kept(x, flags):
    return [value for value, flag in zip(x, flags) if flag]


def levels(x):
    """ceil(log2 n): how often n things, two by two, become half as many."""
    return (len(x) - 1).bit_length()


def tree_cost(x):
    return Cost(work=len(x) - 1, depth=levels(x))


def blelloch_cost(x, *more):
    return Cost(work=2 * (len(x) - 1), depth=2 * levels(x))


def hillis_steele_cost(x, identity):
    return Cost(work=len(x) * levels(x) - 2 ** levels(x) + 1, depth=levels(x))


def band(W, D, P):
    """The ends of Brent's band as whole numbers, which T_P is."""
    return max(-(-W // P), D), (W - D) // P + D


def tight(P):
    """T_P of Graham's jobs in their order, of the same by LPT, of LPT's by LPT."""
    return 2 * P - 1, P, 4 * P - 1


def band_fault(said):
    """What is wrong with {name: (low, guess, high)} of 250 tasks on 5 processors.

    It does not say the right ends: they are to be predicted.
    """
    if type(said) is not dict or set(said) != set(DEPTHS):
        return f"should be a dict with the keys {', '.join(DEPTHS)}"
    for name, ends in said.items():
        if type(ends) is not tuple or len(ends) != 3 or not _whole(ends):
            return f"{name} should have a tuple of three ints: low, guess, high"
        low, high = band(250, DEPTHS[name], 5)
        if ends[0] != low:
            return f"the band of {name} does not begin at {ends[0]}"
        if ends[2] != high:
            return f"the band of {name} does not end at {ends[2]}"
        if not low <= ends[1] <= high:
            return f"for {name} the guess {ends[1]} is outside of its band"
    return None


def greedy_fault(starts, dag, P):
    """Why these starts are no greedy schedule of the DAG, if they are none."""
    n = len(dag)
    if type(starts) is not list or len(starts) != n or not _whole(starts):
        return f"should be a list of {n} ints, the start of each task"
    if n and not 0 <= min(starts) <= max(starts) < n:
        return f"each of {n} tasks should start at one of the times 0 to {n - 1}"
    return next(_faults(starts, dag, P), None)


def _faults(starts, dag, P):
    for task, parents in enumerate(dag):
        for parent in parents:
            if starts[task] <= starts[parent]:
                yield (
                    f"task {task} starts at {starts[task]}, and should wait until task "
                    f"{parent} has ended at {starts[parent] + 1}"
                )
    for now in range(max(starts, default=-1) + 1):
        running = starts.count(now)
        if running > P:
            yield f"{running} tasks run at time {now}, on {P} processors"
        for task, parents in enumerate(dag):
            ready = starts[task] > now and all(starts[p] < now for p in parents)
            if ready and running < P:
                yield (
                    f"{running} of {P} processors work at time {now}, and task {task}, "
                    "which is ready, should start"
                )


def _whole(numbers):
    return all(isinstance(n, Integral) and not isinstance(n, bool) for n in numbers)


def list_starts(jobs, P):
    """The first time, for each job, when fewer than P of those before it run."""
    starts = []
    for _ in jobs:
        ends = [start + job for start, job in zip(starts, jobs)]
        starts.append(next(t for t in count() if sum(end > t for end in ends) < P))
    return starts


def lpt_starts(jobs, P):
    order = sorted(range(len(jobs)), key=lambda job: (-jobs[job], job))
    starts = list_starts([jobs[job] for job in order], P)
    return [starts[order.index(job)] for job in range(len(jobs))]


def judged(rows):
    kept = rows and all(low <= measured <= high for _, _, low, measured, high in rows)
    return "CONFIRMED" if kept else "REFUTED"


def tight_rows(processors):
    return [
        (name, P, said, said, said)
        for P in processors
        for name, said in zip(("list", "best", "lpt"), tight(P))
    ]


EXERCISES = (
    Exercise(
        "1.1",
        spec=total_of,
        cases=(
            ([3, 1, 4, 1, 5],),
            ([2],),
            (list(range(16)),),
            (list("tree"),),
        ),
        idea="both halves are summed at the same time, by `pram.fork`, and one "
        "addition joins them",
        cost=tree_cost,
        hide=HIDE,
    ),
    Exercise(
        "1.2",
        spec=prefixes,
        cases=(
            ([3, 1, 7, 0, 4, 1, 6, 3], 0),
            ([5], 0),
            ([5, 6, 7], 0),
            (list("scan"), ""),
        ),
        idea="up the tree each node adds its two halves; down the tree it tells its "
        "left half what comes before it, and its right half that plus the left sum",
        cost=blelloch_cost,
        hide=HIDE,
    ),
    Exercise(
        "1.3",
        spec=prefixes,
        cases=(
            ([3, 1, 7, 0, 4, 1, 6, 3], 0),
            ([5], 0),
            ([5, 6, 7], 0),
            (list("scan"), ""),
        ),
        idea="in step k all places from 2**k on add, at the same time, what is 2**k "
        "places before them",
        cost=hillis_steele_cost,
        hide=HIDE,
    ),
    Exercise(
        "1.4",
        spec=kept,
        cases=(
            ([3, 9, 8, 1, 4], [1, 0, 0, 1, 1]),
            (list("filter"), [0, 1, 1, 0, 1, 0]),
            ([7], [0]),
            ([7], [1]),
        ),
        idea="the prefix sums of the flags are the new places, by one scan of 1.2, and "
        "moving costs nothing",
        cost=blelloch_cost,
        hide=HIDE,
    ),
    Exercise(
        "1.6",
        spec=band,
        cases=((100, 10, 4), (100, 60, 4), (7, 7, 3), (8, 1, 3), (9, 2, 100)),
        idea="no schedule beats W/P or D, a greedy one takes at most (W - D)/P + D, "
        "and T_P is a whole number",
        hide=HIDE,
    ),
    Exercise(
        "1.7",
        spec=None,
        fault=band_fault,
        cases=((),),
        idea="the depth is the number of tasks on the longest path, and W = 250, P = 5",
        hide=HIDE,
    ),
    Exercise(
        "1.8",
        spec=tight,
        cases=((2,), (3,), (10,)),
        idea="draw P = 3, and see which jobs run when the last one starts",
        hide=HIDE,
    ),
    Exercise(
        "1.9",
        spec=None,
        fault=greedy_fault,
        cases=(
            (DIAMOND, 2),
            (DIAMOND, 1),
            (FORK, 2),
            (FORK, 3),
            (BROOM, 2),
            ([[], [], [], [], []], 2),
            ([[], [0], [1]], 8),
        ),
        idea="at each time, of the tasks whose parents have all ended, as many start "
        "as there are processors",
        hide=HIDE,
    ),
    Exercise(
        "1.11",
        spec=list_starts,
        cases=(
            ([2, 3, 1, 2], 2),
            ([1, 1, 1, 1, 1, 1, 3], 3),
            ([3, 1, 2], 1),
            ([2, 2], 5),
        ),
        idea="the next job of the list starts when, and where, a processor first "
        "becomes free",
        hide=HIDE,
    ),
    Exercise(
        "1.12",
        spec=lpt_starts,
        cases=(
            ([2, 3, 1, 2], 2),
            ([1, 1, 1, 1, 1, 1, 3], 3),
            ([5, 5, 4, 4, 3, 3, 3], 3),
            ([2, 2], 5),
        ),
        idea="the list is sorted, the longest job first and of equal jobs the earlier, "
        "but the starts are in the order of `jobs`",
        hide=HIDE,
    ),
    Exercise(
        "1.14",
        spec=judged,
        cases=(
            ([("a", 2, 3, 3, 5), ("a", 4, 2, 4, 4)],),
            ([("a", 2, 3, 3, 5), ("a", 4, 2, 5, 4)],),
            ([("a", 2, 3, 2, 5), ("a", 4, 2, 4, 4)],),
            ([],),
        ),
        idea="one point outside of its band, above or below, refutes it, and no points "
        "confirm nothing",
        hide=HIDE,
    ),
    Exercise(
        "1.15",
        spec=tight_rows,
        cases=(([2],), ([3, 4],)),
        idea="a row holds one number that was predicted, twice, and between the two "
        "what your schedules measured",
        hide=HIDE,
    ),
)
