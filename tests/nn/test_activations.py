import numpy as np
import pytest
from hypothesis import given, settings

from cme323.nn import activations
from tests.nn.oracle_torch import draw, same_as_torch, seeds, shapes


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid"])
@given(shape=shapes, seed=seeds)
@settings(max_examples=20)
def test_activations_are_as_in_torch(name, shape, seed):
    torch = pytest.importorskip("torch", reason="the oracle is torch")
    same_as_torch(
        getattr(activations, name), getattr(torch, name), 3 * draw(shape, seed)
    )


def test_at_its_kink_relu_is_flat_as_in_torch():
    torch = pytest.importorskip("torch", reason="the oracle is torch")
    same_as_torch(activations.relu, torch.relu, np.zeros(2))


def test_far_out_nothing_overflows():
    far = np.array([-1e4, 1e4])
    assert activations.sigmoid(far).value.tolist() == [0, 1]
    assert activations.tanh(far).value.tolist() == [-1, 1]
