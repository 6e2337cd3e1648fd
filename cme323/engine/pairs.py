"""Pair operations: what an RDD of (key, value) can do.

    reduceByKey, aggregateByKey, combineByKey, foldByKey
        combine within each partition  ->  shuffle  ->  merge the combiners
    groupByKey
        shuffle every pair             ->  list the values
    joins.py, sorting.py
        join, cogroup, subtractByKey, ...; sortByKey, ...

A side that has the partitioner already does not move. What keeps the keys
(mapValues, flatMapValues, filter) keeps the partitioner; `map` loses it.
"""

from copy import deepcopy
from operator import itemgetter

from cme323.engine import external
from cme323.engine import rdd as core
from cme323.engine.joins import Joins, listed
from cme323.engine.partitioner import Partitioner, RangePartitioner, portable_hash
from cme323.engine.sampling import bernoulli, generator, poisson
from cme323.engine.sorting import Sorting


class PairOperations(Joins, Sorting):
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
        moved = self._moved_to(self._target(numPartitions, partitionFunc), "shuffle")
        return moved._narrow(lambda i, it: listed(it), "groupByKey", True)

    def _target(self, numPartitions, partitionFunc=portable_hash, others=()):
        """The partitioner asked for; else one that is there; else the default.

        NB: Scala Spark's rule. PySpark always goes to the default number. What a sort
        leaves is not adopted; see RangePartitioner.
        """
        if numPartitions is None and partitionFunc is portable_hash:
            kept = [side.partitioner for side in (self, *others)]
            kept = [p for p in kept if p and not isinstance(p, RangePartitioner)]
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


def _combined(pairs, create, merge):
    """(key, combiner): create(value) for the first value of a key, then merge."""
    if external.limited():
        return external.combined(pairs, create, merge)
    combiners = {}
    for key, value in pairs:
        if key in combiners:
            combiners[key] = merge(combiners[key], value)
        else:
            combiners[key] = create(value)
    return combiners.items()


def _same(value):
    return value
