"""Concurrent writes: many write to a cell at the same time, and the least value stays.

    cell  <-  min of the values written to it

A tree of comparisons for each cell: k writes cost k - 1, at a depth of ceil(log2 k).
Bringing the writes of a cell together is moving, and so is free here. NB: a machine
where the least writer wins in one step is called a priority CRCW PRAM; this is what one
step costs without such hardware.
"""

from collections import defaultdict

from cme323.cost import Cost


def write_least(pram, writes):
    """{cell: the least value written to it}, from pairs (cell, counted value).

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> writes = zip("abaa", pram.array([4, 1, 3, 5]))
    >>> write_least(pram, writes), pram.cost
    ({'a': 3, 'b': 1}, Cost(work=2, depth=2))
    """
    written = defaultdict(list)
    for cell, value in writes:
        written[cell].append(value)
    return dict(zip(written, pram.map(lambda x: least(pram, x), written.values())))


def least(pram, x):
    """The least of a list of counted values, the first of them if there are more."""
    if len(x) == 1:
        return x[0]
    half = len(x) // 2
    left, right = pram.fork(
        lambda: least(pram, x[:half]), lambda: least(pram, x[half:])
    )
    return right if right < left else left


def write_least_cost(writes, cells, most):
    """Cost of `writes` to `cells`, at most `most` of them to one; exactly."""
    return Cost(work=writes - cells, depth=max(most - 1, 0).bit_length())
