"""Support vector machine, by Pegasos: SGD on a loss with a kink.

    f(w) = mean over examples of max(0, 1 - y <w, x>)  +  ridge/2 * |w|^2

for labels y of -1 or 1. Step t takes examples, and adds those that are short of a
margin y <w, x> of 1:

    w  <-  (1 - 1/t) w  +  1/(ridge t) * mean of (y x, or 0 if the margin is enough)

On average over the draws, with |x| <= R, the mean of the first T weights has
f - f* <= 4 R^2 (1 + ln T)/(2 ridge T): n does not occur. The *dual* bounds f* from
below: any 0 <= a_i <= 1 gives f* >= D(a), and f(w) - D(a) is a certificate. If each
step takes all examples, w is always that of a dual point, the mean of who was short
of the margin. Left out: Pegasos's projection onto |w| <= 1/sqrt(ridge), kernels.

Source: Shalev-Shwartz, Singer, Srebro, Cotter, Pegasos, Mathematical Programming 2011.
"""

from functools import partial

import numpy as np

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.optimize.logistic import check
from cme323.optimize.sgd import average, minibatches, sgd


def objective(w, x, y, ridge=0.0):
    """f(w), a number.

    >>> objective(np.array([0.5]), np.array([[1.0], [4.0]]), np.array([1.0, 1.0]))
    0.25
    """
    return float(np.maximum(0, 1 - y * (x @ w)).mean() + ridge / 2 * (w @ w))


def gradient(w, x, y, ridge=0.0):
    """A subgradient of f at w: at a kink, one of many."""
    return ridge * w - x.T @ (y * (y * (x @ w) < 1)) / len(y)


def pegasos(x, y, ridge, steps, batch=1, seed=0):
    """The mean of the weights after 0, ..., steps - 1 steps.

    >>> x, y = np.array([[2.0], [-2.0]]), np.array([1.0, -1.0])
    >>> pegasos(x, y, ridge=0.1, steps=10_000).round(2)
    array([0.51])
    """
    check(x, y, ridge)
    if steps < 1:
        raise BadInput(f"Pegasos takes 1 step or more, got {steps}: try 2000")
    batches = minibatches(x, y, batch, steps - 1, seed)
    start = np.zeros(x.shape[1])
    return average(
        sgd(partial(gradient, ridge=ridge), start, batches, lambda t: 1 / (ridge * t))
    )


def pegasos_bound(radius, ridge, steps):
    """What f(mean w) - f* is at most, on average; |x| <= radius."""
    return 4 * radius**2 * (1 + np.log(steps)) / (2 * ridge * steps)


def certified(x, y, ridge, steps):
    """(w, dual objective) after each step on all examples: f(w) - dual >= f(w) - f*."""
    check(x, y, ridge)
    w, short = np.zeros(x.shape[1]), np.zeros(len(y))
    for t in range(1, steps + 1):
        # The mean over the steps of who was short of the margin: always in [0, 1].
        short += ((y * (x @ w) < 1) - short) / t
        w = weights(short, x, y, ridge)
        yield w, dual(short, x, y, ridge)


def weights(a, x, y, ridge):
    """The w that belongs to dual values a, one for each example."""
    return x.T @ (a * y) / (ridge * len(y))


def dual(a, x, y, ridge):
    """D(a) = mean of a - ridge/2 |w(a)|^2, which is at most f* if 0 <= a <= 1."""
    w = weights(a, x, y, ridge)
    return float(a.mean() - ridge / 2 * (w @ w))


def pegasos_cost(d, steps, batch=1):
    """Predicted operations, leading terms, whatever n."""
    return Cost(flops=(4 * batch + 3) * d * steps)
