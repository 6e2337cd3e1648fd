"""What map tasks and reduce tasks share: their files, counted, and the external merge.

    merge of r sorted runs, F at a time:  about log_F(r) passes over all the records

A run is a part of a file whose pairs are sorted by key. Only one pair of each run is in
memory. NB: F is Hadoop's `mapreduce.task.io.sort.factor`; its first pass takes fewer
runs, so that the last one merges exactly F.
"""

import heapq
from dataclasses import dataclass
from itertools import count
from operator import itemgetter
from pathlib import Path

from cme323.errors import BadInput
from cme323.mapreduce.counters import Counters
from cme323.mapreduce.job import Job
from cme323.mapreduce.record_files import RecordFile, pickled

KEY = itemgetter(0)


@dataclass(frozen=True)
class Plan:
    """What all tasks of a job know: its functions, and what the machine gives them.

    reducers  how many; folder: for what is between mappers and reducers
    buffer    bytes that a map task sorts in memory; factor: runs merged at a time
    """

    job: Job
    reducers: int
    folder: Path
    buffer: int
    factor: int


class Task:
    """One task: it reads and writes files in the folder, and counts."""

    def __init__(self, name, plan):
        self.name = name
        self.plan = plan
        self.counts = Counters()
        self._numbers = count()

    def new_file(self):
        """For what is between mappers and reducers."""
        return RecordFile(self.plan.folder / f"{self.name}-run-{next(self._numbers)}")

    def write_run(self, pairs):
        """Sorted pairs to a file of their own."""
        with self.new_file() as file:
            return self.append(file, map(pickled, pairs))

    def append(self, file, pickles):
        part = file.append(pickles)
        self.counts.file_bytes_written += part.bytes
        self.counts.spilled_records += part.records
        return part

    def merged(self, runs):
        """The pairs of all runs, sorted; those of a key in the order of the runs."""
        step = self.plan.factor
        while len(runs) > step:
            groups = [runs[i : i + step] for i in range(0, len(runs), step)]
            runs = [self.write_run(self._merge(group)) for group in groups]
        return self._merge(runs)

    def _merge(self, runs):
        try:
            yield from heapq.merge(*map(self._read, runs), key=KEY)
        except TypeError as error:
            raise unsortable(error) from error

    def _read(self, run):
        self.counts.file_bytes_read += run.bytes
        return run.read()


def unsortable(error):
    return BadInput(
        f"expected keys that can be compared with each other, as all strings: {error}"
    )


def given(who, result):
    """What a function of the job gave, if it can be iterated over.

    Neither a string nor a tuple: it would be a record, returned where it should be
    yielded.
    """
    if hasattr(result, "__iter__") and not isinstance(result, str | bytes | tuple):
        return result
    raise BadInput(
        f"expected an iterable from the {who}, got {result!r:.80}: use yield, or "
        "return a list"
    )


def pair(who, item):
    """What a function of the job gave, if it is a pair."""
    if isinstance(item, tuple) and len(item) == 2:
        return item
    raise BadInput(
        f"expected pairs (key, value) from the {who}, got {item!r:.80}: yield a "
        "tuple of two"
    )
