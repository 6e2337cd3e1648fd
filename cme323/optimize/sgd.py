"""Stochastic gradient descent: the gradient at a few examples, and go.

    w  <-  w - step(t) * gradient(w, examples of step t)

Each step costs as much as its batch, whatever n. On average a batch's gradient is the
whole one; with sigma^2 the variance of one example's, that of b drawn ones is
sigma^2/b, and (sigma^2/b)(N - b)/(N - 1) if none is drawn twice. A constant step ends
in a plateau whose height is as the step; step(t) = 1/(mu t) has f - f* ~ 1/T.

Source: Bottou, Curtis, Nocedal, Optimization methods for large-scale machine learning,
SIAM Review 2018, section 4; the mean of the weights: Polyak, Juditsky 1992.
"""

import numpy as np

from cme323.cost import Cost
from cme323.errors import BadInput


def sgd(gradient, w, batches, step):
    """The weights at first and after each batch, one after another.

    gradient: a function of w and of a batch.  step: of t = 1, 2, ...

    >>> pull = lambda w, target: w - target
    >>> list(sgd(pull, 0.0, [(3.0,), (5.0,), (1.0,)], lambda t: 1 / t))
    [0.0, 3.0, 4.0, 3.0]
    """
    yield w
    for t, batch in enumerate(batches, start=1):
        w = w - step(t) * gradient(w, *batch)
        yield w


def minibatches(x, y, size, steps, seed=0):
    """(x, y) of `size` examples for each step, drawn with replacement."""
    rng = np.random.default_rng(seed)
    check(size, x, y)
    for chosen in rng.integers(len(y), size=(steps, size)):
        yield x[chosen], y[chosen]


def epochs(x, y, size, passes, seed=0):
    """(x, y) of `size` examples, each example once in a pass, in a new order each time.

    >>> numbers = np.arange(5)
    >>> [len(y) for x, y in epochs(numbers, numbers, size=2, passes=1)]
    [2, 2, 1]
    """
    rng = np.random.default_rng(seed)
    check(size, x, y)
    for _ in range(passes):
        order = rng.permutation(len(y))
        for start in range(0, len(y), size):
            chosen = order[start : start + size]
            yield x[chosen], y[chosen]


def check(size, x, y):
    """Raise BadInput for a batch that cannot be drawn."""
    if len(x) != len(y):
        raise BadInput(f"each example has a label, not {len(x)} and {len(y)} of them")
    if not 1 <= size <= len(y):
        raise BadInput(
            f"a batch has 1 to {len(y)} of the {len(y)} examples, got size={size}: "
            "choose a size in between"
        )


def average(weights):
    """The mean of weights that come one after another; holds two of them at a time.

    >>> average([1.0, 2.0, 6.0])
    3.0
    """
    mean = None
    for t, w in enumerate(weights, start=1):
        mean = w if mean is None else mean + (w - mean) / t
    if mean is None:
        raise BadInput("there is no mean of no weights: give it one batch or more")
    return mean


def averaged_sgd(gradient, w, batches, step):
    """The mean of the weights after each batch: it wanders less than the last."""
    after = sgd(gradient, w, batches, step)
    next(after)
    return average(after)


def batch_variance(variance, size, examples=None):
    """Of the mean of a batch, from so many `examples` if none is drawn twice."""
    if examples is None:
        return variance / size
    return variance / size * (examples - size) / (examples - 1)


def plateau(step, mu, variance):
    """The variance of w, in one dimension, after many steps of one length.

    w <- (1 - step mu) w + step noise  keeps  v = (1 - step mu)^2 v + step^2 variance.

    >>> plateau(step=1.0, mu=1.0, variance=4.0)
    4.0
    """
    return step * variance / (mu * (2 - step * mu))


def sgd_cost(d, size, steps):
    """Predicted operations of a linear model, whatever n: 4d for each example drawn."""
    return Cost(flops=4 * d * size * steps)
