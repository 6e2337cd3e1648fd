import multiprocessing
import os
import time
from contextlib import contextmanager

import pytest

from cme323.course.pool import Again, in_processes
from cme323.errors import BadInput


@contextmanager
def squaring():
    yield lambda number, tell: number**2


@contextmanager
def mishaps():
    def grade(what, tell):
        if what == "dies":
            os._exit(3)
        if what in ("one", "two", "three"):
            tell(what)
            os._exit(4)
        if what == "hangs":
            time.sleep(60)
        return what

    yield grade


@contextmanager
def stepping():
    yield lambda job, tell: [tell(n) for n in range(3)]


@contextmanager
def impossible():
    raise BadInput("no sandbox")
    yield


def lost(job, why, at):
    return Again(f"{job} again, after {at}") if at else f"{job}: {why}"


@pytest.mark.parametrize("jobs", [1, 3])
def test_everything_is_done_once(jobs):
    found = in_processes(range(10), squaring, lost, jobs=jobs, patience=60)
    assert sorted(found) == [n**2 for n in range(10)]


def test_nothing_to_do_is_done():
    assert list(in_processes([], squaring, lost, jobs=2, patience=60)) == []


def test_who_dies_or_hangs_is_told_of_and_the_others_go_on():
    todo = ["a", "dies", "b", "hangs", "c"]
    assert sorted(in_processes(todo, mishaps, lost, jobs=2, patience=5)) == [
        "a",
        "b",
        "c",
        "dies: its process ended (exit code 3)",
        "hangs: it took too long and was stopped",
    ]


def test_a_job_may_be_done_again_in_another_form():
    found = in_processes(["one", "a", "two"], mishaps, lost, jobs=1)
    assert list(found) == ["one again, after one", "a", "two again, after two"]


def test_steps_are_told_of_with_their_job():
    told = []
    list(
        in_processes("ab", stepping, lost, jobs=2, step=lambda *what: told.append(what))
    )
    assert sorted(told) == [(job, n) for job in "ab" for n in range(3)]


def test_no_process_is_left_when_the_caller_stops():
    before = multiprocessing.active_children()
    found = in_processes(range(10), squaring, lost, jobs=2)
    next(found)
    found.close()
    assert multiprocessing.active_children() == before


def test_bad_input_in_a_worker_is_bad_input_here():
    with pytest.raises(BadInput, match="no sandbox"):
        list(in_processes([1, 2], impossible, lost, jobs=2, patience=60))
