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
    """solved(source, *mutants): the notebook, with these mistakes in its answers.

    A mutant is (the answer's cell, right text, wrong text, ...). There are no pictures,
    which nobody grades.
    """

    def solved(source, *mutants):
        notebook = jupytext.read(source)
        notebook.cells = [c for c in notebook.cells if "course.plots" not in c.source]
        for cell, right, wrong, *_ in mutants:
            answer = answer_called(cell, notebook)
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


@pytest.fixture(scope="session")
def caught(solved, graded):
    """caught(source, everybody, mutants, full): the same, for each mutant too.

    mutants: {name: (cell, right, wrong, the tasks that it costs)}; full(task) is a
    task's whole name. Those that neither change the same answer nor cost the same task
    share a submission, and what the others cost is left out of the row of each. So few
    submissions show of many mutants that each costs its tasks, and no others.
    """

    def caught(source, everybody, mutants, full):
        groups = packed(mutants, full)
        shared = {g[0]: solved(source, *map(mutants.get, g)) for g in groups}
        found = graded(source.stem, everybody | shared)
        for group in groups:
            row = found[group[0]]
            for name in group:
                others = [mutants[other][3] for other in group if other != name]
                known = {full(task) for tasks in others for task in tasks}
                found[name] = {task: row[task] for task in row if task not in known}
        return found

    return caught


def packed(mutants, full):
    """Names of mutants in groups, each mutant in the first that has room for it."""
    groups = []
    for name, (cell, *_, lost) in mutants.items():
        uses = {("cell", cell), *(("task", full(task)) for task in lost)}
        group = next((g for g in groups if not uses & g["uses"]), None)
        if group is None:
            group = {"uses": set(), "names": []}
            groups.append(group)
        group["uses"] |= uses
        group["names"].append(name)
    return [group["names"] for group in groups]


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


def answer_called(name, notebook):
    """The answer's cell of this grade id, or else the one that has the name in it."""
    answers = {}
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and mark.get("solution"):
            answers[mark["grade_id"]] = cell
    (found,) = [name] if name in answers else [key for key in answers if name in key]
    return answers[found]


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
