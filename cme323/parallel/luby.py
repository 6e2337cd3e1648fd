"""Luby's maximal independent set: who comes before all neighbours, by chance, is in.

    draw      a random order of the nodes that are left
    beaten    of the two ends of an edge, the one that comes later
    in        who is not beaten; with its neighbours and their edges it is gone

A node with d neighbours is in with probability 1/(d + 1). Half of the edges or more are
expected to go in a round, whatever the graph (Métivier et al.), so that

    E rounds  <=  log2 m + O(1),   E W = O(n + m),   D = O(log² n) expected

An edge compares two numbers, at depth 1. Marks, all with the same word, are free to
write and to read; two scans bring what is left together.

Sources: Luby, A simple parallel algorithm for the maximal independent set problem, SIAM
Journal on Computing 15 (1986); Métivier, Robson, Saheb-Djahromi, Zemmari, An optimal
bit complexity randomized distributed MIS algorithm, Distributed Computing 23 (2011).
"""

from cme323.cost import Cost
from cme323.parallel.filter_by_scan import filter_by_scan
from cme323.parallel.undirected import both_ways, check_edges


def luby(pram, n, edges, rng):
    """Nodes, sorted, no two of them neighbours, and all others neighbours of them.

    >>> import numpy as np
    >>> from cme323.pram import PRAM
    >>> luby(PRAM(), 5, [(0, 1), (1, 2), (2, 3), (3, 4)], np.random.default_rng(0))
    [0, 3]
    """
    check_edges(n, edges)
    left, independent = range(n), []
    while left:
        pram.round()
        chosen = first_of_neighbours(pram, left, edges, rng)
        independent += chosen
        left, edges = without(pram, chosen, left, edges)
    return sorted(independent)


def first_of_neighbours(pram, nodes, edges, rng):
    """The nodes that come before all their neighbours in a random order."""
    order = dict(zip(nodes, pram.array(rng.permutation(len(nodes)).tolist())))

    def later(edge):
        u, v = edge
        return v if order[u] < order[v] else u

    beaten = set(pram.map(later, edges))
    return [v for v in nodes if v not in beaten]


def without(pram, chosen, nodes, edges):
    """(nodes, edges) that are left without the chosen nodes and their neighbours."""
    inside = set(chosen)
    gone = inside | {v for u, v in both_ways(edges) if u in inside}
    left = filter_by_scan(pram, lambda v: v not in gone, nodes)
    return left, filter_by_scan(pram, gone.isdisjoint, edges)


def luby_cost(n, m):
    """Expected cost of n nodes and m edges, an upper bound.

    Edges: m(1 + 1/2 + 1/4 + ...) at 1 + 2 operations. Nodes at 2: n, and then only
    those that had an edge, 2m(1 + 1/2 + ...). Some edge is left after r rounds with
    probability m/2^r at most; the last round has only nodes.
    """
    rounds = max(m - 1, 0).bit_length() + 3
    return Cost(work=2 * n + 14 * m, rounds=rounds)
