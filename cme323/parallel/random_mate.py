"""Components by random mate: each tosses a coin, and tails join a neighbour's heads.

    toss      heads or tails, for each component
    mate      one with tails joins a neighbour with heads, if there is one: a star
    contract  edges now join the centres; those inside a star go (filter by scan)

A star needs no search for a root. One with d neighbours stays with probability
1/2 + 2^-(d+1): if it has heads, or if it and all of them have tails. That is at most
3/4, so O(log n) rounds are expected, W = O((m + n) log n) and D = O(log² n).

An edge compares its two coins, once or twice, at depth 2. Of many writes to a cell, any
one may stay (here the last), which costs nothing.

Sources: Reif, Optimal parallel algorithms for graph connectivity, Harvard, 1984;
Gazit, An optimal randomized parallel algorithm for finding connected components in a
graph, SIAM Journal on Computing 20 (1991).
"""

from math import ceil, log, log2

from cme323.cost import Cost
from cme323.parallel.contraction import contract
from cme323.parallel.pointer_jumping import jump_to_roots
from cme323.parallel.undirected import check_edges


def random_mate(pram, n, edges, rng):
    """For each node a node of its component, the same one for all of them.

    >>> import numpy as np
    >>> from cme323.pram import PRAM
    >>> edges = [(0, 1), (1, 2), (3, 4)]
    >>> random_mate(PRAM(), 5, edges, np.random.default_rng(0))
    [1, 1, 1, 4, 4]
    """
    check_edges(n, edges)
    parent = pram.array(range(n))
    while edges:
        pram.round()
        mate(pram, parent, edges, toss(pram, n, rng))
        edges = contract(pram, parent, edges)
    # A centre may have joined another later: the paths are as long as the rounds.
    jump_to_roots(pram, parent, range(n))
    return [int(root) for root in parent]


def toss(pram, n, rng):
    """1 for heads, 0 for tails."""
    return pram.array(rng.integers(2, size=n).tolist())


def mate(pram, parent, edges, heads):
    """Make a neighbour with heads the parent of each node with tails that has one.

    Nodes with heads stay where they are, so no edge reads what another one writes.
    """

    def meet(edge):
        u, v = edge
        if heads[u] < heads[v]:
            parent[u] = parent[v]
        elif heads[v] < heads[u]:
            parent[v] = parent[u]

    pram.map(meet, edges)


def survivors(degrees):
    """How many nodes are expected not to join another in a round; exactly.

    >>> survivors([2] * 100)
    62.5
    """
    return sum(1 / 2 + 2.0 ** -(d + 1) for d in degrees)


def random_mate_cost(n, m):
    """Expected cost of n nodes and m edges, an upper bound.

    After r rounds edges are left only if two nodes with edges are, so with probability
    (3/4)^r n/2 at most; all such terms below 1 add up to 4. A round has at most 5
    operations for an edge, and a path of h steps takes at most log2 h + 2 looks.
    """
    rounds = ceil(log(max(n, 2) / 2, 4 / 3)) + 4
    return Cost(work=5 * m * rounds + n * (log2(rounds) + 2), rounds=rounds)
