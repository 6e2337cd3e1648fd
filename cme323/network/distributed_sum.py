"""The sum of numbers that are spread over the ranks, at every rank.

    seconds   gamma n/P  +  log2 P (alpha + beta + gamma),    P = 2^k, n/P at each rank

Each rank sums its own; then pairs, pairs of pairs, ... exchange their sums. More ranks
help until log2 P messages take as long as the numbers of one rank.
"""

import numpy as np

from cme323.cost import Cost
from cme323.network.allreduce import doubling_allreduce, doubling_allreduce_cost
from cme323.network.tree import rounds


def distributed_sum(rank, numbers):
    """The sum over all ranks of their arrays of numbers.

    >>> from cme323.network import Network
    >>> [float(x) for x in Network(3).run(distributed_sum, [[1, 2], [3], [4.5]])]
    [10.5, 10.5, 10.5]
    """
    own = yield rank.compute(np.sum, numbers)
    return (yield from doubling_allreduce(rank, own))


def distributed_sum_cost(n, P):
    """Predicted cost for n numbers, at least one at each rank."""
    return Cost(work=n, rounds=0, records=0, messages=0) + doubling_allreduce_cost(1, P)


def distributed_sum_seconds(n, P, alpha, beta, gamma):
    """On the clock, P a power of 2, n a multiple of it."""
    return n / P * gamma + rounds(P) * (alpha + beta + gamma)
