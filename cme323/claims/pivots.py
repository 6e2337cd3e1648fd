"""Part A, random pivots: quicksort (A10), quickselect (A11).

What is expected is a mean over all choices of pivots. Of few items we try them all, so
the mean is exact; of many, a seed for each run, and an interval for the mean.
"""

from fractions import Fraction
from math import log, log2, prod

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.divide import LECTURE, counted
from cme323.claims.verdicts import AtMost, Equal, Within
from cme323.parallel.filter_by_scan import split_cost
from cme323.parallel.quickselect import quickselect, quickselect_comparisons
from cme323.parallel.quicksort import (
    harmonic,
    quicksort,
    quicksort_comparisons,
    quicksort_cost,
)
from cme323.pram import DAG

DEVROYE = "Devroye, A note on the height of binary search trees, JACM 33, 1986"
KNUTH = "Knuth, Mathematical analysis of algorithms, IFIP Congress 1971"
EULER = 0.5772156649015329
SEEDS = range(60)
MORE_SEEDS = range(300)
FEW = tuple(range(1, 8))
ITEMS = tuple((n, k) for n in FEW for k in range(n))


class Chosen:
    """In place of a generator: it draws what it was told, and then always 0."""

    def __init__(self, draws=()):
        self.told = draws
        self.drawn = []

    def integers(self, n):
        place = len(self.drawn)
        self.drawn.append((self.told[place] if place < len(self.told) else 0, n))
        return self.drawn[-1][0]


def mean_over_all(run):
    """The mean of run(rng) over all that rng could draw, exactly.

    >>> mean_over_all(lambda rng: rng.integers(2) + 10 * rng.integers(3))
    10.5
    """
    total, draws = 0, []
    while draws is not None:
        rng = Chosen(draws)
        value = run(rng)
        total += Fraction(value, prod(n for _, n in rng.drawn))
        draws = _following(rng.drawn)
    return float(total)


def _following(drawn):
    """The next draws in the order of a dictionary; None after the last."""
    while drawn and drawn[-1][0] == drawn[-1][1] - 1:
        drawn = drawn[:-1]
    return [i for i, _ in drawn[:-1]] + [drawn[-1][0] + 1] if drawn else None


def sorting(n, rng, record=False):
    """The machine after quicksort of n items."""
    return counted(quicksort, range(n), rng, record=record)


def comparisons(n, rng):
    return sorting(n, rng).operations["<"]


def depth(n, rng):
    return sorting(n, rng).cost.depth


def nested(n, rng):
    """How many splits follow each other: the most comparisons on a path of the DAG."""
    dag = sorting(n, rng, record=True).dag
    return DAG(tuple(label == "<" for label in dag.labels), dag.parents).depth


def by_seeds(count, n):
    """What is counted of n items, for each seed."""
    return [count(n, np.random.default_rng(seed)) for seed in SEEDS]


def exactly(count, n):
    """What is counted of n items, on average over all choices of pivots."""
    return mean_over_all(lambda rng: count(n, rng))


def split_depth(n):
    """All n - 1 comparisons with the pivot at the same time, then a scan."""
    return 1 + split_cost(n - 1).depth


def expected_depth(n, of_split):
    """The mean, over all choices of pivots, of the depth of quicksort.

        D(m) = of_split(m) + max(D(i), D(m - 1 - i)),   i uniform in 0..m-1

    The two sides are independent, so the chances that they are done multiply.

    >>> round(expected_depth(3, lambda m: 1), 3)  # 1 if the median is the pivot, else 2
    1.667
    """
    most = sum(map(of_split, range(2, n + 1)))
    done = np.zeros((n + 1, most + 1))  # done[m, d]: the chance that D(m) <= d
    done[:2] = 1
    for m in range(2, n + 1):
        step = of_split(m)
        both = (done[:m] * done[m - 1 :: -1]).mean(axis=0)
        done[m, step:] = both[: most + 1 - step]
    return float((1 - done[n]).sum())


def expected_nested(n):
    return expected_depth(n, lambda m: 1)


A10 = Claim(
    id="A10",
    title="Quicksort",
    statement=(
        "Quicksort with random pivots makes $2(n+1)H_n - 4n$ comparisons on average, "
        "on any input; with the first item as the pivot, $n(n-1)/2$ on a sorted one. "
        "Splits are nested as deeply as a random binary search tree is high: "
        "$4.311\\ln n - 1.953\\ln\\ln n + O(1)$ on average. The first term is far off "
        "at any size that can be run, so the mean is computed exactly. A split of $m$ "
        "items, by a scan, has depth $1 + 2\\lceil\\log_2(m-1)\\rceil$, so "
        "$D = O(\\log^2 n)$ on average; again, the mean is computed exactly."
    ),
    source=f"{LECTURE}; {DEVROYE}; the exact means by recurrence",
    experiments=(
        Experiment(
            "all choices of pivots: 2(n + 1) H_n - 4n comparisons",
            "comparisons",
            "n",
            FEW,
            predict=quicksort_comparisons,
            run=lambda n: exactly(comparisons, n),
            verdict=Equal(rounding=1e-12),
        ),
        Experiment(
            "all choices of pivots: work, with the additions of the scans",
            "operations",
            "n",
            FEW,
            predict=lambda n: quicksort_cost(n).work,
            run=lambda n: exactly(lambda *run: sorting(*run).cost.work, n),
            verdict=Equal(rounding=1e-12),
        ),
        Experiment(
            "all choices of pivots: splits that follow each other",
            "splits",
            "n",
            FEW[:-1],
            predict=expected_nested,
            run=lambda n: exactly(nested, n),
            verdict=Equal(rounding=1e-12),
        ),
        Experiment(
            "all choices of pivots: depth",
            "depth",
            "n",
            FEW,
            predict=lambda n: expected_depth(n, split_depth),
            run=lambda n: exactly(depth, n),
            verdict=Equal(rounding=1e-12),
        ),
        Experiment(
            "60 seeds: 2(n + 1) H_n - 4n comparisons on average",
            "comparisons",
            "n",
            (32, 128),
            predict=quicksort_comparisons,
            run=lambda n: by_seeds(comparisons, n),
            verdict=Within(),
        ),
        Experiment(
            "60 seeds: splits that follow each other",
            "splits",
            "n",
            (32, 64),
            predict=expected_nested,
            run=lambda n: by_seeds(nested, n),
            verdict=Within(precision=0.1),
        ),
        Experiment(
            "60 seeds: depth",
            "depth",
            "n",
            (32, 64),
            predict=lambda n: expected_depth(n, split_depth),
            run=lambda n: by_seeds(depth, n),
            verdict=Within(precision=0.1),
        ),
        Experiment(
            "the first item as the pivot, sorted input: n(n - 1)/2 comparisons",
            "comparisons",
            "n",
            (1, 2, 4, 8, 16, 32, 64),
            predict=lambda n: n * (n - 1) / 2,
            run=lambda n: comparisons(n, Chosen()),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "each pivot is the median: n log2 n comparisons",
            "comparisons",
            "n",
            (16, 32),
            predict=lambda n: n * log2(n),
            run=lambda n: by_seeds(comparisons, n),
            verdict=Within(),
        ),
        Experiment(
            "the leading term is enough: 2n ln n comparisons",
            "comparisons",
            "n",
            (16, 32),
            predict=lambda n: 2 * n * log(n),
            run=lambda n: by_seeds(comparisons, n),
            verdict=Within(),
        ),
        Experiment(
            "the leading term is enough: 4.311 ln n splits follow each other",
            "splits",
            "n",
            (16, 32),
            predict=lambda n: 4.311 * log(n),
            run=lambda n: by_seeds(nested, n),
            verdict=Within(precision=0.1),
        ),
        Experiment(
            "pivots halve the list: log2 n splits follow each other",
            "splits",
            "n",
            (16, 32),
            predict=log2,
            run=lambda n: by_seeds(nested, n),
            verdict=Within(precision=0.1),
        ),
    ),
)


def selecting(n, k, rng):
    """How many comparisons quickselect makes to find item k of 0 to n - 1."""

    def program(pram, x):
        quickselect(pram, x, k, rng)

    return counted(program, range(n)).operations["<"]


def selecting_by_seeds(n, k):
    return [selecting(n, k, np.random.default_rng(seed)) for seed in MORE_SEEDS]


def selecting_exactly(n, k):
    return mean_over_all(lambda rng: selecting(n, k, rng))


def median(n):
    """Knuth's formula for the median of odd n, up to O(1/n).

    >>> round(median(101) / quickselect_comparisons(101, 50), 3)
    1.0
    """
    return (2 + 2 * log(2)) * (n + 1) - 8 * (log((n + 1) / 2) + EULER) + 1


A11 = Claim(
    id="A11",
    title="Quickselect",
    statement=(
        "To find the item with $k-1$ smaller ones among $n$, quickselect makes "
        "$2\\,(n + 3 + (n+1)H_n - (k+2)H_k - (n+3-k)H_{n+1-k})$ comparisons on "
        "average. That is at most $4n$ for every $k$; most for the median, "
        "$(2 + 2\\ln 2)\\,n - 8\\ln n + O(1)$, in the limit $3.386\\,n$; and "
        "$2n - 2H_n$ for the smallest."
    ),
    source=f"{LECTURE}; {KNUTH}",
    experiments=(
        Experiment(
            "all choices of pivots, all items: Knuth's formula",
            "comparisons",
            "n, items that are smaller",
            ITEMS,
            predict=quickselect_comparisons,
            run=selecting_exactly,
            verdict=Equal(rounding=1e-12),
        ),
        Experiment(
            "all choices of pivots, all items: at most 4n",
            "comparisons",
            "n, items that are smaller",
            ITEMS,
            predict=lambda n, k: 4 * n,
            run=selecting_exactly,
            verdict=AtMost(),
        ),
        Experiment(
            "all choices of pivots: 2n - 2 H_n for the smallest",
            "comparisons",
            "n",
            FEW,
            predict=lambda n: 2 * n - 2 * harmonic(n),
            run=lambda n: selecting_exactly(n, 0),
            verdict=Equal(rounding=1e-12),
        ),
        Experiment(
            "300 seeds: Knuth's formula",
            "comparisons",
            "n, items that are smaller",
            ((31, 7), (31, 15), (31, 23)),
            predict=quickselect_comparisons,
            run=selecting_by_seeds,
            verdict=Within(precision=0.1),
        ),
        Experiment(
            "300 seeds: 3.386 n - 8 ln n + O(1) for the median",
            "comparisons",
            "n",
            (15, 31, 61),
            predict=median,
            run=lambda n: selecting_by_seeds(n, n // 2),
            verdict=Within(precision=0.1),
        ),
    ),
    controls=(
        Experiment(
            "pivots halve the list: 2n for the median",
            "comparisons",
            "n",
            (15, 31),
            predict=lambda n: 2 * n,
            run=lambda n: selecting_by_seeds(n, n // 2),
            verdict=Within(precision=0.1),
        ),
        Experiment(
            "the limit is enough: 3.386 n for the median of few",
            "comparisons",
            "n",
            (15, 31),
            predict=lambda n: (2 + 2 * log(2)) * n,
            run=lambda n: selecting_by_seeds(n, n // 2),
            verdict=Within(precision=0.1),
        ),
        Experiment(
            "all items are alike: the smallest takes as many as the median",
            "comparisons",
            "n",
            FEW,
            predict=lambda n: quickselect_comparisons(n, n // 2),
            run=lambda n: selecting_exactly(n, 0),
            verdict=Equal(rounding=1e-12),
        ),
    ),
)

CLAIMS = (A10, A11)
