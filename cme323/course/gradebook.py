"""Scores into nbgrader's gradebook: formgrader and `nbgrader export` show them.

    with Gradebook("gradebook.db", "a5_graphs", [source]) as gradebook:
        gradebook.write(scores, keys, folders)

Where there is no such file, a new one takes its place when it is whole. The assignment
is one transaction, and each submission is one: whoever ends the grader, or fills the
disk, leaves whole submissions, and the next grading writes the rest.

Points that a person gave are never touched. As with nbgrader, work is to be looked at
(needs_manual_grade) if a program cannot score it, or if a person had scored it before;
but not again where its `key`, a hash of all that its scores depend on, is still the
same. The table cme323_key keeps it.

Beside it, in autograded/, is what formgrader opens. One grader at a time holds a
gradebook. Left out: comments, due dates and penalties.
"""

import os
import sys
from contextlib import ExitStack, contextmanager
from itertools import groupby
from pathlib import Path

import jupytext
from nbgrader import api
from sqlalchemy import URL, Column, MetaData, String, Table, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from cme323.course.grade.results import locked
from cme323.course.gradebook_notebooks import handed_in, write_notebook
from cme323.course.gradebook_rows import declare, hand_in
from cme323.errors import BadInput

WAIT = "60"  # seconds for another program, such as formgrader, to end its writing
KEYS = Table(
    "cme323_key",
    MetaData(),
    Column("submission_id", String(32), primary_key=True),
    Column("key", String(64), nullable=False),
)


class Gradebook:
    """nbgrader's gradebook at `path`, held by this grader; raises BadInput."""

    def __init__(self, path, assignment, sources):
        self._path, self._name = Path(path), assignment
        self._sources = {Path(path).stem: jupytext.read(path) for path in sources}
        with ExitStack() as stack, told(self._path):
            stack.enter_context(alone(self._path))
            if not self._path.exists():
                create(self._path)
            opened = stack.enter_context(api.Gradebook(url(self._path), course_id=""))
            self._db = opened.db
            self._cells = self._declare()
            self._held = stack.pop_all()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._held.close()

    def write(self, scores, keys, folders, progress=None):
        """Scores as `grade` gives them, student by student.

        keys: {student: key}; folders: {student: where the notebooks are}.
        progress(done, total) is called after each submission.
        """
        total = len({score.student for score in scores})
        students = groupby(scores, key=lambda score: score.student)
        for done, (student, theirs) in enumerate(students, 1):
            with told(self._path):
                self._write(student, list(theirs), keys.get(student), folders[student])
            if progress is not None:
                progress(done, total)

    def _declare(self):
        """Make what a submission refers to; {(notebook, task): id of its cell}."""
        KEYS.create(self._db.connection(), checkfirst=True)
        assignment = self._assignment()
        if assignment is None:
            course = self._db.scalar(select(api.Course).limit(1))
            course = course or api.Course(id="default_course")
            assignment = api.Assignment(name=self._name, course_id=course.id)
            self._db.add_all([course, assignment])
        with self._db.no_autoflush:
            sources = self._sources.items()
            notebooks = [declare(self._db, assignment, *source) for source in sources]
        self._db.commit()
        return {
            (notebook.name, cell.name): cell.id
            for notebook in notebooks
            for cell in (*notebook.grade_cells, *notebook.task_cells)
        }

    def _assignment(self):
        named = select(api.Assignment).filter_by(name=self._name)
        return self._db.scalar(named)

    def _write(self, student, scores, key, folder):
        """All scores of one student, or none of them; and the notebooks they are of."""
        row = self._db.get(api.Student, student) or api.Student(id=student)
        self._db.add(row)
        assignment = self._assignment()
        with self._db.no_autoflush:
            submission = hand_in(self._db, assignment, row)
        submission.timestamp = handed_in(folder)
        self._db.flush()
        new = self._keep(key, submission.id)
        found = {self._cells[score.notebook, score.task]: score for score in scores}
        for grade in (g for handed in submission.notebooks for g in handed.grades):
            if grade.cell_id in found:
                enter(grade, found[grade.cell_id].score, new)
        self._db.commit()
        for _, theirs in groupby(scores, key=lambda score: score.notebook):
            place = self._path.parent / "autograded" / student / self._name
            write_notebook(place, self._sources, folder, list(theirs))

    def _keep(self, key, submission):
        """Remember the key of a submission; is it another one than before?"""
        mine = KEYS.c.submission_id == submission
        if key and self._db.scalar(select(KEYS.c.key).where(mine)) == key:
            return False
        self._db.execute(delete(KEYS).where(mine))
        self._db.execute(insert(KEYS).values(submission_id=submission, key=key or ""))
        return True


def enter(grade, score, new):
    """The program's score, beside the one that a person may have given."""
    grade.auto_score = score
    by_person = grade.manual_score is not None
    if new or not by_person:
        grade.needs_manual_grade = by_person or score is None


def create(path):
    """A new gradebook, which has its name only when it is whole."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)  # of a grader that was killed
    scripts = str(Path(sys.executable).parent)  # nbgrader runs alembic by bare name
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = scripts + os.pathsep + before
    try:
        api.Gradebook(url(part)).close()
    finally:
        os.environ["PATH"] = before
    os.replace(part, path)


def url(path):
    return URL.create("sqlite", database=str(path), query={"timeout": WAIT})


def alone(path):
    """A lock that no other grader holds."""
    try:
        return locked(path.with_name(f".{path.name}.lock"))
    except BadInput:
        raise BadInput(
            f"another grader writes into the gradebook {path}: wait for its end, then "
            "grade with --resume"
        ) from None


@contextmanager
def told(path):
    """What goes wrong with a database, as one sentence."""
    try:
        yield
    except (SQLAlchemyError, api.InvalidEntry, OSError) as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise BadInput(
            f"the gradebook must be nbgrader's, and {path} must be writable, but: "
            f"{cause}. What it has is safe; see to that, then grade with --resume"
        ) from error
