"""Part A, chance that breaks symmetry: independent sets, and samples of a list.

Rounds, work and depth are counted by the machine, nodes and edges in what a round
leaves.
"""

from math import log2, sqrt
from statistics import NormalDist, fmean, stdev

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.families import (
    GRAPHS,
    SMALL,
    counted,
    degrees,
    family,
    mean_cost,
    rng,
)
from cme323.claims.verdicts import AtMost, Equal, Slope, Within
from cme323.datasets import cycle, path
from cme323.parallel.list_ranking import (
    expected_stops,
    rank_by_sampling,
    rank_by_sampling_cost,
    sample,
    walk_all,
    wyllie,
    wyllie_cost,
)
from cme323.parallel.luby import first_of_neighbours, luby, luby_cost, without
from cme323.parallel.undirected import neighbours
from cme323.pram import PRAM, plain

LUBY = (
    "Luby, A simple parallel algorithm for the maximal independent set problem, SIAM "
    "Journal on Computing 15, 1986; Métivier, Robson, Saheb-Djahromi, Zemmari, "
    "Distributed Computing 23, 2011"
)
WYLLIE = (
    "Wyllie, The complexity of parallel computations, Cornell, 1979; Miller, Reif, "
    "Parallel tree contraction, FOCS 1985"
)


def chosen_first(n, edges, seed):
    """How many nodes Luby's first round brings in."""
    return len(first_of_neighbours(PRAM(), range(n), edges, rng(seed)))


def after_a_round(nodes, edges, draw):
    """(nodes, edges) that one round leaves."""
    pram = PRAM()
    chosen = first_of_neighbours(pram, nodes, edges, draw)
    return without(pram, chosen, nodes, edges)


def shares_left(n, edges, seed):
    """Which share of the edges each round leaves, while there are any."""
    nodes, draw, shares = range(n), rng(seed), []
    while edges:
        nodes, left = after_a_round(nodes, edges, draw)
        shares.append(len(left) / len(edges))
        edges = left
    return shares


def gone_first(n, edges):
    """Which share of the edges goes in the first round, for each seed."""
    left = [after_a_round(range(n), edges, rng(seed))[1] for seed in range(200)]
    return [1 - len(some) / len(edges) for some in left]


def most_left(n, edges):
    """The upper end of a one-sided 99% interval of the mean share that rounds leave."""
    shares = [share for seed in range(200) for share in shares_left(n, edges, seed)]
    room = NormalDist().inv_cdf(0.99) * stdev(shares) / sqrt(len(shares))
    return fmean(shares) + room


def mean_luby_cost(n, edges):
    """What an independent set costs on average."""
    return mean_cost(luby, n, edges, range(10))


def not_maximal_or_not_independent(n, edges, seed):
    """Edges inside the set, and nodes outside it that have no neighbour in it."""
    inside = set(luby(PRAM(), n, edges, rng(seed)))
    near = neighbours(n, edges)
    held = sum(u in inside and v in inside for u, v in edges)
    missed = sum(v not in inside and inside.isdisjoint(near[v]) for v in range(n))
    return held + missed


class InOrder:
    """Draws the numbers of the nodes themselves: no random order at all."""

    permutation = staticmethod(np.arange)


FAMILIES = (
    ("path", 24),
    ("star", 16),
    ("grid", 16),
    ("Erdos-Renyi", 12),
    ("complete", 7),
    ("4-regular", 12),
)

A17 = Claim(
    id="A17",
    title="Luby's maximal independent set",
    statement=(
        "With a random order in each round, a node with $d$ neighbours is in with "
        "probability $1/(d+1)$, and half of the edges or more are expected to go, "
        "whatever the graph; of a cycle $43/45$ go. So at most "
        "$\\lceil \\log_2 m \\rceil + 3$ rounds and $2n + 14m$ operations are expected."
    ),
    source=LUBY + "; the share of a cycle, the constants 3 and 14 derived",
    experiments=(
        Experiment(
            "the first round brings in the sum of 1/(d + 1)",
            "nodes",
            "graph, n",
            (("path", 60), ("grid", 49), ("Erdos-Renyi", 40)),
            predict=lambda name, n: sum(
                1 / (d + 1) for d in degrees(n, family(name, n))
            ),
            run=lambda name, n: [
                chosen_first(n, family(name, n), seed) for seed in range(200)
            ],
            verdict=Within(),
        ),
        Experiment(
            "43/45 of the edges of a cycle go in the first round",
            "share of the edges",
            "n",
            (100,),
            predict=lambda n: 43 / 45,
            run=lambda n: gone_first(n, cycle(n)),
            verdict=Within(precision=0.005),
        ),
        Experiment(
            "each round leaves at most half of the edges on average",
            "share of the edges",
            "graph, n",
            FAMILIES,
            predict=lambda name, n: 1 / 2,
            run=lambda name, n: most_left(n, family(name, n)),
            verdict=AtMost(),
        ),
        Experiment(
            "on average at most log2 m + 3 rounds",
            "rounds on average",
            "graph, n",
            SMALL,
            predict=lambda name, n: luby_cost(n, len(family(name, n))).rounds,
            run=lambda name, n: mean_luby_cost(n, family(name, n)).rounds,
            verdict=AtMost(),
        ),
        Experiment(
            "on average at most 2n + 14m operations",
            "operations on average",
            "graph, n",
            SMALL,
            predict=lambda name, n: luby_cost(n, len(family(name, n))).work,
            run=lambda name, n: mean_luby_cost(n, family(name, n)).work,
            verdict=AtMost(),
        ),
        Experiment(
            "no edge inside, no node outside that could come in",
            "edges and nodes",
            "graph, n",
            GRAPHS,
            predict=lambda name, n: 0,
            run=lambda name, n: not_maximal_or_not_independent(n, family(name, n), 0),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "half is the truth, not a bound: half of the edges of a cycle go",
            "share of the edges",
            "n",
            (100,),
            predict=lambda n: 1 / 2,
            run=lambda n: gone_first(n, cycle(n)),
            verdict=Within(precision=0.005),
        ),
        Experiment(
            "two rounds are enough on average",
            "rounds on average",
            "graph, n",
            SMALL,
            predict=lambda name, n: 2,
            run=lambda name, n: mean_luby_cost(n, family(name, n)).rounds,
            verdict=AtMost(),
        ),
        Experiment(
            "no random order is needed: log2 m + 3 rounds by the nodes' numbers",
            "rounds",
            "n",
            (8, 16, 32),
            predict=lambda n: luby_cost(n, n - 1).rounds,
            run=lambda n: counted(luby, n, path(n), InOrder).rounds,
            verdict=AtMost(),
        ),
    ),
)


def linked_list(n, seed=0):
    """after[v] of n nodes in random order; the last is its own next."""
    order = rng(seed).permutation(n).tolist()
    after = [0] * n
    for v, w in zip(order, [*order[1:], order[-1]]):
        after[v] = w
    return after


def wrong_ranks(ranks, after):
    """How many nodes are further from the end than their rank says, or nearer."""
    return sum(
        rank != (v != w) * (ranks[w] + 1)
        for rank, v, w in zip(ranks, range(len(after)), after)
    )


def stops_of(after, seed):
    """The sample that rank_by_sampling draws with this seed."""
    return sample(PRAM(), after, rng(seed))


def longest_gap(after, seed):
    """The most steps from a node of the sample to the next."""
    walks = walk_all(PRAM(), after, stops_of(after, seed))
    return max(plain([gap for _, gap in walks]))


def samples(n, number):
    """How many nodes are in a sample, for each of so many seeds."""
    after = linked_list(n)
    return [len(stops_of(after, seed)) for seed in range(number)]


def longest_of(n, number):
    """The longest gap of all that so many seeds leave."""
    after = linked_list(n)
    return max(longest_gap(after, seed) for seed in range(number))


def sampling_cost(n, seed):
    """Predicted, from the sample with this seed."""
    after = linked_list(n)
    return rank_by_sampling_cost(
        n, len(stops_of(after, seed)), longest_gap(after, seed)
    )


def sampled(n, seed):
    return counted(rank_by_sampling, linked_list(n), rng(seed))


LISTS = tuple(2**k for k in range(6, 12))
DRAWS = tuple((n, seed) for n in (2, 3, 50, 500) for seed in range(3))

A18 = Claim(
    id="A18",
    title="List ranking by sampling",
    statement=(
        "Wyllie's pointer jumping takes $n \\lceil \\log_2(n - 1) \\rceil$ operations. "
        "If each node is sampled with probability $1/\\log_2 n$, walks between samples "
        "and pointer jumping on them take $O(n)$. The longest walk exceeds "
        "$2 \\log_2^2 n$ steps with probability $n^{-1.88}$ at most."
    ),
    source=WYLLIE + "; sampling is homework of CME 323, 2018",
    experiments=(
        Experiment(
            "Wyllie: n log2 n operations",
            "operations",
            "n",
            LISTS,
            predict=lambda n: wyllie_cost(n).work,
            run=lambda n: counted(wyllie, linked_list(n)).work,
            verdict=Equal(),
        ),
        Experiment(
            "Wyllie: log2 n operations one after another",
            "operations, one after another",
            "n",
            LISTS,
            predict=lambda n: log2(n),
            run=lambda n: counted(wyllie, linked_list(n)).depth,
            verdict=Equal(),
        ),
        Experiment(
            "sampling: operations as n^1",
            "operations",
            "n",
            LISTS,
            predict=lambda n: 4 * n,
            run=lambda n: sampled(n, 0).work,
            verdict=Slope(1, 0.03),
        ),
        Experiment(
            "sampling: n coins, two walks, and pointer jumping on the sample",
            "operations",
            "n, seed",
            DRAWS,
            predict=lambda n, seed: sampling_cost(n, seed).work,
            run=lambda n, seed: sampled(n, seed).work,
            verdict=Equal(),
        ),
        Experiment(
            "sampling: as deep as the longest walk twice, and log2 of the sample",
            "operations, one after another",
            "n, seed",
            DRAWS,
            predict=lambda n, seed: sampling_cost(n, seed).depth,
            run=lambda n, seed: sampled(n, seed).depth,
            verdict=Equal(),
        ),
        Experiment(
            "both ends and (n - 2)/log2 n nodes are sampled",
            "nodes",
            "n",
            (1024, 2048),
            predict=expected_stops,
            run=lambda n: samples(n, 50),
            verdict=Within(),
        ),
        Experiment(
            "the longest walk of 20 lists is at most 2 log2² n steps",
            "steps",
            "n",
            LISTS,
            predict=lambda n: 2 * log2(n) ** 2,
            run=lambda n: longest_of(n, 20),
            verdict=AtMost(),
        ),
        Experiment(
            "no rank is wrong",
            "wrong ranks",
            "n, seed",
            DRAWS,
            predict=lambda n, seed: 0,
            run=lambda n, seed: sum(
                wrong_ranks(plain(ranks), linked_list(n, seed))
                for ranks in (
                    wyllie(PRAM(), linked_list(n, seed)),
                    rank_by_sampling(PRAM(), linked_list(n, seed), rng(seed)),
                )
            ),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "Wyllie does linear work",
            "operations",
            "n",
            LISTS,
            predict=lambda n: n,
            run=lambda n: counted(wyllie, linked_list(n)).work,
            verdict=Slope(1, 0.03),
        ),
        Experiment(
            "the longest walk is not much longer than the mean: at most 4 log2 n",
            "steps",
            "n",
            LISTS,
            predict=lambda n: 4 * log2(n),
            run=lambda n: longest_of(n, 1),
            verdict=AtMost(),
        ),
        Experiment(
            "sampling is as shallow as Wyllie, but for a factor of 4",
            "operations, one after another",
            "n",
            LISTS,
            predict=lambda n: 4 * log2(n),
            run=lambda n: sampled(n, 0).depth,
            verdict=AtMost(),
        ),
    ),
)

CLAIMS = (A17, A18)
