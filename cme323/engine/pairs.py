"""Pair operations: what an RDD of (key, value) can do.

    reduceByKey, aggregateByKey, combineByKey
        combine within each partition  ->  shuffle  ->  merge the combiners
    groupByKey
        shuffle every pair             ->  list the values
    join, leftOuterJoin, ..., cogroup
        bring both sides to one partitioner  ->  pair up within each partition

A side that has the partitioner already does not move. What keeps the keys
(mapValues, flatMapValues, filter) keeps the partitioner; `map` loses it.
"""

from bisect import bisect_left
from copy import deepcopy
from operator import itemgetter
from random import Random

from cme323.engine import rdd as core
from cme323.engine.partitioner import Partitioner, portable_hash, range_partitioner
from cme323.engine.sampling import bernoulli, generator, poisson

SAMPLES_PER_PARTITION = 20  # for sorting; as in Spark


class PairOperations:
    """The part of RDD that needs keys."""

    def keys(self):
        return self._narrow(lambda i, it: map(itemgetter(0), it), "keys")

    def values(self):
        return self._narrow(lambda i, it: map(itemgetter(1), it), "values")

    def mapValues(self, f):
        return self._narrow(lambda i, it: ((k, f(v)) for k, v in it), "mapValues", True)

    def flatMapValues(self, f):
        """(key, w) for each w in the iterable f(value)."""
        return self._narrow(
            lambda i, it: ((k, w) for k, v in it for w in f(v)), "flatMapValues", True
        )

    def partitionBy(self, numPartitions=None, partitionFunc=portable_hash):
        """Every pair to the partition of its key; nothing moves if it is there."""
        return self._moved_to(self._target(numPartitions, partitionFunc), "partitionBy")

    def combineByKey(
        self,
        createCombiner,
        mergeValue,
        mergeCombiners,
        numPartitions=None,
        partitionFunc=portable_hash,
    ):
        """One combiner for each key: from its first value, then merged.

        Each partition combines before the shuffle, so at most one record for
        each key leaves each partition.
        """

        target = self._target(numPartitions, partitionFunc)
        combined = self._narrow(
            lambda i, it: _combined(it, createCombiner, mergeValue), "combine", True
        )
        if self.partitioner == target:
            return combined
        return combined._moved_to(target, "shuffle")._narrow(
            lambda i, it: _combined(it, _same, mergeCombiners),
            "combineByKey",
            True,
        )

    def reduceByKey(self, func, numPartitions=None, partitionFunc=portable_hash):
        """func over the values of each key."""
        return self.combineByKey(_same, func, func, numPartitions, partitionFunc)

    def aggregateByKey(
        self,
        zeroValue,
        seqFunc,
        combFunc,
        numPartitions=None,
        partitionFunc=portable_hash,
    ):
        """seqFunc from a copy of zeroValue over the values of each key."""
        return self.combineByKey(
            lambda value: seqFunc(deepcopy(zeroValue), value),
            seqFunc,
            combFunc,
            numPartitions,
            partitionFunc,
        )

    def foldByKey(
        self, zeroValue, func, numPartitions=None, partitionFunc=portable_hash
    ):
        """func from a copy of zeroValue over the values of each key.

        Each partition starts from zeroValue, so it should be neutral: 0 for a sum.
        """
        return self.aggregateByKey(zeroValue, func, func, numPartitions, partitionFunc)

    def reduceByKeyLocally(self, func):
        """{key: func over its values}, merged on the driver: an action, no shuffle."""

        def merged(mine, others):
            return dict(_combined([*mine.items(), *others.items()], _same, func))

        return self._narrow(
            lambda i, it: [dict(_combined(it, _same, func))], "reduceByKeyLocally"
        ).reduce(merged)

    def sampleByKey(self, withReplacement, fractions, seed=None):
        """Each pair with probability fractions[key], or Poisson(that) times.

        Raises AssertionError for a negative fraction, as PySpark does, and KeyError
        in the job for a key that has none.
        """
        for fraction in fractions.values():
            if not fraction >= 0:
                raise AssertionError(f"Negative fraction value: {fraction}")
        draw = poisson if withReplacement else bernoulli

        def sampled(i, pairs):
            rng = generator(seed, i)
            return (kv for kv in pairs for _ in range(draw(rng, fractions[kv[0]])))

        return self._narrow(sampled, "sampleByKey", True)

    def groupByKey(self, numPartitions=None, partitionFunc=portable_hash):
        """(key, all its values); every pair goes through the shuffle."""
        target = self._target(numPartitions, partitionFunc)
        return _cogrouped([self._moved_to(target, "shuffle")], "groupByKey").mapValues(
            itemgetter(0)
        )

    def cogroup(self, other, numPartitions=None):
        """(key, (values here, values there)) for each key of either."""
        return self._cogroup((other,), numPartitions, "cogroup")

    def groupWith(self, other, *others):
        """As cogroup, of two or more: (key, (values in the first, ..., the last))."""
        return self._cogroup((other, *others), None, "groupWith")

    def subtractByKey(self, other, numPartitions=None):
        """The pairs here whose key is not there; both sides move, unless in place."""
        sides = self.cogroup(other, numPartitions)
        return sides.filter(lambda kv: not kv[1][1]).flatMapValues(itemgetter(0))

    def join(self, other, numPartitions=None):
        """(key, (v, w)) for each pair of values of a key in both."""
        return self.cogroup(other, numPartitions).flatMapValues(
            lambda sides: [(v, w) for v in sides[0] for w in sides[1]]
        )

    def leftOuterJoin(self, other, numPartitions=None):
        """As join; a value here without a partner there is paired with None."""
        return self.cogroup(other, numPartitions).flatMapValues(
            lambda sides: [(v, w) for v in sides[0] for w in sides[1] or [None]]
        )

    def rightOuterJoin(self, other, numPartitions=None):
        """As join; a value there without a partner here is paired with None."""
        return self.cogroup(other, numPartitions).flatMapValues(
            lambda sides: [(v, w) for v in sides[0] or [None] for w in sides[1]]
        )

    def fullOuterJoin(self, other, numPartitions=None):
        """As join; a value without a partner on either side is paired with None."""
        return self.cogroup(other, numPartitions).flatMapValues(
            lambda s: [(v, w) for v in s[0] or [None] for w in s[1] or [None]]
        )

    def sortByKey(self, ascending=True, numPartitions=None, keyfunc=lambda key: key):
        """In the order of keyfunc(key), partition after partition.

        One pass samples the keys to find bounds that cut them evenly, and one
        shuffle moves each pair to its range. NB: as in Spark, the sampling is a
        job that runs at once.
        """
        target = self._range_target(numPartitions, keyfunc, ascending)
        moved = self._moved_to(target, "shuffle")
        return moved._sorted_within(ascending, keyfunc, "sortByKey")

    def repartitionAndSortWithinPartitions(
        self,
        numPartitions=None,
        partitionFunc=portable_hash,
        ascending=True,
        keyfunc=lambda key: key,
    ):
        """As partitionBy, and each partition in the order of keyfunc(key)."""
        moved = self.partitionBy(numPartitions, partitionFunc)
        return moved._sorted_within(
            ascending, keyfunc, "repartitionAndSortWithinPartitions"
        )

    def _cogroup(self, others, numPartitions, name):
        target = self._target(numPartitions, others=others)
        sides = [side._moved_to(target, "shuffle") for side in (self, *others)]
        return _cogrouped(sides, name)

    def _sorted_within(self, ascending, keyfunc, name):
        def in_order(pair):
            return keyfunc(pair[0])

        return self._narrow(
            lambda i, it: sorted(it, key=in_order, reverse=not ascending), name, True
        )

    def _target(self, numPartitions, partitionFunc=portable_hash, others=()):
        """The partitioner asked for; else one that is there; else the default.

        NB: Scala Spark's rule. PySpark always goes to the default number.
        """
        if numPartitions is None and partitionFunc is portable_hash:
            kept = [side.partitioner for side in (self, *others)]
            kept = [p for p in kept if p is not None]
            if kept:
                return max(kept, key=lambda p: p.numPartitions)
        size = self.ctx.defaultParallelism if numPartitions is None else numPartitions
        if size < 1:
            raise ValueError(f"numPartitions must be at least 1, not {numPartitions}")
        return Partitioner(size, partitionFunc)

    def _moved_to(self, partitioner, name):
        """Through a shuffle, unless every record is in its place."""
        if self.partitioner == partitioner:
            return self
        return core.Shuffled(self, partitioner, name)

    def _range_target(self, numPartitions, keyfunc, ascending):
        size = self._target(numPartitions).numPartitions
        keys = self.keys().map(keyfunc)
        weighted = self.ctx.runJob(keys, lambda it: [_reservoir(it, size)])
        return range_partitioner(_bounds(weighted, size), size, keyfunc, ascending)


class ResultIterable:
    """The values of one key, as Spark hands them out: a loop and a length, no index."""

    def __init__(self, data):
        self.data = data

    def __iter__(self):
        return iter(self.data)

    def __len__(self):
        return len(self.data)

    def __repr__(self):
        return f"ResultIterable({self.data})"


def _combined(pairs, create, merge):
    """(key, combiner): create(value) for the first value of a key, then merge."""
    combiners = {}
    for key, value in pairs:
        if key in combiners:
            combiners[key] = merge(combiners[key], value)
        else:
            combiners[key] = create(value)
    return combiners.items()


def _same(value):
    return value


def _cogrouped(sides, name):
    """For RDDs with one partitioner: (key, the values of each side). Narrow."""

    def group(partition, *records):
        groups = {}
        for side, pairs in enumerate(records):
            for key, value in pairs:
                if key not in groups:
                    groups[key] = tuple(ResultIterable([]) for _ in records)
                groups[key][side].data.append(value)
        return groups.items()

    return core.Narrow(tuple(sides), group, sides[0].partitioner, name)


def _reservoir(items, partitions):
    """(a uniform sample, how many items there were), in one pass (Vitter's R)."""
    rng, sample, seen = Random(0), [], 0
    size = SAMPLES_PER_PARTITION * partitions
    for seen, item in enumerate(items, start=1):
        if seen <= size:
            sample.append(item)
        elif (slot := rng.randrange(seen)) < size:
            sample[slot] = item
    return sample, seen


def _bounds(samples, partitions):
    """Where to cut so that each part gets about the same number of records."""
    weighted = sorted(
        ((key, seen / len(sample)) for sample, seen in samples for key in sample),
        key=itemgetter(0),
    )
    if not weighted:
        return []
    reached, total = [], 0.0
    for _, weight in weighted:
        total += weight
        reached.append(total)
    cuts = [total * i / partitions for i in range(1, partitions)]
    return [weighted[bisect_left(reached, cut * (1 - 1e-9))][0] for cut in cuts]
