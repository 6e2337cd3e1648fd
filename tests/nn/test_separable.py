from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323.nn.separable import (
    half_plane_errors,
    interval,
    interval_error,
    quadrants,
    threshold_errors,
)


@given(
    rows=st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 1)), min_size=1, max_size=8
    )
)
@settings(max_examples=60)
def test_no_threshold_is_better_than_that_found(rows):
    x, y = np.array(rows).T
    places, best = [-1, *(x + 0.5)], len(x)
    for place, side in product(places, (0, 1)):
        best = min(best, int(np.sum(((x > place) == side) != y)))
    assert threshold_errors(x, y) == best


def test_of_the_four_corners_a_line_gets_three():
    corners, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0])
    assert half_plane_errors(corners, y) == 1
    assert half_plane_errors(corners, np.array([0, 0, 0, 1])) == 0


def test_the_formula_of_an_interval_is_what_is_found():
    x, y = interval(100, 0.25, 0.5)
    assert threshold_errors(x, y) / 100 == interval_error(0.25, 0.5) == 0.25


def test_the_square_has_a_third():
    points, y = quadrants(60)
    assert half_plane_errors(points, y) / len(y) == pytest.approx(1 / 3, abs=0.01)
