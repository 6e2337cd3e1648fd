"""Between linear layers: functions of one number each, and what they are good for.

    relu(x)       max(0, x)          way back  g [x > 0]
    tanh(x)                                    g (1 - tanh²)
    sigmoid(x)    1 / (1 + e^-x)               g s (1 - s)

Without them a net of many layers is one matrix. relu keeps gradients alive through
many layers; the others are flat far from 0. At its kink relu has no derivative: 0 is
taken, as torch does.
"""

import numpy as np

from cme323.nn.tensor import lift


def relu(x):
    """
    >>> relu(np.array([-1.0, 2.0])).value
    array([0., 2.])
    """
    x = lift(x)
    return x.then("relu", np.maximum(x.value, 0), lambda g: g * (x.value > 0))


def tanh(x):
    x = lift(x)
    y = np.tanh(x.value)
    return x.then("tanh", y, lambda g: g * (1 - y * y))


def sigmoid(x):
    """By tanh, as e^-x overflows for large negative x."""
    x = lift(x)
    y = 0.5 + 0.5 * np.tanh(0.5 * x.value)
    return x.then("sigmoid", y, lambda g: g * (y * (1 - y)))
