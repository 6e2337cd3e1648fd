"""A shuffle: every map task splits its records by key, one block per partition.

    map task 0:  [ block 0 | block 1 | ... ]
    map task 1:  [ block 0 | block 1 | ... ]        partition j reads column j

This is the one place where records change partition, and so the one place that
counts them. Counted is what is written, as Spark counts it: a record whose new
partition has the number of its old one is written too.
"""

import pickle
from dataclasses import dataclass
from itertools import chain


class Shuffle:
    """The wide dependency of one RDD on its parent, and its output once it ran."""

    def __init__(self, parent, partitioner):
        self.parent = parent
        self.partitioner = partitioner
        self.outputs = None  # one MapOutput for each map task

    def write(self, records):
        """What one map task does: records, in order, to the block of their key."""
        blocks = [[] for _ in range(self.partitioner.numPartitions)]
        place = self.partitioner
        for record in records:
            blocks[place(record[0])].append(record)
        return MapOutput(blocks, sum(map(len, blocks)), _pickled_size(blocks))

    def read(self, partition):
        """The records of one partition, in the order of the map tasks."""
        return chain.from_iterable(out.blocks[partition] for out in self.outputs)


@dataclass(frozen=True)
class MapOutput:
    """The blocks of one map task, the records in them, and their size if pickled."""

    blocks: list
    records: int
    bytes: int | None


def _pickled_size(blocks):
    """Bytes on the wire; None if a record cannot be pickled, and so not counted."""
    try:
        return sum(len(pickle.dumps(block, 5)) for block in blocks if block)
    except (pickle.PicklingError, TypeError, AttributeError):
        return None
