"""`cme323 feedback`: for each student a page and a notebook, to be sent to them.

    TO/STUDENT/ASSIGNMENT.html    one file: scores, why, and their work
    TO/STUDENT/ASSIGNMENT.ipynb   their notebook, with a note after each task

Everything that a student wrote is shown as text, and of an output only its text and
its PNG and JPEG pictures. A sanitiser for HTML, SVG and Markdown would keep more, and
would have to be right about every trick of every browser; text has no tricks.

What a reason tells of a test is decided in told.py. `show_tests` shows all of it, and
the tests themselves from the instructor's notebook.
"""

from dataclasses import dataclass
from pathlib import Path

from cme323.course.grade.notebook import Unreadable, read_source
from cme323.course.records.book import Entry, read_book
from cme323.course.records.export import inside, lateness
from cme323.course.records.feedback_notebook import feedback_notebook
from cme323.course.records.feedback_page import feedback_page
from cme323.course.records.late import Late
from cme323.course.records.roster import with_manual
from cme323.course.records.told import cost_against_bound, told
from cme323.course.records.work import read_work, their_notebook
from cme323.errors import BadInput
from cme323.replace import replace_file


@dataclass(frozen=True)
class Note:
    """What a student is told of a task; `test` is empty unless it is allowed."""

    entry: Entry
    why: str
    costs: tuple[tuple[str, int, int], ...] = ()
    test: str = ""

    @property
    def outcome(self):
        """full, part, none, or open until a person has graded."""
        if self.entry.score is None:
            return "open"
        if self.entry.score >= self.entry.max:
            return "full"
        return "part" if self.entry.score > 0 else "none"

    @property
    def points(self):
        score = "–" if self.entry.score is None else f"{self.entry.score:g}"
        return f"{score} of {self.entry.max:g}"


@dataclass(frozen=True)
class Feedback:
    """All that goes on a student's page; `cells` is their work, as plain text."""

    student: str
    title: str
    notes: tuple[Note, ...]
    late: Late
    cells: tuple
    unreadable: str = ""

    @property
    def raw(self):
        return sum(note.entry.score or 0 for note in self.notes)

    @property
    def penalty(self):
        return self.late.penalty(self.raw)

    @property
    def max(self):
        return sum(note.entry.max for note in self.notes)


def feedback(
    assignment,
    out,
    submissions,
    to,
    *,
    show_tests=False,
    source="solutions",
    manual=None,
    policy=None,
    submitted=None,
    force=False,
):
    """Write the feedback of every student below `to`; returns the paths of the pages.

    Raises BadInput, before a file is written, if one is there already and not `force`.
    """
    book = read_book(out)
    if assignment not in (book.title, *book.notebooks):
        raise BadInput(
            f"{out} has the scores of {book.title}, not of {assignment}: name that one"
        )
    if manual:
        book = with_manual(book, manual)
    tests = tests_of(source, assignment) if show_tests else {}
    lates = lateness(book, policy, submitted or submissions)
    folders = {name: inside(Path(to), f"{name}/x").parent for name in book.students}
    refuse_old(folders.values(), assignment, force)
    pages = []
    for student, folder in folders.items():
        late = lates.get(student, Late())
        told = of_student(
            book, student, assignment, late, tests, show_tests, submissions
        )
        pages.append(write(told, folder / assignment))
    return pages


def of_student(book, student, assignment, late, tests, show_tests, submissions):
    """The Feedback of one student."""
    why = book.unreadable.get(student, "")
    entries = [
        e for e in book.by_student[student] if assignment in (book.title, e.notebook)
    ]
    notes = [
        Note(
            entry,
            told(entry, unreadable=why, show_tests=show_tests),
            tuple(cost_against_bound(entry.reason)),
            tests.get(entry.task, ""),
        )
        for entry in entries
    ]
    try:
        cells = read_work(their_notebook(Path(submissions, student), assignment))
    except (Unreadable, OSError) as error:
        cells, why = [], why or str(error)
    return Feedback(student, assignment, tuple(notes), late, tuple(cells), why)


def tests_of(source, assignment):
    """{grade_id: text} of the instructor's test cells."""
    folder = Path(source, assignment)
    found = [folder / f"{assignment}{end}" for end in (".py", ".ipynb")]
    path = next((path for path in found if path.exists()), None)
    if path is None:
        raise BadInput(
            f"--show-tests needs the instructor's notebook, but {folder} has none: "
            "name the folder above it with --source"
        )
    return {cell.id: cell.text for cell in read_source(path) if cell.kind == "test"}


def refuse_old(folders, assignment, force):
    for folder in folders:
        for path in (folder / f"{assignment}.html", folder / f"{assignment}.ipynb"):
            if (path.exists() or path.is_symlink()) and not force:
                raise BadInput(
                    f"{path} is there already: name another --to, or say --force"
                )


def write(told, stem):
    """Write both files, each whole or not at all; returns the page's path."""
    page = stem.with_name(f"{stem.name}.html")
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        replace_file(page, feedback_page(told).encode())
        notebook = stem.with_name(f"{stem.name}.ipynb")
        replace_file(notebook, feedback_notebook(told).encode())
    except OSError as error:
        raise BadInput(
            f"feedback must be written into {page.parent}, but that failed ({error}): "
            "name another --to"
        ) from error
    return page
