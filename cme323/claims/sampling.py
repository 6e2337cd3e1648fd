"""Part B, simple random sampling on ranks that share nothing (B18).

A sample is drawn for each of many seeds: a set of items is as likely as it is often
drawn. The words are those that the ranks of a simulated network send.
"""

from functools import cache, partial
from itertools import combinations

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal, Within
from cme323.network import Network
from cme323.network.gather import gather
from cme323.network.sampling import bernoulli_sample, bernoulli_words, random_sample
from cme323.network.tree import rounds

LECTURE = "CME 323, lecture 12"
EFRAIMIDIS = "Efraimidis, Spirakis, Weighted random sampling with a reservoir, 2006"
SEEDS = 5500  # so many make the interval of a chance of 1/6 narrow enough
EVEN, UNEVEN = ((0, 1), (2, 3)), ((0,), (1, 2, 3))
PAIRS = tuple(combinations(range(4), 2))


def by_shares(rank, items, k):
    """The falsehood: each rank draws k/P of its own items, and rank 0 has them all."""
    own = rank.rng.choice(items, k // rank.size, replace=False).tolist()
    drawn = yield from gather(rank, own)
    return drawn and [item for part in drawn for item in part]


@cache
def drawn(program, parts, k):
    """The sample for each seed, as a frozenset."""
    return tuple(
        frozenset(Network(len(parts), seed=seed).run(program, parts, k=k)[0])
        for seed in range(SEEDS)
    )


def has(items, program, parts):
    """For each seed: is {items} the sample? Or if it is one item: is it in it?"""
    samples = drawn(program, parts, 2)
    if isinstance(items, int):
        return [int(items in sample) for sample in samples]
    return [int(sample == frozenset(items)) for sample in samples]


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
    return [ran(bernoulli_sample, n, k, P, seed)[1] for seed in range(50)]


def with_a_threshold(n, k, P):
    """What bernoulli_sample sends on average: items and keys; to count, and to ask."""
    return bernoulli_words(k, P) + P * rounds(P) + P - 1


SIZES = tuple((200 * P, 100, P) for P in (2, 4, 8, 16))

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
        Experiment(
            "2 of 4 items: each of six pairs is as likely",
            "share of the seeds",
            "pair",
            PAIRS,
            predict=lambda *pair: 1 / 6,
            run=lambda *pair: has(pair, random_sample, UNEVEN),
            verdict=Within(precision=0.1),
        ),
        Experiment(
            "an item is in it with probability k/n",
            "share of the seeds",
            "item",
            (0, 1, 2, 3),
            predict=lambda item: 2 / 4,
            run=partial(has, program=random_sample, parts=UNEVEN),
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
        Experiment(
            "each rank may draw its share: each of six pairs is as likely",
            "share of the seeds",
            "pair",
            PAIRS,
            predict=lambda *pair: 1 / 6,
            run=lambda *pair: has(pair, by_shares, EVEN),
            verdict=Within(precision=0.1),
        ),
        Experiment(
            "each rank may draw as many: an item is in it with probability k/n",
            "share of the seeds",
            "item",
            (0, 1, 2, 3),
            predict=lambda item: 2 / 4,
            run=partial(has, program=by_shares, parts=UNEVEN),
            verdict=Within(),
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
