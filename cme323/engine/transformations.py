"""Transformations: recipes from recipes, none of which computes anything.

Each is `mapPartitionsWithIndex` with another function, but for `union`, which
is narrow too, and those that must bring equal records together: `distinct`,
`groupBy`, `intersection` and `subtract`.
"""

import shlex
import subprocess
import warnings
from io import BytesIO
from itertools import accumulate, chain, pairwise
from math import inf

from cme323.engine import rdd as core
from cme323.engine.partitioner import portable_hash
from cme323.engine.sampling import bernoulli, generator, poisson


class Transformations:
    """The part of RDD that makes an RDD from one or two others."""

    def mapPartitionsWithIndex(self, f, preservesPartitioning=False):
        """f(i, iterator over the records of partition i) gives the new records.

        `preservesPartitioning`: the keys stay as they are, so equal keys still
        share a partition.
        """
        return self._narrow(f, "mapPartitionsWithIndex", preservesPartitioning)

    def mapPartitionsWithSplit(self, f, preservesPartitioning=False):
        """Deprecated since Spark 0.9: mapPartitionsWithIndex under its old name."""
        warnings.warn(
            "mapPartitionsWithSplit is deprecated; use mapPartitionsWithIndex instead",
            FutureWarning,
            stacklevel=2,
        )
        return self.mapPartitionsWithIndex(f, preservesPartitioning)

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

    def groupBy(self, f, numPartitions=None, partitionFunc=portable_hash):
        """(key, the records with f(record) == key); see groupByKey."""
        return self.keyBy(f).groupByKey(numPartitions, partitionFunc)

    def intersection(self, other):
        """The records in both, each once; at most one of each leaves a partition."""
        here, there = self._locally_distinct(), other._locally_distinct()
        return here.cogroup(there).filter(lambda found: all(found[1])).keys()

    def subtract(self, other, numPartitions=None):
        """The records here that are not there, repeats kept."""
        here, there = (rdd.map(lambda x: (x, True)) for rdd in (self, other))
        return here.subtractByKey(there, numPartitions).keys()

    def sample(self, withReplacement, fraction, seed=None):
        """Each record with probability `fraction`, or Poisson(fraction) times."""
        if fraction < 0 or (fraction > 1 and not withReplacement):
            raise ValueError(f"fraction must be between 0 and 1, not {fraction}")
        draw = poisson if withReplacement else bernoulli

        def sampled(i, records):
            rng = generator(seed, i)
            return (x for x in records for _ in range(draw(rng, fraction)))

        return self._narrow(sampled, "sample", True)

    def randomSplit(self, weights, seed=None):
        """One RDD for each weight; each record is in one, by chance.

        All draw the same number in [0, 1) for a record, and each RDD keeps those
        in an interval as long as its share of the weights.
        """
        if not all(weight >= 0 for weight in weights):
            raise ValueError("Weights must be nonnegative")
        total = float(sum(weights))
        if not 0 < total < inf:
            raise ValueError(f"Sum of weights must be positive and finite, not {total}")
        cuts = accumulate((weight / total for weight in weights), initial=0.0)
        return [self._split(low, high, seed) for low, high in pairwise(cuts)]

    def _split(self, low, high, seed):
        def kept(i, records):
            rng = generator(seed, i)
            return (x for x in records if low <= rng.random() < high)

        return self._narrow(kept, "randomSplit", True)

    def pipe(self, command, env=None, checkCode=False):
        """The lines that a program prints for the records of a partition.

        The program starts once for each partition and reads str(record) line by
        line. NB: as in Spark, `env` is its whole environment, and without it that
        is empty; but Spark streams, where here the program ends before the first
        line is read. Raises RuntimeError if checkCode and its exit code is not 0.
        """
        return self.mapPartitions(
            lambda records: _piped(records, command, env or {}, checkCode)
        )

    def _locally_distinct(self):
        """(record, None), each once in its partition."""
        return self.mapPartitions(lambda it: dict.fromkeys(it).items())

    def _narrow(self, f, name, preservesPartitioning=False):
        partitioner = self.partitioner if preservesPartitioning else None
        return core.Narrow((self,), f, partitioner, name)


def _piped(records, command, env, checkCode):
    lines = "".join(str(record).rstrip("\n") + "\n" for record in records)
    ended = subprocess.run(
        shlex.split(command), input=lines.encode(), stdout=subprocess.PIPE, env=env
    )
    if checkCode and ended.returncode:
        raise RuntimeError(
            f"Pipe function `{command}` exited with error code {ended.returncode}."
        )
    return (line.rstrip(b"\n").decode() for line in BytesIO(ended.stdout))
