"""Gradient check: what backward says against differences of the function itself.

    central    (f(x + h e) - f(x - h e)) / 2h    error  h² |f'''| / 6 + eps |f| / h
    forward    (f(x + h e) - f(x)) / h           error  h |f''| / 2   + eps |f| / h

A large h is coarse, a small one loses digits. The best is (3 eps |f| / |f'''|)^1/3 for
central differences, some 6e-6, and sqrt(2 eps |f| / |f''|) for forward ones, some 1e-8.
Each of d entries takes its own evaluations, 2d or d + 1: fine for a check, not for
training. Near a kink, of relu say, both are wrong.
"""

import numpy as np

from cme323.cost import Cost
from cme323.nn.tensor import Tensor, lift


def gradcheck(f, *arrays, h=1e-5):
    """The largest relative error of backward among the arrays, for f(*tensors).

        relative error = |analytic - numerical| / (|analytic| + |numerical|)

    in Euclidean norm, over all entries of an array; 0 if both are 0.

    >>> gradcheck(lambda x: (x * x * x).sum(), np.array([1.0, 2.0])) < 1e-8
    True
    """
    tensors = [Tensor(np.array(x, float)) for x in arrays]
    f(*tensors).backward()
    values = [tensor.value for tensor in tensors]
    worst = 0.0
    for i, tensor in enumerate(tensors):
        numerical = central(lambda x, i=i: at(f, values, i, x), values[i], h)
        analytic = 0 * numerical if tensor.grad is None else tensor.grad
        worst = max(worst, relative_error(analytic, numerical))
    return worst


def at(f, values, i, x):
    """f with x in the place of value i, as a number."""
    return float(f(*map(lift, [*values[:i], x, *values[i + 1 :]])).value)


def central(f, x, h):
    """The gradient of f, a function of an array, by 2 x.size evaluations."""
    return _each(x, lambda step: (f(x + h * step) - f(x - h * step)) / (2 * h))


def forward(f, x, h):
    """The gradient of f by x.size + 1 evaluations."""
    here = f(x)
    return _each(x, lambda step: (f(x + h * step) - here) / h)


def _each(x, difference):
    """A difference along each entry of x, in its shape."""
    steps = np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([float(difference(step)) for step in steps]).reshape(x.shape)


def relative_error(a, b):
    """How far two arrays are apart, as a share of their sizes; 0 if both are 0."""
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return float(np.linalg.norm(a - b) / size) if size else 0.0


def central_cost(entries, evaluation):
    """Cost of central(), given that of one evaluation of f."""
    return Cost(flops=2 * entries * evaluation.flops)
