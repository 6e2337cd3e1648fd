"""Numeric actions: statistics and histograms of an RDD of numbers.

    stats           one StatCounter for each partition, merged on the driver
    histogram       one list of counts for each partition, added on the driver

Each reads the data once; histogram(int) three times, as it has to find the range.
"""

from bisect import bisect_right
from math import isinf, isnan

from cme323.engine.approximate import Approximate


class Numeric(Approximate):
    """The part of RDD that needs numbers."""

    def stats(self):
        """A StatCounter: count, mean, variance, max and min in one pass."""
        # Not at the top: NumPy takes longer to load than a context to start.
        from cme323.engine.statcounter import StatCounter

        return self.mapPartitions(lambda it: [StatCounter(it)]).reduce(
            StatCounter.mergeStats
        )

    def mean(self):
        return self.stats().mean()

    def variance(self):
        return self.stats().variance()

    def stdev(self):
        return self.stats().stdev()

    def sampleVariance(self):
        """The variance, divided by n - 1 instead of n."""
        return self.stats().sampleVariance()

    def sampleStdev(self):
        """The square root of sampleVariance."""
        return self.stats().sampleStdev()

    def histogram(self, buckets):
        """(the bounds, how many records lie between each and the next).

        `buckets`: how many, of equal width; or their bounds, in order. A bucket
        excludes its upper bound, but for the last one. Outside of the bounds nothing
        is counted, and None and NaN never are. A binary search for each record.
        NB: Spark divides where widths are equal, and then rounding can put a record
        that is near a bound into the next bucket.

        >>> from cme323.engine import Context
        >>> Context().range(51).histogram([0, 5, 25, 50])
        ([0, 5, 25, 50], [5, 20, 26])
        """
        if isinstance(buckets, int):
            return self._even_histogram(buckets)
        if isinstance(buckets, list | tuple):
            bounds = _checked(buckets)
            return bounds, self._counts(bounds, bounds[0], bounds[-1])
        raise TypeError("buckets should be a list or tuple or number(int or long)")

    def _even_histogram(self, size):
        if size < 1:
            raise ValueError("number of buckets must be >= 1")
        present = self.filter(lambda x: not _missing(x))
        low, high = _range(present)
        if low == high or size == 1:
            return [low, high], [present.count()]
        width = _share(low, high, size)
        bounds = [i * width + low for i in range(size)] + [high]
        return bounds, self._counts(bounds, low, high)

    def _counts(self, bounds, low, high):
        """How many records in each bucket, of those from `low` to `high`."""

        def counted(records):
            counts = [0] * (len(bounds) - 1)
            for x in records:
                if not _missing(x) and low <= x <= high:
                    # Between the first and the last bound, whatever was rounded.
                    counts[bisect_right(bounds, x, 1, len(counts)) - 1] += 1
            return [counts]

        return self.mapPartitions(counted).reduce(
            lambda a, b: [i + j for i, j in zip(a, b)]
        )


def _missing(x):
    return x is None or (isinstance(x, float) and isnan(x))


def _range(rdd):
    """(smallest, largest) record; raises ValueError if there are none."""
    extremes = rdd.mapPartitions(_extremes).collect()
    if not extremes:
        raise ValueError("can not generate buckets from empty RDD")
    return min(low for low, _ in extremes), max(high for _, high in extremes)


def _extremes(records):
    low = high = next(records, None)
    for x in records:
        low, high = min(low, x), max(high, x)
    return [] if low is None else [(low, high)]


def _share(low, high, size):
    """The width of one of `size` buckets, an integer if it can be one."""
    try:
        width = (high - low) / size
    except TypeError:
        raise TypeError("Can not generate buckets with non-number in RDD") from None
    if isinf(width):
        raise ValueError("Can not generate buckets with infinite value")
    return int(width) if int(width) * size == high - low else width


def _checked(bounds):
    """The bounds, if they are increasing values; raises ValueError if not."""
    if len(bounds) < 2:
        raise ValueError("buckets should have more than one value")
    if any(map(_missing, bounds)):
        raise ValueError("can not have None or NaN in buckets")
    if sorted(bounds) != list(bounds):
        raise ValueError("buckets should be sorted")
    if len(set(bounds)) != len(bounds):
        raise ValueError("buckets should not contain duplicated values")
    return bounds
