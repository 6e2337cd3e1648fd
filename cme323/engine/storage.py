"""Storage: the cached partitions of a context.

Left out, compared with Spark: a limit on memory, and any place but memory.
"""


class Storage:
    """Blocks by (RDD, partition); a block is a list of records."""

    def __init__(self):
        self._blocks = {}

    def get(self, rdd, partition, compute):
        """The cached block, computed first if it is not there."""
        key = rdd.id(), partition
        if key not in self._blocks:
            self._blocks[key] = list(compute(partition))
        return self._blocks[key]

    def holds(self, rdd):
        """Is every partition of `rdd` cached?"""
        partitions = range(rdd.getNumPartitions())
        return all((rdd.id(), partition) in self._blocks for partition in partitions)

    def drop(self, rdd_id):
        """Forget every block of one RDD."""
        for key in [key for key in self._blocks if key[0] == rdd_id]:
            del self._blocks[key]

    def clear(self):
        self._blocks.clear()

    def __len__(self):
        return len(self._blocks)
