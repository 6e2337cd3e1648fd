"""Strong and weak scaling of a sum, and of a step of gradient descent, in seconds.

On P machines, with a partition of n/P records on each (overheads left out here):

    all results to the driver      gamma n/P  +  P alpha
    sqrt(P) of them meet before    gamma n/P  +  2 sqrt(P) alpha

Strong scaling: n stays, P grows. Past P = (n gamma / alpha)^(1/2) a sum takes longer;
with the tree, past ^(2/3). Weak scaling: n/P stays, and the second term grows.
`*_seconds` is what a simulated Cluster takes, one partition for each machine: exactly
where everything divides evenly, else at most. Left out: failures and stragglers.

Source: the alpha-beta model as in Chan, Heimlich, Purkayastha and van de Geijn (2007).
"""

from math import ceil
from operator import add

import numpy as np


def total(sc, n):
    """The sum of range(n); the driver fetches one result from each partition."""
    return sc.range(n).sum()


def total_seconds(cluster, n, size=0):
    """How long `total` takes if a result has `size` bytes.

    >>> from cme323 import Cluster, Context
    >>> cluster = Cluster(machines=16, beta=0)
    >>> sc = Context(cluster=cluster)
    >>> total(sc, 32_000) == sum(range(32_000))
    True
    >>> round(sc.clock, 6), round(total_seconds(cluster, 32_000), 6)
    (0.023, 0.023)
    """
    P = cluster.machines
    return cluster.overhead + cluster.gamma * ceil(n / P) + P * cluster.message(size)


def tree_total(sc, n):
    """The same, but about sqrt(P) results at a time meet in the cluster first."""
    return sc.range(n).treeAggregate(0, add, add)


def tree_total_seconds(cluster, n, size=0):
    """How long `tree_total` takes; each of `roots` tasks brings `branches` together.

    One of the branches is there already. A few machines have no use for a tree.
    """
    P = cluster.machines
    scale = max(ceil(P**0.5), 2)
    if scale + P / scale >= P:
        return total_seconds(cluster, n, size)
    roots = int(P / scale)
    branches = ceil(P / roots)
    leaves = cluster.overhead + cluster.gamma * (ceil(n / P) + 1)
    fetching = (branches - 1) * cluster.message(size)
    meeting = cluster.overhead + cluster.gamma * branches + fetching
    return leaves + meeting + roots * cluster.message(size)


def gradient_step(points, w, step):
    """w - step * the gradient of the sum of (x.w - y)^2 / 2, for points (x, y)."""
    told = points.context.broadcast(w)

    def added(gradient, point):
        x, y = point
        return gradient + (x @ told.value - y) * x

    return w - step * points.treeAggregate(np.zeros_like(w), added, np.add)


def gradient_step_seconds(cluster, n, size):
    """How long a step takes: `w` of `size` bytes goes out, gradients come back."""
    return cluster.broadcast(size) + tree_total_seconds(cluster, n, size)
