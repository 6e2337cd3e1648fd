"""The grader beside stock nbgrader, on assignment 5; and 2,000 submissions in a row.

    own work    the same cells, run in one warm process: the unit
    cme323      `cme323 grade -j 2` on all submissions, with all that it starts
    nbgrader    `nbgrader autograde` on a sample of ten, without its start: it grades
                one and then all ten, and the difference is what nine of them take

They take turns, so that a busy moment hits all. Seconds are for one submission: what
passes on the clock, divided by their number. Memory is what the grader and all that it
starts hold, looked at after each submission.
"""

import tempfile
from collections import Counter
from pathlib import Path
from statistics import median

from benchmarks.grade_classroom import JOBS, Classroom
from benchmarks.runner import Outcome
from benchmarks.suite import Engine, Result, Suite, Target, Workload
from cme323.course.grade.notebook import read_source
from cme323.errors import BadInput

A5, TINY = 200, 2000
PARTS = 10  # of a row, for each of which its peak is told
OWN, OURS, NBGRADER = "own work", "cme323", "nbgrader"
MISSING = "tasks without a score"
CHANGED = "scores that another grading changed"
OTHERS = "submissions to which nbgrader gives other points"


def run(_, *, only=(), engines=(), runs=3, growth=False, small=None, tick=None):
    """The Outcome. small: so many submissions, and ten times as many tiny ones."""
    if growth:
        raise BadInput("bench grade has no --growth: that is its workload `row`")
    tick = tick or (lambda says: None)
    workloads = SUITE.only("workloads", only)
    results, grown, faults = [], [], {}
    with tempfile.TemporaryDirectory(prefix="cme323-bench-") as folder:
        if "a5" in workloads:
            tick("a5: handing in")
            room = Classroom(Path(folder) / "a5", small or A5)
            results = race(room, chosen(engines), runs, faults, tick)
        if "row" in workloads:
            room = Classroom(Path(folder) / "row", 10 * small if small else TINY, True)
            grown = row(room, faults, tick)
    return Outcome(SUITE, results, grown, targets(results, grown, faults))


def steps(suite, only, engines, runs, growth):
    """How often `run` will call tick."""
    workloads = suite.only("workloads", only)
    race = 1 + runs * len(chosen(engines)) if "a5" in workloads else 0
    return race + 2 * ("row" in workloads)


def chosen(engines):
    """The unit always runs."""
    return SUITE.only("engines", {OWN, *engines} if engines else ())


def race(room, engines, runs, faults, tick):
    """A Result of each engine, after `runs` rounds in which they take turns."""
    results = {name: Result("a5", name, room.number) for name in engines}
    ways = {OWN: room.own, OURS: room.cme323, NBGRADER: room.nbgrader}
    scores = {}
    for _ in range(runs):
        for name, result in results.items():
            tick(f"a5 on {name}")
            timing = ways[name]()
            result.seconds.append(timing.seconds)
            result.memory = max(
                [megabytes for _, megabytes in timing.held], default=None
            )
            scores.setdefault(name, []).append(timing.scores)
    if OURS in scores:
        judge(room, scores[OURS], faults)
    if {OURS, NBGRADER} <= scores.keys():
        faults[OTHERS] = others(scores[OURS][0], scores[NBGRADER][0])
    return list(results.values())


def row(room, faults, tick):
    """Many tiny submissions: a Result for each part of them, with its peak."""
    timings = []
    for which in "first", "second":
        tick(f"{room.number:,} in a row, the {which} time")
        timings.append(room.cme323())
    judge(room, [timing.scores for timing in timings], faults)
    return [part(timings[0].held, i) for i in range(PARTS)]


def part(held, i):
    """The Result of a part of the row: seconds for one submission, and its peak."""
    start, end = i * len(held) // PARTS, (i + 1) * len(held) // PARTS
    inside = held[start:end]
    seconds = (inside[-1][0] - inside[0][0]) / max(1, len(inside) - 1)
    peak = max(megabytes for _, megabytes in inside)
    return Result("row", OURS, end, seconds=[seconds], memory=peak)


def judge(room, gradings, faults):
    """Count the tasks without a score, and the scores that changed."""
    tasks = [c.id for c in read_source(room.source) if c.kind == "test"]
    expected = {(f"{i:04}", task) for i in range(room.number) for task in tasks}
    first, *more = gradings
    missing = sum(first.get(place) is None for place in expected)
    faults[MISSING] = faults.get(MISSING, 0) + missing
    changed = sum(other.get(place) != first[place] for other in more for place in first)
    faults[CHANGED] = faults.get(CHANGED, 0) + changed


def others(ours, theirs):
    """Of the submissions that both graded, how many have another sum of points."""
    points = Counter()
    for (student, _), score in ours.items():
        points[student] += score or 0
    return sum(points[student] != total for student, total in theirs.items())


def targets(results, grown, faults):
    """What was asked of the grader; what did not run is not judged."""
    a5 = {result.engine: result.seconds for result in results}
    own, ours, nbgrader = (a5.get(name, []) for name in (OWN, OURS, NBGRADER))
    # Round by round: the machine may be busier in one than in another.
    ratio = middle(theirs / mine for theirs, mine in zip(nbgrader, ours))
    beyond = middle(JOBS * mine - alone for mine, alone in zip(ours, own))
    peaks = [result.memory for result in grown]
    growth = max(peaks) / peaks[0] - 1 if peaks else None
    return [
        Target("throughput over nbgrader's, with two jobs", ratio, 5, at_least=True),
        Target("seconds of a job for a submission, beyond its own work", beyond, 0.5),
        Target("growth of the peak memory after a tenth of the row", growth, 0.1),
        *(Target(says, faults.get(says), 0) for says in (MISSING, CHANGED, OTHERS)),
    ]


def middle(figures):
    """Their median, None if there is none."""
    figures = list(figures)
    return median(figures) if figures else None


SUITE = Suite(
    title="the grader",
    workloads={
        "a5": Workload("a5", f"{A5} submissions of assignment 5", A5, None, {}),
        "row": Workload("row", f"{TINY:,} tiny submissions in a row", TINY, None, {}),
    },
    engines={name: Engine(name) for name in (OWN, OURS, NBGRADER)},
    reference=OWN,
    targets=targets,
)
