from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.optimize import least_squares
from cme323.optimize.sgd import average, averaged_sgd, epochs, minibatches, sgd


@pytest.fixture
def line():
    """Points around the line w = (1, -2)."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(500, 2))
    return x, x @ [1.0, -2.0] + 0.5 * rng.normal(size=500)


def apart(w, x, y):
    return np.linalg.norm(w - least_squares.fit(x, y))


def test_a_batch_of_all_is_gradient_descent():
    x, y = np.eye(2), np.array([2.0, 4.0])
    path = list(sgd(least_squares.gradient, np.zeros(2), [(x, y)] * 2, lambda t: 1.0))
    np.testing.assert_allclose(path, [[0, 0], [1, 2], [1.5, 3]])


@given(st.integers(1, 20), st.integers(1, 20), st.integers(1, 3))
def test_a_pass_takes_each_example_once(n, size, passes):
    size = min(size, n)
    batches = list(epochs(np.arange(n), np.arange(n), size, passes))
    seen = np.concatenate([y for _, y in batches])
    assert sorted(seen) == sorted([*range(n)] * passes)
    assert all((x == y).all() for x, y in batches)


def test_batches_are_of_the_size_asked_and_the_same_for_a_seed(line):
    x, y = line
    batches = [y for _, y in minibatches(x, y, 8, 5, seed=3)]
    again = [y for _, y in minibatches(x, y, 8, 5, seed=3)]
    other = [y for _, y in minibatches(x, y, 8, 5, seed=4)]
    assert [len(batch) for batch in batches] == [8] * 5
    assert np.array_equal(batches, again)
    assert not np.array_equal(batches, other)


def test_a_falling_step_comes_near_the_minimum(line):
    run = partial(sgd, least_squares.gradient, np.zeros(2))
    *_, w = run(minibatches(*line, 1, 5000), lambda t: 1 / (t + 10))
    assert apart(w, *line) < 0.05


def test_the_average_is_nearer_than_the_last(line):
    found = []
    for seed in range(10):
        batches = list(minibatches(*line, 1, 400, seed))
        run = least_squares.gradient, least_squares.fit(*line), batches, lambda t: 0.2
        *_, last = sgd(*run)
        found.append((apart(last, *line), apart(averaged_sgd(*run), *line)))
    last, mean = np.mean(found, axis=0)
    assert mean < last / 2


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=20))
def test_the_average_is_the_mean(numbers):
    assert average(numbers) == pytest.approx(np.mean(numbers), abs=1e-9)


@pytest.mark.parametrize("size", [0, 4])
@pytest.mark.parametrize("draw", [minibatches, epochs])
def test_refuses_a_batch_that_cannot_be_drawn(draw, size):
    with pytest.raises(BadInput, match=f"1 to 3 .* got size={size}"):
        next(draw(np.ones(3), np.ones(3), size, 1))


@pytest.mark.parametrize("draw", [minibatches, epochs])
def test_refuses_examples_without_labels(draw):
    with pytest.raises(BadInput, match="not 3 and 2 of them"):
        next(draw(np.ones(3), np.ones(2), 1, 1))


def test_refuses_the_mean_of_nothing():
    with pytest.raises(BadInput, match="no mean of no weights"):
        averaged_sgd(least_squares.gradient, np.zeros(2), [], lambda t: 0.1)
