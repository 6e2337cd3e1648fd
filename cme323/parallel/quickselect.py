"""Quickselect: the item with k smaller ones, by splits of which one side is kept.

    split by a random item  ->  it is the one, or go on in the side that has it

Expected comparisons: at most 4n; for the median (2 + 2 ln 2) n = 3.39 n, nearly.

Sources: Hoare, Algorithm 65: Find, CACM 4 (1961); Knuth, Mathematical analysis of
algorithms, IFIP Congress 1971.
"""

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.parallel.quicksort import harmonic, partition


def quickselect(pram, x, k, rng):
    """sorted(x)[k] of counted values, by pivots that rng draws; k is 0 to len(x) - 1.

    >>> import numpy as np
    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> quickselect(pram, pram.array([30, 10, 20]), 1, np.random.default_rng(0))
    20
    """
    if not 0 <= k < len(x):
        raise BadInput(
            f"there are 0 to {len(x) - 1} smaller items in this list, not {k}"
        )
    while True:
        smaller, pivot, larger = partition(pram, x, int(rng.integers(len(x))))
        if k == len(smaller):
            return pivot
        x, k = (smaller, k) if k < len(smaller) else (larger, k - len(smaller) - 1)


def quickselect_cost(n, k):
    """Expected work, exactly.

    As in quicksort, a split of n >= 2 items costs 3(n - 1) - 2.
    """
    return Cost(work=3 * quickselect_comparisons(n, k) - 2 * quickselect_splits(n, k))


def quickselect_comparisons(n, k):
    """Expected comparisons (Knuth).

    >>> round(quickselect_comparisons(1001, 500) / 1001, 2)
    3.34
    """
    below, above = k + 1, n - k
    return 2 * (
        n
        + 3
        + (n + 1) * harmonic(n)
        - (below + 2) * harmonic(below)
        - (above + 2) * harmonic(above)
    )


def quickselect_splits(n, k):
    """Expected splits of two or more items.

    An item d places away is ever a pivot with probability 1/(d + 1), the one that is
    sought with 1; but if it comes last of its neighbours, it is split from nothing.
    """
    neighbours = (k > 0) + (k < n - 1)
    return harmonic(k + 1) + harmonic(n - k) - 1 - 1 / (neighbours + 1)
