"""Least squares: the model whose every rate is known exactly.

    f(w) = 1/(2n) * sum over examples of (<w, x_i> - y_i)^2  +  ridge/2 * |w|^2

    gradient  X'(Xw - y)/n + ridge w          Hessian  X'X/n + ridge I, everywhere

L and mu, the most and the least curvature, are the Hessian's extreme eigenvalues. A
gradient is two products with X: 4nd operations. Left out: an intercept; add a column
of ones to x.
"""

import numpy as np

from cme323.cost import Cost
from cme323.errors import BadInput


def objective(w, x, y, ridge=0.0):
    """f(w), a number.

    x: examples by rows, n x d.  y: their targets.  ridge: at least 0.

    >>> x, y = np.array([[1.0], [2.0]]), np.array([1.0, 0.0])
    >>> objective(np.array([1.0]), x, y)
    1.0
    """
    return float(np.mean((x @ w - y) ** 2) / 2 + ridge / 2 * (w @ w))


def gradient(w, x, y, ridge=0.0):
    """Of f at w: an array like w."""
    return x.T @ (x @ w - y) / len(y) + ridge * w


def fit(x, y, ridge=0.0):
    """Where f is least, by the normal equations: the gradient is 0 there.

    >>> fit(np.array([[1.0], [2.0]]), np.array([1.0, 0.0])).round(3)
    array([0.2])
    """
    n, d = x.shape
    if len(y) != n or (n < d and not ridge):
        raise BadInput(
            f"without a ridge, {d} weights need as many examples or more, each with "
            f"its target: got {n} examples, {len(y)} targets, ridge {ridge}"
        )
    return np.linalg.solve(x.T @ x / n + ridge * np.eye(d), x.T @ y / n)


def curvature(x, ridge=0.0):
    """(mu, L): the least and the greatest eigenvalue of the Hessian."""
    eigenvalues = np.linalg.eigvalsh(x.T @ x / len(x)) + ridge
    return float(eigenvalues[0]), float(eigenvalues[-1])


def gradient_cost(n, d):
    """Predicted operations: 2nd for Xw, 2nd for X' times the residuals."""
    return Cost(flops=4 * n * d)
