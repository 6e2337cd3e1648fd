"""StatCounter: count, mean, variance, max and min of a stream, in one pass.

    mu  <-  mu + (x - mu) / n
    m2  <-  m2 + (x - old mu) (x - new mu)          m2 = sum of (x - mu)^2

Nothing is squared that is far from the mean, so numbers near 1e9 lose no digits
(Welford 1962). Two counters merge exactly in the same way (Chan et al. 1979). The
values may be NumPy arrays of one shape, taken element by element. NB: PySpark's
class, with its names, down to NaN for the variance of nothing.
"""

from copy import deepcopy

import numpy as np


class StatCounter:
    """Statistics of `values`; `merge` and `mergeStats` add more.

    >>> StatCounter([1, 2, 3, 4])
    (count: 4, mean: 2.5, stdev: 1.118033988749895, max: 4.0, min: 1.0)
    """

    def __init__(self, values=None):
        self.n, self.mu, self.m2 = 0, 0.0, 0.0
        self.maxValue, self.minValue = float("-inf"), float("inf")
        for value in values if values is not None else ():
            self.merge(value)

    def merge(self, value):
        """Add one value."""
        delta = value - self.mu
        self.n += 1
        self.mu = self.mu + delta / self.n
        self.m2 = self.m2 + delta * (value - self.mu)
        self._widen(value, value)
        return self

    def mergeStats(self, other):
        """Add all that `other` has seen; raises TypeError if it is no StatCounter."""
        if not isinstance(other, StatCounter):
            raise TypeError(f"Can only merge StatCounter but got {type(other)}")
        if self.n == 0:  # else an infinite mean would become NaN
            vars(self).update(vars(other))
        elif other.n:
            n, delta = self.n + other.n, other.mu - self.mu
            self.m2 = self.m2 + (other.m2 + delta * delta * self.n * other.n / n)
            self.mu = _weighted_mean(self, other, n, delta)
            self.n = n
            self._widen(other.maxValue, other.minValue)
        return self

    def _widen(self, highest, lowest):
        # NumPy's, not Python's: a NaN stays, and arrays compare element by element.
        self.maxValue = np.maximum(self.maxValue, highest)
        self.minValue = np.minimum(self.minValue, lowest)

    def copy(self):
        return deepcopy(self)

    def count(self):
        return self.n

    def mean(self):
        return self.mu

    def sum(self):
        return self.n * self.mu

    def min(self):
        return self.minValue

    def max(self):
        return self.maxValue

    def variance(self):
        """The mean squared distance from the mean; NaN if there are no values."""
        return self.m2 / self.n if self.n else float("nan")

    def sampleVariance(self):
        """Divided by n - 1: unbiased if the values are a sample; NaN below two."""
        return self.m2 / (self.n - 1) if self.n > 1 else float("nan")

    def stdev(self):
        return np.sqrt(self.variance())

    def sampleStdev(self):
        return np.sqrt(self.sampleVariance())

    def asDict(self, sample=False):
        """All statistics by name.

        NB: as in PySpark, `sample=False` gives the sample's stdev and variance
        (divided by n - 1), and `sample=True` the others.
        """
        return {
            "count": self.count(),
            "mean": self.mean(),
            "sum": self.sum(),
            "min": self.min(),
            "max": self.max(),
            "stdev": self.stdev() if sample else self.sampleStdev(),
            "variance": self.variance() if sample else self.sampleVariance(),
        }

    def __repr__(self):
        return (
            f"(count: {self.count()}, mean: {self.mean()}, stdev: {self.stdev()}, "
            f"max: {self.max()}, min: {self.min()})"
        )


def _weighted_mean(a, b, n, delta):
    """Of both, by a small step from the larger one if the other is ten times smaller.

    So the rounding of a large mean is not multiplied by a large count.
    """
    if 10 * b.n < a.n:
        return a.mu + delta * b.n / n
    if 10 * a.n < b.n:
        return b.mu - delta * a.n / n
    return (a.mu * a.n + b.mu * b.n) / n
