"""Actions: run a job and bring a value to the driver.

Every action is one function over the records of a partition, run as a task for
each partition, and one step on the driver that puts the results together.
"""

import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable
from copy import deepcopy
from functools import reduce
from heapq import nlargest, nsmallest
from itertools import chain, islice, pairwise
from math import log, sqrt
from random import Random

from cme323.engine.tree import TreeActions, reduced


class Actions(TreeActions):
    """The part of RDD that computes."""

    def collect(self):
        """All records, partition after partition."""
        return self._run(list, "collect", gather=_concatenate)

    def collectWithJobGroup(self, groupId, description, interruptOnCancel=False):
        """Deprecated since Spark 3.1: setJobGroup, and collect."""
        warnings.warn(
            "Deprecated in 3.1, Use pyspark.InheritableThread with the pinned thread "
            "mode enabled.",
            FutureWarning,
            stacklevel=2,
        )
        self.ctx.setJobGroup(groupId, description, interruptOnCancel)
        return self.collect()

    def count(self):
        return sum(self._run(lambda it: sum(1 for _ in it), "count"))

    def foreach(self, f):
        """f(record) for its effects, in the tasks."""

        def call_each(records):
            for record in records:
                f(record)

        self._run(call_each, "foreach")

    def foreachPartition(self, f):
        """f(iterator over the records of a partition) for its effects.

        NB: as in Spark, what `f` yields is drawn and dropped, if it is a generator.
        """

        def call(records):
            produced = f(records)
            if isinstance(produced, Iterable):
                for _ in produced:
                    pass

        self._run(call, "foreachPartition")

    def toLocalIterator(self, prefetchPartitions=False):
        """All records, but one partition at a time, each a job when its turn comes.

        `prefetchPartitions`: one partition ahead of the reader.
        """
        numbers = range(self.getNumPartitions())
        parts = (self._run(list, "toLocalIterator", [i])[0] for i in numbers)
        if prefetchPartitions:
            parts = (part for part, _ in pairwise(chain(parts, [None])))
        return chain.from_iterable(parts)

    def take(self, num):
        """The first `num` records, from as few partitions as it can.

        One partition first, then four times as many as before, like Spark.
        """
        taken, start, tried = [], 0, 1
        while len(taken) < num and start < self.getNumPartitions():
            partitions = range(start, min(start + tried, self.getNumPartitions()))
            wanted = num - len(taken)
            taken += self._run(
                lambda it, wanted=wanted: list(islice(it, wanted)),
                "take",
                partitions,
                gather=_concatenate,
            )
            start, tried = partitions.stop, 4 * tried
        return taken[:num]

    def first(self):
        """The first record; raises ValueError if there is none."""
        taken = self.take(1)
        if not taken:
            raise ValueError("RDD is empty")
        return taken[0]

    def isEmpty(self):
        return not self.take(1)

    def top(self, num, key=None):
        """The `num` largest records by key(record), largest first."""
        return self._best(nlargest, num, key)

    def takeOrdered(self, num, key=None):
        """The `num` smallest records by key(record), smallest first."""
        if num < 0:
            raise ValueError("top N cannot be negative.")
        if num == 0 or self.getNumPartitions() == 0:
            return []
        return self._best(nsmallest, num, key)

    def takeSample(self, withReplacement, num, seed=None):
        """`num` records at random, in random order; all of them if there are fewer.

        It samples a little more than `num` and cuts. With replacement a record can
        come twice, and there are always `num`. NB: without a seed Spark draws one;
        here it is 0, so that runs agree.
        """
        largest = sys.maxsize - int(10 * sqrt(sys.maxsize))
        if num < 0:
            raise ValueError("Sample size cannot be negative.")
        if num > largest:
            raise ValueError(f"Sample size cannot be greater than {largest}.")
        total = self.count() if num else 0
        if total == 0:
            return []
        rng = Random(seed or 0)
        if num >= total and not withReplacement:
            sample = self.collect()
        else:
            sample = self._sample_of_at_least(num, total, withReplacement, seed, rng)
        rng.shuffle(sample)
        return sample[:num]

    def reduce(self, f):
        """f over all records; raises ValueError if there are none."""
        partial = self._run(lambda it: reduced(f, it), "reduce", gather=_concatenate)
        if not partial:
            raise ValueError("Can not reduce() empty RDD")
        return reduce(f, partial)

    def max(self, key=None):
        """The largest record by key(record), the first of equals."""
        return self.reduce(lambda a, b: max(a, b, key=key))

    def min(self, key=None):
        """The smallest record by key(record), the first of equals."""
        return self.reduce(lambda a, b: min(a, b, key=key))

    def fold(self, zeroValue, op):
        """op over all records, from zeroValue in each partition and once more."""
        return self._aggregate(zeroValue, op, op, "fold")

    def aggregate(self, zeroValue, seqOp, combOp):
        """seqOp over the records of each partition, then combOp over the results."""
        return self._aggregate(zeroValue, seqOp, combOp, "aggregate")

    def sum(self):
        return sum(self._run(sum, "sum"))

    def collectAsMap(self):
        """The pairs as a dict; of equal keys the last one stays."""
        return dict(self.collect())

    def countByValue(self):
        """{record: how often it occurs}."""
        counts = self.mapPartitions(lambda it: [Counter(it)]).reduce(_add_counts)
        return defaultdict(int, counts)

    def countByKey(self):
        """{key: how many pairs have it}."""
        return self.keys().countByValue()

    def lookup(self, key):
        """The values of `key`; one partition is read if the partitioner is known."""
        same = self.filter(lambda pair: pair[0] == key).values()
        if self.partitioner is None:
            return same.collect()
        return same._run(list, "lookup", [self.partitioner(key)], gather=_concatenate)

    def _aggregate(self, zeroValue, seqOp, combOp, action):
        def aggregated(records):
            return reduce(seqOp, records, deepcopy(zeroValue))

        return reduce(combOp, self._run(aggregated, action), deepcopy(zeroValue))

    def _best(self, choose, num, key):
        def better(a, b):
            return choose(num, a + b, key)

        return self.mapPartitions(lambda it: [choose(num, it, key)]).reduce(better)

    def _sample_of_at_least(self, num, total, withReplacement, seed, rng):
        """Sample until there are `num`; the first time nearly always suffices."""
        fraction = _fraction(num, total, withReplacement)
        sample = self.sample(withReplacement, fraction, seed).collect()
        while len(sample) < num:
            seed = rng.randint(0, sys.maxsize)
            sample = self.sample(withReplacement, fraction, seed).collect()
        return sample

    def _run(self, task, action, partitions=None, gather=lambda results: results):
        if partitions is None:
            partitions = range(self.getNumPartitions())
        return gather(self.ctx._run_job(self, task, partitions, action))


def _concatenate(parts):
    return [record for part in parts for record in part]


def _fraction(num, total, withReplacement):
    """A rate that samples at least `num` of `total` with probability > 0.9999.

    With replacement the sample's size is Poisson: go 5 deviations up, or 9 if `num`
    is small. Without, it is binomial: this is Chernoff's bound, solved for the rate.
    """
    mean = num / total
    if withReplacement:
        return mean + (9 if num < 12 else 5) * sqrt(mean / total)
    gamma = -log(0.00005) / total
    return min(1, mean + gamma + sqrt(gamma * gamma + 2 * gamma * mean))


def _add_counts(counts, others):
    counts.update(others)
    return counts
