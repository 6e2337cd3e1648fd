"""Filter by a loop: all items are tested at once, then a loop counts their places.

    flags   1 0 0 1 1        stays or not, all at the same time
    places  0 1 1 1 2  (3)   one addition after another: how many stay before me

The loop is a serial part. If a test is k operations, its share of the work is
f = n / (kn + n) = 1/(k + 1), whatever n: by Amdahl's law no number of processors makes
the program more than k + 1 times faster. filter_by_scan.py has no such limit.
"""

from cme323.cost import Cost


def filter_by_loop(pram, keep, x):
    """The items of x for which keep(item) holds, in their order.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> filter_by_loop(pram, lambda v: v < 5, pram.array([3, 9, 8, 1, 4])), pram.cost
    ([3, 1, 4], Cost(work=10, depth=6))
    """
    flags = pram.map(keep, x)
    (place,), out = pram.array([0]), [None] * len(x)
    for flag, item in zip(flags, x):
        if flag:
            out[place] = item
        place = place + int(flag)
    return out[: int(place)]


def filter_by_loop_cost(n, k=1):
    """Cost of n items, exactly, if `keep` is k operations."""
    return Cost(work=k * n + n, depth=min(n, 1) * k + n)
