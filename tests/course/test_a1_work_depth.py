"""Assignment 1: the solution scores in full, the blank nothing, every mutant less."""

from pathlib import Path

import jupytext
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.course.exercises.a1_work_depth import (
    DEPTHS,
    EXERCISES,
    HIDE,
    band_fault,
    blelloch_cost,
    greedy_fault,
    hillis_steele_cost,
    list_starts,
    lpt_starts,
    tree_cost,
)
from cme323.course.grade.notebook import read_source
from cme323.course.marking import hidden_modules
from cme323.course.release import assignment
from cme323.parallel import scan
from cme323.parallel.tree_sum import tree_sum_cost
from cme323.pram import DAG, greedy, independent, lpt
from cme323.pram.schedule import longest_path_first

pytestmark = pytest.mark.xdist_group("a1")  # all are graded once
ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "solutions/a1_work_depth/a1_work_depth.py"
TASKS = {
    "test_tree_sum": 6,
    "test_blelloch_scan": 10,
    "test_hillis_steele": 6,
    "test_parallel_filter": 4,
    "test_predict_band": 4,
    "test_predict_250": 3,
    "test_predict_jobs": 3,
    "test_greedy_schedule": 12,
    "test_list_schedule": 6,
    "test_lpt": 6,
    "test_experiment_band": 6,
    "test_experiment_jobs": 4,
}
BY_HAND = {
    "why_work_efficient": 7,
    "proof_band": 9,
    "proof_list": 9,
    "explain": 5,
}

LOOP = """\
    out = [identity]
    for value in x:
        out.append(out[-1] + value)
    return out
"""

# name: (answer's cell, right text, wrong text, the tasks that it must cost)
MUTANTS = {
    "sum: wrong base case": (
        "tree_sum",
        "return x[0]",
        "return 0",
        ["tree_sum"],
    ),
    "sum: a loop": (
        "tree_sum",
        "    if len(x) == 1:",
        "    return sum(x[1:], x[0])\n    if len(x) == 1:",
        ["tree_sum"],
    ),
    "sum: halves one after the other": (
        "tree_sum",
        "left, right = pram.fork(\n"
        "        lambda: tree_sum(pram, x[:half]), lambda: tree_sum(pram, x[half:])\n"
        "    )",
        "left, right = tree_sum(pram, x[:half]), tree_sum(pram, x[half:])",
        ["tree_sum"],
    ),
    "sum: not counted": (
        "tree_sum",
        "    if len(x) == 1:",
        "    return sum_by_hand(plain(x))\n    if len(x) == 1:",
        ["tree_sum"],
    ),
    "sum: right before left": (
        "tree_sum",
        "left + right",
        "right + left",
        ["tree_sum"],
    ),
    "Blelloch: a loop": (
        "blelloch",
        "    def up(x):",
        f"{LOOP}\n    def up(x):",
        ["blelloch", "filter"],
    ),
    "Blelloch: one addition too many": (
        "blelloch",
        "return [*down(tree, identity), tree[0]]",
        "return [*down(tree, identity), identity + tree[0]]",
        ["blelloch", "filter"],
    ),
    "Blelloch: the right half misses the left": (
        "blelloch",
        "middle = before + left[0]",
        "middle = before + right[0]",
        ["blelloch", "filter"],
    ),
    "Blelloch: in the wrong order": (
        "blelloch",
        "middle = before + left[0]",
        "middle = left[0] + before",
        ["blelloch"],  # the flags commute
    ),
    "Blelloch: no total": (
        "blelloch",
        "return [*down(tree, identity), tree[0]]",
        "return down(tree, identity)",
        ["blelloch", "filter"],
    ),
    "Hillis-Steele: one step too few": (
        "hillis",
        "while step < len(x)",
        "while 2 * step < len(x)",
        ["hillis"],
    ),
    "Hillis-Steele: every place adds": (
        "hillis",
        "return [identity, *x]",
        "return [identity, *pram.map(lambda value: value + identity, x)]",
        ["hillis"],
    ),
    "filter: unstable": (
        "filter",
        "out[places[i]] = x[i]",
        "out[-1 - places[i]] = x[i]",
        ["filter"],
    ),
    "filter: by the other scan": (
        "filter",
        "blelloch_scan(pram, flags",
        "hillis_steele(pram, flags",
        ["filter"],
    ),
    "prediction: W/P only": (
        "predict_band",
        "max(-(-W // P), D), (W - D) // P + D",
        "-(-W // P), -(-W // P)",
        ["predict_band", "experiment_band"],
    ),
    "prediction: the weaker bound": (
        "predict_band",
        "(W - D) // P + D",
        "W // P + D",
        ["predict_band", "experiment_band"],
    ),
    "prediction: the chain hides in the funnel": (
        "predict_250",
        '"funnel": (51, 60, 90)',
        '"funnel": (50, 60, 90)',
        ["predict_250"],
    ),
    "prediction: a guess outside of its band": (
        "predict_250",
        '"tree": (50, 51, 56)',
        '"tree": (50, 49, 56)',
        ["predict_250"],
    ),
    "prediction: the long job is never late": (
        "predict_jobs",
        "2 * P - 1, P,",
        "P, P,",
        ["predict_jobs", "experiment_jobs"],
    ),
    "greedy: one processor too many": (
        "greedy_schedule",
        "    start, ended, now = {}, set(), 0",
        "    P = P + 1\n    start, ended, now = {}, set(), 0",
        ["greedy_schedule", "experiment_band"],
    ),
    "greedy: one processor idle": (
        "greedy_schedule",
        "    start, ended, now = {}, set(), 0",
        "    P = max(P - 1, 1)\n    start, ended, now = {}, set(), 0",
        ["greedy_schedule", "experiment_band"],
    ),
    "greedy: dependencies ignored": (
        "greedy_schedule",
        "task not in start and ended.issuperset(parents)",
        "task not in start",
        ["greedy_schedule", "experiment_band"],
    ),
    "greedy: waits for one parent only": (
        "greedy_schedule",
        "ended.issuperset(parents)",
        "ended.issuperset(parents[:1])",
        ["greedy_schedule"],  # wrong, and yet in the band of these four
    ),
    "greedy: level by level": (
        "greedy_schedule",
        "        ended.update(ready[:P])\n        now += 1",
        "        now += 1\n"
        "        if len(ready) <= P:\n"
        "            ended.update(start)",
        ["greedy_schedule"],  # as on these four
    ),
    "list: round robin": (
        "list_schedule",
        "first = free.index(min(free))",
        "first = len(starts) % P",
        ["list_schedule", "lpt", "experiment_jobs"],
    ),
    "list: ends, not starts": (
        "list_schedule",
        "        starts.append(free[first])\n        free[first] += job",
        "        free[first] += job\n        starts.append(free[first])",
        ["list_schedule", "lpt", "experiment_jobs"],
    ),
    "list: one processor too many": (
        "list_schedule",
        "[0] * P",
        "[0] * (P + 1)",
        ["list_schedule", "lpt", "experiment_jobs"],
    ),
    "LPT: ascending": (
        "lpt",
        "-jobs[job]",
        "jobs[job]",
        ["lpt", "experiment_jobs"],
    ),
    "LPT: starts in the order of the list": (
        "lpt",
        "        starts[job] = start",
        "        starts[order.index(job)] = start",
        ["lpt", "experiment_jobs"],
    ),
    "verdict: always confirmed": (
        "experiment_band",
        'else "REFUTED"',
        'else "CONFIRMED"',
        ["experiment_band"],
    ),
    "verdict: nothing confirms": (
        "experiment_band",
        "rows and all",
        "all",
        ["experiment_band"],
    ),
    "verdict: the upper end only": (
        "experiment_band",
        "low <= measured <= high",
        "measured <= high",
        ["experiment_band"],
    ),
    "experiment: measured is predicted": (
        "experiment_band",
        "max(greedy_schedule(dag, P)) + 1",
        "high",
        ["experiment_band"],
    ),
    "experiment: LPT twice": (
        "experiment_jobs",
        "makespan(jobs, list_schedule(jobs, P))",
        "makespan(jobs, lpt(jobs, P))",
        ["experiment_jobs"],
    ),
    "imports the scan": (
        "tree_sum",
        "    ### BEGIN",
        "    from cme323.parallel.scan import blelloch\n    ### BEGIN",
        list(TASKS),
    ),
    "imports the schedule": (
        "greedy_schedule",
        "    ### BEGIN",
        "    from cme323.pram import greedy\n    ### BEGIN",
        list(TASKS),
    ),
    "takes the schedule by another way": (
        "list_schedule",
        "    free, starts = [0] * P, []",
        "    free, starts = [0] * P, __import__('cme323').pram.greedy and []",
        ["list_schedule", "lpt", "experiment_jobs"],
    ),
    "imports the specs": (
        "lpt",
        "    ### BEGIN",
        "    from cme323.course.exercises.a1_work_depth import lpt_starts\n"
        "    ### BEGIN",
        list(TASKS),
    ),
}


# Right as well: level by level, the youngest task first, numpy's integers, a heap.
ANOTHER_WAY = {
    "tree_sum": """
def tree_sum(pram, x):
    while len(x) > 1:
        sums = pram.map(lambda a, b: a + b, x[::2], x[1::2])
        x = sums + x[2 * len(sums):]
    return x[0]
""",
    "blelloch_scan": """
def blelloch_scan(pram, x, identity):
    levels = [x]
    while len(levels[-1]) > 1:
        sums = pram.map(lambda a, b: a + b, levels[-1][::2], levels[-1][1::2])
        levels.append(sums + levels[-1][2 * len(sums):])
    before = [identity]
    for level in levels[-2::-1]:
        pairs = len(level) // 2
        after = pram.map(lambda a, b: a + b, before[:pairs], level[: 2 * pairs : 2])
        both = [value for pair in zip(before, after) for value in pair]
        before = both + before[pairs:]
    return before + levels[-1]
""",
    "greedy_schedule": """
import numpy as np

def greedy_schedule(dag, P):
    start = np.full(len(dag), -1)
    now = 0
    while (start < 0).any():
        ready = [
            i for i in range(len(dag))
            if start[i] < 0 and all(0 <= start[p] < now for p in dag[i])
        ]
        start[ready[-P:]] = now
        now += 1
    return list(start)
""",
    "list_schedule": """
from heapq import heapreplace

def list_schedule(jobs, P):
    ends = [0] * P
    return [heapreplace(ends, ends[0] + job) for job in jobs]
""",
    "lpt": """
def lpt(jobs, P):
    left = sorted(enumerate(jobs), key=lambda pair: (-pair[1], pair[0]))
    free, starts = [0] * P, {}
    for i, job in left:
        free.sort()
        starts[i] = free[0]
        free[0] += job
    return [starts[i] for i in range(len(jobs))]
""",
}


def full(task):
    return next(name for name in TASKS if task in name)


@pytest.fixture(scope="module")
def scores(solved, caught):
    """{student: {task: (score, reason)}} of one run over everybody."""
    another = solved(SOURCE)
    for cell in another.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = ANOTHER_WAY.get(name, cell.source)
    everybody = {
        "solution": jupytext.read(SOURCE),
        "another": another,
        "blank": assignment(SOURCE),
    }
    return caught(SOURCE, everybody, MUTANTS, full)


def test_it_is_worth_a_hundred_points_of_which_fifty_are_for_functions():
    points = {cell.id: cell.points for cell in read_source(SOURCE) if cell.points}
    assert points == TASKS | BY_HAND
    assert sum(points.values()) == 100
    functions = [p for task, p in TASKS.items() if not task[5:].startswith(PREDICTED)]
    assert sum(functions) == 50


PREDICTED = "predict", "experiment"


@pytest.mark.parametrize("student", ["solution", "another"])
def test_what_is_right_scores_in_full(scores, student):
    assert scores[student] == {
        **{task: (points, "") for task, points in TASKS.items()},
        **dict.fromkeys(BY_HAND, (None, "to be graded by hand")),
    }


def test_the_blank_scores_nothing(scores):
    assert {scores["blank"][task][0] for task in TASKS} == {0}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_loses_the_points_of_what_is_wrong_and_no_others(scores, name):
    marks = scores[name].items()
    lost = {task for task, (score, _) in marks if score != TASKS.get(task)}
    assert lost == {full(task) for task in MUTANTS[name][3]}
    for task in lost:
        score, reason = scores[name][task]
        assert score == 0
        assert reason


def test_the_sentence_says_why(scores):
    def reason(name, task):
        return scores[name][full(task)][1]

    assert "has work 4 and depth 4, not 4 and 3" in reason("sum: a loop", "tree_sum")
    assert "is right, but has work 0" in reason("sum: not counted", "tree_sum")
    assert "work 1 and depth 1, not 0 and 0" in reason(
        "Blelloch: one addition too many", "blelloch"
    )
    assert "should be [3, 1, 4], but came as [4, 1, 3]" in reason(
        "filter: unstable", "filter"
    )
    assert "3 tasks run at time 0, on 2" in reason(
        "greedy: one processor too many", "greedy"
    )
    assert "which is ready, should start" in reason(
        "greedy: one processor idle", "greedy"
    )
    assert "is outside of its band: revisit 1.6 and 1.9" in reason(
        "prediction: W/P only", "experiment_band"
    )
    assert "imports cme323.parallel" in reason("imports the scan", "lpt")
    assert "imports cme323.pram.greedy" in reason("imports the schedule", "tree_sum")
    assert "import of cme323.pram.schedule halted" in reason(
        "takes the schedule by another way", "list_schedule"
    )
    assert "imports cme323.course.exercises" in reason("imports the specs", "list")


def test_every_test_of_an_exercise_hides_its_answers():
    hidden = hidden_modules(read_source(SOURCE))
    assert set(hidden) == set(TASKS)
    assert all(set(modules) == set(HIDE) for modules in hidden.values())
    assert all(exercise.hide == HIDE for exercise in EXERCISES)


@pytest.fixture(scope="module")
def locked():
    """What the locked cells of the notebook define."""
    names = {}
    for cell in read_source(SOURCE):
        if cell.kind == "locked":
            exec(cell.text, names)
    return names


def test_the_dags_have_the_work_and_the_depth_that_students_are_to_find(locked):
    dags = locked["DAGS"]
    assert {name: len(dag) for name, dag in dags.items()} == dict.fromkeys(DEPTHS, 250)
    assert {name: locked["depth"](dag) for name, dag in dags.items()} == DEPTHS
    assert {name: unit(dag).depth for name, dag in dags.items()} == DEPTHS


def test_the_explanation_of_the_solution_has_the_right_numbers(locked):
    chains = unit(locked["DAGS"]["chains"])
    assert [greedy(chains, P).makespan for P in (4, 5)] == [100, 50]
    assert [longest_path_first(chains, P).makespan for P in (4, 5)] == [63, 50]
    assert greedy(unit(locked["DAGS"]["funnel"]), 5).makespan == 90


def unit(dag):
    return DAG((1,) * len(dag), tuple(map(tuple, dag)))


@given(st.data())
def test_the_notebook_and_check_agree_on_what_is_greedy(locked, data):
    n, P = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 3))
    parents = [st.sets(st.integers(0, i - 1)) if i else st.just(()) for i in range(n)]
    dag = [sorted(data.draw(each)) for each in parents]
    right = [0] * n
    for span in greedy(unit(dag), P).spans:
        right[span.task] = span.start
    wrong = data.draw(st.lists(st.integers(0, n - 1), min_size=n, max_size=n))
    assert greedy_fault(right, dag, P) is None
    assert locked["is_greedy"](dag, P, right)
    assert locked["is_greedy"](dag, P, wrong) == (greedy_fault(wrong, dag, P) is None)


@given(st.lists(st.integers(1, 9), max_size=8), st.integers(1, 4))
def test_lists_are_scheduled_as_by_the_course_s_own_code(locked, jobs, P):
    for starts, plan in (
        (list_starts(jobs, P), greedy(independent(jobs), P)),
        (lpt_starts(jobs, P), lpt(jobs, P)),
    ):
        assert dict(enumerate(starts)) == {s.task: s.start for s in plan.spans}
    assert locked["is_by_list"](jobs, P, list_starts(jobs, P))


@pytest.mark.parametrize("n", [1, 2, 3, 8, 100])
def test_costs_are_those_of_the_course_s_own_code(n):
    x = [0] * n
    assert tree_cost(x) == tree_sum_cost(n)
    assert blelloch_cost(x) == scan.blelloch_cost(n)
    assert hillis_steele_cost(x, 0) == scan.hillis_steele_cost(n)


@pytest.mark.parametrize(
    ("starts", "fault"),
    [
        ([0, 1, 1, 2], None),
        ([0, 1, 2, 3], "1 of 2 processors work at time 1, and task 2, which is ready"),
        ([0, 1, 1, 1], "task 3 starts at 1, and should wait until task 1 has ended"),
        ([0, 1, 1], "should be a list of 4 ints"),
        ((0, 1, 1, 2), "should be a list of 4 ints"),
        ([0, 1, 1, 2.0], "should be a list of 4 ints"),
        ([0, True, 1, 2], "should be a list of 4 ints"),
        ([0, 1, 1, 10**12], "should start at one of the times 0 to 3"),
        ([-1, 1, 1, 2], "should start at one of the times 0 to 3"),
        (None, "should be a list of 4 ints"),
    ],
)
def test_a_schedule_is_told_why_it_is_not_greedy(starts, fault):
    told = greedy_fault(starts, [[], [0], [0], [1, 2]], 2)
    assert told is None if fault is None else fault in told


def test_more_tasks_at_a_time_than_processors_are_told():
    assert greedy_fault([0, 0, 0], [[], [], []], 2) == (
        "3 tasks run at time 0, on 2 processors"
    )


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (None, "a dict with the keys tree, layers, chains, funnel"),
        ({"tree": (50, 51, 56)}, "a dict with the keys"),
        (dict.fromkeys(("tree", "layers", "chains", "funnel"), 50), "a tuple of three"),
        (dict.fromkeys(("tree", "layers", "chains", "funnel"), (50, 50, 56)), "layers"),
    ],
)
def test_a_prediction_is_told_what_is_wrong_but_not_what_is_right(said, fault):
    told = band_fault(said)
    assert fault in told
    assert not any(end in told for end in ("58", "90", "51"))


def test_stock_nbgrader_grades_the_same_notebooks(solved, autograded):
    """The release, the solved and the blank notebook through `nbgrader autograde`."""
    everybody = {"solved": solved(SOURCE), "blank": assignment(SOURCE)}
    scores = autograded(SOURCE, everybody)
    assert scores == {"solved": sum(TASKS.values()), "blank": 0}
