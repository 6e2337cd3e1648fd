"""Simple random sampling: k of all items on all ranks, every k of them equally likely.

    key of an item   uniform in [0, 1], drawn where the item is
    the sample       the k items with the smallest keys

Which items have them does not depend on who holds what, so merging is easy: of two
samples keep the k smallest keys (a reservoir for each rank, merged along a tree). Every
message has up to k items and keys, 2k(P - 1) words in all.

bernoulli_sample sends only keys below p, a little above k/n: about 2k items travel, not
kP. Should fewer than k come, it asks again for all: the same sample, whatever p.
Lecture 12; Efraimidis, Spirakis, Weighted random sampling with a reservoir, 2006.
"""

from functools import partial
from heapq import merge
from itertools import islice
from math import sqrt
from operator import itemgetter

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.network.allreduce import doubling_allreduce
from cme323.network.tree import broadcast, reduce, rounds

KEY = itemgetter(0)


def random_sample(rank, items, k):
    """A list of k of all ranks' items, in random order, at rank 0; None at the others.

    All items if there are fewer than k.
    """
    keyed = yield from _keyed(rank, items, k)
    return (yield from _smallest(rank, keyed, k))


def bernoulli_sample(rank, items, k):
    """The same sample as random_sample draws, with fewer words on the way."""
    keyed = yield from _keyed(rank, items, k)
    n = yield from doubling_allreduce(rank, len(items))
    likely = [pair for pair in keyed if pair[0] * n < k + 3 * sqrt(k) + 3]
    sample = yield from _smallest(rank, likely, k)
    missing = yield from broadcast(rank, rank.number == 0 and len(sample) < min(k, n))
    if missing:
        sample = yield from _smallest(rank, keyed, k)
    return sample


def _keyed(rank, items, k):
    """(key, item) of those k items of this rank that have the smallest keys."""
    if k < 0:
        raise BadInput(f"a sample has at least 0 items, not {k}")
    keys = yield rank.compute(rank.rng.random, len(items))
    return sorted(zip(keys.tolist(), items), key=KEY)[:k]


def _smallest(rank, keyed, k):
    keyed = yield from reduce(rank, keyed, partial(_merged, k))
    return None if keyed is None else [item for _, item in keyed]


def _merged(k, a, b):
    return list(islice(merge(a, b, key=KEY), k))


def random_sample_cost(k, P):
    """Predicted cost for items of a word; `records` is attained if all have k items."""
    return Cost(rounds=rounds(P), records=2 * k * (P - 1), messages=P - 1)


def bernoulli_words(k, P):
    """About how many words bernoulli_sample moves for its items, if nobody asks again.

    An item and its key are sent once for each 1 in the number of their rank, half of
    log2 P times, if no merge drops them.
    """
    return (k + 3 * sqrt(k) + 3) * rounds(P)
