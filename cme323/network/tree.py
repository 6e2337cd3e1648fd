"""Broadcast and reduce on a binomial tree: ceil(log2 P) rounds, P - 1 messages.

    round 1   0 -> 4
    round 2   0 -> 2   4 -> 6
    round 3   0 -> 1   2 -> 3   4 -> 5   6 -> 7

That is a broadcast; a reduction runs it backwards. Each round doubles the ranks that
have the value; a driver that tells P - 1 ranks itself needs P - 1 rounds. Beside them
broadcast_by_driver, reduce_by_driver, and reduce_in_two_levels, which is Spark's
treeAggregate of depth 2.
"""

from math import isqrt
from operator import add

from cme323.cost import Cost


def broadcast(rank, value, root=0):
    """The value of `root`, at every rank; what the others pass is ignored.

    >>> from cme323.network import Network
    >>> Network(4).run(broadcast, ["a", "b", "c", "d"], root=2)
    ['c', 'c', 'c', 'c']
    """
    place = (rank.number - root) % rank.size
    if place:
        value = yield rank.receive((parent(place) + root) % rank.size)
    for child in children(place, rank.size):
        yield rank.send((child + root) % rank.size, value)
    return value


def reduce(rank, value, op=add, root=0):
    """All values combined by an associative, commutative `op`, at `root`; else None.

    >>> from cme323.network import Network
    >>> Network(4).run(reduce, [1, 2, 3, 4])
    [10, None, None, None]
    """
    place = (rank.number - root) % rank.size
    for child in reversed(children(place, rank.size)):
        theirs = yield rank.receive((child + root) % rank.size)
        value = yield rank.compute(op, value, theirs)
    if place:
        yield rank.send((parent(place) + root) % rank.size, value)
        return None
    return value


def parent(place):
    """Who tells it: its number without the lowest bit.

    >>> [parent(place) for place in range(1, 8)]
    [0, 0, 2, 0, 4, 4, 6]
    """
    return place & (place - 1)


def children(place, size):
    """Whom it tells, the one with the most to tell first.

    >>> children(0, 8), children(4, 8), children(0, 6)
    ([4, 2, 1], [6, 5], [4, 2, 1])
    """
    lowest = place & -place or 1 << (size - 1).bit_length()
    steps = (1 << k for k in reversed(range(lowest.bit_length() - 1)))
    return [place + step for step in steps if place + step < size]


def broadcast_by_driver(rank, value):
    """The value of rank 0, at every rank: it tells one after another."""
    if rank.number:
        return (yield rank.receive(0))
    for other in range(1, rank.size):
        yield rank.send(other, value)
    return value


def reduce_by_driver(rank, value, op=add):
    """All values combined at rank 0, to which each other rank sends its own."""
    if rank.number:
        yield rank.send(0, value)
        return None
    return (yield from _take(rank, value, op, range(1, rank.size)))


def reduce_in_two_levels(rank, value, op=add):
    """All values combined at rank 0: groups of sqrt(P) first, then their heads."""
    width = group_width(rank.size)
    head = rank.number - rank.number % width
    if rank.number != head:
        yield rank.send(head, value)
        return None
    group = range(head + 1, min(head + width, rank.size))
    value = yield from _take(rank, value, op, group)
    if head:
        yield rank.send(0, value)
        return None
    return (yield from _take(rank, value, op, range(width, rank.size, width)))


def group_width(size):
    """sqrt(P), rounded up."""
    return isqrt(size - 1) + 1


def _take(rank, value, op, sources):
    for source in sources:
        theirs = yield rank.receive(source)
        value = yield rank.compute(op, value, theirs)
    return value


def broadcast_cost(n, P):
    """Predicted cost for n words: every rank but one receives them once."""
    return Cost(work=0, rounds=rounds(P), records=n * (P - 1), messages=P - 1)


def reduce_cost(n, P):
    """Predicted cost for n words: as a broadcast, and n(P - 1) operations."""
    return Cost(work=n * (P - 1), rounds=rounds(P), records=n * (P - 1), messages=P - 1)


def broadcast_by_driver_cost(n, P):
    """Predicted cost for n words: as much is sent, but one message after another."""
    return Cost(work=0, rounds=P - 1, records=n * (P - 1), messages=P - 1)


def reduce_by_driver_cost(n, P):
    """Predicted cost for n words: as much is sent, but one message after another."""
    return Cost(work=n * (P - 1), rounds=P - 1, records=n * (P - 1), messages=P - 1)


def reduce_in_two_levels_cost(n, P):
    """Predicted cost for n words, P a square: sqrt(P) - 1 rounds twice."""
    return Cost(
        work=n * (P - 1),
        rounds=2 * (group_width(P) - 1),
        records=n * (P - 1),
        messages=P - 1,
    )


def rounds(P):
    """ceil(log2 P): how often 1 must double to reach P."""
    return (P - 1).bit_length()
