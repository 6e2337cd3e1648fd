from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323 import Context
from cme323.errors import BadInput
from cme323.optimize import logistic
from cme323.optimize.distributed import in_blocks, value_and_gradient
from cme323.optimize.lbfgs import inverse_hessian_times, lbfgs, shortened


def bowl(w, bend=np.array([1.0, 4.0, 9.0])):  # noqa: B008 read, never written
    return bend @ w**2 / 2, bend * w


@settings(max_examples=20)
@given(st.lists(st.floats(-100, 100), min_size=3, max_size=3))
def test_finds_the_end_of_a_bowl(start):
    assert np.linalg.norm(lbfgs(bowl, np.array(start), 1e-7)) <= 1e-7


def test_remembered_moves_make_the_inverse_hessian():
    moves = [(np.eye(3)[i], bowl(np.eye(3)[i])[1]) for i in range(3)]
    direction = inverse_hessian_times(np.array([1.0, 4.0, 9.0]), moves)
    np.testing.assert_allclose(direction, np.ones(3))


def test_a_step_that_climbs_is_halved():
    move, value, slope = shortened(bowl, np.ones(3), *bowl(np.ones(3)), np.full(3, 4.0))
    assert (move == -1).all()
    assert (value, slope.tolist()) == (0.0, [0, 0, 0])


@pytest.mark.parametrize("ridge", [1e-3, 0.1])
def test_fits_a_logistic_model_as_newton_does_alone_and_on_the_engine(ridge):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(200, 4)), rng.choice([-1.0, 1.0], 200)
    newton = logistic.fit(x, y, ridge)
    alone = partial(logistic.value_and_gradient, x=x, y=y, ridge=ridge)
    np.testing.assert_allclose(lbfgs(alone, np.zeros(4)), newton, atol=1e-6)
    blocks = in_blocks(Context(), x, y, 7).cache()
    together = lbfgs(
        lambda w: value_and_gradient(blocks, logistic, w, ridge), np.zeros(4)
    )
    np.testing.assert_allclose(together, newton, atol=1e-6)


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.floats(0, 2))
def test_value_and_gradient_are_those_that_are_told_one_by_one(seed, ridge):
    rng = np.random.default_rng(seed)
    x, y = 30 * rng.normal(size=(20, 3)), rng.choice([-1.0, 1.0], 20)
    w = rng.normal(size=3)
    value, slope = logistic.value_and_gradient(w, x, y, ridge)
    assert value == pytest.approx(logistic.objective(w, x, y, ridge))
    np.testing.assert_allclose(slope, logistic.gradient(w, x, y, ridge), atol=1e-9)


def test_says_when_it_has_not_arrived():
    with pytest.raises(BadInput, match="after 2 steps: give a larger ridge"):
        lbfgs(bowl, np.ones(3), steps=2)
