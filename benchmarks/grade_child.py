"""What the benchmark of the grader times, in a process of its own.

    python -m benchmarks.grade_child own SOURCE SUBMISSIONS
    python -m benchmarks.grade_child cme323 SOURCE SUBMISSIONS OUT JOBS

own     the cells of each submission and the instructor's tests, in this one process:
        the work that no grader can save. A line of JSON: {"seconds": ...}
cme323  our grader; a line of JSON after each submission: {"done": ...}

Left out of a submission's own work: limits, whoever may not import what, and processes.
"""

import contextlib
import io
import json
import os
import sys
from importlib import import_module
from pathlib import Path
from time import perf_counter

from cme323.course.grade.code import compiled
from cme323.course.grade.forkserver import LIBRARIES
from cme323.course.grade.grader import grade, student_folders
from cme323.course.grade.notebook import read_source, read_submission, weave
from cme323.course.marking import hidden_modules


def own(source, submissions):
    """Seconds that all submissions take, after the first has warmed up."""
    source = Path(source)
    for name in LIBRARIES:
        import_module(name)
    cells, folders = read_source(source), student_folders(submissions)
    run(cells, folders[0], source.stem)
    start = perf_counter()
    for folder in folders:
        run(cells, folder, source.stem)
    tell(seconds=perf_counter() - start)


def run(cells, folder, stem):
    """All cells of one submission, as a notebook would run them."""
    namespace = {"__name__": "__main__", "display": print}
    for cell in weave(cells, read_submission(folder, stem))[0]:
        with (
            contextlib.suppress(Exception),  # a failed test
            contextlib.redirect_stdout(io.StringIO()),
        ):
            exec(compiled(cell.text, cell.name), namespace)


def cme323(source, submissions, out, jobs):
    """Grade as `cme323 grade -j JOBS` does."""
    grade(
        source,
        submissions,
        out,
        hide=hidden_modules(read_source(source)),
        jobs=int(jobs),
        progress=lambda done, total: tell(done=done),
    )


def tell(**what):
    print(json.dumps(what), file=sys.__stdout__, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    {"own": own, "cme323": cme323}[sys.argv[1]](*sys.argv[2:])
