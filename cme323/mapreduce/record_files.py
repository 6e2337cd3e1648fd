"""Record files: pickled records, one after another; a data set is a folder of them.

    RecordFile   a new file, to which records are appended
    Part         some records of a file: where they begin, their bytes, their number
    DataSet      what a job reads and writes: part-00000, part-00001, ...

A record is pickled by itself, so that one at a time is in memory, and the bytes of a
file are the sum over its records. NB: Hadoop's SequenceFile. Left out: compression,
checksums, copies on other machines.
"""

import pickle
from dataclasses import dataclass
from pathlib import Path

from cme323.errors import BadInput


class RecordFile:
    """A new file; `append` writes to its end."""

    def __init__(self, path):
        self._path = path

    def __enter__(self):
        self._stream = open(self._path, "xb")
        return self

    def __exit__(self, *error):
        self._stream.close()

    def append(self, pickles):
        """Write records, already pickled, and say where: a Part."""
        start, records = self._stream.tell(), 0
        for data in pickles:
            self._stream.write(data)
            records += 1
        return Part(self._path, start, self._stream.tell() - start, records)


def pickled(record):
    """The bytes of a record, as they go to disk."""
    try:
        return pickle.dumps(record, 5)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise BadInput(
            f"expected records that pickle can write, got {record!r:.80}: {error}"
        ) from error


@dataclass(frozen=True)
class Part:
    """Records that are one after another in a file."""

    path: Path
    start: int
    bytes: int
    records: int

    def read(self):
        """The records, one in memory at a time."""
        with open(self.path, "rb") as stream:
            stream.seek(self.start)
            while stream.tell() < self.start + self.bytes:
                yield pickle.load(stream)


@dataclass(frozen=True)
class DataSet:
    """The part files of one folder; each is the input of one map task."""

    folder: Path
    parts: tuple[Part, ...]

    @property
    def records(self):
        return sum(part.records for part in self.parts)

    @property
    def bytes(self):
        return sum(part.bytes for part in self.parts)

    def __repr__(self):
        return (
            f"DataSet({self.folder.name!r}, parts={len(self.parts)}, "
            f"records={self.records:,}, bytes={self.bytes:,})"
        )
