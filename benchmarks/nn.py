"""Neural nets: steps of training by our tape, by torch, by hand in numpy, by micrograd.

    mlp      784-256-256-10, batch 128, float32
    cnn      images of 28 x 28, windows of 16 and 32 channels, batch 64, float32
    moons    micrograd's own kind of net: 2-16-16-1, 100 points at once

Each program takes so many steps of SGD from the same weights, and answers with the loss
before each. All have one thread.
"""

from copy import deepcopy
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.engine_targets import Table
from benchmarks.suite import Engine, Suite, Target, Workload
from cme323.nn.losses import softmax_cross_entropy, squared_error
from cme323.nn.models import CNN, MLP
from cme323.nn.optimizers import SGD
from cme323.nn.training import step

RATE = 0.05


@dataclass(frozen=True)
class Task:
    """A net, a batch, a loss, and how many steps to take."""

    model: object
    x: np.ndarray
    y: np.ndarray
    loss: object
    steps: int


def images(model, shape, steps):
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape).astype(np.float32)
    y = rng.integers(0, 10, len(x))
    return Task(model(dtype=np.float32), x, y, softmax_cross_entropy, steps)


def moons(steps):
    """Two half circles that reach into each other, as -1 and 1."""
    rng, t = np.random.default_rng(0), np.linspace(0, np.pi, 50)
    upper = np.stack([np.cos(t), np.sin(t)], axis=1)
    x = np.concatenate([upper, [1, 0.5] - upper]) + rng.normal(0, 0.1, (100, 2))
    y = np.repeat([[-1.0], [1.0]], 50, axis=0)
    return Task(MLP([2, 16, 16, 1]), x, y, squared_error, steps)


def tape(task):
    model = deepcopy(task.model)
    optimizer = SGD(model.parameters, RATE)
    return [
        step(model, task.x, task.y, optimizer, task.loss) for _ in range(task.steps)
    ]


def torch(task):
    import torch

    from cme323.nn import training_torch

    model = training_torch.mirror(task.model)
    x, y = torch.tensor(task.x), torch.tensor(task.y)
    functions = torch.nn.functional
    loss = functions.cross_entropy if y.ndim == 1 else functions.mse_loss
    optimizer = torch.optim.SGD(model.parameters(), RATE)
    return [
        training_torch.step(model, x, y, optimizer, loss) for _ in range(task.steps)
    ]


def mlp_by_hand(task):
    """Forward and backward written out for three layers."""
    weights = [p.value.copy() for p in task.model.parameters]
    return [hand_step(task.x, task.y, weights) for _ in range(task.steps)]


def hand_step(x, y, weights):
    W1, b1, W2, b2, W3, b3 = weights
    rows = np.arange(len(x))
    z1 = x @ W1 + b1
    h1 = np.maximum(z1, 0)
    z2 = h1 @ W2 + b2
    h2 = np.maximum(z2, 0)
    scores = h2 @ W3 + b3
    scores -= scores.max(axis=1, keepdims=True)
    exps = np.exp(scores)
    totals = exps.sum(axis=1, keepdims=True)
    loss = (np.log(totals)[:, 0] - scores[rows, y]).mean()
    g3 = exps / totals
    g3[rows, y] -= 1
    g3 /= len(x)
    g2 = (g3 @ W3.T) * (z2 > 0)
    g1 = (g2 @ W2.T) * (z1 > 0)
    for (W, b), h, g in zip(((W1, b1), (W2, b2), (W3, b3)), (x, h1, h2), (g1, g2, g3)):
        W -= RATE * (h.T @ g)
        b -= RATE * g.sum(axis=0)
    return float(loss)


def micrograd(task):
    """A number at a time, as its demo does, on the same points and weights."""
    from micrograd import nn

    model = nn.MLP(2, [16, 16, 1])
    values = [p.value for p in task.model.parameters]
    for layer, weight, bias in zip(model.layers, values[::2], values[1::2]):
        for neuron, w, b in zip(layer.neurons, weight.T, bias):
            neuron.b.data = float(b)
            for mine, its in zip(neuron.w, w):
                mine.data = float(its)
    return [micrograd_step(model, task) for _ in range(task.steps)]


def micrograd_step(model, task):
    errors = [model(point) - float(y) for point, (y,) in zip(task.x.tolist(), task.y)]
    loss = sum(error * error for error in errors) * (1 / len(errors))
    model.zero_grad()
    loss.backward()
    for p in model.parameters():
        p.data -= RATE * p.grad
    return loss.data


def targets(results, growth):
    at = Table(results)

    def ratio(workload, engine, other):
        return at.ratios([workload], engine, other).get(workload)

    return [
        Target("MLP step: tape / by hand in numpy", ratio("mlp", "tape", "numpy"), 1.3),
        Target("MLP step: tape / torch", ratio("mlp", "tape", "torch"), 1.5),
        Target("CNN step: tape / torch", ratio("cnn", "tape", "torch"), 3),
        Target(
            "micrograd / tape, on micrograd's kind of net",
            ratio("moons", "micrograd", "tape"),
            300,
            at_least=True,
        ),
    ]


def workload(name, says, size, data, **programs):
    return Workload(
        name,
        says,
        size,
        data,
        {"tape": tape, "torch": torch, **programs},
        rounding=1e-3,
    )


SUITE = Suite(
    title="neural nets",
    workloads={
        "mlp": workload(
            "mlp",
            "50 steps of 784-256-256-10, batch 128",
            50,
            partial(images, partial(MLP, [784, 256, 256, 10]), (128, 784)),
            numpy=mlp_by_hand,
        ),
        "cnn": workload(
            "cnn",
            "10 steps of 16-32 channels, 28 x 28, batch 64",
            10,
            partial(images, partial(CNN, [1, 16, 32], 28, 10), (64, 1, 28, 28)),
        ),
        "moons": workload(
            "moons", "2 steps of 2-16-16-1, 100 points", 2, moons, micrograd=micrograd
        ),
    },
    engines={name: Engine(name) for name in ("torch", "tape", "numpy", "micrograd")},
    reference="torch",
    targets=targets,
)
