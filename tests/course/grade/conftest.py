"""Tiny notebooks: a source with two tasks, and submissions that answer them."""

import json

import pytest

from cme323.course.grade.grader import grade
from cme323.course.grade.process import ForkServer
from cme323.course.grade.sandbox import KINDS, find
from cme323.errors import BadInput

SOURCE = """\
# %%
import math

# %% nbgrader={"grade_id": "tools", "grade": false, "solution": false, "locked": true}
def twice(x):
    return 2 * x

# %% nbgrader={"grade_id": "f", "grade": false, "solution": true, "locked": false}
def f(x):
    ### BEGIN SOLUTION
    return x + 1
    ### END SOLUTION

# %% nbgrader={"grade_id": "f1", "grade": true, "solution": false, "locked": true, "points": 2}
assert f(1) == twice(1), "f(1) must be 2"
### BEGIN HIDDEN TESTS
assert f(41) == 42
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "g", "grade": false, "solution": true, "locked": false}
def g(x):
    ### BEGIN SOLUTION
    return [x]
    ### END SOLUTION

# %% nbgrader={"grade_id": "g1", "grade": true, "solution": false, "locked": true, "points": 3}
assert g(5) == [5]

# %% [markdown] nbgrader={"grade_id": "proof", "grade": true, "solution": true, "locked": false, "points": 4}
# A proof.
"""  # noqa: E501

F = "def f(x):\n    return x + 1"
G = "def g(x):\n    return [x]"


class Classroom:
    """A folder with a source and submissions, and the grading of them."""

    def __init__(self, path):
        self.path, self.source = path, path / "a1.py"
        self.source.write_text(SOURCE, encoding="utf-8")
        (path / "submissions").mkdir()

    def cell(self, text, grade_id=None, kind="code"):
        """A cell as a student may leave it: with the id, without the marks."""
        metadata = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
        return {"cell_type": kind, "metadata": metadata, "source": text}

    def notebook(self, *cells):
        return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4})

    def answers(self, f=F, g=G):
        """A submission that answers both tasks."""
        return self.notebook(
            self.cell("import math"),
            self.cell("def twice(x): return 0", "tools"),
            self.cell(f, "f"),
            self.cell("assert False", "f1"),
            self.cell(g, "g"),
            self.cell("pass", "g1"),
            self.cell("My proof.", "proof", "markdown"),
        )

    def submit(self, text, student="ada", name="a1.ipynb"):
        folder = self.path / "submissions" / student
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    def grade(self, **options):
        out = self.path / "out"
        options = {"seconds": 10, "memory": 2**30, **options}
        return grade(self.source, self.path / "submissions", out, **options)

    def marks(self, text=None, **options):
        """{task: (score, reason)} of one submission."""
        if text is not None:
            self.submit(text)
        scores = self.grade(**options).scores
        return {score.task: (score.score, score.reason) for score in scores}


@pytest.fixture
def classroom(tmp_path):
    return Classroom(tmp_path)


@pytest.fixture(scope="module")
def module_classroom(tmp_path_factory):
    """One for many tests."""
    return lambda name: Classroom(tmp_path_factory.mktemp(name))


@pytest.fixture(scope="session", params=KINDS)
def server(request):
    """A fork server in each kind of sandbox."""
    try:
        sandbox = find(request.param)
    except BadInput as error:
        pytest.skip(str(error))
    with ForkServer(sandbox) as server:
        yield server
