"""Assignments handed in: solved, blank and by mutants, and graded in two ways."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest

from cme323.course.marking import grade_assignment

SOLUTIONS = Path(__file__).parents[2] / "solutions"


@pytest.fixture(scope="session")
def solved():
    """solved(source): the notebook, perhaps with one text of one answer replaced.

    It has no pictures, which nobody grades.
    """

    def solved(source, cell="", right="", wrong=""):
        notebook = jupytext.read(source)
        notebook.cells = [c for c in notebook.cells if "course.plots" not in c.source]
        if right:
            (answer,) = [c for c in notebook.cells if is_answer(c, cell)]
            assert right in answer.source
            answer.source = answer.source.replace(right, wrong)
        return notebook

    return solved


@pytest.fixture(scope="session")
def graded(tmp_path_factory):
    """graded(name, {student: notebook}): {student: {task: (score, reason)}}."""

    def graded(name, everybody):
        work = tmp_path_factory.mktemp(name)
        for number, notebook in enumerate(everybody.values()):
            hand_in(work / f"in/{number:02}", name, notebook)
        grade_assignment(name, work / "in", work / "out", SOLUTIONS, 8, 2048)
        rows = json.loads((work / "out/scores.json").read_text())
        assert [row["task"] for row in table(work / "out/scores.csv")] == [
            row["task"] for row in rows
        ]
        found = {student: {} for student in everybody}
        for row in rows:
            student = list(everybody)[int(row["student"])]
            found[student][row["task"]] = row["score"], row["reason"]
        return found

    return graded


@pytest.fixture
def autograded(tmp_path):
    """autograded(source, {student: notebook}): {student: score} by stock nbgrader."""

    def autograded(source, everybody):
        name = source.stem
        hand_in(tmp_path / "source" / name, name, jupytext.read(source))
        (tmp_path / "nbgrader_config.py").write_text(
            "c = get_config()\n"
            "c.CourseDirectory.course_id = 'cme323'\n"
            "c.Exchange.root = 'exchange'\n"
            "c.IncludeHeaderFooter.header = ''\n"
        )
        for student, notebook in everybody.items():
            hand_in(tmp_path / "submitted" / student / name, name, notebook)
        nbgrader(tmp_path, "generate_assignment", name)
        nbgrader(tmp_path, "autograde", name)
        nbgrader(tmp_path, "export")
        rows = table(tmp_path / "grades.csv")
        return {row["student_id"]: float(row["score"]) for row in rows}

    return autograded


def is_answer(cell, name):
    mark = cell.metadata.get("nbgrader", {})
    return (
        mark.get("solution") and name in mark["grade_id"] and cell.cell_type == "code"
    )


def hand_in(folder, name, notebook):
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{name}.ipynb")


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
