"""SUMMA: the product on a square grid of ranks, by broadcasts along rows and columns.

    rank (i, j) has A_ij, B_ij and computes C_ij = sum over k of A_ik B_kj

    step k    A_ik is told along row i, B_kj along column j; all add A_ik B_kj

To each rank come all blocks of its row of A and of its column of B but its own:
2(sqrt P - 1) n²/P words, about 2n²/sqrt P. It works on any grid, and on blocks of any
shape; Cannon's, with as many words, needs a square.

Left out: panels that are narrower than a block; the next broadcast while multiplying.
Source: van de Geijn, Watts, SUMMA: scalable universal matrix multiplication algorithm,
Concurrency 9, 1997.
"""

import numpy as np

from cme323.cost import Cost
from cme323.linalg.grid import Group, root
from cme323.network.tree import broadcast, rounds


def summa(rank, a, b):
    """Block (i, j) of the product at rank i sqrt(P) + j, from those of A and B.

    >>> from cme323.network import Network
    >>> blocks = [np.array([[x]]) for x in (1, 2, 3, 4)]
    >>> [block.item() for block in Network(4).run(summa, blocks, blocks)]
    [7, 10, 15, 22]
    """
    side = root(rank.size, 2)
    i, j = divmod(rank.number, side)
    row = Group(rank, (i * side + k for k in range(side)))
    column = Group(rank, (k * side + j for k in range(side)))
    c = np.zeros((len(a), b.shape[1]), dtype=np.result_type(a, b))
    for k in range(side):
        left = yield from broadcast(row, a, root=k)
        above = yield from broadcast(column, b, root=k)
        c += yield rank.compute(np.matmul, left, above)
    return c


def summa_words(n, P):
    """Words that come to each rank, exactly, for a side that divides n."""
    return 2 * n**2 * (root(P, 2) - 1) // P


def summa_cost(n, P):
    """Predicted cost for n x n matrices; of messages. `rounds` is an upper bound."""
    side = root(P, 2)
    return Cost(
        rounds=2 * side * rounds(side),
        records=P * summa_words(n, P),
        messages=2 * P * (side - 1),
    )
