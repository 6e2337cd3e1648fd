"""Every report says in which sandbox the work was graded."""

import json
import sys

import pytest

from cme323.course import cli
from cme323.course.grade import sandbox
from cme323.course.grade.sandbox import Sandbox, find
from cme323.course.records.book import read_book
from cme323.course.records.export import export
from cme323.course.records.feedback import feedback
from cme323.course.records.report import report
from cme323.course.records.sandboxes import WARNING, graded_in, kinds

SOURCE = """# %% nbgrader={"grade_id": "f", "solution": true, "locked": false}
def f(x):
    return x

# %% nbgrader={"grade_id": "f1", "grade": true, "solution": false, "locked": true, \
"points": 1}
assert f(1) == 1
"""


def test_a_class_that_was_graded_in_two_kinds_has_both_counted(out):
    book = read_book(out)
    assert kinds(book) == ["bubblewrap", "bubblewrap", "limits", "bubblewrap"]
    assert graded_in(book) == "Sandbox: bubblewrap for 3, limits for 1 of 4 notebooks."


def test_results_of_an_older_grader_do_not_say(out):
    (out / "results.jsonl").unlink()
    assert graded_in(read_book(out)) == "Sandbox: not recorded."


def test_each_student_reads_of_their_own_grading(out, tmp_path):
    feedback("hw", out, tmp_path, tmp_path / "back")
    for student, kind in (("ada", "bubblewrap"), ("eve", "limits")):
        for name in ("hw.html", "hw.ipynb"):
            text = (tmp_path / "back" / student / name).read_text()
            assert f"Sandbox: {kind}." in text


def test_gradescope_is_told_too(out, tmp_path):
    path, _ = export(out, "gradescope", tmp_path / "x")
    results = json.loads((path / "eve" / "results.json").read_text())
    assert results["output"] == "Sandbox: limits."


def test_the_teachers_page_counts_the_kinds_and_warns_of_limits(out, tmp_path):
    text = report(out, tmp_path / "page").read_text()
    assert "Sandbox: bubblewrap for 3, limits for 1 of 4 notebooks." in text
    assert WARNING.replace("'", "&#x27;") in text


@pytest.fixture
def grade(tmp_path, monkeypatch, capsys):
    """grade(*options): what `cme323 grade` prints of a class of one."""
    (tmp_path / "source/hw").mkdir(parents=True)
    (tmp_path / "source/hw/hw.py").write_text(SOURCE)
    (tmp_path / "in/ada").mkdir(parents=True)
    cell = {"cell_type": "code", "source": "def f(x): return x", "outputs": []}
    cell["metadata"] = {"nbgrader": {"grade_id": "f"}}
    (tmp_path / "in/ada/hw.ipynb").write_text(json.dumps({"cells": [cell]}))

    def grade(*options):
        where = ("--submissions", "in", "--source", "source", "--out", "out")
        argv = ["cme323", "grade", "hw", *where, "-j", "1", *options]
        monkeypatch.setattr(sys, "argv", argv)
        with pytest.raises(SystemExit):
            cli.main()
        return " ".join(capsys.readouterr().out.split())

    monkeypatch.chdir(tmp_path)
    return grade


def test_the_grader_says_it_and_resuming_tells_of_the_first_grading(grade, monkeypatch):
    kind = find().kind
    assert f"Sandbox: {kind}" in grade()
    weak = Sandbox("limits", "none here")
    monkeypatch.setattr("cme323.course.grade.grader.find", lambda kind: weak)
    monkeypatch.setattr(sandbox, "find", lambda kind=None: weak)
    assert f"Sandbox: {kind}" in grade("--resume")
    assert "Sandbox: limits (none here)." in grade()


def test_what_was_graded_with_limits_is_graded_again_in_a_sandbox(grade, monkeypatch):
    best = find()
    if not best.sealed:
        pytest.skip("there is no sandbox here")
    with monkeypatch.context() as patched:
        weak = Sandbox("limits")
        patched.setattr("cme323.course.grade.grader.find", lambda kind: weak)
        grade()
    assert f"Sandbox: {best.kind}" in grade("--resume", "--require-sandbox")
