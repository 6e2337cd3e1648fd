"""Transformations: recipes from recipes, none of which computes anything.

Each is `mapPartitionsWithIndex` with another function, but for `union`, which
is narrow too, and those that must bring equal records together: `distinct`,
and sorting, which first samples the keys to cut the range into even parts.
"""

import random
from itertools import chain, count

from cme323.engine import rdd as core


class Transformations:
    """The part of RDD that makes an RDD from one or two others."""

    def mapPartitionsWithIndex(self, f, preservesPartitioning=False):
        """f(i, iterator over the records of partition i) gives the new records.

        `preservesPartitioning`: the keys stay as they are, so equal keys still
        share a partition.
        """
        return self._narrow(f, "mapPartitionsWithIndex", preservesPartitioning)

    def mapPartitions(self, f, preservesPartitioning=False):
        """f(iterator over the records of a partition) gives the new records."""
        return self._narrow(lambda i, it: f(it), "mapPartitions", preservesPartitioning)

    def map(self, f, preservesPartitioning=False):
        return self._narrow(lambda i, it: map(f, it), "map", preservesPartitioning)

    def filter(self, f):
        return self._narrow(lambda i, it: filter(f, it), "filter", True)

    def flatMap(self, f, preservesPartitioning=False):
        """Every record becomes the records of the iterable f(record)."""
        return self._narrow(
            lambda i, it: chain.from_iterable(map(f, it)),
            "flatMap",
            preservesPartitioning,
        )

    def glom(self):
        """Each partition as one list."""
        return self._narrow(lambda i, it: [list(it)], "glom")

    def keyBy(self, f):
        """(f(record), record)."""
        return self._narrow(lambda i, it: ((f(x), x) for x in it), "keyBy")

    def union(self, other):
        """The records of both, repeats kept; 0 records move."""
        return self.ctx.union([self, other])

    __add__ = union

    def distinct(self, numPartitions=None):
        """Each record once; at most one of each leaves each partition."""
        alone = self.map(lambda x: (x, None))
        return alone.reduceByKey(lambda a, b: a, numPartitions).keys()

    def sample(self, withReplacement, fraction, seed=None):
        """Each record with probability `fraction`, or Poisson(fraction) times.

        NB: without a seed Spark draws one; here it is 0, so that runs agree.
        """
        if fraction < 0 or (fraction > 1 and not withReplacement):
            raise ValueError(f"fraction must be between 0 and 1, not {fraction}")
        draw = _poisson if withReplacement else _bernoulli

        def sampled(i, records):
            rng = random.Random(f"{seed or 0}/{i}")
            return (x for x in records for _ in range(draw(rng, fraction)))

        return self._narrow(sampled, "sample", True)

    def sortBy(self, keyfunc, ascending=True, numPartitions=None):
        """In the order of keyfunc(record); see sortByKey."""
        keyed = self.keyBy(keyfunc)
        return keyed.sortByKey(ascending, numPartitions).values()

    def zipWithIndex(self):
        """(record, its position); a job counts the partitions first, at once."""
        starts = [0]
        if self.getNumPartitions() > 1:
            sizes = self.ctx.runJob(self, lambda it: [sum(1 for _ in it)])
            starts = [sum(sizes[:i]) for i in range(len(sizes))]
        return self._narrow(lambda i, it: zip(it, count(starts[i])), "zipWithIndex")

    def _narrow(self, f, name, preservesPartitioning=False):
        partitioner = self.partitioner if preservesPartitioning else None
        return core.Narrow((self,), f, partitioner, name)


def _bernoulli(rng, p):
    return rng.random() < p


def _poisson(rng, mean):
    """Arrivals in one unit of time, `mean` of them expected."""
    arrivals, time = 0, rng.expovariate(mean) if mean else 1
    while time < 1:
        arrivals, time = arrivals + 1, time + rng.expovariate(mean)
    return arrivals
