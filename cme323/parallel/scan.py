"""Scan: all prefixes of a list under an associative operation, in two ways.

    [x0, x1, x2, ...]  ->  [identity, x0, x0 + x1, x0 + x1 + x2, ...]

The first i are combined at place i, so the last place has them all.

    Blelloch        up and down a tree: 2(n - 1) combinations, 2 log2 n levels
    Hillis-Steele   add from 1, 2, 4, ... places before: log2 n levels, n log2 n work

Blelloch's does no more work than a loop, up to a factor of 2; Hillis-Steele's has half
the depth.

Sources: Blelloch, Prefix sums and their applications, 1990; Hillis, Steele, Data
parallel algorithms, CACM 29 (1986).
"""

from operator import add

from cme323.cost import Cost


def blelloch(pram, x, op=add, identity=0):
    """The n + 1 prefixes of a list of n counted values.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> blelloch(pram, pram.array([3, 1, 7, 0])), pram.cost
    ([0, 3, 4, 11, 11], Cost(work=6, depth=4))
    """
    if not x:
        return [identity]
    tree = _up(pram, x, op)
    return [*_down(pram, tree, identity, op), tree[0]]


def _up(pram, x, op):
    """(all of x combined, the tree of its left half, that of its right half)."""
    if len(x) == 1:
        return x[0], None, None
    half = len(x) // 2
    left, right = pram.fork(
        lambda: _up(pram, x[:half], op), lambda: _up(pram, x[half:], op)
    )
    return op(left[0], right[0]), left, right


def _down(pram, tree, before, op):
    """For each leaf, all before it combined; `before`: all before the tree."""
    _, left, right = tree
    if left is None:
        return [before]
    middle = op(before, left[0])
    first, second = pram.fork(
        lambda: _down(pram, left, before, op), lambda: _down(pram, right, middle, op)
    )
    return first + second


def hillis_steele(pram, x, op=add, identity=0):
    """The n + 1 prefixes of a list of n counted values.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> hillis_steele(pram, pram.array([3, 1, 7, 0])), pram.cost
    ([0, 3, 4, 11, 11], Cost(work=5, depth=2))
    """
    step = 1
    while step < len(x):
        x = x[:step] + pram.map(op, x[:-step], x[step:])
        step *= 2
    return [identity, *x]


def blelloch_cost(n):
    """Cost of n values, exactly, if `op` is one operation."""
    n = max(n, 1)
    return Cost(work=2 * (n - 1), depth=2 * (n - 1).bit_length())


def hillis_steele_cost(n):
    """Cost of n values, exactly, if `op` is one operation.

    n - 1, n - 2, n - 4, ... of them change: n log2 n - n + 1 for a power of 2.
    """
    levels = max(n - 1, 0).bit_length()
    return Cost(work=n * levels - (2**levels - 1), depth=levels)
