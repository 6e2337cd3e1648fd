"""Add two binary numbers: with a carry that ripples, or with carries from one scan.

    carry out of a place  =  it makes one itself,  or  it lets one pass that comes in
                                g = a & b               p = a ^ b

ripple takes the carry from place to place, n of them one after another. But a run of
places is like one place: it makes a carry if its end does, or lets one pass that its
start makes. That is associative, so a scan has all carries in O(log n): lookahead.

    ripple       5n operations,   depth 5n
    lookahead    9n - 4,          depth 6 ceil(log2 n) + 5

Numbers are lists of n counted bits, the lowest first; a sum has n + 1.

Source: Ladner, Fischer, Parallel prefix computation, Journal of the ACM 27 (1980).
"""

from cme323.cost import Cost
from cme323.parallel.scan import blelloch, blelloch_cost


def ripple(pram, a, b, carry=0):
    """The n + 1 bits of a + b + carry, by a loop.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> ripple(pram, pram.array([1, 1, 0]), pram.array([1, 0, 1])), pram.cost
    ([0, 0, 0, 1], Cost(work=15, depth=15))
    """
    total = []
    for x, y in zip(a, b):
        differ = x ^ y
        total.append(differ ^ carry)
        carry = x & y | differ & carry
    return [*total, carry]


def lookahead(pram, a, b, carry=0):
    """The n + 1 bits of a + b + carry, by a scan.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> lookahead(pram, pram.array([1, 1, 0]), pram.array([1, 0, 1])), pram.cost
    ([0, 0, 0, 1], Cost(work=23, depth=17))
    """
    places = pram.map(lambda x, y: (x & y, x ^ y), a, b)
    *before, (makes, passes) = blelloch(pram, places, _run, (carry, 1))
    total = pram.map(lambda place, run: place[1] ^ run[0], places, before)
    return [*total, makes | passes & carry]


def _run(low, high):
    """(makes a carry, lets one pass) of two runs of places, one above the other."""
    return high[0] | high[1] & low[0], high[1] & low[1]


def ripple_cost(n):
    """Cost of n bits, exactly."""
    return Cost(work=5 * n, depth=5 * n)


def lookahead_cost(n):
    """Cost of n >= 1 bits, exactly: to combine two runs takes three operations."""
    return Cost(work=3 * n + 2, depth=5) + 3 * blelloch_cost(n)
