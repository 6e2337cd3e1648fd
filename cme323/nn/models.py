"""Three nets: rows to scores, images to scores, rows to themselves.

    MLP            linear, relu, linear, relu, ..., linear
    CNN            (convolution, relu, pooling) twice or more, then linear
    Autoencoder    linear to a narrow code and back: what passes through must be short

Each is a Chain, with random weights by `seed`.
"""

from itertools import pairwise

import numpy as np

from cme323.errors import BadInput
from cme323.nn.activations import relu
from cme323.nn.layers import Chain, Conv2d, Linear, flatten
from cme323.nn.pooling import max_pool2d


class MLP(Chain):
    """A multilayer perceptron: sizes (inputs, hidden, ..., outputs).

    >>> model = MLP([784, 256, 256, 10])
    >>> model.size, model(np.zeros((5, 784))).shape
    (269322, (5, 10))
    """

    def __init__(self, sizes, seed=0, dtype=float, activation=relu):
        _check("an MLP needs", sizes)
        rng, layers = np.random.default_rng(seed), []
        for inputs, outputs in pairwise(sizes):
            layers += [Linear(inputs, outputs, rng, dtype), activation]
        super().__init__(*layers[:-1])


class CNN(Chain):
    """Images (N, channels[0], side, side) to scores of `classes`.

    Each step has windows of 3 x 3, a relu, and pooling that halves the side.

    >>> CNN([1, 16, 32], side=8, classes=10)(np.zeros((5, 1, 8, 8))).shape
    (5, 10)
    """

    def __init__(self, channels, side, classes, seed=0, dtype=float, hidden=()):
        _check("a CNN's list of channels needs", channels)
        rng, layers = np.random.default_rng(seed), []
        for inputs, outputs in pairwise(channels):
            layers += [Conv2d(inputs, outputs, 3, rng, dtype), max_pool2d, relu]
            side //= 2
        if side < 1:
            raise BadInput(f"{len(channels) - 1} poolings leave nothing of the images")
        layers.append(flatten)
        sizes = [channels[-1] * side * side, *hidden, classes]
        for inputs, outputs in pairwise(sizes):
            layers += [Linear(inputs, outputs, rng, dtype), relu]
        super().__init__(*layers[:-1])


class Autoencoder(Chain):
    """Rows of sizes[0] numbers to a code of sizes[-1], and back by the same sizes.

    `encode` gives the code. With `activation=None` it is linear: PCA, by training.
    """

    def __init__(self, sizes, seed=0, dtype=float, activation=relu):
        _check("an autoencoder needs", sizes)
        rng = np.random.default_rng(seed)
        self.encode = _half(sizes, rng, dtype, activation)
        self.decode = _half(sizes[::-1], rng, dtype, activation)
        super().__init__(self.encode, self.decode)


def _half(sizes, rng, dtype, activation):
    layers = []
    for inputs, outputs in pairwise(sizes):
        layers += [Linear(inputs, outputs, rng, dtype), activation]
    return Chain(*(layer for layer in layers[:-1] if layer))


def _check(what, sizes):
    if len(sizes) < 2 or min(sizes) < 1:
        raise BadInput(f"{what} two sizes or more, from 1, not {sizes}")
