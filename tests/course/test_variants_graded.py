"""A copied number fails in the grader, whose test makes the student's own data."""

import json

import pytest

from cme323.course.grade.grader import grade
from cme323.course.records.book import Entry
from cme323.course.records.told import told
from cme323.course.variants import GRADED, graded, my_matrix, variant

TEST = """from cme323.course.variants import my_matrix
matrix = my_matrix(me, "hw", rows=4, columns=4)
assert total == matrix.sum(), "hint: add up your own matrix"
"""
LOCKED = """from cme323.course.variants import my_matrix
matrix = my_matrix(me, "hw", rows=4, columns=4)
"""
LATER = "assert total == matrix.sum(), 'hint: add up your own matrix'"


def cell(name, text, **mark):
    nbgrader = {"grade_id": name, "schema_version": 3, "task": False, **mark}
    return {"cell_type": "code", "source": text, "metadata": {"nbgrader": nbgrader}}


def notebook(me, total, locked=""):
    """One whose test, or a locked cell above it, makes the data."""
    answer = {"solution": True, "grade": False, "locked": False}
    test = {"solution": False, "grade": True, "locked": True, "points": 5}
    cells = [
        cell("me", f"me = {me}", **answer),
        cell("data", locked or "1", locked=True, solution=False, grade=False),
        cell("total", f"total = {total}", **answer),
        cell("test_total", LATER if locked else TEST, **test),
    ]
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    )


def sum_of(name):
    return int(my_matrix(name, "hw", rows=4, columns=4).sum())


OTHERS = {
    "her": f"'ada'; total_ = {sum_of('ada')}",
    "lie": "type('S', (str,), {'__eq__': lambda s, o: True})('ada')",
    "patch": """'ada'
import cme323.course.variants as v
v.plain = lambda name: 'ada'
v.GRADED.set('ada')
matrix = v.my_matrix('ada', 'hw', rows=4, columns=4)""",
}
HANDED_IN = {"ada": "'ada'", "Bob": "'bob'", "eve": "' EVE '"} | OTHERS
NUMBERS = dict.fromkeys(HANDED_IN, sum_of("ada")) | {"eve": sum_of("eve")}


@pytest.fixture(scope="module", params=["", LOCKED], ids=["in the test", "locked"])
def scores(tmp_path_factory, request):
    """{student: (score, reason)}; eve has worked as ada has, all others copied her."""
    path = tmp_path_factory.mktemp("variants")
    (path / "hw.ipynb").write_text(notebook("''", 0, request.param))
    for student, me in HANDED_IN.items():
        (path / "in" / student).mkdir(parents=True)
        text = notebook(me, NUMBERS[student], request.param)
        (path / "in" / student / "hw.ipynb").write_text(text)
    found = grade(path / "hw.ipynb", path / "in", path / "out")
    return {score.student: (score.score, score.reason) for score in found.scores}


def test_who_has_worked_gets_the_points_whatever_the_case_of_their_name(scores):
    assert scores["ada"] == scores["eve"] == (5, "")


def test_a_number_copied_under_ones_own_name_is_wrong(scores):
    assert scores["Bob"] == (0, "hint: add up your own matrix")


@pytest.mark.parametrize("student", OTHERS)
def test_a_number_copied_with_the_name_that_it_belongs_to_is_wrong(scores, student):
    score, reason = scores[student]
    assert score == 0
    assert student == "lie" or f"as `me`, '{student}'" in reason
    assert told(Entry(student, "hw", "t", 0, 5, reason)) == reason.removeprefix(
        "hint: "
    )


def test_only_where_a_test_is_graded_the_name_is_fixed():
    assert GRADED.get() is None
    with graded("Ada"):
        assert variant("ada", "hw") == variant(" ADA", "hw")
        with pytest.raises(AssertionError, match="the variant of 'bob' is not yours"):
            variant("bob", "hw")
    assert variant("bob", "hw")
