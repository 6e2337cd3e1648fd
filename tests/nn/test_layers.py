import numpy as np
import pytest

from cme323.nn.layers import BatchNorm, Chain, Conv2d, Linear, flatten
from cme323.nn.tensor import Tensor
from tests.nn.oracle_torch import same_as_torch


def test_a_linear_layer_is_a_product_and_a_sum():
    layer = Linear(2, 1, np.random.default_rng(0))
    layer.weight.value[:], layer.bias.value[:] = [[2], [3]], 4
    assert layer(np.array([[1.0, 10.0]])).value.tolist() == [[36]]


def test_signals_keep_their_size_through_many_layers():
    rng = np.random.default_rng(0)
    from cme323.nn.activations import relu

    layers = [f for _ in range(30) for f in (Linear(200, 200, rng), relu)]
    out = Chain(*layers)(rng.standard_normal((100, 200))).value
    assert 0.2 < np.sqrt((out**2).mean()) < 2


def test_a_convolution_keeps_the_size_of_images_unless_told():
    rng, x = np.random.default_rng(0), np.ones((2, 3, 8, 8))
    assert Conv2d(3, 5, 3, rng)(x).shape == (2, 5, 8, 8)
    assert Conv2d(3, 5, 3, rng, stride=2, padding=0)(x).shape == (2, 5, 3, 3)


def test_batch_norm_has_mean_0_and_variance_1_and_is_as_in_torch():
    torch = pytest.importorskip("torch", reason="the oracle is torch")
    x = np.random.default_rng(0).standard_normal((20, 3)) * 5 + 2
    y = BatchNorm(3)(x).value
    assert y.mean(axis=0) == pytest.approx(0, abs=1e-12)
    assert y.var(axis=0) == pytest.approx(1, abs=1e-5)
    same_as_torch(BatchNorm(3), torch.nn.BatchNorm1d(3, dtype=float), x)


def test_a_chain_has_the_parameters_of_its_layers_in_order():
    rng = np.random.default_rng(0)
    inner = Chain(Linear(4, 3, rng), np.tanh)
    chain = Chain(flatten, inner, BatchNorm(3))
    shapes = [p.shape for p in chain.parameters]
    assert shapes == [(4, 3), (3,), (3,), (3,)]
    assert chain.size == 21
    assert isinstance(chain.parameters[0], Tensor)


def test_flatten_makes_rows_of_images():
    assert flatten(np.ones((2, 3, 4, 5))).shape == (2, 60)
