"""Sorting by key: a sample of the keys, one shuffle, and a sort in each partition."""

from bisect import bisect_left
from operator import itemgetter
from random import Random

from cme323.engine.partitioner import portable_hash, range_partitioner

SAMPLES_PER_PARTITION = 20  # as in Spark


class Sorting:
    """The part of RDD that puts pairs in order."""

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
        """Each pair to the partition of its key, in the order of keyfunc(key) there.

        The default number of partitions is the context's, as in PySpark, even if the
        pairs have a partitioner.
        """
        size = self.ctx.defaultParallelism if numPartitions is None else numPartitions
        moved = self.partitionBy(size, partitionFunc)
        return moved._sorted_within(
            ascending, keyfunc, "repartitionAndSortWithinPartitions"
        )

    def _sorted_within(self, ascending, keyfunc, name):
        def in_order(pair):
            return keyfunc(pair[0])

        return self._narrow(
            lambda i, it: sorted(it, key=in_order, reverse=not ascending), name, True
        )

    def _range_target(self, numPartitions, keyfunc, ascending):
        size = self._target(numPartitions).numPartitions
        keys = self.keys().map(keyfunc)
        weighted = self.ctx.runJob(keys, lambda it: [_reservoir(it, size)])
        return range_partitioner(_bounds(weighted, size), size, keyfunc, ascending)


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
