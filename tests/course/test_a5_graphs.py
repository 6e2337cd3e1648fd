"""Assignment 5: the solution scores in full, the blank nothing, every mutant less."""

from pathlib import Path

import pytest

from cme323.course.exercises import exercise
from cme323.course.grade.notebook import read_source
from cme323.course.marking import grade_assignment, hidden_modules
from cme323.course.release import assignment
from cme323.errors import BadInput

pytestmark = pytest.mark.xdist_group("a5")  # all are graded once
ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "solutions/a5_graphs/a5_graphs.py"
TASKS = {
    "test_pagerank_naive": 6,
    "test_pagerank_safe": 8,
    "test_predict_records": 8,
    "test_pagerank_partitioned": 8,
    "test_pagerank_personalised": 6,
    "test_experiment": 8,
}

# name: (answer's cell, right text, wrong text, the tasks that it must cost)
MUTANTS = {
    "no damping": ("naive", "damping * r[1]", "r[1]", ["naive"]),
    "starts at 1": ("naive", "link[0], 1 / n", "link[0], 1.0", ["naive"]),
    "(1 - d) for (1 - d) / n": (
        "naive",
        "(1 - damping) / n",
        "(1 - damping)",
        ["naive"],
    ),
    "one step too many": (
        "naive",
        "range(iterations)",
        "range(iterations + 1)",
        ["naive"],
    ),
    "ranks not split": (
        "naive",
        "page[1][1] / len(page[1][0])",
        "page[1][1]",
        ["naive"],
    ),
    "rank lost at sinks": (
        "safe",
        "1 - damping * received.values().sum()",
        "1 - damping",
        ["safe"],
    ),
    "unseen pages drop out": (
        "safe",
        "links.leftOuterJoin(rec",
        "links.join(rec",
        ["safe"],
    ),
    "sinks drop out": (
        "safe",
        "pages.leftOuterJoin(distinct",
        "pages.join(distinct",
        ["safe"],
    ),
    "repeated links count": ("safe", "edges).distinct()", "edges)", ["safe"]),
    "no combiner predicted": (
        "predict",
        "min(m, n * P)",
        "m",
        ["predict", "experiment"],
    ),
    "links forgotten": ("predict", "m + n + m,", "m + n,", ["predict"]),
    "one record a page": ("predict", "n * P)", "n)", ["predict", "experiment"]),
    "a float predicted": ("predict", "min(m, n * P)", "min(m, n * P) / 1", ["predict"]),
    "links move every step": (
        "partitioned",
        "links.join(ranks)",
        "links.map(lambda kv: kv).join(ranks)",
        ["partitioned", "experiment"],
    ),
    "contributions not combined": (
        "partitioned",
        "sent.reduceByKey(add, P)",
        "sent.groupByKey(P).mapValues(sum)",
        ["partitioned", "experiment"],
    ),
    "computed on the driver": (
        "partitioned",
        "    P = sc.defaultParallelism",
        "    return ranks_by_hand(edges, damping, iterations)",
        ["partitioned"],
    ),
    "home not scaled": ("personalised", "weight / total", "weight", ["personalised"]),
    "jumps anywhere": (
        "personalised",
        "jumping * pair[0][1]",
        "jumping / links.count()",
        ["personalised"],
    ),
    "starts anywhere": (
        "personalised",
        "lambda link: link[1])",
        "lambda link: 1 / 5)",
        ["personalised"],
    ),
    "always confirmed": (
        "experiment",
        'else "REFUTED"',
        'else "CONFIRMED"',
        ["experiment"],
    ),
    "nothing confirms": ("experiment", "rows and all", "all", ["experiment"]),
    "measured is predicted": (
        "experiment",
        "moved[1] - moved[0]",
        "predicted",
        ["experiment"],
    ),
    "two steps measured": (
        "experiment",
        "moved[1] - moved[0]",
        "moved[1]",
        ["experiment"],
    ),
    "loops for ever": (
        "naive",
        "    n = links.count()",
        "    while True: pass",
        ["naive"],
    ),
    "ends its process": (
        "safe",
        "    n = links.count()",
        "    __import__('os')._exit(0)",
        ["safe"],
    ),
    "imports the answer": (
        "predict",
        "    ### BEGIN",
        "    from cme323.graphs.pagerank import pagerank_cost\n    ### BEGIN",
        list(TASKS),
    ),
}


def full(task):
    return next(name for name in TASKS if task in name)


@pytest.fixture(scope="module")
def scores(solved, caught):
    """{student: {task: (score, reason)}} of one run over everybody."""
    everybody = {"solution": solved(SOURCE), "blank": assignment(SOURCE)}
    return caught(SOURCE, everybody, MUTANTS, full)


def test_the_solution_scores_in_full(scores):
    assert scores["solution"] == {
        **{task: (points, "") for task, points in TASKS.items()},
        "proof_contraction": (None, "to be graded by hand"),
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

    assert "took longer than 8 s" in reason("loops for ever", "naive")
    assert "ended its process" in reason("ends its process", "safe")
    assert "imports cme323.graphs.pagerank" in reason("imports the answer", "safe")
    assert "was not computed on `sc`" in reason("computed on the driver", "partitioned")
    assert "every page has a rank" in reason("sinks drop out", "safe")
    assert "one step took" in reason("contributions not combined", "partitioned")


def test_every_test_of_an_exercise_hides_its_answers():
    hidden = hidden_modules(read_source(SOURCE))
    assert set(hidden) == set(TASKS)
    assert set(exercise("5.4").hide) == set(hidden["test_pagerank_partitioned"])


def test_an_assignment_that_is_not_there_names_those_that_are(tmp_path):
    with pytest.raises(BadInput, match=r"must have a9_none.*but has .*a5_graphs"):
        grade_assignment("a9_none", tmp_path, tmp_path, ROOT / "solutions", 8, 2048)


def test_stock_nbgrader_grades_the_same_notebooks(solved, autograded):
    """The release, the solved and the blank notebook through `nbgrader autograde`."""
    everybody = {"solved": solved(SOURCE), "blank": assignment(SOURCE)}
    assert autograded(SOURCE, everybody) == {"solved": 44, "blank": 0}
