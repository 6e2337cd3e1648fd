"""`cme323 feedback`: for each student a page and a notebook, to be sent to them.

    TO/STUDENT/NOTEBOOK.html    one file: scores, why, and their work
    TO/STUDENT/NOTEBOOK.ipynb   their notebook, with a note after each task

Everything that a student wrote is shown as text, and of an output only its text and
its PNG and JPEG pictures. A sanitiser for HTML, SVG and Markdown would keep more, and
would have to be right about every trick of every browser; text has no tricks.

What a reason tells of a test is decided in told.py. `show_tests` shows all of it, and
the tests themselves from the instructor's notebook.
"""

from dataclasses import dataclass
from pathlib import Path

from cme323.course.grade.grader import folders_by_name
from cme323.course.grade.notebook import Unreadable, read_source
from cme323.course.records.book import Entry, read_book
from cme323.course.records.export import inside, lateness
from cme323.course.records.feedback_notebook import feedback_notebook
from cme323.course.records.feedback_page import feedback_page
from cme323.course.records.late import Late
from cme323.course.records.roster import with_manual
from cme323.course.records.sandboxes import UNKNOWN
from cme323.course.records.told import cost_against_bound, sentence
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
    sandbox: str = UNKNOWN

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
    names = notebooks_of(book, assignment, source)
    if manual:
        book = with_manual(book, manual)
    tests = tests_of(source, assignment, names) if show_tests else {}
    lates = lateness(book, policy, submitted or submissions)
    to = Path(to)
    stems = {
        (student, name): inside(to, f"{student}/{name}")
        for student in book.students
        for name in names
    }
    refuse_old(stems.values(), force)
    folders = folders_by_name(submissions)
    for (student, name), stem in stems.items():
        late = lates.get(student, Late())
        notes = notes_of(book, student, name, tests, show_tests)
        folder = folders.get(student, Path(submissions, student))
        cells, why = work_of(folder, name, book)
        why = book.unreadable.get((student, name), why)
        sandbox = book.sandboxes.get((student, name), UNKNOWN)
        write(Feedback(student, name, notes, late, cells, why, sandbox), stem)
    return [page_of(stem) for stem in stems.values()]


def notebooks_of(book, assignment, source):
    """The notebooks of an assignment; BadInput if the scores are another's."""
    folder = Path(source, assignment)
    theirs = {path.stem for path in folder.glob("*.ipynb")} | {assignment}
    names = [name for name in book.notebooks if name in theirs]
    if not names:
        raise BadInput(
            f"the scores are of {', '.join(book.notebooks)}, and no notebook of "
            f"{assignment}: name that assignment, and its folder by --source"
        )
    return names


def notes_of(book, student, notebook, tests, show_tests):
    """The notes of a student on the tasks of a notebook."""
    return tuple(
        Note(
            entry,
            sentence(book, entry, show_tests),
            tuple(cost_against_bound(entry.reason)) or book.cost(entry),
            tests.get((notebook, entry.task), ""),
        )
        for entry in book.by_student[student]
        if entry.notebook == notebook
    )


def work_of(folder, name, book):
    """A student's cells as text, and why there are none."""
    try:
        return tuple(read_work(their_notebook(folder, name, book.notebooks))), ""
    except (Unreadable, OSError) as error:
        return (), str(error)


def tests_of(source, assignment, names):
    """{(notebook, grade_id): text} of the instructor's test cells."""
    folder = Path(source, assignment)
    tests = {}
    for name in names:
        found = [path for end in (".py", ".ipynb") for path in folder.glob(name + end)]
        if not found:
            raise BadInput(
                f"--show-tests needs the instructor's {name}, but {folder} has none: "
                "name the folder above it with --source"
            )
        cells = [cell for cell in read_source(found[0]) if cell.kind == "test"]
        tests |= {(name, cell.id): cell.text for cell in cells}
    return tests


def refuse_old(stems, force):
    for stem in stems:
        for path in (page_of(stem), notebook_of(stem)):
            if (path.exists() or path.is_symlink()) and not force:
                raise BadInput(
                    f"{path} is there already: name another --to, or say --force"
                )


def page_of(stem):
    return stem.with_name(f"{stem.name}.html")


def notebook_of(stem):
    return stem.with_name(f"{stem.name}.ipynb")


def write(told, stem):
    """Write both files, each whole or not at all."""
    try:
        stem.parent.mkdir(parents=True, exist_ok=True)
        replace_file(page_of(stem), feedback_page(told).encode())
        replace_file(notebook_of(stem), feedback_notebook(told).encode())
    except OSError as error:
        raise BadInput(
            f"feedback must be written into {stem.parent}, but that failed ({error}): "
            "name another --to"
        ) from error
