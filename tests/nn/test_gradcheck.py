import numpy as np
import pytest
from hypothesis import given, settings

from cme323.nn.activations import relu, tanh
from cme323.nn.flops import Flops
from cme323.nn.gradcheck import central, central_cost, forward, gradcheck
from cme323.nn.layers import BatchNorm, Chain, Conv2d, Linear, flatten
from cme323.nn.pooling import max_pool2d
from tests.nn.oracle_torch import draw, seeds


def test_differences_of_a_square():
    x = np.array([1.0, -2.0])
    assert central(lambda x: (x**2).sum(), x, 1e-4) == pytest.approx(2 * x)
    assert forward(lambda x: (x**2).sum(), x, 1e-4) == pytest.approx(2 * x, abs=2e-4)


@given(seed=seeds)
@settings(max_examples=10)
def test_every_layer_passes(seed):
    rng = np.random.default_rng(seed)
    images, rows = draw((2, 1, 4, 4), seed), draw((4, 3), seed)
    convolved = Chain(Conv2d(1, 2, 3, rng), max_pool2d, flatten, Linear(8, 2, rng))
    assert gradcheck(lambda x: (convolved(x) ** 2).sum(), images) < 1e-6
    normed = Chain(Linear(3, 4, rng), BatchNorm(4), tanh)
    assert gradcheck(lambda x: (normed(x) ** 3).sum(), rows) < 1e-6


def test_a_wrong_sign_is_caught():
    wrong = lambda x: x.then("sin", np.sin(x.value), lambda g: -g * np.cos(x.value))  # noqa: E731
    assert gradcheck(lambda x: wrong(x).sum(), np.array([1.0])) == 1


def test_a_kink_is_where_differences_fail():
    assert gradcheck(lambda x: relu(x).sum(), np.array([1e-7])) > 0.1


def test_an_argument_that_is_not_used_has_gradient_0():
    assert gradcheck(lambda x, y: (x * x).sum(), np.ones(2), np.ones(2)) < 1e-9


def test_costs_two_evaluations_for_each_entry():
    machine = Flops()
    f = lambda x: float((x @ x.T).sum())  # noqa: E731
    f(machine.array(np.ones((1, 6))))
    one = machine.cost
    x = np.ones((1, 6))
    central(lambda x: f(machine.array(x)), x, 1e-5)
    assert machine.cost - one == central_cost(6, one)
