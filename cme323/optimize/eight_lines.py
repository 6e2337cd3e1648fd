"""Logistic regression in eight lines, distributed and fault-tolerant.

    minimise   f(w) = mean over points (x, y) of log(1 + exp(-y <w, x>)),   y = -1 or 1

    gradient of one point:   -y x / (1 + exp(y <w, x>))

Each step is one job: the tasks add up the gradients of their points, and the driver
merges P means of d numbers, whatever the number of points. If a worker dies, the
engine computes its share again: the weights are the same to the last bit, since the
driver merges them in the order of the partitions.

`points` is an RDD of the engine or of Spark. The example is of Zaharia et al.,
Resilient Distributed Datasets, NSDI 2012, section 3.1.
"""

import numpy as np

from cme323.cost import Cost


def logistic_regression(points, dimensions, steps, rate):
    """The weights after `steps` of gradient descent, an array of `dimensions`.

    points: an RDD of (x, y), x an array of `dimensions`, y = -1.0 or 1.0.

    >>> from cme323 import Context
    >>> points = [(np.array([1.0]), 1.0), (np.array([-1.0]), -1.0)]
    >>> logistic_regression(Context().parallelize(points), 1, 2, rate=1.0).round(3)
    array([0.878])
    """
    points, weights = points.cache(), np.zeros(dimensions)
    for _ in range(steps):
        gradients = points.map(lambda p, w=weights: gradient(w, *p))
        weights = weights - rate * gradients.mean()
    return weights


def gradient(weights, x, y):
    """Of the loss at one point."""
    return -y * x / (1 + np.exp(y * weights.dot(x)))


def logistic_regression_cost(steps, partitions):
    """Predicted cost: one job a step, in which nothing is shuffled."""
    return Cost(rounds=0, tasks=steps * partitions, records=0)
