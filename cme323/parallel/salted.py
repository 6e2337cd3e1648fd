"""Salting: a key with too many records for one reducer is dealt out to several.

    (key, value) -> ((key, shard), value) -> group, fold -> (key, partial) -> merge

By hash, all records of a key meet in one partition, however many partitions there
are. With g shards, its fullest partition gets 1/g of them; the price is a second
round, of at most min(g, P) partial results for each key.

Only for what can be merged: sums, counts, sketches; not a median.
"""

from collections import Counter

from cme323.cost import Cost
from cme323.engine import portable_hash
from cme323.errors import BadInput


def salted_aggregate(pairs, fold, merge, shards, partitions=None):
    """(key, result) for each key: fold(values) of each shard, then merge(a, b) of all.

    partitions: by default as many as `pairs` has.

    >>> from cme323 import Context
    >>> clicks = Context(partitions=2).parallelize([("cat", 1)] * 5 + [("dog", 1)])
    >>> salted_aggregate(clicks, sum, int.__add__, shards=2).collect()
    [('cat', 5), ('dog', 1)]
    """
    partial = salted_groups(pairs, shards, partitions).mapValues(fold)
    unsalted = partial.map(lambda group: (group[0][0], group[1]))
    return unsalted.reduceByKey(merge, partial.getNumPartitions())


def salted_groups(pairs, shards, partitions=None):
    """((key, shard), values): groupByKey, but each key in `shards` groups.

    Shards with following numbers are in following partitions, so that up to P of them
    never meet again by chance.
    """
    if shards < 1:
        raise BadInput(f"expected at least 1 shard for each key, but got {shards}")
    if partitions is None:
        partitions = max(pairs.getNumPartitions(), 1)
    salted = pairs.mapPartitionsWithIndex(lambda i, part: salt(part, shards, i))
    return salted.groupByKey(partitions, lambda key: portable_hash(key[0]) + key[1])


def salt(pairs, shards, first):
    """((key, shard), value): the pairs of each key in turn, from shard `first` on.

    In turn and not by chance, so that no order of the records can make it uneven.

    >>> list(salt([("a", 1), ("a", 2), ("a", 3), ("b", 4)], shards=2, first=1))
    [(('a', 1), 1), (('a', 0), 2), (('a', 1), 3), (('b', 1), 4)]
    """
    seen = Counter()
    for key, value in pairs:
        yield (key, (first + seen[key]) % shards), value
        seen[key] += 1


def salted_aggregate_cost(n, keys, shards, partitions):
    """Predicted cost on n pairs; `records` is an upper bound.

    Each pair is written, then the partial results, one for each key in a partition.
    """
    partials = min(n, keys * min(shards, partitions))
    return Cost(rounds=2, records=n + partials)


def hot_load(n, hot, shards, partitions):
    """Expected records of a partition with a shard of a key that has `hot` of n.

        hot/g + (n - hot)/P          for g <= P shards

    if the other keys are many and small, so that a partition gets 1/P of their pairs.
    """
    return hot / shards + (n - hot) / partitions


def most_of_a_key(hot, shards, sources):
    """The most records of one shard, dealt from `sources` partitions: an upper bound.

    A partition that has c of the key gives no shard more than c/g + 1 - 1/g.
    """
    return hot / shards + sources * (1 - 1 / shards)
