"""Components by contraction: each one joins its least neighbour, until no edge is left.

    choose    the least neighbour of each component: a tree of comparisons
    hook      point to it; of two that chose each other, the smaller stays a root
    jump      every component learns its root (pointer jumping)
    contract  edges now join roots; those with both ends in one root go (filter by scan)

Along choices, v -> w -> x, x is at most v: both are neighbours of w, x the least. So no
cycle is longer than two. Each component meets another, and half are left at most:

    rounds  <=  floor(log2 n),   W = O((m + n) log n),   D = O(log² n)

A round with m edges between c components compares 2m - c neighbours, at most 2c pairs
that hook, c pointers for each jump, and m pairs of roots before a scan over the edges.

Source: Hirschberg, Chandra, Sarwate, Computing connected components on parallel
computers, CACM 22 (1979).
"""

from dataclasses import replace

from cme323.cost import Cost
from cme323.parallel.concurrent_write import write_least, write_least_cost
from cme323.parallel.filter_by_scan import filter_by_scan, filter_by_scan_cost
from cme323.parallel.pointer_jumping import jump_to_roots, jump_to_roots_cost
from cme323.parallel.undirected import both_ways, check_edges


def contraction(pram, n, edges):
    """For each node the least node of its component, as by label propagation.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> contraction(pram, 5, [(0, 1), (1, 2), (3, 4)]), pram.cost.rounds
    ([0, 0, 0, 3, 3], 1)
    """
    check_edges(n, edges)
    parent = pram.array(range(n))
    while edges:
        pram.round()
        hook(pram, parent, least_neighbours(pram, edges))
        edges = contract(pram, parent, edges)
    jump_to_roots(pram, parent, range(n))
    return [int(root) for root in parent]


def least_neighbours(pram, edges):
    """{component: its least neighbour}."""
    components, others = zip(*both_ways(edges))
    return write_least(pram, zip(components, pram.array(others)))


def hook(pram, parent, chosen):
    """Join each component to what it has chosen, {component: its neighbour, counted}.

    All of a tree of choices get its root as their parent. The choices may have cycles
    of two, but no longer ones.
    """

    def above(v):
        other = chosen[v]
        return parent[v] if chosen[int(other)] == v and v < other else other

    for v, other in zip(chosen, pram.map(above, chosen)):
        parent[v] = other
    jump_to_roots(pram, parent, chosen)


def contract(pram, parent, edges):
    """The edges between different parents, now with these as their ends.

    What an edge holds after its two ends stays.
    """
    between = filter_by_scan(pram, lambda e: parent[e[0]] != parent[e[1]], edges)
    return [(int(parent[u]), int(parent[v]), *rest) for u, v, *rest in between]


def contraction_cost(n, m):
    """Cost of n nodes and m edges, an upper bound."""
    halvings = halvings_cost(n, m)
    last = jump_to_roots_cost(n, height=halvings.rounds)
    return replace(halvings + last, rounds=halvings.rounds)


def halvings_cost(n, m):
    """Cost of rounds that each leave half of n components at most, an upper bound."""
    rounds = max(n, 1).bit_length() - 1
    total = sum((round_cost(n >> r, m) for r in range(rounds)), Cost(work=0, depth=0))
    return replace(total, rounds=rounds)


def round_cost(components, m):
    """Cost of one round, an upper bound: choose, hook, jump, contract."""
    choose = write_least_cost(2 * m, components, most=m)
    hook = Cost(work=2 * components, depth=2)
    jumps = jump_to_roots_cost(components, height=components - 1)
    return choose + hook + jumps + filter_by_scan_cost(m)
