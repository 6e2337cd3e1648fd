"""Layers: functions with parameters, which start as small random numbers.

    Linear       x W + b                       W (inputs, outputs)
    Conv2d       windows over images, + b      W (outputs, inputs, K, K)
    BatchNorm    (x - mean) / sd of the batch, then scale and shift
    Chain        one layer after another; a plain function is a layer, too

Weights are drawn with variance 2 / (numbers that go into an output): then a relu net
keeps the size of its signals through many layers (He et al., Delving deep into
rectifiers, 2015). A layer has a list `parameters` and is called with its input.
"""

from math import prod

import numpy as np

from cme323.nn.convolution import conv2d
from cme323.nn.tensor import Tensor, lift


def drawn(rng, shape, inputs, dtype):
    """Weights for outputs of so many inputs."""
    return Tensor((rng.standard_normal(shape) * (2 / inputs) ** 0.5).astype(dtype))


class Linear:
    """From rows of `inputs` numbers to rows of `outputs`.

    >>> Linear(3, 2, np.random.default_rng(0))(np.ones((5, 3))).shape
    (5, 2)
    """

    def __init__(self, inputs, outputs, rng, dtype=float):
        self.weight = drawn(rng, (inputs, outputs), inputs, dtype)
        self.bias = Tensor(np.zeros(outputs, dtype))
        self.parameters = [self.weight, self.bias]

    def __call__(self, x):
        return x @ self.weight + self.bias


class Conv2d:
    """From images of `inputs` channels to images of `outputs`; K: the window's side.

    padding: "same" as K // 2, which keeps the size of images if K is odd.
    """

    def __init__(self, inputs, outputs, K, rng, dtype=float, stride=1, padding="same"):
        self.weight = drawn(rng, (outputs, inputs, K, K), inputs * K * K, dtype)
        self.bias = Tensor(np.zeros((outputs, 1, 1), dtype))
        self.stride, self.padding = stride, K // 2 if padding == "same" else padding
        self.parameters = [self.weight, self.bias]

    def __call__(self, x):
        return conv2d(x, self.weight, self.stride, self.padding) + self.bias


class BatchNorm:
    """Each column with mean 0 and variance 1 over the batch, then scaled and shifted.

    So a row's result depends on the rows that it shares a batch with. Left out: the
    averages that take the batch's place after training.
    """

    def __init__(self, features, dtype=float):
        self.scale = Tensor(np.ones(features, dtype))
        self.shift = Tensor(np.zeros(features, dtype))
        self.parameters = [self.scale, self.shift]

    def __call__(self, x):
        x = lift(x)
        centred = x - x.mean(axis=0)
        variance = (centred * centred).mean(axis=0)
        return centred / (variance + 1e-5) ** 0.5 * self.scale + self.shift


class Chain:
    """Layers and functions, one after another."""

    def __init__(self, *layers):
        self.layers = layers
        self.parameters = [p for layer in layers for p in _parameters(layer)]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    @property
    def size(self):
        """How many numbers there are to learn."""
        return sum(parameter.value.size for parameter in self.parameters)


def flatten(x):
    """Images (N, ...) as rows (N, numbers)."""
    x = lift(x)
    return x.reshape(len(x.value), prod(x.shape[1:]))


def _parameters(layer):
    return getattr(layer, "parameters", [])
