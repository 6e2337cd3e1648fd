"""Part B, message passing: patterns (B1), allreduce (B2), its lower bound (B3).

Programs run at the ranks of a simulated network, which counts their words and has a
clock by alpha and beta; gamma is 0, so that computing is free.
"""

from collections import Counter
from math import isqrt, log2

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Crossover, Equal
from cme323.network import Network, allreduce
from cme323.network.allreduce import (
    crossover,
    doubling_allreduce,
    rabenseifner_allreduce,
    ring_allreduce,
    tree_allreduce,
)
from cme323.network.tree import reduce, reduce_by_driver, reduce_in_two_levels

LECTURE = "CME 323, lectures 11 and 12"
PATARASUK = (
    "Patarasuk, Yuan, Bandwidth optimal all-reduce algorithms, J. Parallel and "
    "Distributed Computing 69, 2009"
)
RABENSEIFNER = "Rabenseifner, Optimization of collective reductions, ICCS 2004"
ALPHA, BETA = 1024, 1  # whole numbers of seconds: floating-point sums are exact
WAYS = {
    "tree": tree_allreduce,
    "doubling": doubling_allreduce,
    "ring": ring_allreduce,
    "Rabenseifner": rabenseifner_allreduce,
}


def ran(program, n, P):
    """A network on which a program has run, with n words at each rank."""
    network = Network(P, alpha=ALPHA, beta=BETA, gamma=0)
    network.run(program, list(np.ones((P, n))))
    return network


def seconds(way, n, P):
    return ran(WAYS[way], n, P).clock


def busiest(way, n, P):
    """Words that the rank sends that sends most."""
    return max(ran(WAYS[way], n, P).sent)


def messages_at_the_driver(program, n, P):
    return sum(message.to == 0 for message in ran(program, n, P).messages)


def most_in_a_round(program, n, P):
    """The most words that come to one rank in one round."""
    came = Counter()
    for message in ran(program, n, P).messages:
        came[message.to, message.round] += message.words
    return max(came.values())


def wrong_sums(way, n, P):
    """How many ranks get another sum than numpy."""
    x = np.random.default_rng(0).integers(100, size=(P, n))
    results = Network(P).run(WAYS[way], list(x))
    return sum(not np.array_equal(result, x.sum(axis=0)) for result in results)


POWERS = tuple((n, 2**k) for n in (1, 50) for k in range(1, 7))
SQUARES = tuple((10, side**2) for side in range(2, 9))

B1 = Claim(
    id="B1",
    title="Communication patterns",
    statement=(
        "$P$ ranks have $n$ words each, and rank 0, the driver, shall have their sum. "
        "If all send to it, it receives $(P-1)n$ words in $P-1$ messages, one after "
        "another. Along a binomial tree these are $\\log_2 P$ messages in as many "
        "rounds, and no rank receives more than $n$ words in a round. In two levels, "
        "as in Spark's treeAggregate, $2(\\sqrt P-1)$ messages come to it."
    ),
    source=LECTURE,
    experiments=(
        Experiment(
            "all to one: the driver receives (P - 1)n words",
            "words at the driver",
            "n, P",
            POWERS,
            predict=lambda n, p: (p - 1) * n,
            run=lambda n, p: ran(reduce_by_driver, n, p).received[0],
            verdict=Equal(),
        ),
        Experiment(
            "all to one: one message after another, P - 1 rounds",
            "rounds",
            "n, P",
            POWERS,
            predict=lambda n, p: p - 1,
            run=lambda n, p: ran(reduce_by_driver, n, p).cost.rounds,
            verdict=Equal(),
        ),
        Experiment(
            "tree: log2 P rounds",
            "rounds",
            "n, P",
            POWERS,
            predict=lambda n, p: log2(p),
            run=lambda n, p: ran(reduce, n, p).cost.rounds,
            verdict=Equal(),
        ),
        Experiment(
            "tree: the driver receives n log2 P words",
            "words at the driver",
            "n, P",
            POWERS,
            predict=lambda n, p: n * log2(p),
            run=lambda n, p: ran(reduce, n, p).received[0],
            verdict=Equal(),
        ),
        Experiment(
            "tree: at most n words come to a rank in a round",
            "words",
            "n, P",
            POWERS,
            predict=lambda n, p: n,
            run=lambda n, p: most_in_a_round(reduce, n, p),
            verdict=AtMost(),
        ),
        Experiment(
            "two levels: 2(sqrt(P) - 1) messages come to the driver",
            "messages at the driver",
            "n, P",
            SQUARES,
            predict=lambda n, p: 2 * (isqrt(p) - 1),
            run=lambda n, p: messages_at_the_driver(reduce_in_two_levels, n, p),
            verdict=Equal(),
        ),
        Experiment(
            "all three send n(P - 1) words",
            "words",
            "n, P",
            POWERS,
            predict=lambda n, p: n * (p - 1),
            run=lambda n, p: max(
                ran(program, n, p).cost.records
                for program in (reduce_by_driver, reduce, reduce_in_two_levels)
            ),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "a tree saves words: n log2 P in all",
            "words",
            "n, P",
            POWERS,
            predict=lambda n, p: n * log2(p),
            run=lambda n, p: ran(reduce, n, p).cost.records,
            verdict=AtMost(),
        ),
        Experiment(
            "two levels are as good as a tree: log2 P messages at the driver",
            "messages at the driver",
            "n, P",
            SQUARES,
            predict=lambda n, p: log2(p),
            run=lambda n, p: messages_at_the_driver(reduce_in_two_levels, n, p),
            verdict=AtMost(),
        ),
    ),
)

SIZES = tuple((64 * k, 2**j) for k in (1, 30) for j in range(1, 7))
ANY = tuple((way, n, p) for way in WAYS for n in (5, 48) for p in (2, 3, 7, 8, 16))
LENGTHS = tuple(range(0, 2401, 80))  # multiples of the P of the crossover
P_CROSSOVER = 8


def lead(n):
    """Seconds by which the tree is ahead of the ring."""
    return seconds("ring", n, P_CROSSOVER) - seconds("tree", n, P_CROSSOVER)


B2 = Claim(
    id="B2",
    title="Ring against tree",
    statement=(
        "Allreduce of $n$ words, $\\alpha + k\\beta$ seconds for a message of $k$: a "
        "tree takes $2\\log_2 P\\,(\\alpha + n\\beta)$, a ring $2(P-1)\\alpha + "
        "2\\frac{P-1}{P}n\\beta$, Rabenseifner's way $2\\log_2 P\\,\\alpha + "
        "2\\frac{P-1}{P}n\\beta$. All three send $2n(P-1)$ words; only the load of a "
        "rank differs. The ring beats the tree from $n^* = \\alpha(2(P-1) - 2\\log_2 P)"
        "/(\\beta(2\\log_2 P - 2(P-1)/P))$ on. ($P$ a power of 2 that divides $n$.)"
    ),
    source=f"{PATARASUK}; {RABENSEIFNER}",
    experiments=(
        *(
            Experiment(
                f"{way}: {formula} seconds",
                "simulated seconds",
                "n, P",
                SIZES,
                predict=lambda n, p, f=f: f(n, p, ALPHA, BETA, 0),
                run=lambda n, p, way=way: seconds(way, n, p),
                verdict=Equal(rounding=1e-12),
            )
            for way, formula, f in (
                ("tree", "2 log2 P (a + nb)", allreduce.tree_seconds),
                ("ring", "2(P-1)a + 2(P-1)/P nb", allreduce.ring_seconds),
                (
                    "Rabenseifner",
                    "2 log2 P a + 2(P-1)/P nb",
                    allreduce.rabenseifner_seconds,
                ),
            )
        ),
        Experiment(
            "tree, ring and Rabenseifner all send 2n(P - 1) words",
            "words",
            "way, n, P",
            tuple(size for size in ANY if size[0] != "doubling"),
            predict=lambda way, n, p: 2 * n * (p - 1),
            run=lambda way, n, p: ran(WAYS[way], n, p).cost.records,
            verdict=Equal(),
        ),
        Experiment(
            f"the ring wins from n* = {crossover(P_CROSSOVER, ALPHA, BETA):.0f} on",
            "seconds by which the tree is ahead",
            "n",
            LENGTHS,
            predict=lambda n: crossover(P_CROSSOVER, ALPHA, BETA) - n,
            run=lead,
            verdict=Crossover(),
        ),
        Experiment(
            "no rank gets a wrong sum",
            "ranks with a wrong sum",
            "way, n, P",
            ANY,
            predict=lambda way, n, p: 0,
            run=wrong_sums,
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "a ring sends fewer words than a tree: 2n(P - 1)/P",
            "words",
            "n, P",
            SIZES,
            predict=lambda n, p: 2 * n * (p - 1) / p,
            run=lambda n, p: ran(ring_allreduce, n, p).cost.records,
            verdict=AtMost(),
        ),
        Experiment(
            "the ring wins whatever n",
            "simulated seconds",
            "n, P",
            SIZES,
            predict=lambda n, p: seconds("tree", n, p),
            run=lambda n, p: seconds("ring", n, p),
            verdict=AtMost(),
        ),
    ),
)

B3 = Claim(
    id="B3",
    title="How few words an allreduce can do with",
    statement=(
        "In an allreduce some rank sends at least $2n(P-1)/P$ words, if it is made of "
        "reduce-scatter and all-gather, and so it is with all four ways here. A ring "
        "attains the bound, at every rank; so does Rabenseifner's way for $P$ a power "
        "of 2. ($P$ divides $n$.) A tree does not: its root sends $n \\log_2 P$."
    ),
    source=PATARASUK,
    experiments=(
        Experiment(
            "2n(P - 1)/P is at most what the busiest rank sends",
            "share of what the busiest rank sends",
            "way, n, P",
            ANY,
            predict=lambda way, n, p: 1,
            run=lambda way, n, p: 2 * n * (p - 1) / p / busiest(way, n, p),
            verdict=AtMost(),
        ),
        *(
            Experiment(
                f"{way} attains it",
                "words that the busiest rank sends",
                "n, P",
                SIZES,
                predict=lambda n, p: 2 * n * (p - 1) / p,
                run=lambda n, p, way=way: busiest(way, n, p),
                verdict=Equal(),
            )
            for way in ("ring", "Rabenseifner")
        ),
        Experiment(
            "a tree's root sends n log2 P",
            "words that the busiest rank sends",
            "n, P",
            SIZES,
            predict=lambda n, p: n * log2(p),
            run=lambda n, p: busiest("tree", n, p),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "some rank must send 2n words",
            "share of what the busiest rank sends",
            "way, n, P",
            ANY,
            predict=lambda way, n, p: 1,
            run=lambda way, n, p: 2 * n / busiest(way, n, p),
            verdict=AtMost(),
        ),
        Experiment(
            "every way attains the bound",
            "words that the busiest rank sends",
            "way, n, P",
            ANY,
            predict=lambda way, n, p: 2 * n * (p - 1) / p,
            run=busiest,
            verdict=AtMost(),
        ),
    ),
)

CLAIMS = (B1, B2, B3)
