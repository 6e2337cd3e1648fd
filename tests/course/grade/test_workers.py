import os
import time
from contextlib import contextmanager

import pytest

from cme323.course.grade.workers import graded
from cme323.errors import BadInput


@contextmanager
def squaring():
    yield lambda number: number**2


@contextmanager
def mishaps():
    def grade(what):
        if what == "dies":
            os._exit(3)
        if what == "hangs":
            time.sleep(60)
        return what

    yield grade


@contextmanager
def impossible():
    raise BadInput("no sandbox")
    yield


def lost(folder, why):
    return f"{folder}: {why}"


@pytest.mark.parametrize("jobs", [1, 3])
def test_everything_is_done_once(jobs):
    found = graded(range(10), squaring, lost, jobs=jobs, patience=60)
    assert sorted(found) == [n**2 for n in range(10)]


def test_nothing_to_do_is_done():
    assert list(graded([], squaring, lost, jobs=2, patience=60)) == []


def test_who_dies_or_hangs_is_told_of_and_the_others_go_on():
    todo = ["a", "dies", "b", "hangs", "c"]
    assert sorted(graded(todo, mishaps, lost, jobs=2, patience=5)) == [
        "a",
        "b",
        "c",
        "dies: the grader's process ended (exit code 3)",
        "hangs: grading took too long and was stopped",
    ]


def test_bad_input_in_a_worker_is_bad_input_here():
    with pytest.raises(BadInput, match="no sandbox"):
        list(graded([1, 2], impossible, lost, jobs=2, patience=60))
