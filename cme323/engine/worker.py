"""A worker: runs tasks, and keeps what they store.

One in this process for the serial executor, one in each process of the process
executor, and one for each machine of a simulated cluster.
"""

import gc
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from cme323.engine.blocks import BlockWriter, MemoryBlock, write_blocks
from cme323.engine.callsite import culprit
from cme323.engine.eviction import policy
from cme323.engine.storage import Storage
from cme323.engine.task import Done, Failed, LostOutput, TaskContext


@dataclass(frozen=True)
class Peer:
    """What one worker knows of another: its number, and its folder."""

    number: int
    folder: Path


class Worker:
    """Runs tasks one after another; owns cached blocks and shuffle outputs.

    folder: where its shuffle outputs go; without one they stay in memory.
    memory: a limit in bytes, for cached blocks and for what tasks hold; if there
    is one, shuffle outputs go to a folder in any case.
    eviction: which cached blocks leave first; see eviction.py.
    peers: a function that gives the other workers, as Peers; copies of replicated
    blocks go to the next of them.
    """

    def __init__(
        self, number=0, folder=None, *, memory=None, eviction="spark", peers=tuple
    ):
        self.number = number
        self.folder = folder
        self.peers = peers
        self.storage = Storage(memory, folder, policy(eviction), self._next)
        self._files = count()

    def peer(self):
        """This worker, for the others."""
        return Peer(self.number, self.storage.folder)

    def run(self, task):
        """Done or Failed; the counts of a task that raised are not added up."""
        context = TaskContext(task, self)
        self._written = []
        with context, _few_collections():
            try:
                records = task.set.rdd.iterator(task.partition)
                value = task.set.body(records)
                self._written = []  # they are its output now
                return Done(task, value, context.counts, context.terms, self.number)
            except (Exception, LostOutput) as error:
                blamed = culprit(error, task.set.rdd)
                return Failed(task, error, blamed, self.number, context.counts)
            finally:
                # Even where a Ctrl-C came while such a file was being deleted.
                for path in self._written:
                    path.unlink(missing_ok=True)
                self.storage.end_task()

    def _next(self):
        """The other workers, the next one first."""
        peers = sorted(self.peers(), key=lambda peer: peer.number)
        return sorted(peers, key=lambda peer: peer.number < self.number)

    def keep(self, columns):
        """A map task's {partition: (keys, values)} as blocks, until they are read."""
        if self.folder is None:
            return {i: MemoryBlock(*column) for i, column in columns.items()}
        return write_blocks(self._new_file(), columns)

    def writer(self):
        """A BlockWriter, for a map task that has more than memory should hold."""
        return BlockWriter(self._new_file())

    def _new_file(self):
        folder = self.folder or self.storage.folder
        self._written.append(folder / f"shuffle-{next(self._files)}")
        return self._written[-1]


@contextmanager
def _few_collections():
    """Look for cyclic garbage rarely, and not among what was there before.

    A task makes millions of records, hardly ever in cycles. Python would go through
    all of them, and through the driver's data, each time their number has grown by a
    quarter: that takes half the time of a join.
    """
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
