"""A copied number fails in the grader, whose test makes the student's own data."""

import json

import pytest

from cme323.course.grade.grader import grade
from cme323.course.variants import my_matrix

TEST = """from cme323.course.variants import my_matrix
matrix = my_matrix(me, "hw", rows=4, columns=4)
assert total == matrix.sum(), "hint: add up your own matrix, of your own name"
"""


def cell(name, text, **mark):
    nbgrader = {"grade_id": name, "schema_version": 3, "task": False, **mark}
    return {"cell_type": "code", "source": text, "metadata": {"nbgrader": nbgrader}}


def notebook(me, total):
    answer = {"solution": True, "grade": False, "locked": False}
    test = {"solution": False, "grade": True, "locked": True, "points": 5}
    cells = [
        cell("me", f'me = "{me}"', **answer),
        cell("total", f"total = {total}", **answer),
        cell("test_total", TEST, **test),
    ]
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    )


@pytest.fixture
def scores(tmp_path):
    """{student: score} of ada, who has worked, and of bob, who has her number."""
    total = int(my_matrix("ada", "hw", rows=4, columns=4).sum())
    (tmp_path / "hw.ipynb").write_text(notebook("", 0))
    for student in ("ada", "bob"):
        (tmp_path / "in" / student).mkdir(parents=True)
        file = tmp_path / "in" / student / "hw.ipynb"
        file.write_text(notebook(student, total))
    found = grade(tmp_path / "hw.ipynb", tmp_path / "in", tmp_path / "out")
    return {score.student: (score.score, score.reason) for score in found.scores}


def test_a_copied_number_is_wrong(scores):
    assert scores["ada"] == (5, "")
    assert scores["bob"] == (0, "hint: add up your own matrix, of your own name")
