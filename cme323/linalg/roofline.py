"""The roofline: how fast a kernel can be at best, by its arithmetic intensity.

    intensity   = flops / bytes that move between the processor and memory
    flops/s    <= min(peak, intensity * bandwidth)

Below the knee, at an intensity of peak/bandwidth, memory is the limit, and above it the
arithmetic. In float32:

    y <- a x + y of n words     2n flops,  12n bytes:   1/6
    C <- A B, all in cache      2n³ flops, 12n² bytes:  n/6
    C <- A B by b x b blocks    2n³ flops, 8n³/b + 4n² bytes: a little less than b/4
    Y <- A X, X of k columns    2n²k flops, 4n² + 8nk bytes: a little less than k/2

on_this_machine() finds peak and bandwidth here, by numpy and a clock, and rates() how
near the roof A X comes; no verdict rests on them. Left out: roofs of the caches
between, of fewer cores, of other precision.
Source: Williams, Waterman, Patterson, Roofline, Communications of the ACM 52, 2009.
"""

from dataclasses import dataclass
from time import perf_counter

import numpy as np

WORD = 4  # bytes of a float32


@dataclass(frozen=True)
class Roofline:
    """peak: flops in a second; bandwidth: bytes in a second.

    >>> roof = Roofline(peak=100e9, bandwidth=10e9)
    >>> roof.knee, roof.at(axpy_intensity()) / 1e9, roof.at(gemm_intensity(600)) / 1e9
    (10.0, 1.6666666666666665, 100.0)
    """

    peak: float
    bandwidth: float

    @property
    def knee(self):
        """The intensity at which both limits are equal."""
        return self.peak / self.bandwidth

    def at(self, intensity):
        """Flops in a second, at most."""
        return min(self.peak, intensity * self.bandwidth)


def axpy(a, x, y):
    """y <- a x + y, for anything with entries x[i]."""
    for i in range(len(x)):
        y[i] = a * x[i] + y[i]


def axpy_intensity():
    """Flops for a byte: x and y are read, y is written."""
    return 2 / (3 * WORD)


def gemm_intensity(n):
    """Flops for a byte, if each matrix moves once."""
    return 2 * n**3 / (3 * n**2 * WORD)


def blocked_intensity(n, b):
    """Flops for a byte, by blocks that divide n; see matmul.py."""
    return 2 * n**3 / ((2 * n**3 / b + n**2) * WORD)


def columns_intensity(n, k):
    """Flops for a byte of an n x n matrix times k columns, each of which moves once."""
    return 2 * n**2 * k / ((n**2 + 2 * n * k) * WORD)


def on_this_machine(gemm=2048, words=2**25, runs=5):
    """A Roofline from the fastest of some products and of some x·y by numpy.

    words: of x and of y, which must not fit into any cache.
    """
    a, b, out = np.ones((3, gemm, gemm), dtype=np.float32)
    x, y = np.ones((2, words), dtype=np.float32)
    product = min(_seconds(np.matmul, a, b, out) for _ in range(runs))
    dot = min(_seconds(np.dot, x, y) for _ in range(runs))
    return Roofline(2 * gemm**3 / product, 2 * WORD * words / dot)


def rates(columns, n=4096, runs=3):
    """[(flops for a byte, flops in a second)] of an n x n matrix times k columns.

    The fastest of `runs`, for each k in `columns`.
    """
    a, found = np.ones((n, n), dtype=np.float32), []
    for k in columns:
        x, out = np.ones((2, n, k), dtype=np.float32)
        seconds = min(_seconds(np.matmul, a, x, out) for _ in range(runs))
        found.append((columns_intensity(n, k), 2 * n**2 * k / seconds))
    return found


def _seconds(f, *arguments):
    start = perf_counter()
    f(*arguments)
    return perf_counter() - start
