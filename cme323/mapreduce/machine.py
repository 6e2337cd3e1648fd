"""MapReduce on one machine: every stage reads from disk and writes to disk.

    part files  ->  map, sort, combine  ->  runs          reads L, writes s bytes
    runs        ->  fetch, merge        ->  runs          reads s, writes s
    runs        ->  reduce              ->  part files    reads s, writes w

A job reads L + 2s bytes and writes 2s + w: L the input, s what is shuffled, after the
combiner, w the output; more if a map task spills more than once. Nothing stays in
memory, so the next job begins by reading: k jobs over the same data cost k times as
much as one.

Left out, compared with Hadoop: other machines and lost tasks, files that are cut into
several splits, jobs without a reducer. Tasks run one after another.

Source: Dean, Ghemawat, MapReduce, OSDI 2004.
"""

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from cme323.cost import Cost
from cme323.engine.scratch import Scratch
from cme323.engine.sizes import bytes_in
from cme323.engine.tables import Table
from cme323.errors import BadInput
from cme323.mapreduce.counters import Counters
from cme323.mapreduce.map_task import MapTask
from cme323.mapreduce.record_files import DataSet, RecordFile, pickled
from cme323.mapreduce.reduce_task import ReduceTask
from cme323.mapreduce.task import Plan


class MapReduce:
    """Runs jobs, one after another, and counts.

    partitions  the parts of what `write` writes, and the reducers of a job
    folder      an empty or new one, to look into; without it, a temporary one, which
                goes with close(), or with this object
    buffer      what a map task sorts in memory, in bytes or as "100m"
    factor      how many sorted runs are merged at a time

    >>> from cme323.mapreduce import Job, MapReduce
    >>> count = Job(mapper=lambda line: [(word, 1) for word in line.split()],
    ...             reducer=lambda word, ones: [(word, sum(ones))])
    >>> with MapReduce(partitions=2) as machine:
    ...     lines = machine.write(["to be or", "not to be"])
    ...     words = machine.run(count, lines)
    ...     sorted(machine.read(words)), machine.cost.rounds, machine.cost.records
    ([('be', 2), ('not', 1), ('or', 1), ('to', 2)], 1, 6)
    """

    def __init__(self, partitions=4, folder=None, *, buffer="100m", factor=10):
        if partitions < 1 or factor < 2:
            raise BadInput(
                "expected at least 1 partition and a factor of at least 2, got "
                f"partitions={partitions} and factor={factor}"
            )
        self.partitions, self.factor = partitions, factor
        self.jobs = Jobs()
        self._buffer = bytes_in(buffer)
        self._numbers = count()
        self._scratch = Scratch()
        self._folder = None if folder is None else _empty(Path(folder))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        """Delete the temporary folder; one that was given stays."""
        self._scratch.remove()

    @property
    def folder(self):
        return self._folder or self._scratch.path

    @property
    def cost(self):
        """Of all jobs so far. `write`, `read` and `delete` are no jobs."""
        total = JobReport(0, 0, Counters()).cost * 0
        for job in self.jobs:
            total += job.cost
        return total

    def write(self, records, partitions=None):
        """These records as a DataSet, in parts of about equal size."""
        records = list(records)
        size = _at_least_1(partitions, self.partitions, "part")
        cuts = [len(records) * i // size for i in range(size + 1)]
        with self._new_folder("data") as folder:
            parts = []
            for i in range(size):
                with RecordFile(part_path(folder, i)) as file:
                    part = file.append(map(pickled, records[cuts[i] : cuts[i + 1]]))
                parts.append(part)
            return DataSet(folder, tuple(parts))

    def read(self, data):
        """The records of a DataSet as a list, part after part."""
        _check([data])
        return [record for part in data.parts for record in part.read()]

    def delete(self, data):
        """Delete the files of a DataSet, as those of a former iteration."""
        shutil.rmtree(data.folder, ignore_errors=True)

    def run(self, job, *inputs):
        """Run a job on DataSets; its output is one, in a part for each reducer.

        A job that fails leaves no files, and counts nothing. Raises BadInput for
        functions that give no pairs, and for keys that cannot be sorted.
        """
        _check(inputs)
        mappers = job.mappers(len(inputs))
        reducers = _at_least_1(job.reducers, self.partitions, "reducer")
        splits = [
            (part, mapper)
            for data, mapper in zip(inputs, mappers)
            for part in data.parts
        ]
        with self._new_folder("job") as folder, _temporary(folder) as between:
            plan = Plan(job, reducers, between, self._buffer, self.factor)
            maps = [MapTask(f"map-{i}", plan) for i in range(len(splits))]
            runs = [task.run(*split) for task, split in zip(maps, splits)]
            reduces = [ReduceTask(f"reduce-{i}", plan) for i in range(reducers)]
            parts = [
                task.run([outputs[i] for outputs in runs], part_path(folder, i))
                for i, task in enumerate(reduces)
            ]
        counters = sum((task.counts for task in maps + reduces), Counters())
        self.jobs.append(JobReport(len(maps), len(reduces), counters))
        return DataSet(folder, tuple(parts))

    @contextmanager
    def _new_folder(self, kind):
        """For the part files of a data set; it goes if they do not become whole."""
        folder = self.folder / f"{next(self._numbers):04}-{kind}"
        folder.mkdir()
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def part_path(folder, number):
    """As Hadoop names them.

    >>> part_path(Path("out"), 7).name
    'part-00007'
    """
    return folder / f"part-{number:05}"


@dataclass(frozen=True)
class JobReport:
    """What a job ran and counted."""

    maps: int
    reduces: int
    counters: Counters

    @property
    def cost(self):
        """Records and bytes are those that the reducers fetch."""
        counted = self.counters
        return Cost(
            rounds=1,
            tasks=self.maps + self.reduces,
            records=counted.reduce_input_records,
            bytes=counted.reduce_shuffle_bytes,
            disk_read=counted.bytes_read + counted.file_bytes_read,
            disk_written=counted.bytes_written + counted.file_bytes_written,
        )


class Jobs(Table):
    """The jobs of a machine, a row a job."""

    caption = "Jobs"

    def cells(self, place, job):
        """The sizes of its stages, and the bytes on disk."""
        return {
            "job": place,
            "maps": job.maps,
            "reduces": job.reduces,
            "in": job.counters.map_input_records,
            "mapped": job.counters.map_output_records,
            "shuffled": job.cost.records,
            "out": job.counters.reduce_output_records,
            "bytes read": job.cost.disk_read,
            "bytes written": job.cost.disk_written,
        }


@contextmanager
def _temporary(folder):
    """A folder for what is between mappers and reducers. NB: Hadoop's name."""
    between = folder / "_temporary"
    between.mkdir()
    yield between
    shutil.rmtree(between)


def _at_least_1(number, default, what):
    number = default if number is None else number
    if number < 1:
        raise BadInput(f"expected at least 1 {what}, got {number}")
    return number


def _empty(folder):
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BadInput(
            f"expected an empty folder, but {folder} has files: give a new name, so "
            "that no output is overwritten"
        )
    return folder


def _check(inputs):
    """Raise BadInput for an input that is no DataSet, or that was deleted."""
    for data in inputs:
        if not isinstance(data, DataSet):
            raise BadInput(
                f"expected a DataSet, got a {type(data).__name__}: give what write() "
                "or run() returned"
            )
        if not data.folder.exists():
            raise BadInput(f"expected files, but those of {data} were deleted")
    if not inputs:
        raise BadInput("expected at least one DataSet to run on, got none")
