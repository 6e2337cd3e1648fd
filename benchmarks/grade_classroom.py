"""A folder with submissions, and three ways to run them; each gives a Timing.

Own work, our grader and nbgrader see the same files. The first two have a process of
their own, grade_child.py, which is looked at from here.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from time import perf_counter

import jupytext
import nbformat
import psutil

from benchmarks.grade_submissions import hand_in_a5, hand_in_tiny

JOBS = 2
SAMPLE = 10  # of the submissions, for nbgrader
ROOT = Path(__file__).parents[1]
CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "cme323"
c.Exchange.root = "exchange"
c.IncludeHeaderFooter.header = ""
"""


@dataclass
class Timing:
    """Seconds for one submission; for our grader its scores too, and after each
    submission the seconds since the start and the MB held."""

    seconds: float
    scores: dict = field(default_factory=dict)
    held: list[tuple[float, float]] = field(default_factory=list)


class Classroom:
    """`number` submissions of assignment 5, or tiny ones."""

    def __init__(self, folder, number, tiny=False):
        self.folder, self.number = folder, number
        self.submissions = folder / "submissions"
        handing_in = hand_in_tiny if tiny else hand_in_a5
        self.source = handing_in(self.submissions, number)

    def own(self):
        """All cells in one warm process."""
        (told,) = self._child("own")
        return Timing(json.loads(told)["seconds"] / self.number)

    def cme323(self):
        """Our grader, all of it, in a process of its own."""
        out = self.folder / "out"
        shutil.rmtree(out, ignore_errors=True)
        start, held = perf_counter(), []
        for _ in self._child("cme323", out, JOBS, watch=held):
            pass
        seconds = perf_counter() - start
        rows = json.loads((out / "scores.json").read_text(encoding="utf-8"))
        scores = {(row["student"], row["task"]): row["score"] for row in rows}
        return Timing(seconds / self.number, scores, held)

    def _child(self, *what, watch=None):
        """The lines that grade_child.py says; `watch` gets what it holds at each."""
        do, *more = what
        paths = self.source, self.submissions, *more
        start = perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", "benchmarks.grade_child", do, *map(str, paths)],
            stdout=subprocess.PIPE,
            text=True,
            env=environment() | {"PYTHONHASHSEED": "0"},
        ) as process:
            for line in process.stdout:
                if watch is not None:
                    watch.append((perf_counter() - start, held(process.pid)))
                yield line
        if process.returncode:
            raise RuntimeError(f"{do} ended with exit status {process.returncode}")

    def nbgrader(self):
        """nbgrader's own seconds for a submission, without those of its start."""
        name, course = self.source.stem, self.course
        one = timed(course, "autograde", name, "--force", "--student", self.sample[0])
        several = timed(course, "autograde", name, "--force")
        seconds = (several - one) / (len(self.sample) - 1)
        return Timing(seconds, exported(course))

    @cached_property
    def sample(self):
        """As mixed as the whole."""
        inside = sorted(path.name for path in self.submissions.iterdir())
        return inside[: max(2, min(SAMPLE, self.number))]

    @cached_property
    def course(self):
        """A course folder of nbgrader, with the assignment and the sample in it."""
        course, name = self.folder / "course", self.source.stem
        notebook = course / "source" / name / f"{name}.ipynb"
        notebook.parent.mkdir(parents=True)
        nbformat.write(jupytext.read(self.source), notebook)
        (course / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
        for student in self.sample:
            to = course / "submitted" / student / name
            shutil.copytree(self.submissions / student, to)
        nbgrader(course, "generate_assignment", name)
        return course


def timed(course, *command):
    start = perf_counter()
    nbgrader(course, *command)
    return perf_counter() - start


def exported(course):
    """{student: points} as nbgrader exports them."""
    nbgrader(course, "export")
    rows = csv.DictReader((course / "grades.csv").read_text().splitlines())
    return {row["student_id"]: float(row["score"]) for row in rows}


def nbgrader(folder, *command):
    subprocess.run(
        [sys.executable, "-m", "nbgrader", *command],
        cwd=folder,
        check=True,
        capture_output=True,
        env=environment(),
    )


def environment():
    """nbgrader runs alembic by bare name, and the children find this checkout."""
    scripts = str(Path(sys.executable).parent)
    path = os.pathsep.join(part or "." for part in (str(ROOT), *sys.path))
    return os.environ | {
        "PATH": scripts + os.pathsep + os.environ["PATH"],
        "PYTHONPATH": path,
    }


def held(pid):
    """MB of a process and all that it started; a shared page counts each time."""
    try:
        processes = [root := psutil.Process(pid), *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    return sum(map(resident, processes)) / 1e6


def resident(process):
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:  # a student's, which has ended meanwhile
        return 0
