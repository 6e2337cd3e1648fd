"""Strassen's product of two matrices: 7 products of quarters instead of 8.

    m1 = (a11 + a22)(b11 + b22)     m5 = (a11 + a12) b22     c11 = m1 + m4 + m7 - m5
    m2 = (a21 + a22) b11            m6 = (a21 - a11)(b11 + b12)        c12 = m3 + m5
    m3 = a11 (b12 - b22)            m7 = (a12 - a22)(b21 + b22)        c21 = m2 + m4
    m4 = a22 (b21 - b11)                                     c22 = m1 - m2 + m3 + m6

So 7^k products of numbers for n = 2^k, and 18 additions of quarters in each step:

    W(n) = 7 W(n/2) + 18 (n/2)²   =  7 · 7^k - 6 · 4^k        D(n) = D(n/2) + 3

A step saves operations from n = 16 on, so it is best to stop at a `cutoff` of 8. The
rounding error is that of the largest entries: small ones may lose all their digits.

Left out: sizes that do not halve (pad with zeros); Winograd's form with 15 additions.
Sources: Strassen, Numerische Mathematik 13 (1969); Higham, Accuracy and Stability of
Numerical Algorithms, 2002, chapter 23, on the error.
"""

from functools import partial
from operator import add, mul, sub

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.parallel.tree_sum import tree_sum, tree_sum_cost


def strassen(pram, a, b, cutoff=1):
    """The product of two n x n matrices, lists of rows of counted values.

    n is halved until it is at most `cutoff`; the blocks that are left are multiplied by
    the school's method.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> a, b = [[1, 2], [3, 4]], [[5, 6], [7, 8]]
    >>> strassen(pram, [*map(pram.array, a)], [*map(pram.array, b)])
    [[19, 22], [43, 50]]
    >>> pram.cost, pram.operations["*"]
    (Cost(work=25, depth=4), 7)
    """
    _check(a, b, cutoff)
    return _product(pram, cutoff, a, b)


def _check(a, b, cutoff):
    n = small = len(a)
    if n < 1 or {len(rows) for rows in (a, b, *a, *b)} != {n}:
        shapes = [f"{len(rows)}x{len(rows[0]) if rows else 0}" for rows in (a, b)]
        raise BadInput(
            "strassen() needs two square matrices of one size, lists of rows, not "
            + " and ".join(shapes)
        )
    while small > cutoff and small % 2 == 0:
        small //= 2
    if small > cutoff:
        raise BadInput(
            f"strassen() cannot halve {n} to at most cutoff={cutoff}: pad the matrices "
            "with zeros, or choose another cutoff"
        )


def _product(pram, cutoff, a, b):
    if len(a) <= cutoff:
        return classical(pram, a, b)
    sums = partial(pram.map, partial(_sum, pram))

    def multiplied(*factors):
        return _product(pram, cutoff, *sums(factors))

    products = pram.map(multiplied, _left(*_quarters(a)), _right(*_quarters(b)))
    return _combined(sums, *products)


def _left(a11, a12, a21, a22):
    """The left factors of the seven products, each a block or a sum of two."""
    return (
        (a11, add, a22),
        (a21, add, a22),
        (a11,),
        (a22,),
        (a11, add, a12),
        (a21, sub, a11),
        (a12, sub, a22),
    )


def _right(b11, b12, b21, b22):
    """The right factors of the seven products."""
    return (
        (b11, add, b22),
        (b11,),
        (b12, sub, b22),
        (b21, sub, b11),
        (b22,),
        (b11, add, b12),
        (b21, add, b22),
    )


def _combined(sums, m1, m2, m3, m4, m5, m6, m7):
    """The result from the seven products: 8 additions, at most two in a row."""
    p, q, r, s, c12, c21 = sums(
        (
            (m1, add, m4),
            (m7, sub, m5),
            (m1, sub, m2),
            (m3, add, m6),
            (m3, add, m5),
            (m2, add, m4),
        )
    )
    c11, c22 = sums(((p, add, q), (r, add, s)))
    top = [left + right for left, right in zip(c11, c12)]
    return top + [left + right for left, right in zip(c21, c22)]


def _quarters(x):
    """The blocks x11, x12, x21, x22."""
    half = len(x) // 2
    rows = x[:half], x[half:]
    return [
        [row[part] for row in block]
        for block in rows
        for part in (slice(half), slice(half, None))
    ]


def _sum(pram, block):
    """(x,) as x, and (x, op, y) as op(x, y), all entries at the same time."""
    if len(block) == 1:
        return block[0]
    x, op, y = block
    return pram.map(partial(pram.map, op), x, y)


def classical(pram, a, b):
    """The same product by n³ products of numbers: each row with each column.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> classical(pram, [pram.array([1, 2])], [pram.array([3]), pram.array([4])])
    [[11]]
    >>> pram.cost
    Cost(work=3, depth=2)
    """
    columns = list(zip(*b))

    def entry(row, column):
        return tree_sum(pram, pram.map(mul, row, column))

    return pram.map(lambda row: pram.map(partial(entry, row), columns), a)


def strassen_cost(n, cutoff=1):
    """Cost of n x n matrices, exactly.

    With n = c 2^j, c the size of the smallest blocks: work 7^j (2c³ - c²) +
    6 (7^j - 4^j) c², depth 3j + 1 + ceil(log2 c).
    """
    if n <= cutoff:
        return classical_cost(n)
    half = strassen_cost(n // 2, cutoff)
    return Cost(work=7 * half.work + 18 * (n // 2) ** 2, depth=half.depth + 3)


def classical_cost(n):
    """Cost of n x n matrices, exactly: 2n³ - n²."""
    entry = Cost(work=n, depth=1) + tree_sum_cost(n)
    return Cost(work=n**2 * entry.work, depth=entry.depth)
