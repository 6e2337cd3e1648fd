"""Grades all submissions of a notebook: a score and a reason for every task.

A task is a cell with points. A test cell gives all of its points if it runs to its
end, else none; a cell that a person grades has no score yet. The tasks and their
points come from the instructor's notebook alone, so every student has the same
maximum, whatever they hand in.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cme323.course.grade.marks import Mark, examine
from cme323.course.grade.notebook import (
    Cell,
    Unreadable,
    cells_handed_in,
    handed_in,
    read_source,
)
from cme323.course.grade.process import ForkServer
from cme323.course.grade.results import Result, Results, key_of
from cme323.course.grade.sandbox import KINDS, Sandbox, find
from cme323.course.grade.scores import Score, write_scores
from cme323.course.grade.session import Limits, Session
from cme323.course.pool import Again, in_processes
from cme323.course.variants import graded as graded_as
from cme323.errors import BadInput

LONGEST = 400  # characters of a reason
LONGEST_NAME = 200  # bytes of a student's name, to which files add theirs
MOST_ENDS = 3  # processes that the tests of a submission may end
VERSION = 3  # of what a score means; another one makes known results worthless


class Grades(NamedTuple):
    """All scores, and for each student whose work could not be read, why."""

    scores: list[Score]
    unreadable: dict[str, str]


@dataclass(frozen=True)
class Task:
    """What to grade a notebook by; `others` are the assignment's other notebooks."""

    notebook: str
    cells: list[Cell]
    limits: Limits
    refused: dict
    others: tuple[str, ...]
    sandbox: str

    def grade(self, server, folder, ended, tell):
        """The Result of one student.

        ended: tasks whose tests have ended a grader's process, and how; tell: called
        with each task before its test runs, and with None after it.
        """
        # Once: the key is of what was graded, whatever is put in its place meanwhile.
        found = self.found(folder)
        try:
            if isinstance(found, Unreadable):
                raise found
            with graded_as(folder.name):
                submission = cells_handed_in(*found)
                marks = self.examined(submission, server, ended, tell)
        except BadInput:
            raise
        except Unreadable as error:
            return self.lost(folder, str(error), found)
        except Exception as error:  # one submission must not end the grading of all
            why = f"the grader failed: {type(error).__name__}"
            return self.lost(folder, why, found)
        return self.result(folder, marks, "", found)

    def examined(self, submission, server, ended, tell):
        """{task: Mark}; once more, if a process did not start that could have."""
        try:
            return examine(self.cells, submission, server, self, ended, tell)
        except BadInput:
            Session(server, self.limits).close()  # or it is no submission's fault
            return examine(self.cells, submission, server, self, ended, tell)

    def found(self, folder):
        """(name, bytes) of the notebook, or Unreadable."""
        try:
            return handed_in(folder, self.notebook, self.others)
        except Unreadable as error:
            return error

    def lost(self, folder, why, found=None):
        """The Result of a student whose work was not graded."""
        marks = dict.fromkeys(tasks(self.cells), Mark(0, why))
        return self.result(folder, marks, why, found or self.found(folder))

    def result(self, folder, marks, why, found):
        name, why, key = name_of(folder), legible(why), self.key(found)
        scores = scored(self.cells, marks, name, self.notebook)
        known = name, self.notebook, key, tuple(scores), why, self.sandbox
        calls = {task: legible(mark.call) for task, mark in marks.items() if mark.call}
        costs = {task: list(mark.costs) for task, mark in marks.items() if mark.costs}
        return Result(*known, calls, costs)

    def key(self, found):
        """A hash of all that the scores of what was found depend on."""
        text = str(found).encode() if isinstance(found, Unreadable) else found[1]
        return key_of(
            VERSION, self.cells, self.limits, sorted(self.refused.items()), text
        )


@dataclass(frozen=True)
class Bench:
    """Where a worker grades: the tasks by notebook, in a kind of sandbox."""

    tasks: dict[str, Task]
    sandbox: str

    @contextmanager
    def start(self):
        """A function that grades (notebook, folder, tasks that ended a process)."""
        with ForkServer(Sandbox(self.sandbox)) as server:
            yield lambda job, tell: self.tasks[job[0]].grade(server, *job[1:], tell)

    def lost(self, job, why, at):
        """What becomes of a job that ended its process, at the test of a task."""
        notebook, folder, ended = job
        if at is None or len(ended) == MOST_ENDS:
            return self.tasks[notebook].lost(folder, f"grading failed: {why}")
        return Again((notebook, folder, {**ended, at: f"its test failed: {why}"}))


def grade(
    sources,
    submissions,
    out,
    *,
    seconds=20.0,
    memory=2 * 2**30,
    hide=None,
    refuse=(),
    jobs=1,
    resume=False,
    sandbox=None,
    spread=in_processes,
    progress=None,
) -> Grades:
    """Grade submissions/<student>/*.ipynb; write out/scores.csv and scores.json.

    sources: the instructor's notebook, or several. seconds and memory (bytes) are what
    each task, and each cell of a student, may use. `hide` names the modules that
    answer a task: {task: [module, ...]}; those cannot be imported. `refuse` names
    modules that answer any of these tasks, but that locked cells need: they can be
    imported, and are refused where they are seen. jobs: how many submissions at a
    time. resume: keep the results in `out` of work that has not changed since.
    sandbox: its kind; the best there is by default. spread: grades on all cores, or on
    a cluster; see workers_pyspark.py. progress(done, total) is called at the start and
    after each submission.

    Raises BadInput if there is nothing to grade, or nothing to grade it by.
    """
    paths = [sources] if isinstance(sources, str | Path) else sources
    read = {Path(path).stem: read_source(path) for path in paths}
    hide = checked(hide or {}, read)
    hidden = tuple(sorted({name for names in hide.values() for name in names}))
    refused = {task: [*names, *refuse] for task, names in hide.items()}
    most = max(map(len, read.values()))
    limits = Limits(seconds, memory, hidden, total=seconds * most)
    kind = find(sandbox).kind
    bench = Bench(
        {
            name: Task(name, cells, limits, refused, (*(read.keys() - {name}),), kind)
            for name, cells in read.items()
        },
        kind,
    )
    everyone = [(name, f, {}) for f in student_folders(submissions) for name in read]
    with Results(out, resume) as results:
        todo = [job for job in everyone if not unchanged(bench, job, results)]
        kept = len(everyone) - len(todo)
        report(progress, kept, len(everyone))
        patience = 60 + 3 * limits.total  # a test may take twice the seconds
        found = spread(todo, bench.start, bench.lost, jobs=jobs, patience=patience)
        for done, result in enumerate(found, kept + 1):
            results.add(result)
            report(progress, done, len(everyone))
    ordered = [results.known[name_of(folder), name] for name, folder, _ in everyone]
    scores = [score for result in ordered for score in result.scores]
    write_scores(scores, out)
    return Grades(scores, {r.student: r.unreadable for r in ordered if r.unreadable})


def unchanged(bench, job, results):
    """Is there a result of the same work, in a sandbox that was no weaker?"""
    name, folder, _ = job
    known, task = results.known.get((name_of(folder), name)), bench.tasks[name]
    if known is None or known.sandbox not in KINDS[: KINDS.index(task.sandbox) + 1]:
        return False
    return known.key == task.key(task.found(folder))


def checked(hide, read):
    known = [task for cells in read.values() for task in tasks(cells)]
    unknown = sorted(hide.keys() - set(known))
    if unknown:
        raise BadInput(
            f"hide must name tasks of {', '.join(read)}, but {unknown[0]} is none: "
            f"there are {', '.join(known)}"
        )
    return hide


def tasks(cells):
    return [cell.id for cell in cells if cell.kind in ("test", "manual")]


def student_folders(submissions):
    path = Path(submissions)
    if not path.is_dir():
        raise BadInput(f"the submissions must be in a folder, but {path} is none")
    inside = sorted(path.iterdir())
    folders = [p for p in inside if p.is_dir() and not p.name.startswith(".")]
    if not folders:
        raise BadInput(
            f"{path} must have a folder for each student, but has none: "
            f"put notebooks at {path / 'STUDENT' / '*.ipynb'}"
        )
    return folders


def report(progress, done, total):
    if progress is not None:
        progress(done, total)


def scored(cells, marks, student, notebook):
    """The scores of one submission, in the order of the source."""
    points = {cell.id: cell.points for cell in cells}
    return [
        Score(
            student=student,
            notebook=notebook,
            task=task,
            score=marks[task].score,
            max=points[task],
            reason=legible(marks[task].reason),
            seconds=marks[task].seconds,
            repaired=legible("; ".join(marks[task].repaired)),
        )
        for task in tasks(cells)
    ]


def name_of(folder):
    """A student's name: that of the folder, with an escape for what no file shows.

    No two folders have the same, however much alike they look, and each can be that of
    a folder again.
    """
    shown = "".join(
        c if c.isprintable() and c not in "%\\" else f"%{ord(c):x};"
        for c in folder.name
    )
    data = shown.encode()
    if len(data) <= LONGEST_NAME:
        return shown
    return f"{data[:150].decode(errors='ignore')}%{key_of(data)[:20]}"


def folders_by_name(submissions):
    """{student's name: folder}."""
    return {name_of(folder): folder for folder in student_folders(submissions)}


def legible(text):
    """One line that any file and screen can show."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
