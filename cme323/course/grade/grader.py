"""Grades all submissions of a notebook: a score and a reason for every task.

A task is a cell with points. A test cell gives all of its points if it runs to its
end, else none; a cell that a person grades has no score yet. The tasks and their
points come from the instructor's notebook alone, so every student has the same
maximum, whatever they hand in.
"""

from pathlib import Path
from typing import NamedTuple

from cme323.course.grade.marks import examine
from cme323.course.grade.notebook import (
    Unreadable,
    read_source,
    read_submission,
)
from cme323.course.grade.scores import Score, write_scores
from cme323.course.grade.session import Limits
from cme323.errors import BadInput

LONGEST = 400  # characters of a reason


class Grades(NamedTuple):
    """All scores, and for each student whose work could not be read, why."""

    scores: list[Score]
    unreadable: dict[str, str]


def grade(
    source,
    submissions,
    out,
    *,
    seconds=20.0,
    memory=2 * 2**30,
    hide=None,
    refuse=(),
    progress=None,
) -> Grades:
    """Grade submissions/<student>/*.ipynb; write out/scores.csv and scores.json.

    seconds and memory (bytes) are what each task, and each cell of a student, may
    use. `hide` names the modules that answer a task: {task: [module, ...]}; those
    cannot be imported. `refuse` names modules that answer any of these tasks, but
    that locked cells need: they can be imported, and are refused where they are seen.
    progress(done, total) is called at the start and after each submission.

    Raises BadInput if there is nothing to grade, or nothing to grade it by.
    """
    source, cells = Path(source), read_source(source)
    hide = checked(hide or {}, cells, source)
    hidden = tuple(sorted({name for names in hide.values() for name in names}))
    refused = {task: [*names, *refuse] for task, names in hide.items()}
    folders = student_folders(submissions)
    scores, unreadable = [], {}
    for done, folder in enumerate(folders):
        report(progress, done, len(folders))
        try:
            submission = read_submission(folder, source.stem)
            limits = Limits(seconds, memory, hidden)
            marks = examine(cells, submission, limits, refused)
        except Unreadable as error:
            unreadable[legible(folder.name)] = legible(str(error))
            marks = dict.fromkeys(tasks(cells), (0, str(error), 0.0))
        scores += scored(cells, marks, folder.name, source.stem)
    report(progress, len(folders), len(folders))
    write_scores(scores, out)
    return Grades(scores, unreadable)


def checked(hide, cells, source):
    unknown = sorted(hide.keys() - set(tasks(cells)))
    if unknown:
        raise BadInput(
            f"hide must name tasks of {source.name}, but {unknown[0]} is none: "
            f"it has {', '.join(tasks(cells))}"
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
            student=legible(student),
            task=task,
            score=marks[task][0],
            max=points[task],
            reason=legible(marks[task][1]),
            notebook=notebook,
            seconds=marks[task][2],
        )
        for task in tasks(cells)
    ]


def legible(text):
    """One line that any file and screen can show."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
