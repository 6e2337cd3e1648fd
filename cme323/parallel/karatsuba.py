"""Karatsuba's product of two binary numbers: 3 products of half as many bits, not 4.

    x = x1 2^h + x0       low = x0 y0       high = x1 y1
    y = y1 2^h + y0       middle = low + high + (x1 - x0)(y0 - y1)  =  x1 y0 + x0 y1
    x y  =  high 2^2h + middle 2^h + low

So 3^k products of bits for n = 2^k, which is n^1.585, and with additions

    W(n) = 3 W(n/2) + Θ(n)        =  Θ(n^(log2 3)),  whatever the adder
    D(n) = D(n/2) + Θ(n)          =  Θ(n)            if carries ripple
    D(n) = D(n/2) + Θ(log n)      =  Θ(log² n)       if a scan looks ahead

The differences are multiplied without their signs, so that they have h bits, not h + 1.
Left out: other lengths (pad with zeros); a cutoff, below which the school's is cheaper.

Source: Karatsuba, Ofman, Multiplication of many-digital numbers by automatic computers,
Doklady Akademii Nauk SSSR 145 (1962).
"""

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.parallel.adders import lookahead, lookahead_cost


def karatsuba(pram, x, y, adder=lookahead):
    """The 2n bits of x * y, for lists of n = 2^k counted bits, the lowest first.

    >>> from cme323.pram import PRAM
    >>> pram = PRAM()
    >>> karatsuba(pram, pram.array([1, 1]), pram.array([0, 1]))    # 3 * 2 = 6
    [0, 1, 1, 0]
    >>> pram.cost
    Cost(work=92, depth=61)
    """
    n, half = len(x), len(x) // 2
    if n < 1 or n & (n - 1) or len(y) != n:
        raise BadInput(
            "karatsuba() needs two numbers of as many bits, a power of 2, not of "
            f"{n} and {len(y)}: pad them with zeros"
        )
    if n == 1:
        return [x[0] * y[0], *pram.array([0])]
    x0, x1, y0, y1 = x[:half], x[half:], y[:half], y[half:]
    (dx, x_sign), (dy, y_sign) = pram.fork(
        lambda: _distance(pram, x1, x0, adder), lambda: _distance(pram, y0, y1, adder)
    )
    low, high, cross = pram.map(
        lambda a, b: karatsuba(pram, a, b, adder), (x0, x1, dx), (y0, y1, dy)
    )
    both = adder(pram, low, high)
    middle = _plus(pram, both, cross, x_sign ^ y_sign, adder)
    shifted = middle + [0] * (half - 1)
    return low[:half] + adder(pram, low[half:] + high, shifted)[:-1]


def _distance(pram, a, b, adder):
    """(|a - b|, 1 if a < b else 0), by a - b = a + not b + 1 in two's complement."""
    *difference, at_least = adder(pram, a, _flipped(pram, b, 1), 1)
    less = 1 ^ at_least
    *distance, _ = adder(
        pram, _flipped(pram, difference, less), [0] * len(difference), less
    )
    return distance, less


def _plus(pram, total, x, negative, adder):
    """total + x, or total - x if `negative`; total has a bit more than x."""
    bits = [*_flipped(pram, x, negative), negative]
    return adder(pram, total, bits, negative)[:-1]


def _flipped(pram, bits, flip):
    return pram.map(lambda bit: bit ^ flip, bits)


def karatsuba_cost(n, adder_cost=lookahead_cost):
    """Cost of n = 2^k bits, exactly.

    ripple: work 66 · 3^k - 61 n - 4, depth 45n + 10k - 44.
    lookahead: work 98 · 3^k - 105 n + 8, depth 15k² + 45k + 1.
    """
    if n == 1:
        return Cost(work=1, depth=1)
    half = n // 2
    distance = Cost(work=2 * half + 1, depth=3) + 2 * adder_cost(half)
    product = karatsuba_cost(half, adder_cost)
    at_once = Cost(
        work=2 * distance.work + 3 * product.work, depth=distance.depth + product.depth
    )
    signs = Cost(work=1 + n, depth=2)
    return at_once + signs + adder_cost(n) + adder_cost(n + 1) + adder_cost(3 * half)
