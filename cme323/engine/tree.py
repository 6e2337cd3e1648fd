"""Tree actions: `reduce` and `aggregate` whose results meet in the cluster first.

    64 partitions, depth 3:   64 -> 16 -> 4 results -> the driver
                                 round  round

Where `aggregate` sends one result for each partition to the driver, a level of the
tree brings `scale` of them together in a shuffle. One round a level, and each
moves one record for each partition there was.
"""

from copy import deepcopy
from functools import reduce
from itertools import islice
from math import ceil


class TreeActions:
    """The part of RDD that combines in rounds."""

    def treeAggregate(self, zeroValue, seqOp, combOp, depth=2):
        """`aggregate`, but the results meet in the cluster, `scale` at a time.

            scale = numPartitions ** (1 / depth), at least 2

        Each level is a round, and leaves 1/scale of the results, until a further
        one would not help. The driver combines about `scale` results, not all.
        """
        if depth < 1:
            raise ValueError(f"Depth cannot be smaller than 1 but got {depth}.")
        if self.getNumPartitions() == 0:
            return zeroValue
        partial = self.mapPartitions(
            lambda it: [reduce(seqOp, it, deepcopy(zeroValue))]
        )
        for size in _tree_sizes(self.getNumPartitions(), depth):
            placed = partial.mapPartitionsWithIndex(
                lambda i, it, size=size: ((i % size, result) for result in it)
            )
            partial = placed.reduceByKey(combOp, size).values()
        return partial.reduce(combOp)

    def treeReduce(self, f, depth=2):
        """`reduce` by a tree of `depth` levels; see treeAggregate."""
        partial = self.mapPartitions(lambda it: [reduced(f, it)])
        total = partial.treeAggregate(
            [], lambda a, b: reduced(f, a + b), lambda a, b: reduced(f, a + b), depth
        )
        if not total:
            raise ValueError("Cannot reduce empty RDD.")
        return total[0]


def _tree_sizes(partitions, depth):
    """How many partitions each level of a tree leaves."""
    scale = max(ceil(partitions ** (1 / depth)), 2)
    while partitions > scale + partitions / scale:
        partitions /= scale
        yield int(partitions)


def reduced(f, records):
    """[f over the records], or [] if there are none."""
    records = iter(records)
    return [reduce(f, records, first) for first in islice(records, 1)]
