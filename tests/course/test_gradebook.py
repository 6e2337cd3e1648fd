"""nbgrader's gradebook: it shows our scores, keeps a person's, and survives."""

import csv
import json
import os
import re
import shutil
import signal
import sqlite3
from dataclasses import replace
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbconvert import HTMLExporter
from nbgrader import api
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import CsvExportPlugin
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from traitlets.config import Config

from cme323.course import gradebook as module
from cme323.course.grade.scores import Score
from cme323.course.gradebook import Gradebook
from cme323.course.gradebook_notebooks import inert
from cme323.course.marking import grade_assignment
from cme323.course.records.feedback import feedback
from cme323.course.records.similar import similar
from cme323.errors import BadInput

SOURCE = """\
# %% nbgrader={"grade_id": "f", "grade": false, "solution": true, "locked": false}
def f(x):
    ### BEGIN SOLUTION
    return x + 1
    ### END SOLUTION

# %% nbgrader={"grade_id": "test_f", "grade": true, "solution": false, "locked": true, "points": 3}
assert f(1) == 2
### BEGIN HIDDEN TESTS
assert f(41) == 42
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade_id": "proof", "grade": true, "solution": true, "locked": false, "points": 4}
# A proof.

# %% [markdown] nbgrader={"grade_id": "drawing", "grade": false, "solution": false, "locked": true, "points": 2, "task": true}
# Draw.
""".replace("={", '={"schema_version": 3, "task": false, ')  # noqa: E501
TASKS = {"test_f": 3, "proof": 4, "drawing": 2}
KEYS = {"ada": "1", "bob": "1"}


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    """An empty gradebook: making one takes a second, of which alembic takes most."""
    path = tmp_path_factory.mktemp("new") / "gradebook.db"
    module.create(path)
    return path


@pytest.fixture
def course(tmp_path, new):
    """A folder with an instructor's notebook and a gradebook."""
    source = tmp_path / "source/hw/hw.py"
    source.parent.mkdir(parents=True)
    source.write_text(SOURCE, encoding="utf-8")
    shutil.copy(new, tmp_path / "gradebook.db")
    return tmp_path


def scores(ada=3, bob=0):
    return [
        Score(student, "hw", task, got if task == "test_f" else None, points, "", 0.1)
        for student, got in (("ada", ada), ("bob", bob))
        for task, points in TASKS.items()
    ]


def write(course, scored=None, keys=KEYS):
    source = course / "source/hw/hw.py"
    with Gradebook(course / "gradebook.db", "hw", [source]) as book:
        scored = scores() if scored is None else scored
        folders = {s.student: course / "handed-in" / s.student for s in scored}
        book.write(scored, keys, folders)


def opened(course):
    return api.Gradebook(f"sqlite:///{course / 'gradebook.db'}", course_id="")


def grades(course):
    """{(student, task): (by the program, by a person, to be looked at)}."""
    with opened(course) as book:
        return {
            (grade.student.id, grade.name): (
                grade.auto_score,
                grade.manual_score,
                grade.needs_manual_grade,
            )
            for grade in book.db.query(api.Grade)
        }


WRITTEN = {
    ("ada", "test_f"): (3, None, False),
    ("bob", "test_f"): (0, None, False),
    **{(s, t): (None, None, True) for s in KEYS for t in ("proof", "drawing")},
}


def give(course, task, points):
    """What formgrader does when a person gives Ada points."""
    with opened(course) as book:
        grade = book.find_grade(task, "hw", "hw", "ada")
        grade.manual_score, grade.needs_manual_grade = points, False
        book.db.commit()


def test_every_score_is_there_and_what_a_person_grades_is_to_be_looked_at(course):
    write(course)
    assert grades(course) == WRITTEN


def test_formgrader_shows_the_scores(course):
    write(course)
    formgrader = api_of(course)
    rows = {row["student"]: row for row in formgrader.get_submissions("hw")}
    assert {s: (r["score"], r["max_score"]) for s, r in rows.items()} == {
        "ada": (3, 9),
        "bob": (0, 9),
    }
    assert rows["ada"]["needs_manual_grade"]
    assert formgrader.get_assignment("hw")["average_code_score"] == 1.5
    (notebook,) = formgrader.get_notebooks("hw")
    assert (notebook["max_code_score"], notebook["max_task_score"]) == (3, 2)
    formgrader.gradebook.close()


def test_formgrader_opens_the_notebooks_of_all_and_runs_nothing_in_them(course):
    wild = "<script>alert(1)</script> $a<b$ [x](javascript:a()) **<img src=x>**\n"
    wild += "<javascript:a()> ![x](//e.vil/x) [y][z]\n\n[z]: JavaScript:a()"
    hand_in(
        course,
        cell(wild, kind="markdown"),
        cell(wild, "proof", kind="markdown"),
        cell("def f(x):", "f"),
        cell("    return x + 1", "f"),
        cell("assert True  # mine", "test_f"),
        cell("drawn = '<script>'"),
    )
    write(course, [replace(s, reason="it is wrong") for s in scores()])
    formgrader = api_of(course)
    rows = formgrader.get_notebook_submissions("hw", "hw")
    assert {row["student"]: row["score"] for row in rows} == {"ada": 3, "bob": 0}
    shown = nbformat.read(course / "autograded/ada/hw/hw.ipynb", as_version=4)
    assert [c.source.split("\n")[0] for c in shown.cells] == [
        inert(wild).split("\n")[0],
        "def f(x):",
        "assert f(1) == 2",
        "drawn = '<script>'",
        inert(wild).split("\n")[0],
        "Draw.",
    ]
    assert "return x + 1" in shown.cells[1].source
    assert shown.cells[2].outputs[0].text == "it is wrong"
    page, _ = HTMLExporter(template_name="basic").from_notebook_node(shown)
    assert "<script>alert" not in page
    assert not re.search("<(script|img|a )", page.split("</style>")[-1])
    missing = (course / "autograded/bob/hw/hw.ipynb").read_text()
    assert "there is no notebook" in missing
    formgrader.gradebook.close()


def test_formgrader_takes_what_was_collected_for_autograded(course):
    collected = course / "submitted/ada/hw"
    collected.mkdir(parents=True)
    hand_in(course)
    for folder in (collected, course / "handed-in/ada"):
        (folder / "timestamp.txt").write_text("2026-11-25 10:00:00.5 UTC")
    write(course)
    formgrader = api_of(course)
    assert "ada" in formgrader.get_autograded_students("hw")
    assert formgrader.get_submission("hw", "ada")["score"] == 3
    formgrader.gradebook.close()


def api_of(course):
    config = Config({"CourseDirectory": {"root": str(course)}})
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def hand_in(course, *cells):
    folder = course / "handed-in/ada"
    folder.mkdir(parents=True)
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "hw.ipynb").write_text(json.dumps(notebook))


def cell(text, grade_id=None, kind="code"):
    mark = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    return {"cell_type": kind, "metadata": mark, "source": text}


def test_nbgrader_exports_the_scores(course):
    write(course)
    give(course, "proof", 2.5)
    with opened(course) as book:
        CsvExportPlugin(to=str(course / "grades.csv")).export(book)
    rows = list(csv.DictReader((course / "grades.csv").read_text().splitlines()))
    found = {row["student_id"]: (row["raw_score"], row["max_score"]) for row in rows}
    assert found == {"ada": ("5.5", "9.0"), "bob": ("0.0", "9.0")}


def test_the_cells_are_those_that_nbgrader_would_save(course):
    """Beside `nbgrader generate_assignment`, which the same gradebook then takes."""
    from nbgrader.converters import GenerateAssignment

    notebook = course / "source/hw/hw.ipynb"
    nbformat.write(jupytext.read(course / "source/hw/hw.py"), notebook)
    config = Config({"CourseDirectory": {"root": str(course), "assignment_id": "hw"}})
    config.CourseDirectory.ignore = ["*.py"]
    config.IncludeHeaderFooter.header = ""
    GenerateAssignment(CourseDirectory(config=config), config=config).start()
    theirs = cells(course)
    (course / "gradebook.db").unlink()
    write(course, [])
    assert cells(course) == theirs
    assert len(theirs) == 9


def cells(course):
    with opened(course) as book:
        notebook = book.find_notebook("hw", "hw")
        rows = [*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells]
        return [
            (type(row).__name__, {k: v for k, v in row.to_dict().items() if k != "id"})
            for row in sorted(
                [*rows, *notebook.source_cells],
                key=lambda row: (type(row).__name__, row.name),
            )
        ]


def test_points_that_a_person_gave_stay_on_regrading(course):
    write(course)
    give(course, "proof", 2.5)
    give(course, "test_f", 1)
    write(course, scores(ada=0))
    kept = grades(course)
    assert kept["ada", "proof"] == (None, 2.5, False)  # the work is the same
    assert kept["ada", "test_f"] == (0, 1, False)
    write(course, scores(ada=3), KEYS | {"ada": "2"})
    changed = grades(course)
    assert changed["ada", "proof"] == (None, 2.5, True)  # it is not
    assert changed["ada", "test_f"] == (3, 1, True)
    assert changed["bob", "test_f"] == WRITTEN["bob", "test_f"]


def test_who_handed_in_nothing_has_no_points_and_nobody_need_look(course):
    lost = [replace(score, score=0) for score in scores()]
    write(course, lost)
    assert set(grades(course).values()) == {(0, None, False)}


def test_a_task_that_came_later_gets_its_row_and_new_points_count(course):
    write(course)
    source = course / "source/hw/hw.py"
    mark = '"grade": true, "solution": false, "locked": true, "points": 5}'
    later = f'\n# %% nbgrader={{"grade_id": "test_g", {mark}\nassert f(2) == 3\n'
    text = SOURCE.replace('"points": 3', '"points": 6') + later
    source.write_text(text, encoding="utf-8")
    write(course, [*scores()[:3], Score("ada", "hw", "test_g", 5, 5, "", 0.1)])
    assert grades(course)["ada", "test_g"] == (5, None, False)
    with opened(course) as book:
        assert book.find_submission("hw", "ada").max_score == 17


def test_several_notebooks_are_one_submission(course):
    more = course / "source/hw/more.py"
    more.write_text(SOURCE, encoding="utf-8")
    hand_in(course, cell("def f(x): return x + 1", "f"))
    first = scores()[:3]
    both = [*first, *(replace(s, notebook="more", score=0) for s in first)]
    sources = [course / "source/hw/hw.py", more]
    with Gradebook(course / "gradebook.db", "hw", sources) as book:
        book.write(both, KEYS, {"ada": course / "handed-in/ada"})
    with opened(course) as book:
        submission = book.find_submission("hw", "ada")
        assert (submission.score, submission.max_score) == (3, 18)
        grade = book.find_grade("proof", "more", "hw", "ada")
        assert (grade.auto_score, grade.needs_manual_grade) == (0, False)
    shown = {p.name: p.read_text() for p in (course / "autograded/ada/hw").iterdir()}
    assert "return x + 1" in shown["hw.ipynb"]
    assert "there is no notebook: hand in more.ipynb" in shown["more.ipynb"]


def test_a_task_that_went_is_refused_with_a_sentence(course):
    write(course)
    source = course / "source/hw/hw.py"
    source.write_text(SOURCE.replace('"test_f"', '"test_h"'), encoding="utf-8")
    with pytest.raises(BadInput, match="points for test_f in hw"):
        write(course)
    assert grades(course) == WRITTEN


@pytest.mark.skipif(os.name != "posix", reason="needs such names")
def test_no_name_and_no_work_of_one_keeps_the_scores_of_another_out(course):
    """Half characters, long and odd names, a clock that is a pipe or without an end."""
    half = cell("def f(x): return x + 1  # \ud800", "f")
    prose = cell(r"$\href{javascript:alert(1)}{\ud800}$", "proof", "markdown")
    notebook = json.dumps({"cells": [half, prose], "metadata": {}, "nbformat": 4})
    names = "two  spaces", " first", "back\\slash", "z\u200bw", "\x01" * 200, "zoe"
    for name in names:
        folder = course / "handed-in" / name
        folder.mkdir(parents=True)
        (folder / "hw.ipynb").write_text(notebook)
    os.mkfifo(course / "handed-in" / names[0] / "timestamp.txt")
    (course / "handed-in" / names[1] / "timestamp.txt").symlink_to("/dev/zero")
    paths = course / "handed-in", course / "out", course / "source"
    book = course / "gradebook.db"
    assert not grade_assignment("hw", *paths, 10, 2048, gradebook=book)
    found = grades(course)
    assert len({student for student, _ in found}) == len(names)
    assert {v for (_, task), v in found.items() if task == "test_f"} == {(3, None, 0)}
    shown = (course / "autograded/zoe/hw/hw.ipynb").read_text()
    assert "javascript" in shown
    assert "href{" not in shown.replace(" href{", "")
    pages = feedback("hw", course / "out", paths[0], course / "told", source=paths[2])
    assert len(pages) == len(names)
    assert all("Your work" in page.read_text() for page in pages)
    found, remarks = similar(paths[0], "hw")
    assert not remarks


# It survives.


class Killed(BaseException):
    pass


@pytest.fixture
def injected():
    """injected(happens): call it with each statement, and at each commit."""
    listening = []

    def injected(happens):
        def before(connection, cursor, statement, *rest):
            happens(statement)

        def commit(connection):
            happens("COMMIT")

        for name, does in (("before_cursor_execute", before), ("commit", commit)):
            event.listen(Engine, name, does)
            listening.append((name, does))

    yield injected
    for name, does in listening:
        event.remove(Engine, name, does)


def test_whatever_write_fails_submissions_are_whole_and_a_second_run_ends_it(
    course, new, injected
):
    left = None

    def fail(statement):
        nonlocal left
        if left is None or not statement.startswith(("INSERT", "UPDATE", "COMMIT")):
            return
        left -= 1
        if left == 0:
            raise Killed

    injected(fail)
    wholes = set()
    for left_at_first in range(1, 60):
        shutil.copy(new, course / "gradebook.db")
        left = left_at_first
        try:
            write(course)
            break
        except Killed:
            left = None
        found = grades(course)
        assert found.items() <= WRITTEN.items()
        wholes.add(len(found))
        write(course)
        assert grades(course) == WRITTEN
    assert wholes == {0, 3}
    assert left_at_first > 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_grader_that_is_killed_at_any_commit_leaves_a_sound_gradebook(course, new):
    for commits in range(1, 10):
        shutil.copy(new, course / "gradebook.db")
        if not killed(course, commits):
            break
        database = sqlite3.connect(course / "gradebook.db")
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        database.close()
        write(course)
        assert grades(course) == WRITTEN
    assert commits > 3


def killed(course, commits):
    """Write in a process that is killed within its n-th commit; was it?"""
    pid = os.fork()
    if pid == 0:
        left = [commits]

        def kill(connection):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "commit", kill)
        try:
            write(course)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def test_a_full_disk_is_a_sentence_and_what_was_written_stays(course, injected):
    write(course, scores()[:3], {"ada": "1"})
    before = grades(course)

    def full(connection, record):
        cursor = connection.cursor()
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(Engine, "connect", full)
    many = [replace(s, student=f"s{n}") for n in range(40) for s in scores()[:3]]
    try:
        with pytest.raises(BadInput, match=r"database or disk is full.*--resume"):
            write(course, many, {})
    finally:
        event.remove(Engine, "connect", full)
    assert before.items() <= grades(course).items()
    write(course, many, {})
    assert len(grades(course)) == 3 * 41


def test_a_gradebook_that_cannot_be_written_is_a_sentence(course):
    write(course)

    def read_only(connection, record):
        connection.cursor().execute("PRAGMA query_only = ON")

    event.listen(Engine, "connect", read_only)
    try:
        with pytest.raises(BadInput, match="readonly database"):
            write(course, scores(ada=0))
    finally:
        event.remove(Engine, "connect", read_only)
    assert grades(course) == WRITTEN


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a read-only folder")
def test_a_folder_that_takes_no_files_is_a_sentence(course):
    with pytest.raises(BadInput, match=r"/proc/gradebook.db must be writable"):
        Gradebook("/proc/gradebook.db", "hw", [course / "source/hw/hw.py"])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may")
def test_a_read_only_folder_is_a_sentence_and_nothing_is_lost(course):
    write(course)
    course.chmod(0o500)
    try:
        with pytest.raises(BadInput, match="must be writable"):
            write(course, scores(ada=0))
    finally:
        course.chmod(0o700)
    assert grades(course) == WRITTEN


def test_what_is_no_database_is_a_sentence_and_stays_as_it_is(course):
    (course / "gradebook.db").write_text("my notes " * 200)
    with pytest.raises(BadInput, match="file is not a database"):
        write(course)
    assert (course / "gradebook.db").read_text() == "my notes " * 200


@pytest.mark.skipif(os.name != "posix", reason="needs flock")
def test_of_two_graders_at_once_the_second_is_told_to_wait(course):
    source = course / "source/hw/hw.py"
    with (
        Gradebook(course / "gradebook.db", "hw", [source]),
        pytest.raises(BadInput, match="another grader writes into the gradebook"),
    ):
        write(course)
    write(course)
    assert grades(course) == WRITTEN


def test_a_grader_waits_until_formgrader_has_written(course, monkeypatch):
    write(course)
    monkeypatch.setattr(module, "WAIT", "0.1")
    with opened(course) as book:
        book.db.execute(text("UPDATE grade SET manual_score = 1"))
        with pytest.raises(BadInput, match="database is locked"):
            write(course)
    write(course)
    assert grades(course) == WRITTEN


def test_half_a_new_gradebook_of_a_killed_grader_is_made_anew(course):
    (course / "gradebook.db").unlink()
    (course / ".gradebook.db.part").write_text("half")
    write(course)
    assert grades(course) == WRITTEN
    with opened(course) as book:
        assert book.db.execute(text("SELECT count(*) FROM alembic_version")).scalar()


def test_who_is_killed_while_making_a_gradebook_leaves_none(course, monkeypatch):
    (course / "gradebook.db").unlink()

    def killed():
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(api, "get_alembic_version", killed)
        with pytest.raises(Killed):
            write(course)
    assert not (course / "gradebook.db").exists()
    assert (course / ".gradebook.db.part").exists()


def test_cme323_grade_writes_it_and_writes_it_again(course):
    notebook = nbformat.v4.new_notebook(cells=jupytext.reads(SOURCE, "py").cells)
    folder = course / "handed-in/ada"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "hw.ipynb")
    (course / "handed-in/bob").mkdir()
    paths = course / "handed-in", course / "out", course / "source"
    for _ in range(2):
        unreadable = grade_assignment(
            "hw", *paths, 10, 2048, gradebook=course / "gradebook.db"
        )
        assert list(unreadable) == ["bob"]
        found = grades(course)
        assert found["ada", "test_f"][0] == 3
        assert found["bob", "proof"] == (0, None, False)
        give(course, "proof", 4)
    assert found["ada", "proof"] == (None, 4, False)
