"""Mergesort: each half at the same time, then a merge, which decides the depth.

    merge           W(n) = 2 W(n/2) + n          D(n) = D(n/2) + n       =  Θ(n)
    merge_by_rank   W(n) = 2 W(n/2) + n log n    D(n) = D(n/2) + log n   =  Θ(log² n)

By a loop, the last merge alone takes n steps: W/D is only log n. By ranks, the work
becomes n log² n; Cole's mergesort (SIAM J. Comput. 17, 1988), which is left out, has
work n log n and depth log n.
"""

from cme323.cost import Cost
from cme323.parallel.merge import (
    merge_by_rank,
    merge_by_rank_cost,
    merge_cost,
)


def mergesort(pram, x, merge=merge_by_rank):
    """A list of the same counted values in order; equal ones stay in their order.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> mergesort(pram, pram.array([3, 1, 2, 0])), pram.cost
    ([0, 1, 2, 3], Cost(work=11, depth=3))
    """
    if len(x) < 2:
        return x
    half = len(x) // 2
    left, right = pram.fork(
        lambda: mergesort(pram, x[:half], merge),
        lambda: mergesort(pram, x[half:], merge),
    )
    return merge(pram, left, right)


def mergesort_cost(n):
    """Predicted cost by `merge`, an upper bound.

    For n = 2^k: work n k - n + 1, depth 2n - 2 - k.
    """
    return _recurrence(n, merge_cost)


def mergesort_by_rank_cost(n):
    """Predicted cost by `merge_by_rank`, an upper bound.

    For n = 2^k: work n k(k + 1)/2, and the depth k(k + 1)/2 is exact.
    """
    return _recurrence(n, merge_by_rank_cost)


def _recurrence(n, merge_cost):
    """Both halves at the same time, then their merge."""
    if n < 2:
        return Cost(work=0, depth=0)
    small, large = (_recurrence(part, merge_cost) for part in (n // 2, n - n // 2))
    halves = Cost(work=small.work + large.work, depth=max(small.depth, large.depth))
    return halves + merge_cost(n // 2, n - n // 2)
