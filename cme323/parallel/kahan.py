"""Kahan's sum: a loop that carries along what rounding has lost.

    y = x - lost,   next = total + y,   lost = (next - total) - y

In exact arithmetic `lost` is always 0. In floating point it is what the last addition
rounded away, and the error of the sum is 2 eps + O(n eps^2), for numbers of one sign:
better than the tree's, at four times the work and without any parallelism.

Source: Kahan, Further remarks on reducing truncation errors, CACM 8 (1965).
"""

from cme323.cost import Cost


def kahan_sum(pram, x):
    """The sum of a list of counted numbers; 0 if it is empty.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> kahan_sum(pram, pram.array([1.0] + [1e-16] * 10)), pram.cost
    (1.000000000000001, Cost(work=40, depth=40))
    """
    total, lost = x[0] if x else 0, 0
    for number in x[1:]:
        y = number - lost
        total, before = total + y, total
        lost = (total - before) - y
    return total


def kahan_sum_cost(n):
    """Cost of n numbers, exactly: four operations for each but the first."""
    return Cost(work=4 * max(n - 1, 0), depth=4 * max(n - 1, 0))
