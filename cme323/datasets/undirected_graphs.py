"""Undirected graphs, by name and at random: distinct edges, no self-loops.

All return sorted pairs (u, v) of nodes 0 to n - 1, with u < v. Random ones are the same
for the same seed and version of NumPy.
"""

from math import isqrt

import numpy as np

from cme323.datasets.random_graphs import _pairs, _whole
from cme323.errors import BadInput


def path(nodes: int) -> list[tuple[int, int]]:
    """0 - 1 - 2 - ... - n - 1.

    >>> path(4)
    [(0, 1), (1, 2), (2, 3)]
    """
    nodes = _whole("nodes", nodes, 1)
    return [(v, v + 1) for v in range(nodes - 1)]


def cycle(nodes: int) -> list[tuple[int, int]]:
    """A path whose ends are joined; at least 3 nodes."""
    nodes = _whole("nodes", nodes, 3)
    return sorted([*path(nodes), (0, nodes - 1)])


def star(nodes: int) -> list[tuple[int, int]]:
    """Node 0 and its n - 1 neighbours."""
    return [(0, v) for v in range(1, _whole("nodes", nodes, 1))]


def complete(nodes: int) -> list[tuple[int, int]]:
    """All pairs."""
    nodes = _whole("nodes", nodes, 1)
    return [(u, v) for u in range(nodes) for v in range(u + 1, nodes)]


def grid(rows: int, columns: int) -> list[tuple[int, int]]:
    """Neighbours in a rectangle; row r holds the nodes from r * columns on.

    >>> grid(2, 2)
    [(0, 1), (0, 2), (1, 3), (2, 3)]
    """
    rows, columns = _whole("rows", rows, 1), _whole("columns", columns, 1)
    places = np.arange(rows * columns).reshape(rows, columns)
    across = _pairs(places[:, :-1].ravel(), places[:, 1:].ravel())
    return sorted(across + _pairs(places[:-1].ravel(), places[1:].ravel()))


def hypercube(dimensions: int) -> list[tuple[int, int]]:
    """2^dimensions nodes; neighbours differ in one bit.

    >>> hypercube(2)
    [(0, 1), (0, 2), (1, 3), (2, 3)]
    """
    bits = [1 << d for d in range(_whole("dimensions", dimensions, 0))]
    nodes = range(1 << dimensions)
    return sorted((v, v | bit) for v in nodes for bit in bits if not v & bit)


def binomial_tree(order: int) -> list[tuple[int, int]]:
    """2^order nodes: each of a binomial tree of half the size, and a leaf of its own.

    The leaves come first, leaf v at node 2^(order - 1) + v. So if each node joins its
    least neighbour, pairs form, and what is left is the smaller tree.

    >>> binomial_tree(2)
    [(0, 2), (1, 3), (2, 3)]
    """
    edges = []
    for half in [1 << k for k in range(_whole("order", order, 0))]:
        inner = [(u + half, v + half) for u, v in edges]
        edges = [(leaf, leaf + half) for leaf in range(half)] + inner
    return edges


def erdos_renyi(nodes: int, edges: int, seed=0) -> list[tuple[int, int]]:
    """Exactly `edges` edges, every such graph equally likely.

    Raises BadInput if there are fewer than `edges` pairs of nodes.

    >>> erdos_renyi(3, 3) == complete(3)
    True
    """
    nodes, edges = _whole("nodes", nodes, 1), _whole("edges", edges, 0)
    pairs = nodes * (nodes - 1) // 2
    if edges > pairs:
        raise BadInput(
            f"{nodes} nodes have at most {pairs} edges, but {edges} were asked for: "
            "ask for fewer edges or more nodes"
        )
    chosen = np.random.default_rng(seed).choice(pairs, edges, replace=False)
    larger = np.array([_row(place) for place in chosen.tolist()], dtype=np.int64)
    return sorted(_pairs(chosen - larger * (larger - 1) // 2, larger))


def random_regular(nodes: int, degree: int, seed=0) -> list[tuple[int, int]]:
    """Every node has `degree` neighbours; such graphs are nearly equally likely.

    Each node has `degree` ends of edges, which are paired at random; pairs that would
    be a loop or an edge that exists are drawn again (Steger, Wormald, Generating random
    regular graphs quickly, 1999). Raises BadInput if there is no such graph.
    """
    nodes, degree = _whole("nodes", nodes, 1), _whole("degree", degree, 0)
    if degree >= nodes or nodes * degree % 2:
        raise BadInput(
            f"no graph of {nodes} nodes has {degree} neighbours for each: ask for "
            "fewer neighbours than nodes, and for an even number of ends of edges"
        )
    rng = np.random.default_rng(seed)
    edges = None
    while edges is None:
        edges = _paired(rng, np.repeat(np.arange(nodes), degree))
    return sorted(edges)


def relabelled(nodes: int, edges, seed=0) -> list[tuple[int, int]]:
    """The same graph, its nodes numbered at random."""
    new = np.random.default_rng(seed).permutation(nodes).tolist()
    return sorted(tuple(sorted((new[u], new[v]))) for u, v in edges)


def _row(place):
    """The larger node of the pair at a place of (0, 1), (0, 2), (1, 2), (0, 3), ..."""
    return (1 + isqrt(1 + 8 * place)) // 2


def _paired(rng, ends):
    """A set of edges that uses up all ends, or None if it stopped short."""
    edges = set()
    while len(ends):
        rng.shuffle(ends)
        left = []
        for u, v in np.sort(ends.reshape(-1, 2)).tolist():
            if u == v or (u, v) in edges:
                left += [u, v]
            else:
                edges.add((u, v))
        if len(left) == len(ends):
            return None
        ends = np.array(left, dtype=np.int64)
    return edges
