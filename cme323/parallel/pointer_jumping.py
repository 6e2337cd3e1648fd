"""Pointer jumping: every node of a forest learns its root, by halving all distances.

    parent[v]  <-  parent[parent[v]]     all v at the same time, until nothing changes

After k jumps a pointer spans 2^k steps. A tree with a path of h steps to the root takes
ceil(log2 h) jumps, and a last look that finds nothing to do. Each look compares two
pointers: n comparisons, depth 1. Whether anything has changed is one concurrent write
of the same word, and free.

Source: Wyllie, The complexity of parallel computations, Cornell, 1979.
"""

from cme323.cost import Cost
from cme323.errors import BadInput


def jump_to_roots(pram, parent, nodes):
    """Make `parent` of all these nodes their root; a root is its own parent.

    parent: a list of counted values, which changes in place. The nodes' parents must be
    among the nodes.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> parent = pram.array([0, 0, 1, 2, 3])
    >>> jump_to_roots(pram, parent, range(5)); parent, pram.cost
    ([0, 0, 0, 0, 0], Cost(work=15, depth=3))
    """
    for _ in range(len(nodes).bit_length() + 1):
        above = [parent[parent[v]] for v in nodes]
        if not any(pram.map(lambda v, a: parent[v] != a, nodes, above)):
            return
        for v, a in zip(nodes, above):
            parent[v] = a
    raise BadInput("parents must form a forest, but some of these form a cycle")


def jump_to_roots_cost(n, height):
    """Cost of n nodes, exactly; height: the most steps from a node to its root."""
    looks = max(height - 1, 0).bit_length() + 1
    return Cost(work=n * looks, depth=looks)
