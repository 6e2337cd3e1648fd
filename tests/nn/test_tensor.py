"""Arithmetic on the tape is NumPy's, and its gradients are torch's."""

import operator
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.nn.tensor import Tensor
from tests.nn.oracle_torch import (
    broadcastable,
    draw,
    same_as_torch,
    seeds,
    shapes,
    sides,
)


def test_a_product_and_its_gradients_by_hand():
    a, b = Tensor([[1.0, 2.0]]), Tensor([[3.0], [4.0]])
    product = a @ b
    product.backward()
    assert product.value.tolist() == [[11]]
    assert (a.grad.tolist(), b.grad.tolist()) == ([[3, 4]], [[1], [2]])


@pytest.mark.parametrize(
    "f",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a * b,
        lambda a, b: a / b,
    ],
    ids="+-*/",
)
@given(pair=broadcastable(), seed=seeds)
@settings(max_examples=25)
def test_two_that_broadcast_are_as_in_torch(f, pair, seed):
    same_as_torch(f, f, draw(pair[0], seed), draw(pair[1], seed + 1))


@given(n=sides, k=sides, m=sides, batch=broadcastable(), seed=seeds)
@settings(max_examples=40)
def test_matmul_is_as_in_torch(n, k, m, batch, seed):
    a, b = draw((*batch[0], n, k), seed), draw((*batch[1], k, m), seed + 1)
    same_as_torch(lambda a, b: a @ b, lambda a, b: a @ b, a, b)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: -x,
        lambda x: x**3,
        lambda x: (x * x + 0.1) ** 0.5,
        lambda x: x.exp(),
        lambda x: (x * x + 0.1).log(),
        lambda x: 2 - x,
        lambda x: 1 / x,
        lambda x: 2 * x + 1,
        lambda x: x.T if len(x.shape) == 2 else x,
        lambda x: x.reshape(-1),
        lambda x: x.sum(),
        lambda x: x.mean(),
    ],
)
@given(shape=shapes, seed=seeds)
@settings(max_examples=15)
def test_functions_of_one_are_as_in_torch(f, shape, seed):
    same_as_torch(f, f, draw(shape, seed))


@given(shape=st.lists(sides, min_size=1, max_size=3), seed=seeds, data=st.data())
@settings(max_examples=40)
def test_reductions_along_axes_are_as_in_torch(shape, seed, data):
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    kept, x = data.draw(st.booleans()), draw(tuple(shape), seed)
    for name, theirs in ("sum", "sum"), ("mean", "mean"), ("max", "amax"):
        same_as_torch(
            lambda t, name=name: getattr(t, name)(axis, keepdims=kept),
            lambda t, theirs=theirs: getattr(t, theirs)(axis, keepdim=kept),
            x,
        )


def test_the_largest_share_their_gradient_as_in_torch():
    x = np.array([[1.0, 2.0, 2.0], [0.0, 0.0, 0.0]])
    same_as_torch(lambda t: t.max(1), lambda t: t.amax(1), x)
    same_as_torch(lambda t: t.max(), lambda t: t.amax(), x)


@given(
    order=st.permutations([0, 1, 2]), below=st.tuples(*[st.booleans()] * 3), seed=seeds
)
@settings(max_examples=20)
def test_transpose_is_as_in_torch_if_axes_are_counted_from_the_end_too(
    order, below, seed
):
    x = draw((2, 3, 4), seed)
    order = [axis - 3 * from_end for axis, from_end in zip(order, below)]
    same_as_torch(lambda t: t.transpose(*order), lambda t: t.permute(*order), x)


@given(shape=shapes, seed=seeds)
@settings(max_examples=20)
def test_a_product_is_linear_in_its_left_factor(shape, seed):
    x, y = draw((*shape, 2, 3), seed), draw((*shape, 2, 3), seed + 1)
    w = Tensor(draw((3, 4), seed + 2))
    np.testing.assert_allclose(
        ((x + y) @ w).value, (x @ w + y @ w).value, rtol=1e-10, atol=1e-12
    )


def test_arrays_of_numpy_may_stand_on_the_left():
    x = Tensor(np.ones((2, 2)))
    for result in (np.ones((2, 2)) + x, np.ones((2, 2)) @ x, np.float64(2) * x):
        assert isinstance(result, Tensor)


def test_short_floats_stay_short():
    x = Tensor(np.ones((2, 2), np.float32))
    loss = ((2 * x + 1) / 3 - x @ x).mean()
    loss.backward()
    assert loss.value.dtype == x.grad.dtype == np.float32


@pytest.mark.parametrize(
    ("f", "says"),
    [
        (
            lambda: Tensor(np.ones((2, 3))) @ np.ones((4, 5)),
            r"matmul cannot multiply shapes \(2, 3\) and \(4, 5\)",
        ),
        (
            lambda: np.ones((7, 2, 3)) @ Tensor(np.ones((5, 3, 1))),
            r"matmul cannot bring shapes \(7, 2, 3\) and \(5, 3, 1\) together",
        ),
        (
            lambda: Tensor(np.ones((2, 3))) + np.ones(2),
            r"add cannot bring shapes \(2, 3\) and \(2,\) together",
        ),
        (
            lambda: Tensor(np.ones(3)).reshape(2, 2),
            r"reshape cannot make of shape \(3,\) the shape \(2, 2\)",
        ),
        (
            lambda: Tensor(np.ones(4)).reshape(-1, -1),
            r"reshape cannot make of shape \(4,\) the shape \(-1, -1\): .* one unknown",
        ),
        (lambda: Tensor(np.ones(3)).sum(1), r"sum of shape \(3,\).*along axis 1"),
        (lambda: Tensor(np.ones(3)).mean(1), r"mean of shape \(3,\).*along axis 1"),
        (lambda: Tensor(np.ones(3)).max(1), r"max of shape \(3,\).*along axis 1"),
        (
            lambda: Tensor(np.ones((2, 3))).transpose(0, 5),
            r"transpose of shape \(2, 3\) cannot take axes \(0, 5\)",
        ),
        (
            lambda: Tensor(np.ones((2, 3))) ** np.ones(3),
            r"power of shape \(2, 3\) needs a plain number .* not one of shape \(3,\)",
        ),
        (
            lambda: Tensor(np.ones((2, 3))) ** Tensor(2.0),
            r"power of shape \(2, 3\) needs a plain number .* not one of shape \(\)",
        ),
    ],
)
def test_an_error_names_the_operation_and_both_shapes(f, says):
    with pytest.raises(BadInput, match=says):
        f()


@pytest.mark.parametrize(
    ("f", "name"),
    [
        (operator.add, "add"),
        (operator.sub, "subtract"),
        (operator.mul, "multiply"),
        (operator.truediv, "divide"),
    ],
)
def test_arithmetic_names_itself_and_both_shapes_from_either_side(f, name):
    x, y = Tensor(np.ones((2, 3))), np.ones(2)
    for a, b, told in ((x, y, "(2, 3) and (2,)"), (y, x, "(2,) and (2, 3)")):
        says = f"{name} cannot bring shapes {told} together"
        # A sum and a product may be turned round: then so are the shapes.
        turned = f"{name} cannot bring shapes (2, 3) and (2,) together"
        with pytest.raises(BadInput, match=f"{re.escape(says)}|{re.escape(turned)}"):
            f(a, b)


@pytest.mark.parametrize("value", [None, "a", 1j])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(BadInput, match="real numbers, not"):
        Tensor([1.0]) + value
