"""Our file beside that of nbgrader's own exporter, from a gradebook of equal scores."""

import csv
import os
import sys
from datetime import datetime
from pathlib import Path

import pytest

from cme323.course.records.export import export

api = pytest.importorskip("nbgrader.api")
plugins = pytest.importorskip("nbgrader.plugins.export")

# A warning of SQLAlchemy's about how nbgrader uses it.
pytestmark = pytest.mark.filterwarnings("ignore:Object of type")

ROSTER = "student,first_name,last_name,email\n" + "".join(
    f"{name},{name.title()},King,{name}@x.edu\n"
    for name in ("ada", "bob", "eve", "zoe")
)
POLICY = "late.percent_per_day = 20\ndue.hw = 2027-01-22T23:59:00Z\n"
TIMES = "student,assignment,submitted\nada,hw,2027-01-24T12:00:00Z\n" + "".join(
    f"{name},hw,2027-01-22T12:00:00Z\n" for name in ("bob", "eve", "zoe")
)


@pytest.fixture
def theirs(rows, tmp_path, monkeypatch):
    """The rows that nbgrader exports."""
    scripts = str(Path(sys.executable).parent)  # it runs alembic by bare name
    monkeypatch.setenv("PATH", scripts + os.pathsep + os.environ["PATH"])
    path = tmp_path / "theirs.csv"
    with api.Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        fill(book, rows)
        plugin = plugins.CsvExportPlugin()
        plugin.to = str(path)
        plugin.export(book)
    return list(csv.DictReader(path.read_text().splitlines()))


def fill(book, rows):
    book.add_assignment("hw", duedate=datetime(2027, 1, 22, 23, 59))
    book.add_notebook("hw", "hw")
    for row in rows[:3]:
        cell = {"max_score": row["max"], "cell_type": "code"}
        book.add_grade_cell(row["task"], "hw", "hw", **cell)
    for name in dict.fromkeys(row["student"] for row in rows):
        told = {"first_name": name.title(), "last_name": "King"}
        book.add_student(name, email=f"{name}@x.edu", **told)
        day = 24 if name == "ada" else 22
        book.add_submission("hw", name, timestamp=datetime(2027, 1, day, 12))
        notebook = book.find_submission_notebook("hw", "hw", name)
        notebook.late_submission_penalty = 4.0 if name == "ada" else 0.0
    for row in rows:
        grade = book.find_grade(row["task"], "hw", "hw", row["student"])
        grade.auto_score = row["score"]
    book.db.commit()


def test_the_two_files_have_equal_rows(rows, out, tmp_path, theirs):
    for name, text in (("roster", ROSTER), ("policy", POLICY), ("submitted", TIMES)):
        (tmp_path / name).write_text(text)
    files = {name: tmp_path / name for name in ("roster", "policy", "submitted")}
    path, _ = export(out, "nbgrader", tmp_path / "ours.csv", **files)
    ours = list(csv.DictReader(path.read_text().splitlines()))
    assert sorted(ours, key=lambda r: r["student_id"]) == sorted(
        theirs, key=lambda r: r["student_id"]
    )
