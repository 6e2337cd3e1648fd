"""Filter by scan: each item that stays learns its new place from a prefix sum.

    flags   1 0 0 1 1        stays or not
    places  0 1 1 1 2  (3)   the prefix sums: how many stay before me, and in all
    out     x0 x3 x4

A loop would append one item after another; here all items move at once.
"""

from cme323.cost import Cost
from cme323.parallel.scan import blelloch, blelloch_cost


def filter_by_scan(pram, keep, x):
    """The items of x for which keep(item) holds, in their order.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> filter_by_scan(pram, lambda v: v < 5, pram.array([3, 9, 8, 1, 4])), pram.cost
    ([3, 1, 4], Cost(work=13, depth=7))
    """
    kept, _ = split(pram, x, pram.map(keep, x))
    return kept


def split(pram, x, flags):
    """(the items of x with a true flag, the others), each in their order: one scan.

    >>> from cme323.pram import PRAM
    >>> split(PRAM(), "abcde", [True, False, False, True, True])
    (['a', 'd', 'e'], ['b', 'c'])
    """
    places = [int(place) for place in blelloch(pram, pram.array(map(int, flags)))]
    kept, out = places[-1], [None] * len(x)

    def move(i):
        out[places[i] if flags[i] else kept + i - places[i]] = x[i]

    pram.parallel_for(range(len(x)), move)
    return out[:kept], out[kept:]


def filter_by_scan_cost(n):
    """Cost of n items, exactly, if `keep` is one operation."""
    return Cost(work=n, depth=min(n, 1)) + split_cost(n)


def split_cost(n):
    """Cost of n items, exactly: one scan; moving is free."""
    return blelloch_cost(n)
