from fractions import Fraction
from functools import cache
from math import sqrt
from statistics import fmean, stdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.parallel.quicksort import (
    partition,
    quicksort,
    quicksort_comparisons,
    quicksort_cost,
)
from cme323.pram import PRAM, plain

few = st.lists(st.integers(-5, 5), max_size=50)
seeds = st.integers(0, 2**32)


@cache
def expected_work(n):
    """By the recurrence: a split, and two sides of i and n - 1 - i items."""
    if n < 2:
        return Fraction(0)
    sides = 2 * sum(expected_work(i) for i in range(n))
    return 3 * (n - 1) - 2 + sides / n


def sort(x, seed=0):
    pram = PRAM()
    return plain(quicksort(pram, pram.array(x), np.random.default_rng(seed))), pram


def test_a_split_of_five_by_hand():
    pram = PRAM()
    smaller, pivot, larger = partition(pram, pram.array([2, 3, 2, 1, 2]), 2)
    assert plain([smaller, pivot, larger]) == [[2, 1], 2, [3, 2]]
    assert pram.operations == {"<": 4, "+": 6}
    assert pram.cost.depth == 1 + 2 * 2


@given(few | st.lists(st.text(max_size=2), max_size=30), seeds)
def test_agrees_with_sorted(x, seed):
    assert sort(x, seed)[0] == sorted(x)


@given(few, seeds)
def test_equal_items_keep_their_order(x, seed):
    class Tagged(int):
        pass

    x = list(map(Tagged, x))
    assert list(map(id, sort(x, seed)[0])) == list(map(id, sorted(x)))


@pytest.mark.parametrize("n", range(25))
def test_the_expected_work_solves_the_recurrence(n):
    assert quicksort_cost(n).work == pytest.approx(float(expected_work(n)))


@pytest.mark.parametrize("x", [range(60), [7] * 60], ids=["sorted", "all equal"])
def test_counts_on_average_what_is_predicted(x):
    runs = [sort(x, seed)[1] for seed in range(200)]
    comparisons = [pram.operations["<"] for pram in runs]
    work = [pram.cost.work for pram in runs]
    for measured, predicted in (
        (comparisons, quicksort_comparisons(60)),
        (work, quicksort_cost(60).work),
    ):
        room = 3 * stdev(measured) / sqrt(len(measured))
        assert abs(fmean(measured) - predicted) <= room


def test_many_equal_items_make_it_no_deeper():
    assert sort([0] * 3000)[1].cost.depth < 1000


def test_refuses_items_that_have_no_order():
    with pytest.raises(TypeError, match="not supported between"):
        sort([1, "a"])
