from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.pram import lpt
from cme323.pram.optimum import optimum
from cme323.pram.schedule import worst_for_lists, worst_for_lpt

jobs = st.lists(st.integers(0, 9), max_size=6)


def by_trying_all(lengths, processors):
    """The slow specification: every job on every processor."""
    return min(
        max(
            sum(length for length, place in zip(lengths, places) if place == processor)
            for processor in range(processors)
        )
        for places in product(range(processors), repeat=len(lengths))
    )


def test_two_and_two_and_two_beside_three_and_three():
    assert optimum([3, 3, 2, 2, 2], 2) == 6
    assert lpt([3, 3, 2, 2, 2], 2).makespan == 7


@given(jobs, st.integers(1, 3))
def test_agrees_with_trying_all(lengths, processors):
    assert optimum(lengths, processors) == by_trying_all(lengths, processors)


@given(jobs, st.integers(1, 3), st.randoms(use_true_random=False))
def test_the_order_of_the_jobs_does_not_matter(lengths, processors, random):
    shuffled = random.sample(lengths, len(lengths))
    assert optimum(shuffled, processors) == optimum(lengths, processors)


@pytest.mark.parametrize("P", range(2, 17))
def test_finds_what_the_worst_cases_hide_from_lists(P):
    assert optimum(worst_for_lpt(P), P) == 3 * P
    assert optimum(worst_for_lists(P), P) == P


def test_numbers_from_numpy_are_whole_too():
    assert optimum(list(np.array([4, 3, 3])), 2) == 6


def test_no_jobs_take_no_time():
    assert optimum([], 2) == 0


def test_refuses_lengths_that_are_not_whole():
    with pytest.raises(BadInput, match=r"whole numbers, not \[1\.5\]"):
        optimum([1.5], 2)
