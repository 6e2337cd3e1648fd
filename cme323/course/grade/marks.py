"""Grades one submission: for each task its score, and why.

The woven cells run in order: the student's in the child, the instructor's here, and
locked ones on both sides, so that both have what they import and define.
"""

import re
from dataclasses import dataclass, replace
from numbers import Real
from time import monotonic
from types import MappingProxyType

from cme323.course.check import Right
from cme323.course.grade.changes import asked
from cme323.course.grade.code import bound, classes
from cme323.course.grade.examiner import Examiner
from cme323.course.grade.notebook import released, weave
from cme323.course.grade.student import Student

BY_HAND = "to be graded by hand"


@dataclass(frozen=True)
class Mark:
    """What a submission gets for a task, and why."""

    score: float | None
    reason: str
    seconds: float = 0.0
    call: str = ""  # the last one of a test that failed
    costs: tuple = ()  # (name, measured, bound), of a test that ended with a check
    repaired: tuple[str, ...] = ()


NOTHING = MappingProxyType({})


def examine(cells, submission, server, task, ended=NOTHING, tell=lambda task: None):
    """{task: Mark} of one submission; `task` has the limits and what is refused.

    ended, tell: as for Task.grade.
    """
    woven, repairs = weave(cells, submission)
    marks = {cell.id: Mark(None, BY_HAND) for cell in cells if cell.kind == "manual"}
    known = {name for cell in cells if cell.code for name in classes(cell.text)}
    with Student(server, task.limits, known) as student:
        banned = refusals(student, woven, task.refused) | ended
        answers = [cell.text for cell in cells if cell.kind == "answer" and cell.code]
        theirs = {name for text in answers for name in bound(text)}
        examiner, failures = Examiner(student, task.limits, theirs), []
        for cell in cells:
            if cell.code and cell.kind == "answer" and not cell.id:
                examiner.take_imports(cell)
        for cell in woven:
            if cell.kind == "test":
                tell(cell.id)
                reason = banned.get(cell.id)
                marks[cell.id] = timed(cell, student, examiner, failures, reason)
                tell(None)
            else:
                failures += attempt(cell, student, examiner)
    return noted(marks, cells, repairs)


def refusals(student, woven, refused):
    """For each task whose answer a submission imports, the sentence that says so."""
    modules = sorted({name for names in refused.values() for name in names})
    if not modules:
        return {}
    theirs = [cell for cell in woven if cell.kind in ("answer", "manual")]
    imported = {name for cell in theirs for name in student.imports(cell, modules)}
    return {
        task: f"imports {name}, which answers this exercise; write it yourself"
        for task, names in refused.items()
        for name in names
        if name in imported
    }


def attempt(cell, student, examiner):
    """Run a cell that is no test; gives the cell and how it failed, if it did."""
    if cell.kind != "locked":
        failure = student.run(cell)
    else:  # of which the hidden part is for the instructor's eyes
        failure = student.run(replace(cell, text=released(cell.text)))
        student.begin()
        failure = examiner.run(cell) or failure
    return [(cell, failure)] if failure else []


def timed(cell, student, examiner, failures, refusal):
    """The Mark of a test cell."""
    if refusal:
        return Mark(0, refusal)
    student.begin(in_place=asked(cell.text))
    start = monotonic()
    reason = explained(examiner.run(cell), failures)
    score = 0 if reason else earned(cell, examiner.value)
    seconds = round(monotonic() - start, 3)
    if reason:
        return Mark(score, reason, seconds, str(student.last or ""))
    return Mark(score, "", seconds, costs=costs(examiner.value))


def costs(value):
    """What `check` measured; nothing else is asked, for it may be the student's."""
    return value.costs if type(value) is Right else ()


def earned(cell, value):
    """All points, or as many as the number at the end of a test cell says.

    NB: nbgrader's partial credit. But it gives all points for a number below 0, as
    `3 - distance(f)` may be, and for one of numpy's; and nan is no points here.
    """
    kind = type(value)  # not what an object says that it is
    if not issubclass(kind, Real) or kind is bool:
        return cell.points
    points = value if kind is int else float(value)
    return min(points, cell.points) if points >= 0 else 0


def explained(reason, failures):
    """A name that is not defined, and the failed cell that should have done so."""
    missing = re.fullmatch(r"`(\w+)` is not defined", reason)
    if missing:
        for cell, failure in failures:
            if re.search(rf"\b{missing[1]}\b", cell.text):
                return f"{reason}: {cell.name} {failure}"
    return reason


def noted(marks, cells, repairs):
    """Say with the next task what was wrong with a cell: {grade_id: sentences}."""
    ids = [cell.id for cell in cells]
    for name, sentences in repairs.items():
        later = [task for task in ids[ids.index(name) :] if task in marks]
        task = later[0] if later else list(marks)[-1]
        told = (*marks[task].repaired, *sentences)
        marks[task] = replace(marks[task], repaired=told)
    return marks
