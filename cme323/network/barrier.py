"""Barrier: nobody goes on before all have come. And BSP, whose supersteps end in one.

    round k    rank i tells i + 2^k, and is told by i - 2^k

After ceil(log2 P) rounds each has heard of all, mostly by way of others: a barrier by
dissemination. BSP (bulk synchronous parallel) is a way to write programs: all compute,
all exchange, all meet at a barrier; that is a superstep, and takes

    w  +  h g  +  l

w: the longest computation; h: the words of the rank with most; g: beta; l: the alphas.
Where all take the same supersteps nobody deadlocks, and all wait for the slowest.

Sources: Hensgen, Finkel, Manber, Two algorithms for barrier synchronization, Int. J. of
Parallel Programming 17 (1988); Valiant, A bridging model for parallel computation,
Communications of the ACM 33 (1990).
"""

from cme323.cost import Cost
from cme323.network.tree import rounds


def barrier(rank):
    """Return when all ranks have come here.

    >>> from cme323.network import Network
    >>> network = Network(6, alpha=1)
    >>> network.run(barrier), network.clock
    ([None, None, None, None, None, None], 3.0)
    """
    for k in range(rounds(rank.size)):
        to, source = rank.number + 2**k, rank.number - 2**k
        yield rank.exchange(to % rank.size, None, source % rank.size)


def barrier_cost(P):
    """Predicted cost: messages without a word in them."""
    return Cost(work=0, rounds=rounds(P), records=0, messages=P * rounds(P))


def superstep_seconds(w, h, P, alpha, beta, gamma):
    """On the clock: w words computed, then one message of h words at each rank."""
    return gamma * w + beta * h + alpha * (1 + rounds(P))
