"""Gradient descent on a cluster: the gradient is a sum, so each machine adds its part.

    gradient  =  1/n * sum over partitions of (n_p * gradient at partition p) + ridge w

Each step tells all P partitions w, d words, and brings as many words back from each:
2Pd, whatever n. treeAggregate lets about sqrt(P) of them meet before the driver. The
engine and Spark run the same function; network/ counts its words (`step_words`).

The data are blocks, (x, y) arrays of many examples: one product each, no Python loop
over examples.

Source: Zaharia et al. 2012, section 3.1; Agarwal, Chapelle, Dudík, Langford, A reliable
effective terascale linear learning system, JMLR 2014.
"""

import numpy as np

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.network.tree import broadcast, reduce


def gradient_descent(blocks, gradient, w, step, steps, ridge=0.0, depth=2):
    """The weights after so many steps; `gradient` is a model's, of (w, x, y).

    blocks: an RDD of (x, y), of the engine or of Spark; see `in_blocks`.

    >>> from cme323 import Context
    >>> from cme323.optimize.least_squares import gradient
    >>> x, y = np.array([[1.0], [2.0]]), np.array([1.0, 0.0])
    >>> blocks = in_blocks(Context(), x, y, 2)
    >>> gradient_descent(blocks, gradient, np.zeros(1), 0.4, steps=50).round(3)
    array([0.2])
    """
    blocks = blocks.cache()
    for _ in range(steps):
        total, n = gradient_sum(blocks, gradient, w, depth)
        w = w - step * (total / n + ridge * w)
    return w


def gradient_sum(blocks, gradient, w, depth=2):
    """(sum of the examples' gradients at w, number of examples).

    gradient: a mean over the examples of a block; of any shape.
    """
    told = blocks.context.broadcast(w)

    def added(so_far, block):
        x, y = block
        total, n = so_far
        return total + len(y) * gradient(told.value, x, y), n + len(y)

    def merged(a, b):
        return a[0] + b[0], a[1] + b[1]

    return blocks.treeAggregate((0.0, 0), added, merged, depth)


def value_and_gradient(blocks, model, w, ridge=0.0, depth=2):
    """(f, gradient) at w in one job: what lbfgs asks for.  model: as logistic.

    >>> from cme323 import Context
    >>> from cme323.optimize import logistic
    >>> blocks = in_blocks(Context(), np.eye(2), np.array([1.0, -1.0]), 2)
    >>> value_and_gradient(blocks, logistic, np.zeros(2))
    (0.6931471805599453, array([-0.25,  0.25]))
    """

    def both(w, x, y):
        value, slope = model.value_and_gradient(w, x, y)
        return np.append(slope, value)

    total, n = gradient_sum(blocks, both, w, depth)
    return float(total[-1] / n + ridge / 2 * (w @ w)), total[:-1] / n + ridge * w


def in_blocks(sc, x, y, partitions):
    """An RDD of (x, y), one block in each partition."""
    if len(x) != len(y) or not 1 <= partitions <= len(x):
        raise BadInput(
            f"each example has a label, and each partition an example: got {len(x)} "
            f"examples, {len(y)} labels, {partitions} partitions"
        )
    parts = list(zip(np.array_split(x, partitions), np.array_split(y, partitions)))
    return sc.parallelize(parts, partitions)


def gradient_step(rank, block, gradient, w, step):
    """The same step on ranks that pass messages: rank 0 has w, and gets the new one.

    >>> from cme323.network import Network
    >>> from cme323.optimize.least_squares import gradient
    >>> blocks = [(np.array([[1.0]]), np.array([1.0])), (np.eye(1) * 2, np.zeros(1))]
    >>> network, same = Network(2), {"gradient": gradient, "w": np.zeros(1)}
    >>> network.run(gradient_step, blocks, step=0.4, **same)[0], network.cost.records
    (array([0.2]), 3)
    """
    x, y = block
    w = yield from broadcast(rank, w)
    share = np.append(len(y) * gradient(w, x, y), len(y))  # its last word is n
    total = yield from reduce(rank, share)
    return None if total is None else w - step * total[:-1] / total[-1]


def step_words(d, P):
    """Words of a step: d to all others, and d + 1 back, as the count comes along."""
    return (P - 1) * (2 * d + 1)


def gradient_descent_cost(steps, partitions):
    """Predicted cost with depth 2: a round, to which each partition writes a record.

    Up to 4 partitions are too few for a tree: their sums go to the driver at once.
    """
    rounds = int(partitions > 4)
    return Cost(rounds=rounds, records=rounds * partitions) * steps
