from fractions import Fraction
from functools import cache
from math import log, sqrt
from statistics import fmean, stdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.parallel.quickselect import (
    quickselect,
    quickselect_comparisons,
    quickselect_cost,
)
from cme323.pram import PRAM, plain

few = st.lists(st.integers(-5, 5), min_size=1, max_size=50)


@cache
def expected_work(n, k, split):
    """By the recurrence: a split, and the side that has the item."""
    if n < 2:
        return Fraction(0)
    below = sum(expected_work(n - 1 - i, k - i - 1, split) for i in range(k))
    above = sum(expected_work(i, k, split) for i in range(k + 1, n))
    return split(n) + (below + above) / n


def comparisons(n):
    return n - 1


def comparisons_and_additions(n):
    return 3 * (n - 1) - 2


def select(x, k, seed=0):
    pram = PRAM()
    found = quickselect(pram, pram.array(x), k, np.random.default_rng(seed))
    return plain(found), pram


def test_the_median_of_five():
    assert select([30, 50, 10, 40, 20], 2)[0] == 30


@given(few, st.data(), st.integers(0, 2**32))
def test_agrees_with_sorted(x, data, seed):
    k = data.draw(st.integers(0, len(x) - 1))
    assert select(x, k, seed)[0] == sorted(x)[k]


@pytest.mark.parametrize("n", range(1, 13))
def test_what_is_expected_solves_the_recurrences(n):
    for k in range(n):
        assert quickselect_comparisons(n, k) == pytest.approx(
            float(expected_work(n, k, comparisons)), abs=1e-9
        )
        assert quickselect_cost(n, k).work == pytest.approx(
            float(expected_work(n, k, comparisons_and_additions)), abs=1e-9
        )


def test_the_median_takes_3_39_comparisons_an_item_in_the_limit():
    n = 10**5 + 1
    ratio = quickselect_comparisons(n, n // 2) / n
    assert ratio == pytest.approx(2 + 2 * log(2), rel=1e-3)


def test_counts_on_average_what_is_predicted():
    work = [select(range(101), 50, seed)[1].cost.work for seed in range(200)]
    room = 3 * stdev(work) / sqrt(len(work))
    assert abs(fmean(work) - quickselect_cost(101, 50).work) <= room


@pytest.mark.parametrize("k", [-1, 3])
def test_refuses_a_place_that_is_not_in_the_list(k):
    with pytest.raises(BadInput, match="0 to 2 smaller items in this list, not"):
        select([1, 2, 3], k)
