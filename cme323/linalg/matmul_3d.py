"""The product on a cube of ranks: fewer words for each, and more memory.

    rank (i, j, k) of p x p x p computes A_ik B_kj; C_ij is their sum over k

    1. A_ik is gathered from the ranks (i, *, k), each of which has 1/p of its rows
    2. B_kj is gathered from the ranks (*, j, k)
    3. multiply
    4. C_ij is added up by the ranks (i, j, *), each of which keeps 1/p of its rows

Each of the three brings n²/p² (1 - 1/p) words to each rank, with p = P^(1/3): together
3n²/P^(2/3) (1 - P^(-1/3)). It holds blocks of n²/P^(2/3) words, P^(1/3) times as much
as an even share.

Source: Agarwal, Balle, Gustavson, Joshi, Palkar, A three-dimensional approach to
parallel matrix multiplication, IBM J. Research and Development 39, 1995; Irony, Toledo,
Tiskin, J. Parallel and Distributed Computing 64, 2004, that no way brings much less.
"""

import numpy as np

from cme323.cost import Cost
from cme323.linalg.grid import Group, in_blocks, root
from cme323.network.all_to_all import all_to_all


def matmul_3d(rank, a, b):
    """1/p of the rows of C_ij at rank (i, j, k), from 1/p of A_ik and of B_kj.

    See dealt() for which.
    """
    p = root(rank.size, 3)
    along_i, along_j, along_k = (Group(rank, line) for line in lines(rank.number, p))
    a = yield from gathered(along_j, a)
    b = yield from gathered(along_i, b)
    product = yield rank.compute(np.matmul, a, b)
    parts = yield from all_to_all(along_k, np.vsplit(product, p))
    return sum(parts)


def lines(number, p):
    """The ranks that differ from rank (i, j, k) in i only, in j only, in k only.

    >>> lines(0, 2)
    ([0, 4], [0, 2], [0, 1])
    """
    i, j, k = number // p**2, number // p % p, number % p
    return (
        [(other * p + j) * p + k for other in range(p)],
        [(i * p + other) * p + k for other in range(p)],
        [(i * p + j) * p + other for other in range(p)],
    )


def gathered(group, rows):
    """The rows of all ranks of a group, at each: each sends its own to each."""
    blocks = yield from all_to_all(group, [rows] * group.size)
    return np.vstack(blocks)


def dealt(a, b, p):
    """(the rows of A, of B) for each rank; p² divides n.

    >>> a, b = dealt(np.eye(4), np.eye(4), 2)
    >>> len(a), a[0].shape
    (8, (1, 2))
    """
    a, b = in_blocks(a, p * p, p), in_blocks(b, p * p, p)
    cube = [(i, j, k) for i in range(p) for j in range(p) for k in range(p)]
    return (
        [a[(i * p + j) * p + k] for i, j, k in cube],
        [b[(k * p + i) * p + j] for i, j, k in cube],
    )


def collected(parts, p):
    """The product, from what all ranks have of it."""
    return np.block(
        [
            [parts[(i * p + j) * p + k] for j in range(p)]
            for i in range(p)
            for k in range(p)
        ]
    )


def matmul_3d_words(n, P):
    """Words that come to each rank, exactly, for a p² that divides n."""
    p = root(P, 3)
    return 3 * n**2 * (p - 1) // p**3


def matmul_3d_cost(n, P):
    """Predicted cost for n x n matrices, exactly; of messages, not of arithmetic."""
    p = root(P, 3)
    return Cost(
        rounds=3 * (p - 1),
        records=P * matmul_3d_words(n, P),
        messages=3 * P * (p - 1),
    )
