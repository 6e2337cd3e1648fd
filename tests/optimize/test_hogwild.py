import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.optimize.hogwild import (
    dilation_bound,
    hogwild,
    safe_step,
    sparsity,
    stable_step,
)
from cme323.optimize.least_squares import gradient
from cme323.optimize.sgd import minibatches, sgd

ONE = np.ones((1, 1)), np.zeros(1)  # f = w^2/2


@given(st.integers(0, 5), st.floats(0.01, 0.2))
def test_reads_what_was_there_a_delay_ago(delay, step):
    w = [float(w[0]) for w in hogwild(gradient, np.ones(1), *ONE, step, 12, delay)]
    for t in range(12):
        assert w[t + 1] == pytest.approx(w[t] - step * w[max(t - delay, 0)])


def test_without_delay_it_is_sgd():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 3)), rng.normal(size=20)
    ours = list(hogwild(gradient, np.zeros(3), x, y, 0.1, 30, delay=0, seed=5))
    theirs = list(
        sgd(gradient, np.zeros(3), minibatches(x, y, 1, 30, seed=5), lambda t: 0.1)
    )
    np.testing.assert_allclose(ours, theirs)


def test_writes_the_features_of_its_example_alone():
    def dense(w, x, y):
        return np.ones_like(w)

    path = list(hogwild(dense, np.zeros(3), np.eye(3), np.zeros(3), 1.0, 20, 2))
    assert (np.diff(path, axis=0) != 0).sum(axis=1).tolist() == [1] * 20


def test_tells_how_supports_meet():
    assert sparsity(np.eye(4)) == (1, 0.25, 0.25)
    assert sparsity(np.ones((4, 3))) == (3, 1.0, 1.0)


def test_no_delay_needs_no_care():
    assert dilation_bound(0, 3, 1.0, 1.0) == 1
    assert safe_step(0.5, 0, 3, 1.0, 1.0) == 0.5


@pytest.mark.parametrize("delay", [0, 1, 4, 11])
def test_the_stable_step_is_where_a_root_meets_the_unit_circle(delay):
    def largest_root(a):
        terms = np.zeros(delay + 2)  # z^(delay + 1) - z^delay + a
        terms[:2] = 1, -1
        terms[-1] += a
        return max(abs(np.roots(terms)))

    assert largest_root(stable_step(delay) * 0.999) < 1
    assert largest_root(stable_step(delay) * 1.001) > 1


@pytest.mark.parametrize("delay", [-1, 1.5])
def test_refuses_a_delay_that_is_no_number_of_steps(delay):
    with pytest.raises(BadInput, match=f"from 0, got {delay}"):
        next(hogwild(gradient, np.ones(1), *ONE, 0.1, 3, delay))
