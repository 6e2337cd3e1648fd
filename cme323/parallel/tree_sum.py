"""Sum by a tree: each half at the same time, then one addition.

    sum(x)  =  sum(left half) + sum(right half)

n - 1 additions, as in a loop, but only ceil(log2 n) of them one after another. Hence
rounding adds up over log n additions, not n: its error is O(eps log n), not O(eps n).
"""

from cme323.cost import Cost


def tree_sum(pram, x):
    """The sum of a list of counted numbers; 0 if it is empty.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> tree_sum(pram, pram.array([3, 1, 4, 1, 5])), pram.cost
    (14, Cost(work=4, depth=3))
    """
    if len(x) < 2:
        return x[0] if x else 0
    half = len(x) // 2
    left, right = pram.fork(
        lambda: tree_sum(pram, x[:half]), lambda: tree_sum(pram, x[half:])
    )
    return left + right


def tree_sum_cost(n):
    """Cost of n numbers, exactly."""
    return Cost(work=max(n - 1, 0), depth=max(n - 1, 0).bit_length())
