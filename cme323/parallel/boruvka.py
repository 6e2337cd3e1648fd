"""Boruvka's minimum spanning forest: all components take their lightest edge at once.

    lightest  the least (weight, number of the edge) of each component: a tree
    hook      join the component at its other end; all of a tree learn their root
    contract  edges now join roots; those with both ends in one root go (filter by scan)

The lightest edge that leaves a component is in the forest (cut property), if no two
weights are equal: the number breaks ties. With ties left to chance, choices could close
a cycle. Each component meets another, and half are left at most:

    rounds  <=  floor(log2 n),   W = O((m + n) log n),   D = O(log² n)

Hooking and contracting are those of contraction.py, where comparisons are counted; here
one comparison takes a weight and a number.

Source: Boruvka, O jistém problému minimálním, 1926; translated by Nesetril, Milková,
Nesetrilová, Discrete Mathematics 233 (2001).
"""

from cme323.errors import BadInput
from cme323.parallel.concurrent_write import write_least
from cme323.parallel.contraction import contract, halvings_cost, hook
from cme323.parallel.undirected import check_edges
from cme323.pram import plain


def boruvka(pram, n, edges, weights):
    """The numbers of the edges of a minimum spanning forest, sorted.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> square = [(0, 1), (1, 2), (2, 3), (3, 0)]
    >>> boruvka(pram, 4, square, weights=[1, 7, 1, 5]), pram.cost.rounds
    ([0, 2, 3], 2)
    """
    check_edges(n, edges)
    _check_weights(edges, weights)
    parent, forest = pram.array(range(n)), set()
    crossing = [(u, v, w, i) for i, ((u, v), w) in enumerate(zip(edges, weights))]
    while crossing:
        pram.round()
        lightest = lightest_edges(pram, crossing)
        forest |= {edge for _, edge, _ in lightest.values()}
        others = pram.array(other for _, _, other in lightest.values())
        hook(pram, parent, dict(zip(lightest, others)))
        crossing = contract(pram, parent, crossing)
    return sorted(forest)


def lightest_edges(pram, crossing):
    """{component: (weight, number, other end) of its lightest edge}."""
    writes = [(u, (w, i, v)) for u, v, w, i in crossing]
    writes += [(v, (w, i, u)) for u, v, w, i in crossing]
    components, seen = zip(*writes)
    least = write_least(pram, zip(components, pram.array(seen)))
    return {c: plain(edge) for c, edge in least.items()}


def _check_weights(edges, weights):
    if len(weights) != len(edges):
        raise BadInput(
            f"each edge needs a weight, but {len(edges)} edges came with "
            f"{len(weights)} weights"
        )


def boruvka_cost(n, m):
    """Cost of n nodes and m edges, an upper bound."""
    return halvings_cost(n, m)
