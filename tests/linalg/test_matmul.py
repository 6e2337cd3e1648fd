"""Loops and blocks against numpy, and the words that they move."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.linalg.cache import Cache
from cme323.linalg.matmul import (
    blocked,
    matmul,
    matmul_blocked,
    matmul_blocked_cost,
    matmul_cost,
    three_loops,
)

SIZES = st.integers(1, 7)


def integers(*shape):
    return np.random.default_rng(0).integers(-9, 10, size=shape).tolist()


def moved(multiply, n, words, *size):
    """What a cache counts of a product of n x n matrices."""
    cache = Cache(words)
    a, b, c = (cache.matrix(x) for x in integers(3, n, n))
    multiply(a, b, c, *size)
    a, b, c = ([row.tolist() for row in x] for x in (a, b, c))
    assert c == (np.array(a) @ b).tolist()
    return cache.cost


def test_a_known_product():
    assert matmul([[1, 2], [3, 4]], [[5, 6], [7, 8]]) == [[19, 22], [43, 50]]


@settings(max_examples=25)
@given(SIZES, SIZES, SIZES, st.integers(1, 8))
def test_agrees_with_numpy(m, n, k, size):
    a, b = integers(m, k), integers(k, n)
    expected = (np.array(a) @ b).tolist()
    assert matmul(a, b) == expected
    assert matmul_blocked(a, b, size) == expected


@pytest.mark.parametrize(("n", "words"), [(16, 8), (16, 15), (16, 33), (16, 100)])
def test_three_loops_move_what_is_predicted(n, words):
    assert moved(three_loops, n, words) == matmul_cost(n, words)


@pytest.mark.parametrize(("n", "size"), [(16, 2), (24, 3), (32, 4)])
def test_blocks_move_what_is_predicted(n, size):
    assert moved(blocked, n, 5 * size**2, size) == matmul_blocked_cost(n, size)


@pytest.mark.parametrize(("n", "size"), [(17, 4), (10, 3)])
def test_blocks_that_do_not_fit_evenly_move_no_more(n, size):
    assert moved(blocked, n, 5 * size**2, size) <= matmul_blocked_cost(n, size)


def test_three_blocks_of_room_are_too_few_by_least_recent_use():
    assert not moved(blocked, 16, 3 * 4**2, 4) <= matmul_blocked_cost(16, 4)


def test_all_that_fits_moves_once():
    assert moved(three_loops, 8, 3 * 64).records == 3 * 64


def test_a_written_word_moves_out_once():
    cache = Cache(1)
    (row,) = cache.matrix([[0, 0]])
    row[0] = row[0] = 5
    assert cache.cost.records == 1
    row[1] = 7
    assert (cache.cost.records, row[0]) == (2, 5)
    assert cache.cost.records == 3


@pytest.mark.parametrize("multiply", [matmul, lambda a, b: matmul_blocked(a, b, 2)])
def test_refuses_sizes_that_do_not_meet(multiply):
    with pytest.raises(BadInput, match="cannot multiply 1x2 by 1x2: the inner sizes"):
        multiply([[1, 2]], [[1, 2]])


def test_refuses_a_cache_of_nothing():
    with pytest.raises(BadInput, match="at least 1 word, not 0"):
        Cache(0)
