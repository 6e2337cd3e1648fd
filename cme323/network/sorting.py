"""Sorting what is spread over the ranks: sample sort, and by regular sampling (PSRS).

    samples of each rank  ->  rank 0 cuts them into P buckets, and tells where
    ->  all-to-all, bucket i to rank i  ->  each rank sorts what came

The two differ in the samples: random ones of what a rank holds, or every n/P^2-th of it
once it is sorted. With random samples a bucket deviates from n/P by about 1/sqrt(a),
relatively; with regular ones, and distinct items, none has more than 2n/P, if n is a
multiple of P^2 and each rank holds n/P.

Sources: Frazer, McKellar, Samplesort, Journal of the ACM 17 (1970); Shi, Schaeffer,
Parallel sorting by regular sampling, J. Parallel and Distributed Computing 14 (1992).
"""

import numpy as np

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.network.all_to_all import all_to_all, all_to_all_cost
from cme323.network.gather import gather, gather_cost
from cme323.network.tree import broadcast, broadcast_cost


def sample_sort(rank, items, samples=32):
    """Bucket `rank.number` of all ranks' arrays in order; each draws `samples` items.

    >>> from cme323.network import Network
    >>> arrays = [np.array([3, 1, 4]), np.array([5, 9, 2])]
    >>> np.concatenate(Network(2).run(sample_sort, arrays)).tolist()
    [1, 2, 3, 4, 5, 9]
    """
    if samples < 1:
        raise BadInput(f"each rank draws at least 1 sample, not {samples}")
    drawn = rank.rng.choice(items, min(samples, len(items)), replace=False)
    cuts = yield from _cuts(rank, drawn, _evenly)
    ordered = yield rank.compute(np.sort, items)
    return (yield from _bucket(rank, ordered, cuts))


def psrs(rank, items):
    """Bucket `rank.number` of all ranks' arrays in order, by regular sampling.

    >>> from cme323.network import Network
    >>> buckets = Network(2).run(psrs, [np.array([3, 1, 4, 1]), np.array([5, 9, 2, 6])])
    >>> [bucket.tolist() for bucket in buckets]
    [[1, 1, 2, 3], [4, 5, 6, 9]]
    """
    ordered = yield rank.compute(np.sort, items)
    regular = ordered[
        np.arange(rank.size if len(items) else 0) * len(items) // rank.size
    ]
    cuts = yield from _cuts(rank, regular, _regularly)
    return (yield from _bucket(rank, ordered, cuts))


def _cuts(rank, sample, choose):
    """The last item of each bucket but the last, as rank 0 sees it from all samples."""
    gathered = yield from gather(rank, sample)
    chosen = None
    if rank.number == 0:
        together = yield rank.compute(np.sort, np.concatenate(gathered))
        chosen = choose(together, rank.size)
    return (yield from broadcast(rank, chosen))


def _evenly(sample, P):
    """Equally many of the gaps before, between, after the samples for each bucket."""
    ranks = np.arange(1, P) * (len(sample) + 1) // P
    return sample[ranks[ranks > 0] - 1]


def _regularly(sample, P):
    """Every P-th, from the middle of the second P on: a sample heads its block."""
    return sample[P + P // 2 - 1 :: P][: P - 1]


def _bucket(rank, ordered, cuts):
    """Send each rank what is up to its cut, and sort what comes."""
    places = np.searchsorted(ordered, cuts, side="right")
    blocks = np.split(ordered, places)
    blocks += [ordered[:0]] * (rank.size - len(blocks))
    received = yield from all_to_all(rank, blocks)
    return (yield rank.compute(np.sort, np.concatenate(received)))


def sample_sort_cost(n, P, samples=32):
    """Predicted cost for n items; `records` is an upper bound.

    On average a share 1/P of the items, in random order, is at its place already.
    """
    cutting = gather_cost(samples, P) + broadcast_cost(P - 1, P)
    moved = Cost(rounds=0, records=n, messages=0)
    return cutting + all_to_all_cost(0, P) + moved


def psrs_cost(n, P):
    """Predicted cost for n items: P samples of each rank."""
    return sample_sort_cost(n, P, samples=P)
