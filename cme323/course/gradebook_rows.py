"""The rows of nbgrader's gradebook that a score needs: what `generate_assignment` and
`autograde` would have made.

    declare(db, assignment, name, source)   its notebook, and a row for each marked cell
    hand_in(db, assignment, student)        a submission, with a grade for each cell

What is there stays. Nothing is committed here.
"""

import json
from copy import deepcopy

from nbgrader.api import (
    Comment,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    SourceCell,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from nbgrader.preprocessors import ClearSolutions, ComputeChecksums, LockCells
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

from cme323.errors import BadInput


def declare(db, assignment, name, source):
    """The Notebook of a source, with a row for each marked cell; raises BadInput."""
    text = deepcopy(source)
    for preprocessor in (LockCells, ClearSolutions, ComputeChecksums):
        text, _ = preprocessor().preprocess(text, {})
    known = {notebook.name: notebook for notebook in assignment.notebooks}
    notebook = known.get(name) or Notebook(name=name, assignment=assignment)
    db.add(notebook)
    notebook.kernelspec = json.dumps(text.metadata.get("kernelspec", {}))
    there = {(type(row), row.name): row for row in cells_of(notebook)}
    wanted = {(kind, row["name"]): row for kind, row in rows(text)}
    check(notebook, there.keys() - wanted.keys())
    for (kind, cell), columns in wanted.items():
        row = there.get((kind, cell)) or kind(name=cell, notebook=notebook)
        db.add(row)
        for column, value in columns.items():
            setattr(row, column, value)
    return notebook


def cells_of(notebook):
    """All of its rows, of every kind."""
    graded = *notebook.grade_cells, *notebook.task_cells
    return *graded, *notebook.solution_cells, *notebook.source_cells


def rows(text):
    """(kind, columns) for each row that the marked cells of a notebook need."""
    for cell in text.cells:
        mark = cell.metadata.get("nbgrader", {})
        name, form = {"name": mark.get("grade_id")}, {"cell_type": cell.cell_type}
        graded = name | form | {"max_score": float(mark.get("points") or 0)}
        if is_grade(cell):
            yield GradeCell, graded
        if is_task(cell):
            yield TaskCell, graded
        if is_solution(cell):
            yield SolutionCell, name
        if is_grade(cell) or is_task(cell) or is_solution(cell) or is_locked(cell):
            told = {"source": cell.source, "checksum": mark.get("checksum")}
            yield SourceCell, name | form | told | {"locked": is_locked(cell)}


def check(notebook, gone):
    """Points that the source does not give any more would stay in the maximum."""
    gone = sorted(name for kind, name in gone if kind in (GradeCell, TaskCell))
    if gone:
        raise BadInput(
            f"the gradebook has points for {gone[0]} in {notebook.name}, but the "
            "instructor's notebook has no such task: grade into another --gradebook, "
            "or by the notebook that was released"
        )


def hand_in(db, assignment, student):
    """The submission of a Student, with a grade and a comment for each cell."""
    known = {s.assignment_id: s for s in student.submissions}
    submission = known.get(assignment.id)
    if submission is None:
        submission = SubmittedAssignment(assignment=assignment, student=student)
        db.add(submission)
    there = {handed.notebook: handed for handed in submission.notebooks}
    for notebook in assignment.notebooks:
        handed = there.get(notebook)
        if handed is None:
            handed = SubmittedNotebook(notebook=notebook, assignment=submission)
        db.add_all([handed, *missing(handed, notebook)])
    return submission


def missing(handed, notebook):
    """The grades and comments that a submitted notebook does not have yet."""
    graded = {grade.cell_id for grade in handed.grades}
    told = {comment.cell_id for comment in handed.comments}
    for cell in (*notebook.grade_cells, *notebook.task_cells):
        if cell.id not in graded:
            yield Grade(cell_id=cell.id, notebook=handed)
    for cell in (*notebook.solution_cells, *notebook.task_cells):
        if cell.id not in told:
            yield Comment(cell_id=cell.id, notebook=handed)
