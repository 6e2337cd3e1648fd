"""External sorting and grouping: more records than memory holds, by way of the disk.

    in_order   sort what fits, write it as a run, again and again; merge the runs
    combined   when the combiners no longer fit, deal them and all further pairs into
               buckets on disk by a second hash, and finish bucket by bucket
    grouped    the same with lists of values; the values of a huge key stay on disk

A sort writes each record once, if there are at most 32 runs. Each key's values meet
in the same order as without a limit, so the combiners are equal to the last bit;
only the keys come in another order.

NB: PySpark's ExternalSorter, ExternalMerger and ExternalList. Left out: combining
pairs after the first spill before they are written.
"""

import heapq
import pickle
import tempfile
from itertools import chain

from cme323.engine.packing import pickled
from cme323.engine.partitioner import portable_hash
from cme323.engine.sizes import batches, pieces, size_of
from cme323.engine.task import TaskContext

RUNS_AT_ONCE = 32
BUCKETS = 16
DEEPEST = 2  # how often a bucket can be dealt into buckets again


def limited():
    """Does this run in a task of a worker whose memory has a limit?"""
    task = TaskContext.get()
    return task is not None and task.worker.storage.limit is not None


def in_order(records, key, reverse):
    """The records, sorted as `sorted` does: stable, even in reverse."""
    task, spill, runs, run, held = TaskContext.get(), Spill(), [], [], 0
    with task.worker.storage.share() as share:
        for batch, size in batches(records, spill.batch):
            run += batch
            held += size
            if not share.fits(held, task.counts):
                run.sort(key=key, reverse=reverse)
                runs.append(spill.write(run))
                run, held = [], 0
        run.sort(key=key, reverse=reverse)
        if not runs:
            yield from run
            return
        while len(runs) > RUNS_AT_ONCE:
            groups = [
                runs[i : i + RUNS_AT_ONCE] for i in range(0, len(runs), RUNS_AT_ONCE)
            ]
            runs = [spill.write_all(_merged(spill, g, key, reverse)) for g in groups]
        yield from heapq.merge(*map(spill.read, runs), run, key=key, reverse=reverse)


def _merged(spill, runs, key, reverse):
    return heapq.merge(*map(spill.read, runs), key=key, reverse=reverse)


def combined(pairs, create, merge, relieve=None, depth=0, begun=()):
    """(key, combiner): create(value) for the first value of a key, then merge.

    begun: combiners to start with. relieve(combiners, spill): what can be done if
    they do not fit, and dealing them out did not help.
    """
    task, spill, pairs, combiners = TaskContext.get(), Spill(), iter(pairs), dict(begun)
    with task.worker.storage.share() as share:
        for _ in _overfull(combiners, pairs, create, merge, share):
            if depth < DEEPEST:
                seeds = spill.deal(combiners.items(), depth)
                combiners.clear()
                break
            if relieve:
                relieve(combiners, spill)
        else:
            yield from combiners.items()
            return
    rest = spill.deal(pairs, depth)
    for begun, pairs in zip(seeds, rest):
        begun, pairs = spill.read(begun), spill.read(pairs)
        yield from combined(pairs, create, merge, relieve, depth + 1, begun)


def _overfull(combiners, pairs, create, merge, share):
    """Combine the pairs; stop at each batch after which there is too much."""
    task, held = TaskContext.get(), size_of(combiners)
    for batch, size in batches(pairs, task.worker.storage.batch):
        for key, value in batch:
            if key in combiners:
                combiners[key] = merge(combiners[key], value)
            else:
                combiners[key] = create(value)
        held += size
        if not share.fits(held, task.counts):
            held = size_of(combiners)  # less, where values were merged into one
            if not share.fits(held + held // 8, task.counts):
                yield
                held = size_of(combiners)


def grouped(sides):
    """(key, the values of each side) for pairs of several sides; the values are
    lists, or Values if they are many."""
    tagged = chain.from_iterable(
        ((key, (side, value)) for key, value in pairs)
        for side, pairs in enumerate(sides)
    )

    def create(tagged):
        return merge(tuple(Values() for _ in sides), tagged)

    def merge(group, tagged):
        side, value = tagged
        group[side].recent.append(value)
        return group

    for key, group in combined(tagged, create, merge, _relieve):
        yield key, tuple(v if v.places else v.recent for v in group)


def met(f, left, right):
    """f(pairs of the left, pairs of the right) for those of each key in turn."""
    for key, (values, others) in grouped((left, right)):
        yield from f(((key, v) for v in values), ((key, w) for w in others))


def _relieve(groups, spill):
    for group in groups.values():
        for values in group:
            values.leave(spill)


class Values:
    """The values of one key: first those on disk, in order, then those in memory."""

    def __init__(self, recent=()):
        self.recent = list(recent)
        self.places, self._spill, self._left = [], None, 0

    def leave(self, spill):
        """Move to disk."""
        self.places += spill.write(self.recent)
        self._spill, self._left = spill, self._left + len(self.recent)
        self.recent = []

    def __len__(self):
        return self._left + len(self.recent)

    def __iter__(self):
        there = self._spill.read(self.places) if self.places else ()
        return chain(there, self.recent)

    def __reduce__(self):
        """Pickled, they come together: another process cannot read the file."""
        return Values, (list(self),)


class Spill:
    """A nameless file of records that did not fit; it goes when this object goes.

    What is written are lists, in pieces; a place is the first byte of a piece.
    """

    def __init__(self):
        task = TaskContext.get()
        self._storage, self._counts = task.worker.storage, task.counts
        self.batch = self._storage.batch
        self._file = None

    def write(self, records):
        """Append a list; its places."""
        if self._file is None:
            folder = self._storage.folder
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115, closed below
        return [self._write(piece) for piece in pieces(records, self.batch)]

    def _write(self, piece):
        start = self._file.seek(0, 2)
        self._counts.spilled += self._file.write(pickled(piece))
        return start

    def write_all(self, records):
        """Append an iterator's records; their places."""
        found = batches(records, self.batch)
        return [place for batch, _ in found for place in self.write(batch)]

    def deal(self, pairs, depth):
        """Append each pair to the bucket of its key; the places of each bucket."""
        places = [[] for _ in range(BUCKETS)]
        for batch, _ in batches(pairs, self.batch):
            buckets = [[] for _ in range(BUCKETS)]
            for pair in batch:
                buckets[_bucket(pair[0], depth)].append(pair)
            for place, bucket in zip(places, buckets):
                place += self.write(bucket)
        return places

    def read(self, places):
        """The records at these places, a piece in memory at a time."""
        return chain.from_iterable(map(self._read, places))

    def _read(self, place):
        self._file.seek(place)
        return pickle.load(self._file)

    def __del__(self):
        if self._file is not None:
            self._file.close()


def _bucket(key, depth):
    """Other bits of the hash than those that chose the partition, at each depth."""
    try:
        number = portable_hash(key)
    except TypeError:
        number = hash(key)
    mixed = (number ^ number >> 32) * 2654435761 & 0xFFFFFFFF  # Knuth's constant
    return mixed >> 28 - 4 * depth & BUCKETS - 1
