"""The product of two matrices by three loops, and by blocks that stay in a cache.

    C_ij = sum over k of A_ik B_kj

All orders of the loops compute 2n³ operations. What differs is what moves. Between one
use of an entry of B and the next, three loops go through all of B: with a cache of less
than n² words each of the n³ uses brings it anew. By blocks of b x b each word that has
come is used b times:

    three loops    2n³ + n²   words if M < n,    n³ + 2n² if 2n + 1 <= M < n²
    blocks         2n³/b + n² words if 5b² <= M:  about 4.5 n³/sqrt(M)

No order moves less than about n³/sqrt(8M) (Hong, Kung, 1981; Irony, Toledo, Tiskin,
2004). NB: three blocks are in use at a time; a cache by least recent use needs room for
five, as it does not know that the blocks of A and B before are not needed any more.

Left out: several levels of cache, vector instructions, threads: numpy's BLAS has them.
"""

from itertools import product

from cme323.cost import Cost
from cme323.errors import BadInput


def matmul(a, b):
    """The product of two lists of rows, by three loops.

    >>> matmul([[1, 2], [3, 4]], [[5, 6], [7, 8]])
    [[19, 22], [43, 50]]
    """
    c = _zeros(a, b)
    three_loops(a, b, c)
    return c


def matmul_blocked(a, b, size):
    """The same by blocks of at most size x size.

    >>> matmul_blocked([[1, 2], [3, 4]], [[5, 6], [7, 8]], size=1)
    [[19, 22], [43, 50]]
    """
    c = _zeros(a, b)
    blocked(a, b, c, size)
    return c


def _zeros(a, b):
    if len(a[0]) != len(b):
        raise BadInput(
            f"cannot multiply {len(a)}x{len(a[0])} by {len(b)}x{len(b[0])}: the inner "
            f"sizes {len(a[0])} and {len(b)} differ"
        )
    return [[0] * len(b[0]) for _ in a]


def three_loops(a, b, c):
    """c = A B, for anything with entries x[i][j]."""
    for i, j in product(range(len(c)), range(len(c[0]))):
        total = 0
        for k in range(len(b)):
            total += a[i][k] * b[k][j]
        c[i][j] = total


def blocked(a, b, c, size):
    """c = A B; the three outer loops go over blocks, the inner ones stay in them."""
    for rows, columns in product(_blocks(len(c), size), _blocks(len(c[0]), size)):
        for inner in _blocks(len(b), size):
            for i, j in product(rows, columns):
                total = c[i][j] if inner.start else 0
                for k in inner:
                    total += a[i][k] * b[k][j]
                c[i][j] = total


def _blocks(n, size):
    return [range(start, min(start + size, n)) for start in range(0, n, size)]


def matmul_cost(n, M):
    """Words moved for n x n matrices with a cache of M words, exactly.

    For M < n or 2n + 1 <= M < n².
    """
    return Cost(records=2 * n**3 + n**2 if n > M else n**3 + 2 * n**2)


def matmul_blocked_cost(n, size):
    """Words moved for n x n matrices; an upper bound, for 5 size² <= M.

    Exact if `size` divides n, and no block of A is still there from the row before.
    """
    blocks = -(-n // size)
    return Cost(records=2 * n**2 * blocks + n**2)
