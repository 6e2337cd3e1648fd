"""Storage: the memory of one worker, and the cached blocks in it or on its disk.

    limit  =  cached blocks  +  what sorts, groupings and shuffles hold

A block is a list of the records of one partition. When something needs room, cached
blocks leave memory in the order that the eviction policy gives: to a file if their
level has a disk, else for good, and lineage computes them again. Blocks that the
running task reads do not leave: as the task holds them, that would free nothing.

NB: Spark's BlockManager with its unified memory. Left out: serialized blocks in
memory, and a share of it that execution may not take from the cache. A block that
went to disk stays there.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from threading import Lock

from cme323.engine import eviction
from cme323.engine.blocks import read_lists, read_records, write_records
from cme323.engine.scratch import Scratch
from cme323.engine.sizes import ROUGH, batches, own_size, size_of

PARTS = 256  # a batch, read or written, has about this fraction of the limit
LEAST = 16  # what a share may hold at the least, as a fraction of the limit


@dataclass(slots=True)
class Block:
    """Records in memory, or else a file; `bytes` is its size there."""

    records: list | None
    path: Path | None
    bytes: int
    level: object


class Storage:
    """Blocks by key, (RDD id, partition), the least recently used first.

    limit     in bytes, estimated; None for no limit
    folder    for blocks on disk; without one, a temporary folder is made if need be
    evict     a policy of eviction.py
    peers     a function: the workers (number, folder) that copies go to, in order
    """

    def __init__(self, limit=None, folder=None, evict=eviction.spark, peers=tuple):
        self.limit = limit
        self.evict = evict
        self.peers = peers
        self._folder = folder
        self._scratch = Scratch()
        self._blocks = OrderedDict()
        self._copies = {}  # by RDD id: the files given to peers
        self._cached = 0  # bytes of the blocks in memory
        self._shares = {}  # bytes by Share
        self._reading = set()  # keys of the blocks that the running task reads
        self._dropped = deque()
        self._lock = Lock()

    @property
    def folder(self):
        return self._folder or self._scratch.path

    @property
    def batch(self):
        """The bytes of a batch: what is read or written at a time."""
        return max(self.limit // PARTS, 1024) if self.limit else 1 << 20

    def read(self, rdd, partition, counts):
        """The records of a cached partition, computed first if they are not there."""
        key = rdd._id, partition
        with self._lock:
            self._sweep()
            block = self._blocks.get(key)
            if block:
                block.level = rdd.getStorageLevel()  # localCheckpoint adds a disk
                self._blocks.move_to_end(key)
                self._reading.add(key)
        if block is None and rdd.getStorageLevel().replication > 1:
            block = self._given(key, rdd.getStorageLevel())
        if block is None:
            return self._store(rdd, key, counts)
        counts.hits += 1
        return _counted(block, counts)

    def share(self):
        """Room for one sort, grouping or shuffle."""
        return Share(self)

    def end_task(self):
        """The task that ran reads no block any more, and holds nothing."""
        self._reading.clear()
        self._shares.clear()

    def drop(self, rdd_id):
        """Forget every block of one RDD, now or with the next operation.

        The garbage collector may call this at any moment, even in the middle of an
        operation of this very thread, which holds the lock then.
        """
        self._dropped.append(rdd_id)
        if self._lock.acquire(blocking=False):
            try:
                self._sweep()
            finally:
                self._lock.release()

    def clear(self):
        """Forget all blocks."""
        with self._lock:
            self._dropped += {rdd_id for rdd_id, _ in self._blocks}
            self._sweep()
        self._scratch.remove()

    def _sweep(self):
        while self._dropped:
            rdd_id = self._dropped.popleft()
            for key in [key for key in self._blocks if key[0] == rdd_id]:
                self._forget(key)
            for path in self._copies.pop(rdd_id, ()):
                path.unlink(missing_ok=True)

    def _forget(self, key):
        block = self._blocks.pop(key)
        if block.records is not None:
            self._cached -= block.bytes
        else:
            block.path.unlink(missing_ok=True)

    def _given(self, key, level):
        """The copy that another worker put into the folder, as a block."""
        path = self._path(key)
        if path.exists():
            return self._put(key, Block(None, path, path.stat().st_size, level))

    def _store(self, rdd, key, counts):
        """Compute a partition; keep it where its level says, if there is room."""
        level = rdd.getStorageLevel()
        records = iter(rdd.computed(key[1], counts))
        if not level.useMemory or level.useOffHeap:
            block = self._write(key, records, level)
        elif self.limit is None:
            records = list(records)
            size = size_of(records, ROUGH)  # nothing depends on it
            block = self._put(key, Block(records, None, size, level))
        else:
            block, records = self._unroll(key, records, level, counts)
        if block is None:
            return records
        self._tell(key, block, counts)
        counts.stored.append((key, *self._replicate(key, block, level, counts)))
        return _records(block)

    def _unroll(self, key, records, level, counts):
        """(a block, or None if it is not kept; then the records).

        NB: Spark calls it unrolling: the records come into memory until they do not
        fit. Then these and the rest go to disk, or to the reader alone.
        """
        share, kept, size, fits = Share(self), [], own_size([]), True
        for batch, taken in batches(records, self.batch):
            kept += batch
            size += taken
            fits = self._room(share, size, self.limit, key[0], counts)
            if not fits:
                break
        if fits:
            share.close()
            return self._put(key, Block(kept, None, size, level)), None
        if not level.useDisk:
            return None, chain(kept, _closing(share), records)
        block = self._write(key, chain(kept, records), level)
        share.close()
        counts.spilled += block.bytes
        return block, None

    def _room(self, share, size, most, storing, counts):
        """Let a share have this size, if it can be done within `most` bytes of the
        limit: cached blocks leave for it."""
        with self._lock:
            self._sweep()
            others = sum(self._shares.values()) - self._shares.get(share, 0)
            order = [k for k, b in self._blocks.items() if b.records is not None]
            free = [k for k in self.evict(order, storing) if k not in self._reading]
            movable = sum(self._blocks[key].bytes for key in free)
            if others + size + self._cached - movable > most:
                return False
            for key in free:
                if others + size + self._cached <= self.limit:
                    break
                self._push_out(key, counts)
            self._shares[share] = size
        return True

    def _push_out(self, key, counts):
        """A block leaves memory."""
        block = self._blocks[key]
        if block.level.useDisk:
            written = self._save(self._path(key), block.records)
            self._cached -= block.bytes
            block.records, block.path, block.bytes = None, self._path(key), written
            counts.spilled += written
        else:
            self._forget(key)
            counts.evicted.append(key)
        self._tell(key, self._blocks.get(key), counts)

    def _put(self, key, block):
        with self._lock:
            self._blocks[key] = block
            self._reading.add(key)
            self._cached += block.bytes if block.records is not None else 0
        return block

    def _write(self, key, records, level):
        size = self._save(self._path(key), records)
        return self._put(key, Block(None, self._path(key), size, level))

    def _save(self, path, records):
        found = batches(records, self.batch)
        return write_records(path, (batch for batch, _ in found))

    def _replicate(self, key, block, level, counts):
        """Give copies to the next workers; the numbers of those that have one."""
        numbers = []
        for peer in self.peers() if level.replication > 1 else ():
            if len(numbers) + 1 == level.replication:
                break
            path = peer.folder / self._path(key).name
            try:
                size = self._save(path, _records(block))
            except FileNotFoundError:
                continue  # its folder went with it
            self._copies.setdefault(key[0], []).append(path)
            counts.replicated += size
            counts.sizes.append((key, peer.number, 0, size))
            numbers.append(peer.number)
        return numbers

    def _tell(self, key, block, counts):
        """Where a block is now, for the driver; None: nowhere on this worker."""
        size, memory = (block.bytes, block.path is None) if block else (0, False)
        counts.sizes.append((key, None, size * memory, size * (not memory)))

    def _path(self, key):
        return self.folder / "block-{}-{}".format(*key)


class Share:
    """The memory of one sort, grouping or shuffle; it may be half of what is free.

    So that several of them in one task leave room for each other; each may have a
    sixteenth of the limit at the least.
    """

    def __init__(self, storage):
        self._storage = storage

    def fits(self, size, counts):
        """Take this many bytes in all, pushing out cached blocks; False if too many."""
        storage = self._storage
        others = sum(storage._shares.values()) - storage._shares.get(self, 0)
        least = storage.limit // LEAST
        if size > max((storage.limit - others) // 2, least):
            return False
        most = storage.limit if size > least else float("inf")
        return storage._room(self, size, most, None, counts)

    def close(self):
        """Give all of it back."""
        self._storage._shares.pop(self, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()


def _records(block):
    return iter(block.records) if block.path is None else read_records(block.path)


def _counted(block, counts):
    """The records of a block that was there; they are what the task takes in."""
    if block.path is None:
        counts.records_in += len(block.records)
        return iter(block.records)
    return chain.from_iterable(_counted_lists(block.path, counts))


def _counted_lists(path, counts):
    for records in read_lists(path):
        counts.records_in += len(records)
        yield records


def _closing(share):
    """No records; the share ends when they are asked for."""
    share.close()
    return
    yield
