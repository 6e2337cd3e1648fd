import numpy as np
import pytest
from hypothesis import given, settings

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.nn.flops import Flops
from cme323.nn.models import MLP
from tests.nn.oracle_torch import seeds, shapes


def counted(f, *shapes):
    machine = Flops()
    f(*(machine.array(np.ones(shape)) for shape in shapes))
    return machine.cost.flops


@pytest.mark.parametrize(
    ("f", "flops"),
    [
        (lambda a: a + 1, 6),
        (lambda a: 1 - a, 6),
        (lambda a: a @ a.T, 2 * 2 * 3 * 2),
        (lambda a: a.sum(), 5),
        (lambda a: a.mean(axis=0), 3 + 3),
        (lambda a: a.max(axis=1), 4),
        (lambda a: np.exp(a[0]), 3),
        (lambda a: np.add(a, a, out=np.zeros((2, 3))), 6),
        (lambda a: a.T.reshape(-1)[::2].copy(), 0),
    ],
)
def test_counts_each_operation_of_a_2_by_3_array(f, flops):
    assert counted(f, (2, 3)) == flops


def test_counts_in_place():
    machine = Flops()
    x = machine.array(np.ones(4))
    x += 1
    x[:2] *= 3
    assert x.tolist() == [6, 6, 2, 2]
    assert machine.operations == {"add": 4, "multiply": 2}


@given(shape=shapes, seed=seeds)
@settings(max_examples=20)
def test_gives_what_plain_arrays_give(shape, seed):
    x = np.random.default_rng(seed).standard_normal((*shape, 2))
    f = lambda a: (np.tanh(a) * 2 + a.sum(axis=-1, keepdims=True)).max()  # noqa: E731
    assert f(Flops().array(x)) == f(x)


def test_the_way_back_is_counted_too():
    machine = Flops()
    model = machine.watch(MLP([4, 3, 2]))
    model(np.ones((5, 4))).sum().backward()
    forward = 2 * 5 * (4 * 3 + 3 * 2)
    assert machine.operations["matmul"] == forward + 2 * forward - 2 * 5 * 4 * 3


def test_its_cost_is_one_that_can_be_subtracted():
    machine = Flops()
    x = machine.array(np.ones(8))
    before = machine.cost
    _ = x + x
    assert machine.cost - before == Cost(flops=8)


@pytest.mark.parametrize(
    "f", [lambda a: np.dot(a, a), lambda a: a.dot(a), lambda a: np.einsum("i,i", a, a)]
)
def test_what_cannot_be_counted_is_refused(f):
    with pytest.raises(BadInput, match="cannot be counted"):
        counted(f, (3,))
