"""Quicksort: split by a random item, then sort both sides at the same time.

    W = comparisons + the scans that split,   E comparisons = 2(n + 1) H_n - 4n

Each split is a filter by scan, of depth O(log n), and their recursion is expected to be
O(log n) deep, so the depth is O(log² n). Equal items keep their order: that decides on
which side of the pivot they go, and makes them no worse than others.

Source: Hoare, Quicksort, The Computer Journal 5 (1962).
"""

from cme323.cost import Cost
from cme323.parallel.filter_by_scan import split


def quicksort(pram, x, rng):
    """A list of the same counted values in order, by pivots that rng draws.

    >>> import numpy as np
    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> quicksort(pram, pram.array([3, 1, 2]), np.random.default_rng(0)), pram.cost
    ([1, 2, 3], Cost(work=4, depth=3))
    """
    if len(x) < 2:
        return x
    smaller, pivot, larger = partition(pram, x, int(rng.integers(len(x))))
    below, above = pram.fork(
        lambda: quicksort(pram, smaller, rng), lambda: quicksort(pram, larger, rng)
    )
    return [*below, pivot, *above]


def partition(pram, x, p):
    """(the items that come before x[p] in order, x[p], those that come after).

    >>> from cme323.pram import PRAM
    >>> partition(PRAM(), [2, 3, 2, 1, 2], 2)
    ([2, 1], 2, [3, 2])
    """
    pivot = x[p]
    before, after = pram.fork(
        lambda: pram.map(lambda item: not pivot < item, x[:p]),
        lambda: pram.map(lambda item: item < pivot, x[p + 1 :]),
    )
    smaller, larger = split(pram, x[:p] + x[p + 1 :], before + after)
    return smaller, pivot, larger


def quicksort_cost(n):
    """Expected work, exactly; the worst is about 3n²/2.

    A split of n items compares n - 1 with the pivot and scans n - 1 flags, by
    2(n - 2) additions: 3(n - 1) - 2 together. There are (2n - 1)/3 splits.
    """
    if n < 2:
        return Cost(work=0)
    return Cost(work=3 * quicksort_comparisons(n) - 2 * (2 * n - 1) / 3)


def quicksort_comparisons(n):
    """Expected comparisons: each item is compared with each other at most once.

    >>> round(quicksort_comparisons(3), 3)
    2.667
    """
    return 2 * (n + 1) * harmonic(n) - 4 * n


def harmonic(n):
    """H_n = 1 + 1/2 + ... + 1/n."""
    return sum(1 / i for i in range(1, n + 1))
