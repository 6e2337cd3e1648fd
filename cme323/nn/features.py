"""Features: made by hand, learned, or by an autoencoder that never saw a label.

    linear on pixels      each grey on its own
    oriented edges        by hand: how steep the greys are, in 8 directions, by place
    CNN                   the windows are learned

Each function trains on one part of some data, tests on another, and returns what it
found: numbers that may say no to what people say. `data` has x, y, test_x, test_y.

Sources: Dalal, Triggs, Histograms of oriented gradients, 2005; Hinton, Salakhutdinov,
Reducing the dimensionality of data with neural networks, 2006.
"""

import numpy as np

from cme323.nn.activations import tanh
from cme323.nn.losses import accuracy, softmax_cross_entropy, squared_error
from cme323.nn.models import CNN, MLP, Autoencoder
from cme323.nn.optimizers import Adam
from cme323.nn.training import fit


def learned_and_made(data, seed=0, epochs=15):
    """{features: accuracy on the test part} of a linear model on pixels, the same on
    edges by hand, and a CNN."""
    pixels, edges = (linear(data, f, seed) for f in (rows, oriented_edges))
    model = CNN([1, 32, 64], side=8, classes=10, seed=seed, dtype=np.float32)
    optimizer = Adam(model.parameters, 2e-3)
    fit(model, data.x, data.y, optimizer, epochs=epochs, batch=32, seed=seed)
    learned = accuracy(model(data.test_x), data.test_y)
    return {"pixels": pixels, "edges by hand": edges, "learned": learned}


def linear(data, features, seed=0):
    """The accuracy of a linear model on features of the images."""
    return probe(
        features(data.x), data.y, features(data.test_x), data.test_y, seed=seed
    )


def rows(images):
    """Each image as a row of its greys."""
    return images.reshape(len(images), -1)


def oriented_edges(images, bins=8, cell=2):
    """Of each cell, how steep its greys are, added up by the direction of the slope.

    >>> oriented_edges(np.zeros((3, 1, 8, 8))).shape
    (3, 128)
    """
    down, across = np.gradient(images[:, 0], axis=(1, 2))
    steep = np.hypot(down, across)
    turns = np.arctan2(down, across) / (2 * np.pi) % 1
    directions = np.floor(turns * bins).astype(int) % bins
    cells = [
        np.where(directions == b, steep, 0)
        .reshape(len(images), 8 // cell, cell, 8 // cell, cell)
        .sum(axis=(2, 4))
        for b in range(bins)
    ]
    return np.stack(cells, axis=1).reshape(len(images), -1)


def probe(x, y, test_x, test_y, seed=0, steps=300, weight=1e-3):
    """The accuracy of softmax regression by Adam, all examples in each step.

    Features are centred and scaled by what is learnt. To the loss, `weight` times the
    squared weights is added; without it, few labels would be learnt by heart.
    """
    mean, sd = x.mean(axis=0), x.std() + 1e-9
    model = MLP([x.shape[1], 10], seed=seed)
    optimizer = Adam(model.parameters, 0.03)

    def loss(scores, labels):
        penalty = (model.parameters[0] ** 2).sum() * weight
        return softmax_cross_entropy(scores, labels) + penalty

    fit(model, (x - mean) / sd, y, optimizer, epochs=steps, batch=len(x), loss=loss)
    return accuracy(model((test_x - mean) / sd), test_y)


def autoencode(x, code, seed=0, epochs=40, hidden=64):
    """An autoencoder of the rows, trained without labels; `encode` gives features."""
    model = Autoencoder(
        [x.shape[1], hidden, code], seed=seed, dtype=x.dtype, activation=tanh
    )
    optimizer = Adam(model.parameters, 3e-3)
    fit(model, x, x, optimizer, epochs=epochs, batch=32, loss=squared_error, seed=seed)
    return model


def principal(x, k):
    """The first k principal directions of rows, as columns."""
    _, _, directions = np.linalg.svd(x - x.mean(axis=0), full_matrices=False)
    return directions[:k].T


def by_labels(data, budgets, seeds=range(5), code=16):
    """{features: [accuracy for each number of labels]}, means over the seeds.

    All examples may be looked at, but only so many labels; the same ones for each kind
    of features: raw greys, as many principal directions, and the autoencoder's code.
    """
    x, test_x = rows(data.x), rows(data.test_x)
    directions = principal(x, code)
    found = {name: np.zeros(len(budgets)) for name in ("raw", "PCA", "autoencoder")}
    for seed in seeds:
        encode = autoencode(x, code, seed).encode
        features = {
            "raw": (x, test_x),
            "PCA": (x @ directions, test_x @ directions),
            "autoencoder": (encode(x).value, encode(test_x).value),
        }
        order = np.random.default_rng(seed).permutation(len(x))
        for i, labels in enumerate(budgets):
            some = order[:labels]
            for name, (learn, test) in features.items():
                right = probe(learn[some], data.y[some], test, data.test_y, seed)
                found[name][i] += right / len(seeds)
    return {name: values.tolist() for name, values in found.items()}
