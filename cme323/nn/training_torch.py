"""The same nets and the same training by torch, on a CPU or on CUDA.

mirror(model)     a torch.nn.Sequential with the weights of ours
fit(...)          the same batches in the same order, so the same weights to rounding
"""

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from cme323.nn import activations, layers
from cme323.nn.pooling import max_pool2d

FUNCTIONS = {
    activations.relu: nn.ReLU,
    activations.tanh: nn.Tanh,
    activations.sigmoid: nn.Sigmoid,
    layers.flatten: nn.Flatten,
    max_pool2d: lambda: nn.MaxPool2d(2),
}


def mirror(model, device="cpu"):
    """A torch module that computes what the Chain does, with copies of its weights."""
    return nn.Sequential(*map(_layer, model.layers)).to(device)


def _layer(layer):
    if isinstance(layer, layers.Chain):
        return mirror(layer)
    if isinstance(layer, layers.Linear):
        inputs, outputs = layer.weight.shape
        return _filled(nn.Linear(inputs, outputs), layer.weight.value.T, layer.bias)
    if isinstance(layer, layers.Conv2d):
        outputs, inputs, *window = layer.weight.shape
        copy = nn.Conv2d(inputs, outputs, window, layer.stride, layer.padding)
        return _filled(copy, layer.weight.value, layer.bias)
    return FUNCTIONS[layer]()


def _filled(copy, weight, bias):
    copy.weight = nn.Parameter(torch.tensor(weight))
    copy.bias = nn.Parameter(torch.tensor(bias.value.ravel()))
    return copy


def fit(model, x, y, optimizer, *, epochs, batch, loss=cross_entropy, seed=0):
    """Train a torch module on arrays: the mean loss of each epoch."""
    device = next(model.parameters()).device
    x, y = torch.tensor(x, device=device), torch.tensor(y, device=device)
    rng, losses = np.random.default_rng(seed), []
    for _ in range(epochs):
        batches = np.array_split(rng.permutation(len(x)), -(-len(x) // batch))
        found = [step(model, x[b], y[b], optimizer, loss) for b in batches]
        losses.append(float(np.mean(found)))
    return losses


def step(model, x, y, optimizer, loss=cross_entropy):
    """One step on one batch: its loss before."""
    optimizer.zero_grad()
    value = loss(model(x), y)
    value.backward()
    optimizer.step()
    return value.item()
