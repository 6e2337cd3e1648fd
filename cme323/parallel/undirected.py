"""Undirected graphs as the algorithms here take them: n, and a list of edges.

Nodes are the numbers 0 to n - 1, an edge is a pair of two of them, in any order. An
edge may come twice; a node may have none.
"""

from cme323.errors import BadInput


def check_edges(n, edges):
    """Raise BadInput unless each edge joins two of the nodes 0 to n - 1."""
    for u, v in edges:
        if not (0 <= u < n and 0 <= v < n) or u == v:
            raise BadInput(
                f"an edge must join two different nodes of 0 to {n - 1}, not {u} and "
                f"{v}: leave it out, or number the nodes from 0"
            )


def both_ways(edges):
    """Each edge from either end.

    >>> both_ways([(0, 1), (1, 2)])
    [(0, 1), (1, 2), (1, 0), (2, 1)]
    """
    return [(u, v) for u, v in edges] + [(v, u) for u, v in edges]


def neighbours(n, edges):
    """The neighbours of each node.

    >>> neighbours(3, [(0, 1), (1, 2)])
    [[1], [2, 0], [1]]
    """
    near = [[] for _ in range(n)]
    for u, v in both_ways(edges):
        near[u].append(v)
    return near
