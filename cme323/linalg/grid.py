"""Ranks as a grid: some of them as a network of their own, and matrices in blocks.

NB: MPI's MPI_Comm_split and MPI_Cart_sub.
"""

from math import isqrt

import numpy as np

from cme323.errors import BadInput


class Group:
    """Some ranks, numbered from 0, as a network of their own: a row of a grid, say.

    Any program of cme323.network runs on it, with a Group for its rank.

    >>> from cme323.network import Network
    >>> from cme323.network.tree import reduce
    >>> def by_pairs(rank, x):
    ...     first = rank.number - rank.number % 2
    ...     return (yield from reduce(Group(rank, [first, first + 1]), x))
    >>> Network(4).run(by_pairs, [1, 2, 3, 4])
    [3, None, 7, None]
    """

    def __init__(self, rank, members):
        self._rank, self._members = rank, list(members)
        self.number, self.size = self._members.index(rank.number), len(self._members)

    def send(self, to, value):
        return self._rank.send(self._members[to], value)

    def receive(self, source):
        return self._rank.receive(self._members[source])

    def exchange(self, to, value, source):
        return self._rank.exchange(self._members[to], value, self._members[source])

    def compute(self, f, *arguments):
        return self._rank.compute(f, *arguments)


def root(P, power):
    """The side of a grid of P ranks; raises BadInput if it is none.

    >>> root(16, 2), root(27, 3)
    (4, 3)
    """
    side = isqrt(P) if power == 2 else round(P ** (1 / power))
    if side**power != P:
        shape = {2: "a square, such as 4, 9 or 16", 3: "a cube, such as 8, 27 or 64"}
        raise BadInput(f"the number of ranks must be {shape[power]}, not {P}")
    return side


def in_blocks(a, rows, columns):
    """The blocks of a matrix, row by row, all of one shape.

    >>> [block.tolist() for block in in_blocks(np.arange(4).reshape(2, 2), 2, 1)]
    [[[0, 1]], [[2, 3]]]
    """
    m, n = a.shape
    if m % rows or n % columns:
        raise BadInput(
            f"a matrix of {m}x{n} cannot be cut into {rows}x{columns} equal blocks: "
            "pad it with zeros"
        )
    return [block for slab in np.vsplit(a, rows) for block in np.hsplit(slab, columns)]


def from_blocks(blocks, columns):
    """The matrix of these blocks, row by row."""
    slabs = [blocks[i : i + columns] for i in range(0, len(blocks), columns)]
    return np.block(slabs)
