"""Averaging: each of k partitions trains alone, and the weights are averaged.

    w  =  1/k * sum over partitions of (SGD on its examples)

One job, one message of d words from each partition, in the whole run. The variance of
w is that of one run divided by k. Its *bias*, how far a run is from the optimum on
average, stays as it is: many machines do not replace many steps.

Source: Zinkevich, Weimer, Smola, Li, Parallelized stochastic gradient descent, NIPS
2010.
"""

from cme323.cost import Cost
from cme323.optimize.sgd import sgd


def averaged_runs(batches, gradient, w, step):
    """The mean of the partitions' last weights.

    batches: an RDD whose records are batches, in the order in which SGD takes them.

    >>> from cme323 import Context
    >>> two = Context().parallelize([(3.0,), (5.0,), (1.0,), (1.0,)], 2)
    >>> averaged_runs(two, lambda w, target: w - target, 0.0, lambda t: 1 / t)
    2.5
    """

    def trained(part):
        *before, last = sgd(gradient, w, part, step)
        # A partition without a batch has learnt nothing: it has no say.
        return [last] if before else []

    return batches.mapPartitions(trained).mean()


def squared_error(bias, variance, k):
    """Of the mean of k runs, on average: only one of its two parts shrinks."""
    return bias**2 + variance / k


def averaged_runs_cost(k):
    """Predicted cost: one job of k tasks, and no shuffle."""
    return Cost(rounds=0, tasks=k, records=0)
