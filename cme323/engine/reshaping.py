"""Reshaping: the same records in other partitions, or in tuples with others.

coalesce, cartesian     narrow, but partition i is not made from partition i
zip, zipWithUniqueId    narrow, partition by partition
zipWithIndex            the same, after a job that counts the partitions
repartition             a shuffle of every record
"""

from itertools import count, zip_longest

from cme323.engine import rdd as core
from cme323.engine.partitioner import Partitioner

NOTHING = object()  # where the shorter of two zipped partitions has ended


class Reshaping:
    """The part of RDD that moves or pairs records whatever they are."""

    def coalesce(self, numPartitions, shuffle=False):
        """At most numPartitions partitions: neighbours become one, 0 records move.

        With `shuffle` exactly so many, and every record moves; see repartition.
        """
        if not numPartitions > 0:
            raise ValueError("Number of partitions must be positive.")
        if shuffle:
            return self._dealt(numPartitions)
        return core.Coalesced(self, numPartitions, "coalesce")

    def repartition(self, numPartitions):
        """Exactly numPartitions partitions of about the same size; all records move.

        NB: each partition deals its records out in turn, partition i from place i.
        Spark deals tens of them, from a random place.
        """
        return self.coalesce(numPartitions, shuffle=True)

    def cartesian(self, other):
        """(x, y) for each x here and y there; 0 records move.

        NB: a task keeps one partition of `other` in memory, and each of them is
        computed once for each partition here.

        >>> from cme323.engine import Context
        >>> one = Context(partitions=1).parallelize([1, 2])
        >>> one.cartesian(one).collect()
        [(1, 1), (1, 2), (2, 1), (2, 2)]
        """
        return core.Cartesian(self, other, "cartesian")

    def zip(self, other):
        """(x, y) for the first records of both, the second ones, ...

        Raises ValueError if the numbers of partitions differ, and in the job if two
        partitions differ in length.
        """
        if self.getNumPartitions() != other.getNumPartitions():
            raise ValueError(
                "Can only zip with RDD which has the same number of partitions: "
                f"{self.getNumPartitions()} here, {other.getNumPartitions()} there"
            )
        return core.Narrow((self, other), _zipped, None, "zip")

    def zipWithIndex(self):
        """(record, its position); a job counts the partitions first, at once."""
        starts = [0]
        if self.getNumPartitions() > 1:
            sizes = self.ctx.runJob(self, lambda it: [sum(1 for _ in it)])
            starts = [sum(sizes[:i]) for i in range(len(sizes))]
        return self._narrow(lambda i, it: zip(it, count(starts[i])), "zipWithIndex")

    def zipWithUniqueId(self):
        """(record, an id): of n partitions, number k has ids k, n + k, 2n + k, ...

        >>> from cme323.engine import Context
        >>> Context(partitions=2).parallelize("abc").zipWithUniqueId().collect()
        [('a', 0), ('b', 1), ('c', 3)]
        """
        n = self.getNumPartitions()
        return self._narrow(lambda k, it: zip(it, count(k, n)), "zipWithUniqueId")

    def _dealt(self, numPartitions):
        dealt = self._narrow(
            lambda i, it: ((j % numPartitions, x) for j, x in enumerate(it, i)), "deal"
        )
        moved = core.Shuffled(dealt, Partitioner(numPartitions), "shuffle")
        return moved._narrow(lambda i, it: (x for _, x in it), "repartition")


def _zipped(partition, here, there):
    for pair in zip_longest(here, there, fillvalue=NOTHING):
        if pair[0] is NOTHING or pair[1] is NOTHING:
            fewer = "here" if pair[0] is NOTHING else "there"
            raise ValueError(
                "Can only zip RDDs with same number of elements in each partition: "
                f"partition {partition} has fewer {fewer}"
            )
        yield pair
