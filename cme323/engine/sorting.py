"""Sorting by key: a sample of the keys, one shuffle, and a sort in each partition."""

from bisect import bisect_left
from itertools import islice
from math import exp, floor, log
from operator import itemgetter
from random import Random

from cme323.engine import external
from cme323.engine.partitioner import portable_hash, range_partitioner

SAMPLES_PER_PARTITION = 20  # as in Spark


class Sorting:
    """The part of RDD that puts records in order."""

    def sortByKey(self, ascending=True, numPartitions=None, keyfunc=lambda key: key):
        """In the order of keyfunc(key), partition after partition.

        One pass samples the keys to find bounds that cut them evenly, and one
        shuffle moves each pair to its range. NB: as in Spark, the sampling is a
        job that runs at once.
        """
        size = self._target(numPartitions).numPartitions
        bounds = self._bounds(size, lambda pair: keyfunc(pair[0]))
        keyfunc = None if keyfunc is AS_IT_IS else keyfunc
        target = range_partitioner(bounds, size, keyfunc, ascending)
        moved = self._moved_to(target, "shuffle")
        return moved._sorted_within(ascending, keyfunc, "sortByKey")

    def sortBy(self, keyfunc, ascending=True, numPartitions=None):
        """In the order of keyfunc(record); see sortByKey."""
        size = self._target(numPartitions).numPartitions
        target = range_partitioner(self._bounds(size, keyfunc), size, None, ascending)
        moved = self.keyBy(keyfunc)._moved_to(target, "shuffle")

        def ordered(i, pairs):
            if external.limited():
                found = external.in_order(pairs, itemgetter(0), not ascending)
                return map(itemgetter(1), found)
            return _values_in_order(pairs, not ascending)

        return moved._narrow(ordered, "sortBy")

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

        key = itemgetter(0) if keyfunc is None else in_order

        def ordered(i, pairs):
            if external.limited():
                return external.in_order(pairs, key, not ascending)
            return sorted(pairs, key=key, reverse=not ascending)

        return self._narrow(ordered, name, True)

    def _bounds(self, partitions, keyfunc):
        """Where to cut keyfunc(record), so that the parts are about even; a job."""
        size = SAMPLES_PER_PARTITION * partitions
        samples = self.ctx.runJob(self, lambda it: [_reservoir(it, size)])
        return _even_cuts(
            [([keyfunc(x) for x in sample], seen) for sample, seen in samples],
            partitions,
        )


AS_IT_IS = Sorting.sortByKey.__defaults__[-1]  # keys that are compared themselves


def _values_in_order(pairs, reverse):
    """The values, sorted by their keys: twice as fast as to sort the pairs.

    `sorted` asks for the key of each value once, from the first to the last.
    """
    keys, values = [], []
    for key, value in pairs:
        keys.append(key)
        values.append(value)
    next_key = iter(keys).__next__
    return sorted(values, key=lambda value: next_key(), reverse=reverse)


def _reservoir(items, size):
    """(a uniform sample of `size` items, how many there were), in one pass.

    Vitter's reservoir takes item number n with probability size/n, in place of a
    random one. How many it passes over until the next is drawn at once (Li 1994,
    algorithm L): for n items that takes size * log(n / size) draws instead of n.
    """
    rng, items = Random(0), iter(items)
    sample = list(islice(items, size))
    seen, least = len(sample), 1.0  # the least of `size` uniform draws that are kept
    while len(sample) == size:
        least *= exp(log(1 - rng.random()) / size)
        passed = floor(log(1 - rng.random()) / log(1 - least))
        skipped = sum(1 for _ in islice(items, passed))
        found = list(islice(items, 1))
        seen += skipped + len(found)
        if not found:
            break
        sample[rng.randrange(size)] = found[0]
    return sample, seen


def _even_cuts(samples, partitions):
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
