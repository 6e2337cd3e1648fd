"""Merge two sorted lists: in a loop, or each item by its rank in the other list.

    place of an item  =  its index  +  how many of the other list come before it

The loop makes n - 1 comparisons at most, one after another. The ranks come from binary
searches, all at the same time: depth log2 n, but work n log2 n.

Equal items of the first list come before those of the second.
"""

from bisect import bisect_left, bisect_right

from cme323.cost import Cost


def merge(pram, a, b):
    """One sorted list of two, by a loop.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> merge(pram, pram.array([1, 4, 6]), pram.array([2, 3, 9])), pram.cost
    ([1, 2, 3, 4, 6, 9], Cost(work=5, depth=5))
    """
    out, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if b[j] < a[i]:
            out.append(b[j])
            j += 1
        else:
            out.append(a[i])
            i += 1
    return out + a[i:] + b[j:]


def merge_by_rank(pram, a, b):
    """One sorted list of two, by a binary search for each item.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> merge_by_rank(pram, pram.array([1, 4, 6]), pram.array([2, 3, 9])), pram.cost
    ([1, 2, 3, 4, 6, 9], Cost(work=12, depth=2))
    """
    out = [None] * (len(a) + len(b))

    def place_a(i):
        out[i + bisect_left(b, a[i])] = a[i]

    def place_b(j):
        out[j + bisect_right(a, b[j])] = b[j]

    pram.fork(
        lambda: pram.parallel_for(range(len(a)), place_a),
        lambda: pram.parallel_for(range(len(b)), place_b),
    )
    return out


def merge_cost(m, n):
    """Predicted cost of m and n items, an upper bound; attained if they alternate."""
    most = m + n - 1 if m and n else 0
    return Cost(work=most, depth=most)


def merge_by_rank_cost(m, n):
    """Predicted cost of m and n items, an upper bound.

    A binary search among n items makes at most ceil(log2(n + 1)) comparisons. The
    least item of all makes as many, so the depth is exact if m = n.
    """
    return Cost(
        work=m * n.bit_length() + n * m.bit_length(),
        depth=max(n.bit_length() if m else 0, m.bit_length() if n else 0),
    )
