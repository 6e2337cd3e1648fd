"""Approximate answers: how many distinct records, in a few bytes for each of m cells.

HyperLogLog (Flajolet et al. 2007). Hash every record to 64 random bits: the first p
choose one of m = 2^p registers, the others give a rank, the place of their first
1. Rank r comes up once in 2^r distinct records, so the highest rank of a register
tells how many it saw, and their harmonic mean how many there are. Repeats change
nothing, and two sketches merge by maximum. Relative error: about 1.04 / sqrt(m).

The other three have a time limit in Spark. Here every job runs to its end, so they
are exact, unless there is no time at all.
"""

from math import ceil, inf, log, log2

from cme323.engine.partitioner import portable_hash

MASK = 2**64 - 1


class BoundedFloat(float):
    """A number that lies between `low` and `high` with probability `confidence`.

    >>> BoundedFloat(100.0, 0.95, 95.0, 105.0)
    100.0
    """

    def __new__(cls, mean, confidence, low, high):
        number = super().__new__(cls, mean)
        number.confidence, number.low, number.high = confidence, low, high
        return number


class Approximate:
    """The part of RDD whose answers may have an error."""

    def countApproxDistinct(self, relativeSD=0.05):
        """About how many different records, to a relative error of `relativeSD`.

        A smaller error takes more registers: (1.054 / relativeSD)^2, in steps of 2.
        Raises ValueError below 0.000017. NB: Spark's hash is another one, so its
        estimate is too.
        """
        if relativeSD <= 0.000017:
            raise ValueError("relativeSD should be greater than 0.000017")
        p = max(4, ceil(2 * log2(1.054 / relativeSD)))
        sketches = self._run(lambda it: _sketch(it, p), "countApproxDistinct")
        return round(_cardinality(_merged(sketches), 2**p))

    def countApprox(self, timeout, confidence=0.95):
        """How many records, as an int; see sumApprox."""
        ones = self.mapPartitions(lambda it: [sum(1 for _ in it)])
        return int(ones.sumApprox(timeout, confidence))

    def sumApprox(self, timeout, confidence=0.95):
        """The sum as a BoundedFloat: exact, with confidence 1, after `timeout` > 0 ms.

        NB: as in Spark, no time gives 0.0 with infinite bounds and confidence 0.
        """
        parts = self.mapPartitions(lambda it: [float(sum(it))])
        return _within(timeout, confidence, parts.sum)

    def meanApprox(self, timeout, confidence=0.95):
        """The mean as a BoundedFloat; see sumApprox."""
        return _within(timeout, confidence, self.map(float).mean)


def _sketch(records, p):
    """{register: its highest rank}; a register that nothing reached has no entry."""
    registers = {}
    for record in records:
        bits = _mixed(portable_hash(record))
        register, rest = bits >> (64 - p), bits & (MASK >> p)
        rank = 64 - p - rest.bit_length() + 1
        if rank > registers.get(register, 0):
            registers[register] = rank
    return registers


def _mixed(number):
    """64 bits that look random, and differ for different numbers (SplitMix64)."""
    bits = (number + 0x9E3779B97F4A7C15) & MASK
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB & MASK
    return bits ^ (bits >> 31)


def _merged(sketches):
    total = {}
    for sketch in sketches:
        for register, rank in sketch.items():
            total[register] = max(rank, total.get(register, 0))
    return total


def _cardinality(registers, m):
    """m^2 / (2 ln 2 * sum of 2^-rank), unbiased also if few registers are reached.

    An empty register counts for more than the 2^-0 of the textbook: see
    `_weight_of_empty` (Ertl 2017, "New cardinality estimation algorithms").
    """
    if not registers:
        return 0
    empty = 1 - len(registers) / m
    reached = sum(2.0**-rank for rank in registers.values())
    return m * m / (2 * log(2) * (reached + m * _weight_of_empty(empty)))


def _weight_of_empty(share):
    """share + sum over k >= 1 of share^(2^k) * 2^(k - 1), for a share below 1."""
    total, power, factor = share, share, 1
    while (power := power * power) > 0:
        total, factor = total + power * factor, 2 * factor
    return total


def _within(timeout, confidence, compute):
    if not 0 <= confidence <= 1:
        raise ValueError(f"confidence must be between 0 and 1, not {confidence}")
    if timeout <= 0:
        return BoundedFloat(0.0, 0.0, -inf, inf)
    exact = float(compute())
    return BoundedFloat(exact, 1.0, exact, exact)
