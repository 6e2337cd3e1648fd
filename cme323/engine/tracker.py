"""The tracker: which worker has which cached block, and which shuffle output.

The driver's knowledge, told by the tasks that succeed. When a worker is lost, all
it had is forgotten, and the scheduler computes again what a job needs of it.

NB: Spark's MapOutputTracker and the block manager's master.
"""

import weakref
from collections import defaultdict, deque

HEADER = "id", "name", "level", "in memory", "bytes", "on disk", "bytes"


class Tracker:
    """Where everything is. A block's key is (RDD id, partition)."""

    def __init__(self):
        self._blocks = defaultdict(dict)  # RDD id: {partition: the workers with it}
        self._sizes = defaultdict(dict)  # RDD id: {(partition, worker): its bytes}
        self._computed = defaultdict(set)  # RDD id: its partitions ever computed
        self._shuffles = weakref.WeakValueDictionary()  # by id
        self._cached = weakref.WeakValueDictionary()  # RDDs by id
        self._gone = deque()  # ids of RDDs

    def holds(self, rdd, partition):
        """Is this partition cached somewhere?"""
        return partition in self._blocks.get(rdd._id, ())

    def workers(self, rdd, partition):
        """The workers that have it, the first that stored it first."""
        return self._blocks.get(rdd._id, {}).get(partition, ())

    def cached(self, rdd):
        """An RDD is to be cached."""
        self._cached[rdd._id] = rdd

    def note_blocks(self, counts, worker):
        """Learn what became of blocks in a task, even in one that failed."""
        self._sweep()
        for rdd_id, partition in counts.evicted:
            self._remove(rdd_id, partition, worker)
        for (rdd_id, partition), *copies in counts.stored:
            if rdd_id in self._cached:  # else it has gone since
                found = self._blocks[rdd_id].setdefault(partition, [])
                found += [w for w in (worker, *copies) if w not in found]
        for (rdd_id, partition), peer, *size in counts.sizes:
            at = partition, worker if peer is None else peer
            if any(size) and rdd_id in self._cached:
                self._sizes[rdd_id][at] = size
            else:
                self._sizes[rdd_id].pop(at, None)

    def note(self, done):
        """Learn what a task did; how many partitions it computed not for the first
        time."""
        self.note_blocks(done.counts, done.worker)
        again = 0
        for rdd_id, partition in done.counts.computed:
            again += partition in self._computed[rdd_id]
            self._computed[rdd_id].add(partition)
        return again

    def output(self, shuffle, partition, output):
        """A map task's output is there."""
        self._shuffles[shuffle.id] = shuffle
        shuffle.put(partition, output)

    def lose_output(self, shuffle_id, partition):
        """Forget a map task's output; False if that was known to be lost."""
        shuffle = self._shuffles.get(shuffle_id)
        return bool(shuffle and shuffle.outputs.pop(partition, None))

    def lose(self, worker):
        """Forget what a worker had."""
        self._sweep()
        for rdd_id, partitions in self._blocks.items():
            for partition in list(partitions):
                self._remove(rdd_id, partition, worker)
        for shuffle in self._shuffles.values():
            for partition, output in list(shuffle.outputs.items()):
                if output.worker == worker:
                    del shuffle.outputs[partition]

    def forget(self, rdd_id):
        """The blocks of an RDD are cached no more."""
        self._blocks.pop(rdd_id, None)
        self._sizes.pop(rdd_id, None)
        self._cached.pop(rdd_id, None)

    def forget_block(self, rdd, partition):
        """One block is cached no more, wherever it is."""
        for worker in list(self.workers(rdd, partition)):
            self._remove(rdd._id, partition, worker)

    def drop(self, rdd_id):
        """An RDD is gone; the garbage collector may say so at any moment."""
        self._gone.append(rdd_id)

    def clear(self):
        self._blocks.clear()
        self._sizes.clear()

    def __len__(self):
        """How many partitions are cached."""
        self._sweep()
        return sum(map(len, self._blocks.values()))

    def __repr__(self):
        """A line for each cached RDD, as in Spark's storage tab."""
        rdds = sorted(self._cached.values(), key=lambda rdd: rdd._id)
        rows = [HEADER, *(self._row(rdd) for rdd in rdds if self._blocks[rdd._id])]
        widths = [max(map(len, column)) for column in zip(*rows)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        return "\n".join(lines) if len(rows) > 1 else "nothing is cached"

    def _row(self, rdd):
        sizes = self._sizes[rdd._id].items()
        return (
            str(rdd._id),
            rdd.name() or rdd._name,
            str(rdd.getStorageLevel()),
            f"{len({p for (p, _), s in sizes if s[0]})} of {rdd.getNumPartitions()}",
            f"{sum(s[0] for _, s in sizes):,}",
            str(len({p for (p, _), s in sizes if s[1]})),
            f"{sum(s[1] for _, s in sizes):,}",
        )

    def _sweep(self):
        while self._gone:
            rdd_id = self._gone.popleft()
            self.forget(rdd_id)
            self._computed.pop(rdd_id, None)

    def _remove(self, rdd_id, partition, worker):
        self._sizes[rdd_id].pop((partition, worker), None)
        found = self._blocks[rdd_id].get(partition, [])
        if worker in found:
            found.remove(worker)
            if not found:
                del self._blocks[rdd_id][partition]
