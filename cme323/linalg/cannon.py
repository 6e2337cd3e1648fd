"""Cannon's algorithm: the product on a square grid of ranks, by blocks that go round.

    skew      A_ij moves i to the left, B_ij moves j up: the inner indices now agree
    step      multiply and add; then A moves 1 to the left, B moves 1 up

After sqrt P steps each rank has met all pairs. In the steps 2(sqrt P - 1) n²/P words
come to each rank, as with SUMMA, but each message goes to a neighbour. The skew brings
n²/P more for A but in the first row, and for B but in the first column: 2n²/sqrt P for
the busiest ranks, exactly. Blocks that are dealt as they are needed save it.

Source: Cannon, A cellular computer to implement the Kalman filter algorithm, PhD
thesis, Montana State University, 1969.
"""

import numpy as np

from cme323.cost import Cost
from cme323.linalg.grid import root


def cannon(rank, a, b):
    """Block (i, j) of the product at rank i sqrt(P) + j, from those of A and B.

    >>> from cme323.network import Network
    >>> blocks = [np.array([[x]]) for x in (1, 2, 3, 4)]
    >>> [block.item() for block in Network(4).run(cannon, blocks, blocks)]
    [7, 10, 15, 22]
    """
    i, j = divmod(rank.number, root(rank.size, 2))
    a = yield from to_the_left(rank, a, i)
    b = yield from up(rank, b, j)
    return (yield from rotate(rank, a, b))


def rotate(rank, a, b):
    """The same from blocks that are skewed: A_i,i+j and B_i+j,j at rank (i, j)."""
    side = root(rank.size, 2)
    c = np.zeros((len(a), b.shape[1]), dtype=np.result_type(a, b))
    for step in range(side):
        c += yield rank.compute(np.matmul, a, b)
        if step < side - 1:
            a = yield from to_the_left(rank, a, 1)
            b = yield from up(rank, b, 1)
    return c


def to_the_left(rank, block, steps):
    """The block of the rank so many steps to the right; all in a row do it at once."""
    side = root(rank.size, 2)
    i, j = divmod(rank.number, side)
    if steps % side == 0:
        return block
    to, source = ((j - steps) % side, (j + steps) % side)
    return (yield rank.exchange(i * side + to, block, i * side + source))


def up(rank, block, steps):
    """The block of the rank so many steps below; all in a column do it at once."""
    side = root(rank.size, 2)
    i, j = divmod(rank.number, side)
    if steps % side == 0:
        return block
    to, source = ((i - steps) % side, (i + steps) % side)
    return (yield rank.exchange(to * side + j, block, source * side + j))


def skewed(blocks, side):
    """(blocks of A, of B), as rotate() needs them, from those of (A, B) in order."""
    a, b = blocks
    places = [(i, j) for i in range(side) for j in range(side)]
    return (
        [a[i * side + (i + j) % side] for i, j in places],
        [b[(i + j) % side * side + j] for i, j in places],
    )


def rotate_words(n, P):
    """Words that come to each rank in the steps, exactly, for a side that divides n."""
    return 2 * n**2 * (root(P, 2) - 1) // P


def cannon_words(n, P):
    """Words that come to the busiest rank, exactly: the skew brings two blocks more."""
    return rotate_words(n, P) + (2 * n**2 // P if P > 1 else 0)


def cannon_cost(n, P):
    """Predicted cost for n x n matrices, exactly; of messages, not of arithmetic."""
    side = root(P, 2)
    skew = 2 * side * (side - 1)
    messages = 2 * P * (side - 1) + skew
    return Cost(records=messages * n**2 // P, messages=messages)
