"""Actions: run a job and bring a value to the driver.

Every action is one function over the records of a partition, run as a task for
each partition, and one step on the driver that puts the results together.
"""

from collections import defaultdict
from copy import deepcopy
from functools import reduce
from itertools import islice
from operator import add


class Actions:
    """The part of RDD that computes."""

    def collect(self):
        """All records, partition after partition."""
        return self._run(list, "collect", gather=_concatenate)

    def count(self):
        return sum(self._run(lambda it: sum(1 for _ in it), "count"))

    def foreach(self, f):
        """f(record) for its effects, in the tasks."""

        def call_each(records):
            for record in records:
                f(record)

        self._run(call_each, "foreach")

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

    def reduce(self, f):
        """f over all records; raises ValueError if there are none."""

        def reduced(records):
            first = list(islice(records, 1))
            return [reduce(f, records, first[0])] if first else []

        partial = self._run(reduced, "reduce", gather=_concatenate)
        if not partial:
            raise ValueError("Can not reduce() empty RDD")
        return reduce(f, partial)

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

    def countByKey(self):
        """{key: how many pairs have it}."""
        return self.keys().aggregate(defaultdict(int), _count_one, _add_counts)

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

    def _run(self, task, action, partitions=None, gather=lambda results: results):
        if partitions is None:
            partitions = range(self.getNumPartitions())
        return gather(self.ctx._run_job(self, task, partitions, action))


def _concatenate(parts):
    return [record for part in parts for record in part]


def _count_one(counts, key):
    counts[key] += 1
    return counts


def _add_counts(counts, others):
    for key, number in others.items():
        counts[key] = add(counts[key], number)
    return counts
