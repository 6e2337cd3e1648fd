"""The broadcast join: copies of the small side travel, the large side stays.

    RDD.join          both sides to the partitions of their keys    |R| + |S| records
    replicated_join   each of S to all P partitions of R            P |S|
    broadcast_join    S to the driver, then a copy to each task     |S| + P |S|

Written to a shuffle is also what stays where it is. Of P partitions, the copies that
one already has are |S| in all, and by chance it has 1/P of what it gets by hash:

    RDD.join          (1 - 1/P)(|R| + |S|) records change partition
    replicated_join   (P - 1) |S|

Either way replication wins if |S| < |R| / (P - 1); through a driver, if |S| < |R| / P.
Source: Blanas et al., A comparison of join algorithms for log processing in
MapReduce, SIGMOD 2010.
"""

from collections import defaultdict

from cme323.cost import Cost


def broadcast_join(large, small):
    """(key, (v, w)) for each pair of values of a key in both RDDs; no shuffle.

    Raises what `small.collect()` raises; all of `small` must fit into one task. NB: as
    the driver has to collect, a job runs at once. Spark SQL's broadcast hash join.

    >>> from cme323 import Context
    >>> sc = Context(partitions=2)
    >>> ages, towns = sc.parallelize([("ann", 41), ("bob", 7)]), [("ann", "Bonn")]
    >>> broadcast_join(ages, sc.parallelize(towns)).collect()
    [('ann', (41, 'Bonn'))]
    """
    table = small.ctx.broadcast(by_key(small.collect()))
    return large.mapPartitions(
        lambda pairs: matches(pairs, table.value), preservesPartitioning=True
    )


def replicated_join(large, small):
    """The same without a driver: a shuffle brings a copy to each partition of `large`.

    What databases call a fragment and replicate join. Unlike a broadcast, it is
    counted wherever shuffles are.
    """
    size = large.getNumPartitions()
    copies = small.flatMap(lambda pair: [(i, pair) for i in range(size)])
    arrived = copies.partitionBy(size, lambda i: i).values()
    return (
        large.glom()
        .zip(arrived.glom())
        .flatMap(lambda sides: matches(sides[0], by_key(sides[1])))
    )


def by_key(pairs):
    """{key: [its values]}."""
    table = defaultdict(list)
    for key, value in pairs:
        table[key].append(value)
    return table


def matches(pairs, table):
    """(key, (v, w)) for each pair (key, v) and each w that the table has for it."""
    return ((key, (v, w)) for key, v in pairs for w in table.get(key, ()))


def shuffle_join_cost(large, small):
    """Predicted cost of `RDD.join`, if neither side is in place."""
    return Cost(rounds=1, records=large + small)


def replicated_join_cost(small, partitions):
    """Predicted cost: each record of `small` is written once for each partition."""
    return Cost(rounds=1, records=small * partitions)


def broadcast_join_cost(small, partitions):
    """Predicted cost: `small` to the driver, then to each of the tasks.

    NB: machines count none of these records, as they are not written to a shuffle.
    """
    return Cost(rounds=0, records=small + small * partitions)
