"""The roofline: how fast a kernel can be at best, by its arithmetic intensity.

    intensity   = flops / bytes that move between the processor and memory
    flops/s    <= min(peak, intensity * bandwidth)

Below the knee, at an intensity of peak/bandwidth, memory is the limit, and above it the
arithmetic. In float32:

    y <- a x + y of n words     2n flops,  12n bytes:   1/6
    C <- A B, all in cache      2n³ flops, 12n² bytes:  n/6
    C <- A B by b x b blocks    2n³ flops, 8n³/b + 4n² bytes: a little less than b/4

on_this_machine() fits peak and bandwidth here, by numpy and a clock; no verdict rests
on it. Left out: roofs of the caches between, of fewer cores, of other precision.
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


def on_this_machine(gemm=1024, words=2**24, runs=5):
    """A Roofline from the fastest of some products and sums by numpy, in float32.

    words: of each vector; two of them must not fit into any cache.
    """
    a, b = np.ones((2, gemm, gemm), dtype=np.float32)
    x, y, out = np.ones((3, words), dtype=np.float32)
    product = min(_seconds(np.matmul, a, b) for _ in range(runs))
    total = min(_seconds(np.add, x, y, out) for _ in range(runs))
    return Roofline(2 * gemm**3 / product, 3 * WORD * words / total)


def _seconds(f, *arguments):
    start = perf_counter()
    f(*arguments)
    return perf_counter() - start
