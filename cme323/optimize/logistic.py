"""Logistic regression: a linear model that tells a probability.

    f(w) = mean over examples of log(1 + exp(-y <w, x>))  +  ridge/2 * |w|^2

for labels y of -1 or 1. The gradient weighs an example by how wrong it is,
p = 1/(1 + exp(y <w, x>)), and the Hessian by p(1 - p) <= 1/4. So L <= |X|^2/(4n) +
ridge, and mu >= ridge: a model with a ridge knows how far it is from its end (see
descent.py). `fit` is Newton's method, which takes some ten steps whatever the data;
each solves d equations. Left out: an intercept; add a column of ones to x.

Source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 4.4.1.
"""

import numpy as np

from cme323.cost import Cost
from cme323.errors import BadInput


def objective(w, x, y, ridge=0.0):
    """f(w), a number.

    x: examples by rows, n x d.  y: -1.0 or 1.0 for each.  ridge: at least 0.

    >>> x, y = np.array([[1.0], [2.0]]), np.array([1.0, -1.0])
    >>> round(objective(np.array([0.0]), x, y), 3)    # log 2
    0.693
    """
    return float(np.logaddexp(0, -y * (x @ w)).mean() + ridge / 2 * (w @ w))


def gradient(w, x, y, ridge=0.0):
    """Of f at w: an array like w."""
    return ridge * w - x.T @ (y * wrong(w, x, y)) / len(y)


def value_and_gradient(w, x, y, ridge=0.0):
    """Both, for one product with x less."""
    margins = y * (x @ w)
    e = np.exp(-abs(margins))
    losses = np.log1p(e) - np.minimum(margins, 0)
    weights = np.where(margins > 0, e, 1) / (1 + e)
    value = float(losses.mean() + ridge / 2 * (w @ w))
    return value, ridge * w - x.T @ (y * weights) / len(y)


def wrong(w, x, y):
    """For each example the probability that the model gives to the other label."""
    # The same as 1 / (1 + exp(margin)), which would overflow for a large one.
    return 0.5 - 0.5 * np.tanh(y * (x @ w) / 2)


def fit(x, y, ridge, tolerance=1e-10, steps=100):
    """Where f is least, until the gradient is below `tolerance`: Newton's method.

    w  <-  w - t * Hessian^-1 gradient,   t = 1, 1/2, 1/4, ... until f falls enough

    >>> fit(np.array([[1.0], [-1.0]]), np.array([1.0, -1.0]), ridge=0.1).round(3)
    array([1.634])
    """
    check(x, y, ridge)
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        slope = gradient(w, x, y, ridge)
        if np.linalg.norm(slope) <= tolerance:
            break
        direction = np.linalg.solve(hessian(w, x, y, ridge), slope)
        w = w - shortened(w, direction, slope, x, y, ridge) * direction
    return w


def hessian(w, x, y, ridge=0.0):
    """Of f at w: d x d."""
    p = wrong(w, x, y)
    scaled = x * np.sqrt(p * (1 - p) / len(y))[:, None]
    return scaled.T @ scaled + ridge * np.eye(len(w))


def shortened(w, direction, slope, x, y, ridge):
    """The first of 1, 1/2, 1/4, ... at which f falls by a quarter of what it might."""
    now, t = objective(w, x, y, ridge), 1.0
    while t > 1e-8:
        after = objective(w - t * direction, x, y, ridge)
        if after <= now - t / 4 * (slope @ direction):
            break
        t /= 2
    return t


def check(x, y, ridge):
    """Raise BadInput for labels or a ridge that the formula does not know."""
    if not len(x) or np.shape(y) != (len(x),):
        raise BadInput(
            "examples (n, d) have n labels, n from 1, not shapes "
            f"{np.shape(x)} and {np.shape(y)}"
        )
    if not np.isin(y, (-1, 1)).all():
        odd = np.asarray(y)[~np.isin(y, (-1, 1))][0]
        raise BadInput(f"labels must be -1 or 1, got {odd}: use np.where(y > 0, 1, -1)")
    if not ridge > 0:
        raise BadInput(
            f"ridge must be above 0, got {ridge}: without it, data that a plane "
            "separates have no best w; try 1e-4"
        )


def curvature(x, ridge=0.0):
    """(mu, L) that hold everywhere: the ridge, and |X|^2/(4n) more."""
    return ridge, ridge + float(np.linalg.norm(x, 2)) ** 2 / (4 * len(x))


def gradient_cost(n, d):
    """Predicted operations: 2nd for the margins, 2nd for X' times the weights."""
    return Cost(flops=4 * n * d)


def newton_cost(n, d, steps):
    """Predicted operations, leading terms: a step's Hessian, gradient and solve."""
    return Cost(flops=(2 * n * d**2 + 4 * n * d + 2 * d**3 / 3) * steps)
