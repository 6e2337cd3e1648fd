import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.cost import Cost
from cme323.optimize.descent import (
    certificate,
    convex_bound,
    gradient_descent,
    gradient_descent_cost,
)
from cme323.optimize.least_squares import gradient_cost


def test_no_steps_are_the_start():
    assert list(gradient_descent(lambda w: w, 3.0, 0.1, 0)) == [3.0]


@given(st.floats(0.01, 1), st.integers(1, 40))
def test_on_a_parabola_it_shrinks_by_one_less_the_curvature(curvature, steps):
    *_, w = gradient_descent(lambda w: curvature * w, 1.0, 1.0, steps)
    assert w == pytest.approx((1 - curvature) ** steps)
    assert curvature * w * w / 2 <= convex_bound(1.0, 1.0, steps)


def test_does_not_change_the_start():
    start = np.ones(2)
    list(gradient_descent(lambda w: w, start, 0.5, 3))
    assert (start == 1).all()


def test_the_certificate_of_a_parabola_is_what_is_left():
    assert certificate(np.array([3.0 * 2]), mu=3.0) == pytest.approx(3.0 * 2**2 / 2)


def test_costs_a_gradient_a_step():
    assert gradient_descent_cost(gradient_cost(100, 5), 7) == Cost(flops=14_000)
