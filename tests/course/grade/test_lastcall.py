"""What a failed test called last is told; what it compares with is not."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.course.check import Right
from cme323.course.grade.lastcall import LONGEST, Call, short
from cme323.course.grade.marks import costs
from cme323.course.records.book import read_book
from cme323.course.records.told import sentence
from cme323.engine import Context
from cme323.pram import PRAM


def words(*args, came=(), **kwargs):
    return str(Call("f", args, kwargs, came))


def test_a_call_is_shown_as_one_would_write_it():
    assert words([1, 2], by="x", came=({"a": 1},)) == (
        "f([1, 2], by='x'), which came as {'a': 1}"
    )
    assert words(Context(2), PRAM(), len) == "f(sc, pram, len)"


def test_it_is_the_same_in_every_run():
    assert short(object()) == "<object object>"
    assert short({3, 1, 2}) == "{1, 2, 3}"
    assert short(lambda x: x) == "<lambda>"


def test_a_long_value_is_shortened():
    long = words(*[list(range(99))] * 30, came=(np.arange(10**6),))
    assert len(long) < 2 * LONGEST + 30
    assert short(10**10_000) == "…"
    assert "\n" not in short(np.eye(9))


data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
        | st.tuples(inner, inner)
    ),
    max_leaves=9,
)


@given(data, data)
def test_any_data_is_a_line_of_bounded_length(argument, came):
    told = words(argument, came=(came,))
    assert len(told) < 2 * LONGEST + 30
    assert "\n" not in told


SOLUTION = """# %% nbgrader={"grade_id": "f", "solution": true, "locked": false}
def f(x):
    return x + 1

# %% nbgrader={"grade_id": "t", "grade": true, "locked": true, "points": 2}
assert f(1) == 2
### BEGIN HIDDEN TESTS
for x, expected in [(3, 4), (41, 42), (50, 51)]:
    assert f(x) == expected
### END HIDDEN TESTS
"""


@pytest.fixture
def graded(classroom):
    """graded(f): the Book of one student, with this f."""

    def graded(f):
        classroom.source.write_text(SOLUTION)
        classroom.submit(classroom.notebook(classroom.cell(f, "f")))
        classroom.grade()
        return read_book(classroom.path / "out")

    return graded


def test_the_input_on_which_a_hidden_test_failed_is_told(graded):
    book = graded("def f(x):\n    return x + 1 if x < 9 else 0")
    (entry,) = book.entries
    assert entry.reason == "a hidden test failed"
    said = "a hidden test failed; the last call was f(41), which came as 0"
    assert sentence(book, entry) == said


def test_a_call_that_raised_is_told_and_one_that_passed_is_not(graded):
    book = graded("def f(x):\n    return {1: 2, 3: 4}[x]")
    (entry,) = book.entries
    said = "your function raised KeyError: 41; the last call was f(41)"
    assert sentence(book, entry) == said
    book = graded("def f(x):\n    return x + 1")
    assert (book.calls, sentence(book, *book.entries)) == ({}, "")


def test_scores_json_has_the_columns_that_it_had(graded, classroom):
    graded("def f(x):\n    return 0")
    (row,) = json.loads((classroom.path / "out/scores.json").read_text())
    columns = "student notebook task score max reason seconds repaired"
    assert list(row) == columns.split()


CHECKED = """# %% nbgrader={"grade_id": "setup", "locked": true}
from cme323.course.check import check

# %% nbgrader={"grade_id": "f", "solution": true, "locked": false}
def tree_sum(pram, x):
    pass

# %% nbgrader={"grade_id": "t", "grade": true, "locked": true, "points": 2}
check("1.1", tree_sum, more=[(list(range(9)),)])
"""
RIGHT = """def tree_sum(pram, x):
    if len(x) == 1:
        return x[0]
    half = len(x) // 2
    left, right = pram.fork(
        lambda: tree_sum(pram, x[:half]), lambda: tree_sum(pram, x[half:])
    )
    return left + right"""


def test_a_right_answer_has_its_cost_beside_the_bound(classroom):
    classroom.source.write_text(CHECKED)
    classroom.submit(classroom.notebook(classroom.cell(RIGHT, "f")))
    classroom.grade()
    book = read_book(classroom.path / "out")
    (entry,) = book.entries
    assert entry.score == 2
    assert book.cost(entry) == (("work", 15, 15), ("depth", 4, 4))


def test_a_students_object_is_not_asked_what_it_cost():
    class Forged:
        costs = (("work", 0, 9),)

    assert costs(Forged()) == ()
    assert costs(Right("1.1", 3, (("work", 8, 8),))) == (("work", 8, 8),)
