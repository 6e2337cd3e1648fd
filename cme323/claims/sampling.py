"""Part B, simple random sampling on ranks that share nothing (B18).

Many samples are drawn, one after another: a set of items is as likely as it is often
drawn. How far the numbers of all sets are from equal is told by

    chi-square  =  sum over the sets of (drawn - expected)^2 / expected

which exceeds its limit in one of 1,000 cases, if all sets are equally likely. (It would
not do for items, of which each sample has k: there it is smaller, by (n - k)/(n - 1).)
The words are those that the ranks of a simulated network send.
"""

from collections import Counter
from functools import cache, partial
from itertools import accumulate, combinations
from math import comb, erfc, exp, inf, lgamma, log, sqrt

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal, Within
from cme323.network import Network
from cme323.network.gather import gather
from cme323.network.sampling import bernoulli_sample, bernoulli_words, random_sample
from cme323.network.tree import reduce, rounds

LECTURE = "CME 323, lecture 12"
EFRAIMIDIS = "Efraimidis, Spirakis, Weighted random sampling with a reservoir, 2006"
SAMPLES = 10_000
# Two small cases to look at by hand: 2 of 4 items are one of six pairs.
EVEN, UNEVEN = ((0, 1), (2, 3)), ((0,), (1, 2, 3))
PAIRS = tuple(combinations(range(4), 2))


def by_shares(rank, items, k):
    """The falsehood: each rank draws k/P of its own items, and rank 0 has them all."""
    own = rank.rng.choice(items, k // rank.size, replace=False).tolist()
    drawn = yield from gather(rank, own)
    return drawn and [item for part in drawn for item in part]


def by_halves(rank, items, k):
    """The falsehood: of two samples of k, each item is from either with chance 1/2."""

    def merged(a, b):
        return [(a if rank.rng.random() < 0.5 else b)[i] for i in range(k)]

    return (yield from reduce(rank, rank.rng.permutation(items)[:k].tolist(), merged))


def repeated(rank, items, draw, k, times):
    """So many samples, one after another."""
    samples = []
    for _ in range(times):
        samples.append((yield from draw(rank, items, k)))
    return samples


@cache
def drawn(program, parts, k, times):
    """Samples of a program, as frozensets."""
    settings = {"draw": program, "k": k, "times": times}
    return tuple(
        map(frozenset, Network(len(parts)).run(repeated, parts, **settings)[0])
    )


def has(items, program, parts, k=2):
    """For each sample: is it {items}? Or if that is one item: is it in the sample?"""
    samples = drawn(program, parts, k, SAMPLES)
    if isinstance(items, int):
        return [int(items in sample) for sample in samples]
    return [int(sample == frozenset(items)) for sample in samples]


def share(item, program, sizes, k):
    """The share of the samples that have an item, for each hundredth of them."""
    found = has(item, program, numbered(sizes), k)
    return np.reshape(found, (100, -1)).mean(axis=1).tolist()


def numbered(sizes):
    """Items 0, 1, 2, ... on ranks that have so many.

    >>> numbered((1, 3))
    ((0,), (1, 2, 3))
    """
    ends = list(accumulate(sizes))
    return tuple(tuple(range(end - size, end)) for size, end in zip(sizes, ends))


def chi_square(program, sizes, k, times=SAMPLES):
    """How far the sets of k are from equally often drawn."""
    parts = numbered(sizes)
    sets = [frozenset(s) for s in combinations(sum(parts, ()), k)]
    found, expected = Counter(drawn(program, parts, k, times)), times / len(sets)
    if not found.keys() <= set(sets):
        return inf
    return sum((found[s] - expected) ** 2 for s in sets) / expected


def chi_square_limit(freedom, chance=0.001):
    """What chi-square exceeds with this chance, by bisection."""
    low, high = 0.0, 10.0 * freedom + 100
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        above = chance_of_more(middle, freedom) > chance
        low, high = (middle, high) if above else (low, middle)
    return high


def chance_of_more(x, freedom):
    """P(chi-square > x) for so many degrees of freedom.

    By parts: it grows by (x/2)^(d/2) e^(-x/2) / Gamma(d/2 + 1) from d to d + 2.
    """
    first = 2 - freedom % 2
    chance = exp(-x / 2) if first == 2 else erfc(sqrt(x / 2))
    for d in range(first, freedom, 2):
        chance += exp(d / 2 * log(x / 2) - x / 2 - lgamma(d / 2 + 1))
    return chance


def parts_of(n, P):
    """0, ..., n - 1 on P ranks, n/P on each."""
    return [list(range(rank * n // P, (rank + 1) * n // P)) for rank in range(P)]


def ran(program, n, k, P, seed=0):
    """(sample, words that were sent)."""
    network = Network(P, seed=seed)
    return network.run(program, parts_of(n, P), k=k)[0], network.cost.records


def different_samples(n, k, P):
    """For how many of 20 seeds the two programs draw different samples."""
    return sum(
        ran(random_sample, n, k, P, seed)[0] != ran(bernoulli_sample, n, k, P, seed)[0]
        for seed in range(20)
    )


def words(program, n, k, P):
    return ran(program, n, k, P)[1]


def words_by_seed(n, k, P):
    return [ran(bernoulli_sample, n, k, P, seed)[1] for seed in range(30)]


def with_a_threshold(n, k, P):
    """What bernoulli_sample sends on average: items and keys; to count, and to ask."""
    return bernoulli_words(k, P) + P * rounds(P) + P - 1


SIZES = tuple((200 * P, 100, P) for P in (2, 4, 8, 16))
PROGRAMS = {
    "random_sample": random_sample,
    "bernoulli_sample": bernoulli_sample,
    "by_shares": by_shares,
    "by_halves": by_halves,
}


def evenness(says, sweep, times=SAMPLES):
    return Experiment(
        says,
        "chi-square",
        "program, items of each rank, k",
        sweep,
        predict=lambda name, sizes, k: chi_square_limit(comb(sum(sizes), k) - 1),
        run=lambda name, sizes, k: chi_square(PROGRAMS[name], sizes, k, times),
        verdict=AtMost(),
    )


B18 = Claim(
    id="B18",
    title="Simple random sampling",
    statement=(
        "Every item draws a key, uniform in $[0, 1]$, where it is; those with the $k$ "
        "smallest keys are the sample. All sets of $k$ of the $n$ items are equally "
        "likely, and each item has the chance $k/n$, however the items are spread. "
        "Merged along a tree these are $2k(P-1)$ words. If only keys below $(k + "
        "3\\sqrt k + 3)/n$ travel, it is the same sample, with $(k + 3\\sqrt k + "
        "3)\\log_2 P$ words on average, and $P\\log_2 P + P - 1$ to agree on $n$. ($P$ "
        "a power of 2; $k$ items at each rank.)"
    ),
    source=f"{LECTURE}; {EFRAIMIDIS}",
    experiments=(
        evenness(
            "10,000 samples from uneven ranks: all sets of k are drawn as often",
            (("random_sample", (1, 5, 2), 3), ("bernoulli_sample", (1, 11), 1)),
        ),
        evenness(
            "2,000 samples from even ranks: all sets of k are drawn as often",
            (("random_sample", (2, 2), 2), ("bernoulli_sample", (2, 2), 2)),
            times=2000,
        ),
        Experiment(
            "3 of 8 items: each is in the sample with probability 3/8",
            "share of the samples",
            "item",
            tuple(range(8)),
            predict=lambda item: 3 / 8,
            run=partial(share, program=random_sample, sizes=(1, 5, 2), k=3),
            verdict=Within(),
        ),
        Experiment(
            "with a threshold, the same sample",
            "seeds of 20 with another sample",
            "n, k, P",
            ((40, 5, 2), (40, 20, 4), (100, 10, 5), (100, 0, 8)),
            predict=lambda n, k, p: 0,
            run=different_samples,
            verdict=Equal(),
        ),
        Experiment(
            "2k(P - 1) words",
            "words",
            "n, k, P",
            SIZES,
            predict=lambda n, k, p: 2 * k * (p - 1),
            run=partial(words, random_sample),
            verdict=Equal(),
        ),
        Experiment(
            "with a threshold, (k + 3 sqrt(k) + 3) log2 P on average, and the counting",
            "words",
            "n, k, P",
            SIZES,
            predict=with_a_threshold,
            run=words_by_seed,
            verdict=Within(),
        ),
    ),
    controls=(
        evenness(
            "each rank may draw its share: all sets of k as often",
            (("by_shares", (2, 2), 2), ("by_shares", (1, 3), 2)),
            times=1000,
        ),
        evenness(
            "of two samples half each may be merged: all sets of k as often",
            (("by_halves", (2, 6), 2),),
            times=1000,
        ),
        Experiment(
            "a sample of k takes no more than 2k words",
            "words",
            "n, k, P",
            SIZES,
            predict=lambda n, k, p: 2 * k,
            run=partial(words, random_sample),
            verdict=AtMost(),
        ),
    ),
)

CLAIMS = (B18,)
