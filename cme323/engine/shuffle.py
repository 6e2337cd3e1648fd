"""A shuffle: every map task splits its records by key, one block per partition.

    map task 0:  [ block 0 | block 1 | ... ]
    map task 1:  [ block 0 | block 1 | ... ]        partition j reads column j

This is the one place where records change partition, and so the one place that
counts them. Counted is what is written, as Spark counts it: a record whose new
partition has the number of its old one is written too.
"""

import weakref
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from cme323.engine.sizes import batches
from cme323.engine.task import LostOutput, TaskContext


class Shuffle:
    """The wide dependency of one RDD on its parent, and where its output is.

    outputs: by map partition; one that is not there has to run, or to run again.
    """

    def __init__(self, parent, partitioner, number):
        self.id = number
        self.parent = parent
        self.partitioner = partitioner
        self.mappers = parent.getNumPartitions()
        self.outputs = {}
        self.written = set()  # the map partitions that ever had an output
        self._sources = None  # by partition, the map tasks with records for it
        weakref.finalize(self, _delete, self.outputs).atexit = False

    def __getstate__(self):
        """What travels to a worker: where the output is, and not what it is of."""
        return {**vars(self), "parent": None, "written": None, "_sources": None}

    def missing(self):
        """The map partitions without an output."""
        if len(self.outputs) == self.mappers:
            return []
        return [i for i in range(self.mappers) if i not in self.outputs]

    def write(self, records):
        """What one map task does: records, in order, to the block of their key."""
        task = TaskContext.get()
        limited = task.worker.storage.limit is not None
        blocks = self._spilling(records, task) if limited else self._kept(records, task)
        task.counts.records_written += sum(b.records for b in blocks.values())
        task.counts.bytes_written = _sum([b.bytes for b in blocks.values()])
        return MapOutput(task.worker.number, blocks)

    def _kept(self, records, task):
        return task.worker.keep(self._split(records, _columns()))

    def _spilling(self, records, task):
        """The same, but what does not fit into memory goes to the file at once."""
        storage, columns, held, longest = task.worker.storage, _columns(), 0, 1
        with storage.share() as share, task.worker.writer() as writer:
            for batch, size in batches(records, storage.batch):
                self._split(batch, columns)
                held, longest = held + size, max(longest, len(batch))
                if not share.fits(held, task.counts):
                    task.counts.spilled += writer.add(columns, longest)
                    columns, held = _columns(), 0
            writer.add(columns, longest)
        return writer.blocks()

    def _split(self, records, columns):
        """Each record to the columns of its partition."""
        place, size = self.partitioner.partitionFunc, self.partitioner.numPartitions
        for key, value in records:
            keys, values = columns[place(key) % size]
            keys.append(key)
            values.append(value)
        return columns

    def put(self, mapper, output):
        """A map task's output is there."""
        self.outputs[mapper] = output
        self.written.add(mapper)
        self._sources = None

    def read(self, partition):
        """The records of one partition, in the order of the map tasks."""
        for mapper in self.missing():
            raise LostOutput(self.id, mapper)
        task, found, others = TaskContext.get(), [], set()
        counts, here = task.counts, task.worker.number
        for i in self._with_records_for(partition):
            output = self.outputs[i]
            block = output.blocks[partition]
            counts.records_read += block.records
            counts.bytes_read = _sum([counts.bytes_read, block.bytes])
            found.append((i, block))
            if output.worker != here:
                others.add(output.worker)
                counts.bytes_fetched += block.bytes or 0
        counts.fetches += len(others)
        return chain.from_iterable(self._pairs(i, block) for i, block in found)

    def clear(self):
        """Delete the outputs; a job that needs them runs the map tasks again."""
        _delete(self.outputs)
        self.outputs.clear()
        self.written.clear()
        self._sources = None

    def _with_records_for(self, partition):
        """The map tasks that have any, in order: most pairs of partitions may have
        none, and each task would look at all its own."""
        if self._sources is None:
            self._sources = defaultdict(list)
            for i in range(self.mappers):
                for target in self.outputs[i].blocks:
                    self._sources[target].append(i)
        return self._sources.get(partition, ())

    def _pairs(self, mapper, block):
        return chain.from_iterable(zip(*piece) for piece in self._pieces(mapper, block))

    def _pieces(self, mapper, block):
        try:
            yield from block.pieces()
        except OSError as error:
            raise LostOutput(self.id, mapper) from error


@dataclass(frozen=True, eq=False)
class MapOutput:
    """What one map task wrote: on which worker, and its blocks by partition.

    A partition for which it has no record has no block.
    """

    worker: int
    blocks: dict

    def delete(self):
        """Its files, if it has any, are needed no more."""
        for path in {block.path for block in self.blocks.values() if block.path}:
            Path(path).unlink(missing_ok=True)


def _delete(outputs):
    for output in outputs.values():
        output.delete()


def _sum(sizes):
    """Their sum, or None if one is unknown."""
    return None if None in sizes else sum(sizes)


def _columns():
    """The keys and the values by partition; many partitions may get no record."""
    return defaultdict(lambda: ([], []))
