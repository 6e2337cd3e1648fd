"""Grades one submission: for each task its score, the reason and the seconds.

The woven cells run in order: the student's in the child, the instructor's here, and
locked ones on both sides, so that both have what they import and define.
"""

import re
from time import monotonic

from cme323.course.grade.examiner import Examiner
from cme323.course.grade.notebook import weave
from cme323.course.grade.student import Student

BY_HAND = "to be graded by hand"


def examine(cells, submission, limits, refused):
    """For each task of one submission: score, reason and seconds."""
    woven, twice = weave(cells, submission)
    marks = {cell.id: (None, BY_HAND, 0.0) for cell in cells if cell.kind == "manual"}
    with Student(limits) as student:
        banned = refusals(student, woven, refused)
        examiner, failures = Examiner(student), []
        for cell in woven:
            if cell.kind == "test":
                reason = banned.get(cell.id)
                marks[cell.id] = timed(cell, student, examiner, failures, reason)
            else:
                failures += attempt(cell, student, examiner)
    return noted(marks, cells, twice)


def refusals(student, woven, refused):
    """For each task whose answer a submission imports, the sentence that says so."""
    if not refused:
        return {}
    theirs = [cell for cell in woven if cell.kind in ("answer", "manual")]
    imported = [name for cell in theirs for name in student.imports(cell)]
    return {
        task: f"imports {name}, which answers this exercise; write it yourself"
        for task, names in refused.items()
        for name in names
        if any(f"{other}.".startswith(f"{name}.") for other in imported)
    }


def attempt(cell, student, examiner):
    """Run a cell that is no test; gives the cell and how it failed, if it did."""
    failure = student.run(cell)
    if cell.kind == "locked":
        student.begin()
        failure = examiner.run(cell) or failure
    return [(cell, failure)] if failure else []


def timed(cell, student, examiner, failures, refusal):
    """A test cell's score, reason and seconds."""
    if refusal:
        return 0, refusal, 0.0
    student.begin()
    start = monotonic()
    reason = explained(examiner.run(cell), failures)
    return 0 if reason else cell.points, reason, round(monotonic() - start, 3)


def explained(reason, failures):
    """A name that is not defined, and the failed cell that should have done so."""
    missing = re.fullmatch(r"`(\w+)` is not defined", reason)
    if missing:
        for cell, failure in failures:
            if re.search(rf"\b{missing[1]}\b", cell.text):
                return f"{reason}: {cell.name} {failure}"
    return reason


def noted(marks, cells, twice):
    """Say with the next task that the submission has two cells of one grade_id."""
    ids = [cell.id for cell in cells]
    for name in dict.fromkeys(twice):
        later = [task for task in ids[ids.index(name) :] if task in marks]
        task = later[0] if later else list(marks)[-1]
        score, reason, seconds = marks[task]
        note = f"two cells are called {name}: the first one counts"
        marks[task] = score, f"{reason}; {note}" if reason else note, seconds
    return marks
