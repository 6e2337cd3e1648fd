"""Assignment 5: the solution scores in full, the blank nothing, every mutant less."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest

from cme323.course.exercises import exercise
from cme323.course.grade.notebook import read_source
from cme323.course.marking import grade_assignment, hidden_modules
from cme323.course.release import assignment
from cme323.errors import BadInput

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


def solution(cell="", right="", wrong=""):
    """The solved notebook, with one text of one answer replaced."""
    notebook = jupytext.read(SOURCE)
    if right:
        (answer,) = [c for c in notebook.cells if named(c, cell)]
        assert right in answer.source
        answer.source = answer.source.replace(right, wrong)
    return notebook


def named(cell, name):
    mark = cell.metadata.get("nbgrader", {})
    return (
        mark.get("solution") and name in mark["grade_id"] and cell.cell_type == "code"
    )


def hand_in(folder, students):
    for student, notebook in students.items():
        (folder / student).mkdir(parents=True)
        nbformat.write(notebook, folder / student / "a5_graphs.ipynb")


def full(task):
    return next(name for name in TASKS if task in name)


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    """{student: {task: (score, reason)}} of one run over everybody."""
    work = tmp_path_factory.mktemp("a5")
    wrong = {name: solution(*mutant[:3]) for name, mutant in MUTANTS.items()}
    blank, solved = assignment(SOURCE), solution()
    everybody = {"solution": solved, "blank": blank, **wrong}
    hand_in(work / "in", {f"{i:02}": nb for i, nb in enumerate(everybody.values())})
    grade_assignment(
        "a5_graphs", work / "in", work / "out", ROOT / "solutions", 8, 2048
    )
    rows = json.loads((work / "out" / "scores.json").read_text())
    assert [row["task"] for row in table(work / "out" / "scores.csv")] == [
        row["task"] for row in rows
    ]
    found = {name: {} for name in everybody}
    for row in rows:
        name = list(everybody)[int(row["student"])]
        found[name][row["task"]] = row["score"], row["reason"]
    return found


def test_the_solution_scores_in_full(scores):
    assert scores["solution"] == {
        **{task: (points, "") for task, points in TASKS.items()},
        "proof_contraction": (None, "to be graded by hand"),
    }


def test_the_blank_scores_nothing(scores):
    assert {scores["blank"][task][0] for task in TASKS} == {0}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_loses_the_points_of_what_is_wrong_and_no_others(scores, name):
    lost = {task for task, points in TASKS.items() if scores[name][task][0] != points}
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
    with pytest.raises(BadInput, match=r"a9_none.*\(there is: .*a5_graphs"):
        grade_assignment("a9_none", tmp_path, tmp_path, ROOT / "solutions", 8, 2048)


def test_stock_nbgrader_grades_the_same_notebooks(tmp_path):
    """The release, the solved and the blank notebook through `nbgrader autograde`."""
    (tmp_path / "source/a5_graphs").mkdir(parents=True)
    nbformat.write(solution(), tmp_path / "source/a5_graphs/a5_graphs.ipynb")
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "c.CourseDirectory.course_id = 'cme323'\n"
        "c.Exchange.root = 'exchange'\n"
        "c.IncludeHeaderFooter.header = ''\n"
    )
    hand_in(
        tmp_path / "submitted",
        {"solved/a5_graphs": solution(), "blank/a5_graphs": assignment(SOURCE)},
    )
    nbgrader(tmp_path, "generate_assignment", "a5_graphs")
    nbgrader(tmp_path, "autograde", "a5_graphs")
    nbgrader(tmp_path, "export")
    rows = table(tmp_path / "grades.csv")
    scores = {row["student_id"]: float(row["score"]) for row in rows}
    assert scores == {"solved": 44, "blank": 0}


def table(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def nbgrader(folder, *command):
    scripts = str(Path(sys.executable).parent)  # nbgrader runs alembic by bare name
    subprocess.run(
        [sys.executable, "-m", "nbgrader", *command],
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=300,
        env=os.environ | {"PATH": scripts + os.pathsep + os.environ["PATH"]},
    )
