"""Whole gradings: one student's mishap costs the task where it happens."""

import csv
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace

import psutil
import pytest

from cme323.course.grade import grader
from cme323.course.grade.marks import examine
from cme323.course.grade.results import Results
from cme323.course.grade.sandbox import find
from cme323.errors import BadInput

FULL = {"f1": (2, ""), "g1": (3, ""), "proof": (None, "to be graded by hand")}
ONLY_G = {"g1": FULL["g1"], "proof": FULL["proof"]}


def test_right_answers_get_all_points(classroom):
    assert classroom.marks(classroom.answers()) == FULL


@pytest.mark.parametrize(
    ("f", "reason"),
    [
        ("def f(x): return x", "f(1) must be 2"),
        ("def f(x): return 2", "a hidden test failed"),
        ("def f(x): return True", "f(1) must be 2"),
        ("def f(x): pass", "f(1) must be 2"),
        ("", "`f` is not defined"),
        ("f = 2", "the test raised TypeError: 'int' object is not callable"),
        ("def f(x): 1 / 0", "your function raised ZeroDivisionError: division by zero"),
        ("def f(x):\n  while True: pass", "took longer than 1 s"),
        (
            "import os\ndef f(x): os._exit(3)",
            "ended its process (exit status 3)",
        ),
        (
            "f = = 1",
            "`f` is not defined: cell 3 raised SyntaxError: "
            "invalid syntax (cell 3, line 1)",
        ),
        (
            "y = nope(f)\ndef f(x): return x",
            "`f` is not defined: cell 3 raised NameError: name 'nope' is not defined",
        ),
        (
            "while True: pass\ndef f(x): return x",
            "`f` is not defined: cell 3 took longer than 1 s",
        ),
        (
            "class All:\n def __eq__(self, other): return True\ndef f(x): return All()",
            "your function returned an All; return plain data: "
            "numbers, strings, lists, tuples, dicts, sets or arrays",
        ),
    ],
)
def test_a_wrong_answer_costs_its_own_task_and_says_why(classroom, f, reason):
    marks = classroom.marks(classroom.answers(f), seconds=1)
    assert marks == {"f1": (0, reason), **ONLY_G}


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX limits")
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no RLIMIT_AS")
def test_memory_that_a_cell_has_filled_is_free_again_for_the_next(classroom):
    hog = "f = []\nwhile True: f.append(bytearray(2**25))"
    marks = classroom.marks(classroom.answers(hog), memory=2**28)
    assert marks["f1"][1] == ("`f` is not defined: cell 3 ran out of memory (0.25 GiB)")
    assert marks["g1"] == (3, "")


def test_the_budget_is_for_all_calls_of_a_task_together(classroom):
    slow = "import time\ndef f(x):\n    time.sleep(0.7)\n    return x + 1"
    marks = classroom.marks(classroom.answers(slow), seconds=1)
    assert marks["f1"] == (0, "took longer than 1 s")


def test_prints_and_warnings_cost_nothing(classroom):
    noisy = (
        "import sys, warnings\n%matplotlib inline\n"
        "def f(x):\n    print('=' * 100_000)\n    print('!', file=sys.stderr)\n"
        "    warnings.warn('careful')\n    return x + 1\nf(3)"
    )
    assert classroom.marks(classroom.answers(noisy)) == FULL


def test_cells_that_the_student_added_run_too(classroom):
    cell = classroom.cell
    marks = classroom.marks(
        classroom.notebook(
            cell("def helper(x): return x + one"),
            cell("def f(x): return helper(x)", "f"),
            cell("one = 1"),
            cell("def g(x): return [x]", "g"),
        )
    )
    assert marks == FULL


def test_locked_cells_are_the_source_s_on_both_sides(classroom):
    text = classroom.answers("def f(x): return twice(x) - x + 1")
    assert classroom.marks(text) == FULL


def test_an_assignment_may_have_several_notebooks(classroom):
    second = classroom.path / "a2.py"
    second.write_text(classroom.source.read_text().replace('points": 2', 'points": 7'))
    first, classroom.source = classroom.source, [classroom.source, second]
    classroom.submit(classroom.answers(), "ada", "a1.ipynb")
    classroom.submit(classroom.answers(), "ada", "a2.ipynb")
    classroom.submit(classroom.answers(), "bob", "a2.ipynb")
    scores, unreadable = classroom.grade()
    assert [(s.student, s.notebook, s.score) for s in scores if s.task == "f1"] == [
        ("ada", "a1", 2),
        ("ada", "a2", 7),
        ("bob", "a1", 0),
        ("bob", "a2", 7),
    ]
    assert unreadable == {"bob": "there is no notebook: hand in a1.ipynb"}
    classroom.source = first


def test_a_number_at_the_end_of_a_test_is_partial_credit(classroom):
    ends = {"a": "1.5", "b": "99", "c": "-1", "d": "True", "e": "f(1)", "f": "None"}
    ends |= {"g": "f(float('nan'))", "h": "__import__('numpy').int64(f(0))"}
    classroom.source.write_text(
        '# %% nbgrader={"grade_id": "answer", "solution": true}\n'
        + "".join(
            f'# %% nbgrader={{"grade_id": "{name}", "grade": true, "points": 2}}\n'
            f"assert f(0) == 0\n{end}\n"
            for name, end in ends.items()
        )
    )
    text = classroom.notebook(classroom.cell("def f(x): return x / 2", "answer"))
    scores = {name: score for name, (score, _) in classroom.marks(text).items()}
    full = dict.fromkeys("bdf", 2)
    assert scores == full | {"a": 1.5, "e": 0.5, "c": 0, "g": 0, "h": 0}


def test_a_notebook_of_any_course_is_graded(classroom):
    """Imports in a cell without marks, .ipynb, a helper beside the answer."""
    cell, path = classroom.cell, classroom.path / "ps1.ipynb"
    test = "np.testing.assert_array_equal(square(np.arange(3)), [0, 1, 4])"
    source = [
        cell("import numpy as np\nlength = 3"),
        cell("def square(x):\n    return x * x", "square"),
        cell(test, "test_square"),
        cell("assert length == 3 and square(length) == 9", "test_more"),
    ]
    source[1]["metadata"]["nbgrader"] |= {"solution": True, "schema_version": 3}
    for one in source[2:]:
        one["metadata"]["nbgrader"] |= {"grade": True, "locked": True, "points": 1}
    path.write_text(classroom.notebook(*source), encoding="utf-8")
    classroom.source = path
    right = classroom.notebook(*source)
    classroom.submit(right.replace("np", "numpy").replace("numpy as numpy", "numpy"))
    assert {s.task: s.score for s in classroom.grade().scores} == {
        "test_square": 1,
        "test_more": 1,
    }


def test_a_deleted_cell_leaves_the_maximum(classroom):
    classroom.submit(classroom.notebook(classroom.cell("def f(x): return x + 1", "f")))
    scores = classroom.grade().scores
    assert [(s.task, s.score, s.max) for s in scores] == [
        ("f1", 2, 2),
        ("g1", 0, 3),
        ("proof", None, 4),
    ]


def test_a_split_answer_is_whole_again_and_the_score_says_so(classroom):
    cell = classroom.cell
    parts = cell("one = 1", "f"), cell("def f(x): return x + one", "f")
    classroom.submit(classroom.notebook(*parts, cell("My proof.", "proof", "markdown")))
    scores = {score.task: score for score in classroom.grade().scores}
    assert scores["f1"].score == 2
    assert "2 cells are called f: all of them run" in scores["f1"].repaired
    assert scores["proof"].repaired == ""


@pytest.mark.parametrize(
    "text",
    [
        "import cme323.measure",
        "from cme323.measure import run",
        "from cme323 import measure",
        "import importlib as i\ni.import_module('cme323.measure')",
    ],
)
def test_who_imports_the_answer_gets_nothing_for_that_task(classroom, text):
    classroom.submit(classroom.answers(f"{text}\ndef f(x): return x + 1"))
    marks = classroom.marks(hide={"f1": ["cme323.measure"]})
    sentence = "imports cme323.measure, which answers this exercise; write it yourself"
    assert marks == {"f1": (0, sentence), **ONLY_G}


def test_a_module_that_locked_cells_need_is_refused_where_it_is_seen(classroom):
    classroom.submit(
        classroom.answers(g="from cme323 import measure\ndef g(x): return [x]"), "seen"
    )
    by_name = "def f(x):\n    return __import__('cme323.mea' + 'sure') and x + 1"
    classroom.submit(classroom.answers(by_name), "unseen")
    options = {"hide": {"f1": []}, "refuse": ["cme323.measure"]}
    scores = {(s.student, s.task): s for s in classroom.grade(**options).scores}
    assert scores["seen", "f1"].reason.startswith("imports cme323.measure")
    assert scores["seen", "g1"].score == 3  # no task that hides anything
    assert scores["unseen", "f1"].score == 2


def test_an_import_that_hides_itself_fails(classroom):
    text = "def f(x):\n    return __import__('cme323.mea' + 'sure') and x + 1"
    marks = classroom.marks(classroom.answers(text), hide={"f1": ["cme323.measure"]})
    assert marks["f1"][0] == 0
    assert "ModuleNotFoundError" in marks["f1"][1]


def test_a_module_whose_name_only_begins_alike_is_free(classroom):
    text = "import os.path, string\ndef f(x): return x + 1"
    marks = classroom.marks(classroom.answers(text), hide={"f1": ["os.pa", "str"]})
    assert marks == FULL


def test_hide_must_name_tasks(classroom):
    classroom.submit(classroom.answers())
    with pytest.raises(BadInput, match="f2 is none: there are f1, g1, proof"):
        classroom.grade(hide={"f2": ["os"]})


def test_everyone_has_a_score_for_everything(classroom):
    classroom.submit(classroom.answers(), "ada")
    classroom.submit("not json", "bob")
    classroom.submit(classroom.answers(), "carl", "renamed.ipynb")
    (classroom.path / "submissions" / "dora").mkdir()
    (classroom.path / "submissions" / "readme.txt").write_text("no student")
    done = []
    scores, unreadable = classroom.grade(progress=lambda *at: done.append(at))
    assert [(s.student, s.task, s.score) for s in scores] == [
        (student, task, score)
        for student, got in [
            ("ada", (2, 3, None)),
            ("bob", (0, 0, 0)),
            ("carl", (2, 3, None)),
            ("dora", (0, 0, 0)),
        ]
        for task, score in zip(("f1", "g1", "proof"), got)
    ]
    assert unreadable == {
        "bob": "a1.ipynb is damaged: it is not JSON",
        "dora": "there is no notebook: hand in a1.ipynb",
    }
    assert done == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


def test_scores_are_written(classroom):
    classroom.submit(classroom.answers("def f(x): raise ValueError('\\ud800\\n=1')"))
    scores = classroom.grade().scores
    out = classroom.path / "out"
    with open(out / "scores.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["score"] for row in rows] == ["0", "3", ""]
    assert rows[0]["reason"] == "your function raised ValueError: =1"
    listed = json.loads((out / "scores.json").read_text("utf-8"))
    assert [row["task"] for row in listed] == [score.task for score in scores]
    files = [".grading", "results.jsonl", "scores.csv", "scores.json"]
    assert sorted(os.listdir(out)) == files


def test_many_at_a_time_get_the_same_scores_in_the_same_order(classroom):
    for i in range(5):
        classroom.submit(classroom.answers(f"def f(x): return x + {i % 2}"), f"s{i}")
    classroom.submit("not json", "s5")
    one, two = (classroom.grade(jobs=jobs) for jobs in (1, 2))
    assert one.unreadable == two.unreadable
    for a, b in zip(one.scores, two.scores, strict=True):
        assert replace(a, seconds=0) == replace(b, seconds=0)


def test_a_resumed_grading_leaves_out_what_has_not_changed(classroom):
    begun = []
    for name in ("ada", "bob", "carl"):
        classroom.submit(classroom.answers(), name)
    first = classroom.grade()
    classroom.submit(classroom.answers("def f(x): return 0"), "bob")
    classroom.submit(classroom.answers(), "dora")
    second = classroom.grade(resume=True, progress=lambda done, _: begun.append(done))
    assert begun == [2, 3, 4]
    assert [s for s in second.scores if s.student in ("ada", "carl")] == [
        s for s in first.scores if s.student != "bob"
    ], "the same seconds, too"
    got = {(s.student, s.task): s.score for s in second.scores}
    assert (got["bob", "f1"], got["dora", "f1"]) == (0, 2)


def test_what_was_graded_in_a_weaker_sandbox_is_graded_again(classroom):
    try:
        better = find("namespaces").kind
    except BadInput as error:
        pytest.skip(str(error))
    begun = []
    classroom.submit(classroom.answers())
    for kind in ("limits", better, "limits"):
        progress = lambda *at: begun.append(at)  # noqa: E731
        classroom.grade(sandbox=kind, resume=True, progress=progress)
    assert begun == [(0, 1), (1, 1), (0, 1), (1, 1), (1, 1)]


def test_work_that_changes_while_it_is_graded_is_graded_again(classroom, monkeypatch):
    classroom.submit(classroom.answers("def f(x): return 0"))

    def changing(*args):
        marks = examine(*args)
        classroom.submit(classroom.answers())
        return marks

    with monkeypatch.context() as patched:
        patched.setattr(grader, "examine", changing)
        assert classroom.marks(spread=here)["f1"][0] == 0
    assert classroom.marks(spread=here, resume=True) == FULL


def test_a_process_that_did_not_start_is_started_once_more(classroom, monkeypatch):
    left = [1]

    def failing(*args):
        if left.pop() if left else 0:
            raise BadInput("a student's process must start")
        return examine(*args)

    monkeypatch.setattr(grader, "examine", failing)
    assert classroom.marks(classroom.answers(), spread=here) == FULL


def here(todo, start, lost, **options):
    """As in_processes, in this one."""
    with start() as grade_one:
        for job in todo:
            yield grade_one(job, lambda what: None)


def test_a_long_import_fills_no_memory(classroom):
    """The names that this cell imports have 270 MB, and hide no other import."""
    long = "from " + "a" * 30_000 + " import " + ",".join(f"b{i}" for i in range(9000))
    imports = f"if 0:\n    {long}\n    import cme323.measure\n"
    text = classroom.answers(f"{imports}def f(x): return x + 1")
    before = psutil.Process().memory_info().rss
    marks = classroom.marks(text, hide={"f1": ["cme323.measure"]}, spread=here)
    assert psutil.Process().memory_info().rss - before < 2**27
    assert marks["f1"][1].startswith("imports cme323.measure")


def test_other_limits_are_another_grading(classroom):
    begun = []
    classroom.submit(classroom.answers())
    classroom.grade()
    classroom.grade(resume=True, seconds=9, progress=lambda *at: begun.append(at))
    assert begun == [(0, 1), (1, 1)]


KILLED = """
import os, signal, sys
from cme323.course.grade.grader import grade
def progress(done, total):
    if done == 2:
        os.kill(os.getpid(), signal.SIGKILL)
if __name__ == "__main__":
    grade(sys.argv[1], sys.argv[2], sys.argv[3], seconds=10, progress=progress)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_who_kills_the_grader_loses_no_result(classroom):
    for i in range(4):
        classroom.submit(classroom.answers(f"def f(x): return x + {i % 2}"), f"s{i}")
    out = classroom.path / "out"
    where = [str(classroom.source), str(classroom.path / "submissions"), str(out)]
    program = classroom.path / "killed.py"
    program.write_text(KILLED)
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, str(program), *where], env=env)
    assert done.returncode == -signal.SIGKILL
    with open(out / "results.jsonl", "a") as file:
        file.write('{"student": "s2", "key": "half a li')
    begun = []
    options = {"memory": 2 * 2**30, "resume": True}
    resumed = classroom.grade(progress=lambda at, _: begun.append(at), **options)
    assert begun == [2, 3, 4]
    again = classroom.grade(memory=2 * 2**30)
    for a, b in zip(resumed.scores, again.scores, strict=True):
        assert replace(a, seconds=0) == replace(b, seconds=0)


def test_two_graders_do_not_write_into_one_folder(classroom):
    classroom.submit(classroom.answers())
    with (
        Results(classroom.path / "out"),
        pytest.raises(BadInput, match="another grader is writing into"),
    ):
        classroom.grade()


def test_a_test_may_hold_a_student_s_function_to_its_cost(classroom):
    classroom.source.write_text(
        '# %% nbgrader={"grade_id": "c", "locked": true}\n'
        "from cme323.engine import Context\n"
        '# %% nbgrader={"grade_id": "f", "solution": true}\n'
        '# %% nbgrader={"grade_id": "f1", "grade": true, "points": 1}\n'
        "sc = Context(partitions=2)\n"
        "assert f(sc, [(1, 1)]) == [(1, 1)]\n"
        "assert sc.cost.rounds <= 1, f'{sc.cost.rounds} rounds: one is enough'\n",
        encoding="utf-8",
    )
    once = "reduceByKey(lambda a, b: a + b)"
    for times, mark in [(1, (1, "")), (2, (0, "2 rounds: one is enough"))]:
        chain = f".{once}.map(lambda x: x)" * times
        f = f"def f(sc, pairs): return sc.parallelize(pairs){chain}.collect()"
        text = classroom.notebook(classroom.cell(f, "f"))
        assert classroom.marks(text) == {"f1": mark}


def test_there_must_be_something_to_grade(classroom):
    with pytest.raises(BadInput, match="must have a folder for each student"):
        classroom.grade()
    (classroom.path / "submissions").rmdir()
    with pytest.raises(BadInput, match="the submissions must be in a folder"):
        classroom.grade()
    classroom.source.unlink()
    with pytest.raises(BadInput, match="the instructor's notebook must be a file"):
        classroom.grade()


FORGED = """# %% nbgrader={"grade_id": "f", "solution": true, "locked": false}
def f(x):
    return x + 1

# %% nbgrader={"grade_id": "shown", "locked": true}
shown = f(1)
expected = [2, 3]
answer = 0

# %% nbgrader={"grade_id": "answer", "solution": true, "locked": false}
answer = [f(1), f(2)]

# %% nbgrader={"grade_id": "t", "grade": true, "locked": true, "points": 2}
assert answer == expected
"""


def test_a_name_that_a_failed_locked_cell_was_to_bind_is_not_the_students(classroom):
    classroom.source.write_text(FORGED)
    crash = "def f(x):\n    raise ValueError('no')"
    cells = [("f", crash), ("shown", ""), ("answer", "answer = [0]\nexpected = [0]")]
    text = classroom.notebook(*[classroom.cell(t, name) for name, t in cells])
    ((score, reason),) = classroom.marks(text).values()
    assert score == 0
    assert reason.startswith("`expected` is not defined: cell 2 ")


def test_a_name_that_the_solution_binds_is_the_students_all_the_same(classroom):
    classroom.source.write_text(FORGED.replace("expected = [2, 3]", ""))
    classroom.source.write_text(
        classroom.source.read_text().replace("answer == expected", "answer == [2, 3]")
    )
    crash = "def f(x):\n    raise ValueError('no')"
    cells = [("f", crash), ("shown", ""), ("answer", "answer = [2, 3]")]
    text = classroom.notebook(*[classroom.cell(t, name) for name, t in cells])
    assert classroom.marks(text) == {"t": (2, "")}
