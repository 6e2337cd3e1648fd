"""marking: `cme323 grade` on the assignments of this course.

What is ours, and not the grader's: where the sources are, and which modules
answer an exercise, so that no submission may import them.
"""

import re
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.text import Text

from cme323.course.exercises import SPECS, exercise
from cme323.course.grade.advice import remarks
from cme323.course.grade.grader import folders_by_name, grade
from cme323.course.grade.notebook import read_source
from cme323.course.grade.results import NAME, key_of, read
from cme323.errors import BadInput


def grade_assignment(
    assignment,
    submissions,
    out,
    sources,
    seconds,
    memory,
    *,
    gradebook=None,
    spark=None,
    **options,
):
    """Write scores.csv and scores.json into `out`, and into nbgrader's `gradebook`.

    memory: MiB for each student; spark: the address of a master, on whose cluster to
    grade; options: jobs, resume and sandbox, as of `grade`.
    Returns {student: why their notebook could not be read}; those students have scores
    too. Raises BadInput.
    """
    paths = _sources(sources, assignment)
    columns = (
        "{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with (
        opened(gradebook, assignment, paths) as book,
        Progress(*columns, transient=True) as progress,
    ):
        cells = [cell for path in paths for cell in read_source(path)]
        for remark in remarks(cells):
            progress.console.print(Text(f"Note: {remark}"))
        bar = progress.add_task("grading")
        grades = grade(
            paths,
            submissions,
            out,
            seconds=seconds,
            memory=memory * 2**20,
            hide=hidden_modules(cells),
            refuse=(SPECS,),
            **spreading(spark),
            progress=lambda done, total: progress.update(
                bar, completed=done, total=total
            ),
            **options,
        )
        if book is not None:
            folders = folders_by_name(submissions)
            writing = progress.add_task("gradebook")
            book.write(
                grades.scores,
                keys(out),
                folders,
                lambda done, total: progress.update(
                    writing, completed=done, total=total
                ),
            )
    return grades.unreadable


def spreading(spark):
    """Where to grade: here, or on all cores of a cluster."""
    if spark is None:
        return {}
    try:
        from cme323.course.grade import workers_pyspark
    except ImportError as error:
        raise BadInput('--spark needs Spark: pip install "cme323[spark]"') from error
    return {"spread": partial(workers_pyspark.graded, master=spark)}


def opened(gradebook, assignment, sources):
    """The gradebook, before hours of grading that it might not take; or None."""
    if gradebook is None:
        return nullcontext()
    from cme323.course.gradebook import Gradebook  # nbgrader: a second and more

    return Gradebook(gradebook, assignment, sources)


def keys(out):
    """{student: a hash of all that their scores depend on}, of the last grading."""
    found = {}
    for (student, _), result in sorted(read(Path(out) / NAME).items()):
        found[student] = key_of(found.get(student), result.key)
    return found


def hidden_modules(cells):
    """{task: modules that answer the exercises which its cell checks}."""
    hidden = {}
    if not any("cme323.course.check" in cell.text for cell in cells):
        return hidden  # the notebook of another course
    for cell in cells:
        numbers = re.findall(r'check\("([\d.]+)"', cell.text)
        if cell.kind == "test" and numbers:
            hidden[cell.id] = sorted(
                {name for n in numbers for name in exercise(n).hide}
            )
    return hidden


def _sources(sources, assignment):
    """The instructor's notebooks of an assignment: ours, or all of another course."""
    ours = sources / assignment / f"{assignment}.py"
    found = [ours] if ours.exists() else sorted((sources / assignment).glob("*.ipynb"))
    if found:
        return found
    known = sorted(path.name for path in sources.glob("*/") if path.is_dir())
    raise BadInput(
        f"{sources} must have {assignment}/{assignment}.py or {assignment}/*.ipynb, "
        f"but has {', '.join(known) or 'nothing'}: name the instructor's folder with "
        "--source"
    )
