"""Part F, the roofline (F10), by counts.

A PRAM counts the operations of a kernel, a cache the words that it moves. Seconds are
simulated: so many flops, or bytes, in each. How fast numpy is here is measured by
linalg/roofline.py; no verdict rests on a clock.
"""

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Crossover, Equal, Slope
from cme323.linalg import roofline
from cme323.linalg.cache import Cache
from cme323.linalg.matmul import blocked, three_loops
from cme323.linalg.roofline import WORD, Roofline
from cme323.pram import PRAM

WILLIAMS = (
    "Williams, Waterman, Patterson, Roofline: an insightful visual performance model "
    "for multicore architectures, Communications of the ACM 52, 2009"
)
ROOF = Roofline(peak=2.0, bandwidth=1.0)  # flops and bytes in a simulated second


def counted(kernel, shapes, M, *settings):
    """(flops, bytes) of a kernel on random arrays, behind a cache of M words."""
    pram, cache = PRAM(), Cache(M)
    rng = np.random.default_rng(0)
    arrays = []
    for shape in shapes:
        rows = rng.integers(1, 10, shape).reshape(-1, shape[-1]).tolist()
        rows = cache.matrix([pram.array(row) for row in rows])
        arrays.append(rows if len(shape) == 2 else rows[0])
    kernel(*arrays, *settings)
    return pram.cost.work, WORD * cache.cost.records


def product(n, M, *size):
    """(flops, bytes) of C = A B."""
    return counted(blocked if size else three_loops, [(n, n)] * 3, M, *size)


def axpy(n):
    """(flops, bytes) of y = 7 x + y, in a cache of few words."""
    return counted(lambda x, y: roofline.axpy(7, x, y), [(n,)] * 2, 8)


def intensity(counts):
    return counts[0] / counts[1]


def rate(counts):
    """Flops in a second, if computing and moving go on at the same time."""
    flops, moved = counts
    return flops / max(flops / ROOF.peak, moved / ROOF.bandwidth)


def ample(n):
    """(flops, bytes) of a product in a cache that holds all three matrices."""
    return product(n, 3 * n * n)


def lead_of_arithmetic(n):
    """Seconds that computing takes longer than moving."""
    flops, moved = ample(n)
    return flops / ROOF.peak - moved / ROOF.bandwidth


SIZES = (2, 4, 6, 8, 12, 16)
BLOCKS = ((8, 1), (8, 2), (16, 2), (12, 3), (16, 4))  # n, b
KNEE = 6 * ROOF.knee

F10 = Claim(
    id="F10",
    title="The roofline",
    statement=(
        "With $F$ flops and $B$ bytes that move, a kernel has the intensity $F/B$ and "
        "at most $\\min(\\mathrm{peak}, F/B \\cdot \\mathrm{bandwidth})$ flops in a "
        "second. In float32 $y \\leftarrow ax + y$ has $1/6$ whatever $n$; a product "
        "of $n \\times n$ matrices $n/6$ if all fits into the cache, but by "
        "$b \\times b$ blocks less than $b/4$, and by three loops less than $1/2$. So "
        "a product leaves the bandwidth behind at "
        "$n = 6\\,\\mathrm{peak}/\\mathrm{bandwidth}$."
    ),
    source=WILLIAMS,
    experiments=(
        Experiment(
            "y = ax + y: 1/6 flop for a byte",
            "flops for a byte",
            "n",
            (10, 100, 1000),
            predict=lambda n: 1 / 6,
            run=lambda n: intensity(axpy(n)),
            verdict=Equal(),
        ),
        Experiment(
            "a product in an ample cache: n/6",
            "flops for a byte",
            "n",
            SIZES,
            predict=lambda n: n / 6,
            run=lambda n: intensity(ample(n)),
            verdict=Equal(),
        ),
        Experiment(
            "it grows as n",
            "flops for a byte",
            "n",
            SIZES,
            predict=lambda n: n / 6,
            run=lambda n: intensity(ample(n)),
            verdict=Slope(1, 0.02),
        ),
        Experiment(
            "by blocks, in a cache of 5 b^2 words: b/(4 + 2b/n)",
            "flops for a byte",
            "n, b",
            BLOCKS,
            predict=lambda n, b: b / (4 + 2 * b / n),
            run=lambda n, b: intensity(product(n, 5 * b * b, b)),
            verdict=Equal(rounding=1e-12),
        ),
        Experiment(
            "by three loops, in a cache of 3n words: less than 1/2",
            "flops for a byte",
            "n",
            SIZES[1:],
            predict=lambda n: 1 / 2,
            run=lambda n: intensity(product(n, 3 * n)),
            verdict=AtMost(),
        ),
        Experiment(
            "never more than the roof: min(peak, intensity bandwidth)",
            "flops in a simulated second",
            "n",
            SIZES,
            predict=lambda n: ROOF.at(n / 6),
            run=lambda n: rate(ample(n)),
            verdict=Equal(rounding=1e-12),
        ),
        Experiment(
            f"arithmetic is the limit from n = {KNEE:.0f} on",
            "simulated seconds that computing takes longer",
            "n",
            (6, 8, 10, 11, 12, 13, 14, 16),
            predict=lambda n: n - KNEE,
            run=lead_of_arithmetic,
            verdict=Crossover(),
        ),
    ),
    controls=(
        Experiment(
            "a product has n/6 in any cache",
            "flops for a byte",
            "n",
            SIZES[1:],
            predict=lambda n: n / 6,
            run=lambda n: intensity(product(n, 3 * n)),
            verdict=Equal(),
        ),
        Experiment(
            "long vectors are worth it: y = ax + y gets faster with n",
            "flops for a byte",
            "n",
            (10, 20, 50, 100, 200, 500, 1000),
            predict=lambda n: n / 60,
            run=lambda n: intensity(axpy(n)),
            verdict=Slope(1, 0.1),
        ),
        Experiment(
            "every kernel can reach the peak",
            "flops in a simulated second",
            "n",
            (10, 100, 1000),
            predict=lambda n: ROOF.peak,
            run=lambda n: rate(axpy(n)),
            verdict=Equal(),
        ),
    ),
)

CLAIMS = (F10,)
