"""Part A, divide and conquer: sums (A7), scans (A8), mergesort (A9).

All on the fork-join machine, which counts operations (W) and the longest chain of them
(D). Sums and scans cost the same on every input of a size, so they are held exactly, at
every size; mergesort is held to its bounds on inputs that attain them.
"""

from itertools import accumulate
from math import ceil, fsum, log2, sqrt
from operator import add

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Crossover, Equal, Slope
from cme323.parallel.kahan import kahan_sum
from cme323.parallel.merge import merge, merge_by_rank
from cme323.parallel.mergesort import (
    mergesort,
    mergesort_by_rank_cost,
    mergesort_cost,
)
from cme323.parallel.scan import blelloch, hillis_steele
from cme323.parallel.tree_sum import tree_sum
from cme323.pram import PRAM, greedy, plain

LECTURE = "CME 323, lectures 1 to 4"
BLELLOCH = "Blelloch, Prefix sums and their applications, 1990"
HILLIS_STEELE = "Hillis, Steele, Data parallel algorithms, CACM 29, 1986"
HIGHAM = (
    "Higham, The accuracy of floating point summation, SIAM J. Sci. Comput. 14, 1993"
)
ROUNDOFF = 2.0**-24  # u: no operation of float32 is farther off, relatively
SEEDS = range(60)
EVERY = tuple(range(1, 65))
POWERS = tuple(2**k for k in range(13))
GROWING = tuple(2**k for k in range(4, 12))


def counted(program, x, *settings, record=False):
    """The machine after program(machine, x) on it."""
    pram = PRAM(record)
    program(pram, pram.array(x), *settings)
    return pram


def work(program, x, *settings):
    return counted(program, x, *settings).cost.work


def depth(program, x, *settings):
    return counted(program, x, *settings).cost.depth


def levels(n):
    """ceil(log2 n)."""
    return (n - 1).bit_length()


def shuffled(n, seed=0):
    """0 to n - 1 in random order."""
    return np.random.default_rng(seed).permutation(n).tolist()


# Sums.


def loop_sum(pram, x):
    """The sum of a list, one item after another."""
    total = x[0]
    for number in x[1:]:
        total = total + number
    return total


def decimals(n, seed=0):
    """n random numbers from 0 to 1."""
    return np.random.default_rng(seed).random(n, dtype=np.float32)


def bad_for_loops(n):
    """1, then numbers of u: 1 + u is a tie, and is rounded to 1, again and again."""
    return np.array([1] + [ROUNDOFF] * (n - 1), np.float32)


def bad_for_trees(n):
    """1, then on each level of the tree a sum of u, which is lost; n is a power of 2.

    >>> (bad_for_trees(8) / ROUNDOFF).tolist()[1:]
    [1.0, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25]
    """
    parts = ([ROUNDOFF / 2**k] * 2**k for k in range(levels(n)))
    return np.array(sum(parts, [1]), np.float32)


def lost(add_up, x):
    """What rounding has taken from a sum of float32, in units of u.

    The reference, fsum, is the sum of all their bits, rounded once to a double.
    """
    pram = PRAM()
    total = plain(add_up(pram, pram.array(x)))
    return abs(fsum(x) - float(total)) / ROUNDOFF


def off(add_up, x):
    """The relative error of a sum of positive float32, in units of u."""
    return lost(add_up, x) / fsum(x)


def typically_off(add_up, n):
    """The root mean square of `off` over sums of random numbers.

    Its square is about n/21 for a loop and 5/12 for a tree, if n is a power of 2, and
    roundings are independent, and each uniform up to half of its last place.
    """
    return sqrt(sum(off(add_up, decimals(n, seed)) ** 2 for seed in SEEDS) / len(SEEDS))


def off_at_most(roundings):
    """k roundings, one after another, are off by k/(1 - ku) units at most."""
    return roundings / (1 - roundings * ROUNDOFF)


A7 = Claim(
    id="A7",
    title="Sum by a tree",
    statement=(
        "A tree adds $n$ numbers by $n-1$ additions, as a loop does, but only "
        "$\\lceil\\log_2 n\\rceil$ of them one after another. With roundoff $u$ the "
        "sum of positive numbers has a relative error of at most "
        "$u\\lceil\\log_2 n\\rceil$, but for $O(u^2)$, and in a loop of $u(n-1)$; "
        "both are attained. On random numbers that of a loop grows as $\\sqrt n$, "
        "typically, and that of a tree stays. Kahan's loop has one of $2u + O(nu^2)$, "
        "whatever $n$, at $4(n-1)$ operations."
    ),
    source=f"{LECTURE}; {HIGHAM}; the families derived",
    experiments=(
        Experiment(
            "n - 1 additions",
            "operations",
            "n",
            EVERY + POWERS[7:],
            predict=lambda n: n - 1,
            run=lambda n: work(tree_sum, range(n)),
            verdict=Equal(),
        ),
        Experiment(
            "ceil(log2 n) one after another",
            "depth",
            "n",
            EVERY + POWERS[7:],
            predict=levels,
            run=lambda n: depth(tree_sum, range(n)),
            verdict=Equal(),
        ),
        Experiment(
            "of whole numbers, nothing is lost",
            "difference from the sum",
            "n",
            EVERY,
            predict=lambda n: 0,
            run=lambda n: lost(tree_sum, np.arange(n, dtype=np.float32)),
            verdict=Equal(),
        ),
        Experiment(
            "a tree, random numbers: off by ceil(log2 n) u at most",
            "error (u)",
            "n, seed",
            tuple((n, seed) for n in (10, 100, 1000) for seed in range(10)),
            predict=lambda n, seed: off_at_most(levels(n)),
            run=lambda n, seed: off(tree_sum, decimals(n, seed)),
            verdict=AtMost(),
        ),
        Experiment(
            "a tree, its worst numbers: log2 n times u lost, exactly",
            "lost (u)",
            "n",
            POWERS,
            predict=log2,
            run=lambda n: lost(tree_sum, bad_for_trees(n)),
            verdict=Equal(),
        ),
        Experiment(
            "a loop, its worst numbers: n - 1 times u lost, exactly",
            "lost (u)",
            "n",
            POWERS,
            predict=lambda n: n - 1,
            run=lambda n: lost(loop_sum, bad_for_loops(n)),
            verdict=Equal(),
        ),
        Experiment(
            "a loop, random numbers: the error grows as n^1/2",
            "error (u)",
            "n",
            GROWING,
            predict=lambda n: sqrt(n / 21),
            run=lambda n: typically_off(loop_sum, n),
            verdict=Slope(0.5, 0.1),
        ),
        Experiment(
            "a tree, random numbers: it stays",
            "error (u)",
            "n",
            GROWING,
            predict=lambda n: sqrt(5 / 12),
            run=lambda n: typically_off(tree_sum, n),
            verdict=Slope(0, 0.1),
        ),
        Experiment(
            "Kahan's loop, the worst numbers of a loop: off by 2u at most",
            "error (u)",
            "n",
            POWERS,
            predict=lambda n: 2 + (4 * n + 2) * ROUNDOFF,
            run=lambda n: off(kahan_sum, bad_for_loops(n)),
            verdict=AtMost(),
        ),
        Experiment(
            "Kahan's loop, random numbers: off by 2u at most",
            "error (u)",
            "n, seed",
            tuple((n, seed) for n in (10, 100, 1000) for seed in range(10)),
            predict=lambda n, seed: 2 + (4 * n + 2) * ROUNDOFF,
            run=lambda n, seed: off(kahan_sum, decimals(n, seed)),
            verdict=AtMost(),
        ),
        Experiment(
            "Kahan's loop: 4(n - 1) operations, one after another",
            "depth",
            "n",
            POWERS,
            predict=lambda n: 4 * (n - 1),
            run=lambda n: depth(kahan_sum, decimals(n)),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "a tree has floor(log2 n) levels",
            "depth",
            "n",
            EVERY,
            predict=lambda n: int(log2(n)),
            run=lambda n: depth(tree_sum, range(n)),
            verdict=Equal(),
        ),
        Experiment(
            "half of the additions are enough",
            "operations",
            "n",
            POWERS,
            predict=lambda n: n / 2,
            run=lambda n: work(tree_sum, range(n)),
            verdict=AtMost(),
        ),
        Experiment(
            "the errors of a loop cancel out: it stays",
            "error (u)",
            "n",
            GROWING[:-2],
            predict=lambda n: 1,
            run=lambda n: typically_off(loop_sum, n),
            verdict=Slope(0, 0.1),
        ),
        Experiment(
            "the smallest first: a tree is never worse than a loop",
            "error (u)",
            "n",
            POWERS,
            predict=lambda n: off(loop_sum, bad_for_trees(n)[::-1]),
            run=lambda n: off(tree_sum, bad_for_trees(n)[::-1]),
            verdict=AtMost(),
        ),
    ),
)


# Scans.


def wrong_prefixes(scan, n):
    """How many of n + 1 prefixes are wrong, for text, the order of which matters."""
    letters = [chr(ord("a") + i % 26) for i in range(n)]
    pram = PRAM()
    found = plain(scan(pram, pram.array(letters), add, ""))
    right = accumulate(letters, initial="")
    return sum(a != b for a, b in zip(found, right)) + abs(len(found) - n - 1)


def steps(scan, n, processors):
    """T_P: how long a greedy schedule of a scan takes."""
    return greedy(counted(scan, range(n), record=True).dag, processors).makespan


def blelloch_steps(n, processors):
    """Level after level, up the tree and down again; n is a power of 2."""
    return 2 * sum(ceil(2**k / processors) for k in range(levels(n)))


def hillis_steele_steps(n, processors):
    """Level after level: n - 1, n - 2, n - 4, ... combinations at the same time."""
    return sum(ceil((n - 2**k) / processors) for k in range(levels(n)))


A8 = Claim(
    id="A8",
    title="Scan",
    statement=(
        "All prefixes of $n = 2^k$ values under an associative operation take "
        "$2(n-1)$ combinations on $2\\log_2 n$ levels by Blelloch's two sweeps, and "
        "$n\\log_2 n - n + 1$ on $\\log_2 n$ levels by Hillis and Steele's. For any "
        "$n$, with $k = \\lceil\\log_2 n\\rceil$: $2(n-1)$ on $2k$ levels, and "
        "$nk - 2^k + 1$ on $k$. So few processors prefer the first, many the second."
    ),
    source=f"{LECTURE}; {BLELLOCH}; {HILLIS_STEELE}",
    experiments=(
        Experiment(
            "Blelloch: 2(n - 1) combinations",
            "operations",
            "n",
            EVERY + POWERS[7:],
            predict=lambda n: 2 * (n - 1),
            run=lambda n: work(blelloch, range(n)),
            verdict=Equal(),
        ),
        Experiment(
            "Blelloch: 2 ceil(log2 n) levels",
            "depth",
            "n",
            EVERY + POWERS[7:],
            predict=lambda n: 2 * levels(n),
            run=lambda n: depth(blelloch, range(n)),
            verdict=Equal(),
        ),
        Experiment(
            "Hillis-Steele: n log2 n - n + 1 combinations",
            "operations",
            "n",
            POWERS,
            predict=lambda n: n * log2(n) - n + 1,
            run=lambda n: work(hillis_steele, range(n)),
            verdict=Equal(),
        ),
        Experiment(
            "Hillis-Steele: n k - 2^k + 1 combinations, k = ceil(log2 n)",
            "operations",
            "n",
            EVERY,
            predict=lambda n: n * levels(n) - 2 ** levels(n) + 1,
            run=lambda n: work(hillis_steele, range(n)),
            verdict=Equal(),
        ),
        Experiment(
            "Hillis-Steele: ceil(log2 n) levels",
            "depth",
            "n",
            EVERY + POWERS[7:],
            predict=levels,
            run=lambda n: depth(hillis_steele, range(n)),
            verdict=Equal(),
        ),
        Experiment(
            "Blelloch: no prefix is wrong",
            "wrong prefixes",
            "n",
            EVERY,
            predict=lambda n: 0,
            run=lambda n: wrong_prefixes(blelloch, n),
            verdict=Equal(),
        ),
        Experiment(
            "Hillis-Steele: no prefix is wrong",
            "wrong prefixes",
            "n",
            EVERY,
            predict=lambda n: 0,
            run=lambda n: wrong_prefixes(hillis_steele, n),
            verdict=Equal(),
        ),
        Experiment(
            "from some P on, Hillis-Steele is faster",
            "steps that it takes longer, n = 128",
            "P",
            tuple(2**k for k in range(8)),
            predict=lambda p: hillis_steele_steps(128, p) - blelloch_steps(128, p),
            run=lambda p: steps(hillis_steele, 128, p) - steps(blelloch, 128, p),
            verdict=Crossover(),
        ),
    ),
    controls=(
        Experiment(
            "Hillis-Steele does as little: at most 2(n - 1)",
            "operations",
            "n",
            POWERS,
            predict=lambda n: 2 * (n - 1),
            run=lambda n: work(hillis_steele, range(n)),
            verdict=AtMost(),
        ),
        Experiment(
            "all n change on each level: n log2 n",
            "operations",
            "n",
            POWERS,
            predict=lambda n: n * log2(n),
            run=lambda n: work(hillis_steele, range(n)),
            verdict=Equal(),
        ),
        Experiment(
            "Blelloch: up is enough, log2 n levels",
            "depth",
            "n",
            POWERS,
            predict=levels,
            run=lambda n: depth(blelloch, range(n)),
            verdict=Equal(),
        ),
        Experiment(
            "in parallel for nothing: n - 1 combinations, as a loop",
            "operations",
            "n",
            POWERS,
            predict=lambda n: n - 1,
            run=lambda n: work(blelloch, range(n)),
            verdict=AtMost(),
        ),
    ),
)


# Mergesort.


def alternating(ordered):
    """An order in which each merge of mergesort takes from both sides in turn.

    >>> alternating([0, 1, 2, 3, 4, 5, 6, 7])
    [7, 3, 5, 1, 6, 2, 4, 0]
    """
    if len(ordered) < 2:
        return list(ordered)
    return alternating(ordered[1::2]) + alternating(ordered[::2])


def one_ahead(ordered):
    """An order in which each merge takes one from the right, then all from the left.

    >>> one_ahead([0, 1, 2, 3])
    [2, 1, 3, 0]
    """
    if len(ordered) < 2:
        return list(ordered)
    first, left = ordered[0], ordered[1 : len(ordered) // 2 + 1]
    right = [first, *ordered[len(ordered) // 2 + 1 :]]
    return one_ahead(left) + one_ahead(right)


def misplaced(merging, n):
    """How many items mergesort leaves in another place than Python does."""
    x = [item // 2 for item in shuffled(n)]
    pram = PRAM()
    found = plain(mergesort(pram, pram.array(x), merging))
    return sum(a != b for a, b in zip(found, sorted(x))) + abs(len(found) - n)


EXPONENTS = range(4, 11)

A9 = Claim(
    id="A9",
    title="Mergesort",
    statement=(
        "Mergesort of $n = 2^k$ items by a loop that merges makes at most $nk - n + 1$ "
        "comparisons, at most $2n - 2 - k$ of them one after another: "
        "$D = \\Theta(n)$. If each item finds its rank in the other list by a binary "
        "search, $D = k(k+1)/2$ on every input, and $W \\le nk^2/2 + n - 1$: a factor "
        "of $\\log n$ more work buys $D = \\Theta(\\log^2 n)$. All bounds are attained."
    ),
    source=f"{LECTURE}; the families derived",
    experiments=(
        Experiment(
            "by a loop, at worst: n k - n + 1 comparisons",
            "comparisons",
            "n",
            POWERS,
            predict=lambda n: n * log2(n) - n + 1,
            run=lambda n: work(mergesort, alternating(range(n)), merge),
            verdict=Equal(),
        ),
        Experiment(
            "by a loop, at worst: 2n - 2 - k one after another",
            "depth",
            "n",
            POWERS,
            predict=lambda n: 2 * n - 2 - log2(n),
            run=lambda n: depth(mergesort, alternating(range(n)), merge),
            verdict=Equal(),
        ),
        Experiment(
            "by a loop, at worst, any n: as the recurrence",
            "comparisons",
            "n",
            EVERY,
            predict=lambda n: mergesort_cost(n).work,
            run=lambda n: work(mergesort, alternating(range(n)), merge),
            verdict=Equal(),
        ),
        Experiment(
            "by a loop, random order: never more",
            "comparisons",
            "n",
            EVERY,
            predict=lambda n: mergesort_cost(n).work,
            run=lambda n: work(mergesort, shuffled(n), merge),
            verdict=AtMost(),
        ),
        Experiment(
            "by a loop, random order: depth as n",
            "depth",
            "n",
            tuple(2**k for k in range(6, 14)),
            predict=lambda n: 2 * n - 2 - log2(n),
            run=lambda n: depth(mergesort, shuffled(n), merge),
            verdict=Slope(1, 0.05),
        ),
        Experiment(
            "by ranks: k(k + 1)/2 one after another",
            "depth",
            "k",
            EXPONENTS,
            predict=lambda k: k * (k + 1) / 2,
            run=lambda k: depth(mergesort, shuffled(2**k)),
            verdict=Equal(),
        ),
        Experiment(
            "by ranks: depth as the square of log2 n",
            "depth",
            "log2 n",
            EXPONENTS,
            predict=lambda k: k * (k + 1) / 2,
            run=lambda k: depth(mergesort, shuffled(2**k)),
            verdict=Slope(2, 0.15),
        ),
        Experiment(
            "by ranks, at worst: n k²/2 + n - 1 comparisons",
            "comparisons",
            "k",
            EXPONENTS,
            predict=lambda k: 2**k * k**2 / 2 + 2**k - 1,
            run=lambda k: work(mergesort, one_ahead(range(2**k))),
            verdict=Equal(),
        ),
        Experiment(
            "by ranks, in order already: n(k² + 1)/2 comparisons",
            "comparisons",
            "k",
            EXPONENTS,
            predict=lambda k: 2**k * (k**2 + 1) / 2,
            run=lambda k: work(mergesort, range(2**k)),
            verdict=Equal(),
        ),
        Experiment(
            "by ranks, random order: never more",
            "comparisons",
            "k",
            EXPONENTS,
            predict=lambda k: 2**k * k**2 / 2 + 2**k - 1,
            run=lambda k: work(mergesort, shuffled(2**k)),
            verdict=AtMost(),
        ),
        Experiment(
            "by ranks, random order, any n: no more than the recurrence",
            "comparisons",
            "n",
            EVERY,
            predict=lambda n: mergesort_by_rank_cost(n).work,
            run=lambda n: work(mergesort, shuffled(n)),
            verdict=AtMost(),
        ),
        Experiment(
            "by a loop, no item is in a wrong place",
            "wrong places",
            "n",
            EVERY,
            predict=lambda n: 0,
            run=lambda n: misplaced(merge, n),
            verdict=Equal(),
        ),
        Experiment(
            "by ranks, no item is in a wrong place",
            "wrong places",
            "n",
            EVERY,
            predict=lambda n: 0,
            run=lambda n: misplaced(merge_by_rank, n),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "to sort both halves at the same time is enough: depth at most 2 log2² n",
            "depth",
            "n",
            POWERS[1:],
            predict=lambda n: 2 * log2(n) ** 2,
            run=lambda n: depth(mergesort, shuffled(n), merge),
            verdict=AtMost(),
        ),
        Experiment(
            "ranks are free: at most n log2 n comparisons",
            "comparisons",
            "k",
            EXPONENTS,
            predict=lambda k: 2**k * k,
            run=lambda k: work(mergesort, shuffled(2**k)),
            verdict=AtMost(),
        ),
        Experiment(
            "by ranks: depth as log2 n",
            "depth",
            "log2 n",
            EXPONENTS,
            predict=lambda k: k,
            run=lambda k: depth(mergesort, shuffled(2**k)),
            verdict=Slope(1, 0.15),
        ),
        Experiment(
            "by a loop, any order: n k - n + 1 comparisons",
            "comparisons",
            "n",
            POWERS,
            predict=lambda n: n * log2(n) - n + 1,
            run=lambda n: work(mergesort, range(n), merge),
            verdict=Equal(),
        ),
    ),
)

CLAIMS = (A7, A8, A9)
