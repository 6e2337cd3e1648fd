from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.course.records.bars import counted, histogram
from cme323.course.records.book import Book, Entry, read_book
from cme323.course.records.items import discrimination, failures, items, kind_of


def book_of(points, maximum=10.0, unreadable=None):
    """Students down, tasks across."""
    entries = [
        Entry(f"s{s:02}", "hw", f"t{t}", score, maximum)
        for s, row in enumerate(points)
        for t, score in enumerate(row)
    ]
    return Book("hw", tuple(entries), unreadable or {})


def test_difficulty_is_the_mean_share_of_the_points():
    easy, hard = items(book_of([[10, 0], [10, 5], [10, 1]]))
    assert (easy.difficulty, hard.difficulty) == (1, pytest.approx(0.2))


def test_discrimination_is_the_correlation_with_the_other_tasks():
    points = np.random.default_rng(0).integers(0, 11, (30, 4)).astype(float)
    for column, item in enumerate(items(book_of(points.tolist()))):
        rest = points.sum(axis=1) - points[:, column]
        expected = np.corrcoef(points[:, column], rest)[0, 1]
        assert item.discrimination == pytest.approx(expected, abs=1e-6)


def test_a_task_that_the_weak_solve_has_a_negative_discrimination():
    points = [[n, n, 10 - n] for n in range(8)]
    assert items(book_of(points))[2].discrimination == -1


def test_where_all_have_the_same_or_few_are_graded_there_is_none():
    assert all(isnan(i.discrimination) for i in items(book_of([[5, 5]] * 9)))
    assert all(isnan(i.discrimination) for i in items(book_of([[1, 2], [3, 4]])))


def test_a_task_that_nobody_has_graded_spoils_no_other():
    points = [[n, n, None] for n in range(6)]
    first, _, waiting = items(book_of(points))
    assert first.discrimination == 1
    assert (waiting.waiting, waiting.shares) == (6, ())
    assert isnan(waiting.difficulty)


def test_who_has_no_readable_work_makes_no_task_harder():
    book = book_of([[10], [0]], unreadable={("s01", "hw"): "damaged"})
    assert items(book)[0].difficulty == 1


def test_only_unreadable_work_is_no_error():
    (item,) = items(book_of([[0]], unreadable={("s00", "hw"): "damaged"}))
    assert isnan(item.difficulty)


@given(st.lists(st.lists(st.floats(0, 10), min_size=3, max_size=3), min_size=1))
def test_a_discrimination_is_a_correlation_or_nothing(rows):
    value = discrimination(np.array(rows), 0)
    assert isnan(value) or -1.000001 <= value <= 1.000001


def test_reasons_that_differ_in_values_alone_are_one():
    reasons = [
        f"1.1: f([{n}, 2]) should be {n}, but came as {-n}: add." for n in (1, 2)
    ]
    assert len({kind_of(reason) for reason in reasons}) == 1


def test_failures_are_counted_the_most_frequent_first(out):
    (count, kind, tasks, example), *_ = failures(read_book(out))
    assert count == 1
    assert kind.startswith("1.1: tree_sum(…) should be …, but came as …")
    assert tasks == ["test_sum"]
    assert "should be 3" in example
    assert not any("no notebook" in kind for _, kind, *_ in failures(read_book(out)))


def test_a_histogram_has_a_bar_for_all_points_and_says_so_in_words():
    svg = histogram("test <sum>", [0, 0.5, 1, 1], 2)
    assert counted([0, 0.5, 1, 1]) == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2]
    assert (
        'aria-label="Histogram. test &lt;sum&gt;: 1 with 0% or more, 1 with 50% or'
        in svg
    )
    assert svg.count('class="bar"') == 3


@given(st.lists(st.floats(0, 1)))
def test_no_student_is_lost_from_a_histogram(shares):
    assert sum(counted(shares)) == len(shares)
