"""The way back through the record: each tensor once, in order, at any depth."""

import re

import numpy as np
import pytest

from cme323.errors import BadInput
from cme323.nn.tape import tape, unbroadcast
from cme323.nn.tensor import Tensor


def test_two_ways_to_one_number_add_up():
    x = Tensor(3.0)
    (x * x + x).backward()
    assert x.grad == 7


def test_a_diamond_of_many_floors_is_walked_once():
    x, calls = Tensor(1.0), []
    y = x
    for _ in range(60):  # 2^60 paths
        y = y + y
    y = y.then("seen", y.value, lambda g: calls.append(g) or g)
    y.backward()
    assert x.grad == 2.0**60
    assert len(calls) == 1


def test_a_graph_may_be_deeper_than_python_can_recurse():
    x = Tensor(1.0)
    y = x
    for _ in range(20_000):
        y = y + 0.5
    y.backward()
    assert x.grad == 1


def test_the_tape_has_everything_before_what_it_came_from():
    x, w = Tensor(np.ones((2, 2))), Tensor(np.ones((2, 2)))
    hidden = x @ w
    order = tape((hidden * hidden + w).sum())
    place = {tensor: i for i, tensor in enumerate(order)}
    assert all(place[t] < place[p] for t in order for p, _ in t.parents)
    assert {x, w} <= place.keys()


def test_a_new_gradient_takes_the_place_of_the_old():
    x = Tensor(2.0)
    for _ in range(2):
        (x * x).backward()
    assert x.grad == 4


def test_constants_cost_no_gradient():
    data, w = np.ones((5, 3)), Tensor(np.ones((3, 1)))
    product = data @ w
    ways = [p.constant for p, _ in product.parents]
    assert ways == [True, False]
    product.sum().backward()
    assert w.grad.tolist() == [[5]] * 3


@pytest.mark.parametrize(
    ("shape", "big"), [((), (2, 3)), ((3,), (2, 3)), ((2, 1), (2, 3)), ((1, 1), (4, 5))]
)
def test_unbroadcast_undoes_broadcasting(shape, big):
    x = np.arange(np.prod(shape, dtype=int)).reshape(shape) + 1.0
    copies = np.prod(big) / np.prod(shape)
    back = unbroadcast(np.broadcast_to(x, big), shape)
    np.testing.assert_array_equal(back, x * copies)


def test_backward_wants_one_number():
    with pytest.raises(BadInput, match=r"not at a tensor of shape \(3,\)"):
        Tensor(np.ones(3)).backward()


def test_backward_wants_a_parameter():
    with pytest.raises(BadInput, match="finds no parameter"):
        Tensor(1.0, constant=True).backward()


@pytest.mark.parametrize("wrong", [(3, 2), (3,), (6,), (2, 4)])
def test_a_way_back_to_another_shape_is_refused(wrong):
    x = Tensor(np.ones((2, 3)))
    turned = x.then("turned", x.value.T, lambda g: np.ones(wrong))
    says = rf"way back of turned .* shape {re.escape(str(wrong))} to .* \(2, 3\)"
    with pytest.raises(BadInput, match=says):
        turned.sum().backward()
