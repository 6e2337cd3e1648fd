"""Saving: a folder with a part-00000, part-00001, ... for each partition.

The tasks write into a hidden folder beside the one that was asked for; when all
are done it gets a `_SUCCESS` and its name. A job that fails leaves neither.

A pickle file holds batches: the length in 8 bytes, then a pickled list. So a
reader can step from batch to batch, and cut a file in several partitions,
without unpickling any. NB: Spark's is a Hadoop sequence file; neither engine reads
the other's. Left out: checksum files, other codecs than gzip.
"""

import gzip
import os
import pickle
import shutil
from contextlib import closing
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

from cme323.engine.text import find_files, local_path

GZIP = "org.apache.hadoop.io.compress.GzipCodec"
MAGIC = b"cme323 pickles 1\n"
LENGTH = 8
AUTOMATIC = 1024  # records in a batch where batchSize=0; NB: Spark looks at their bytes


class Files:
    """The part of RDD that writes files."""

    def saveAsTextFile(self, path, compressionCodecClass=None):
        """A line for each record: str(record), or the UTF-8 that its bytes are.

        `compressionCodecClass` may name Hadoop's GzipCodec, with its package.
        Raises FileExistsError where there is something at `path`.
        """
        if compressionCodecClass not in (None, "", GZIP):
            raise ValueError(
                f"compressionCodecClass must be None or {GZIP!r}, "
                f"not {compressionCodecClass!r}"
            )
        ending, opened = (".gz", _open_gzip) if compressionCodecClass else ("", _open)
        lines = self._narrow(lambda i, it: map(_line, it), "saveAsTextFile")
        lines._save(path, ending, opened, "saveAsTextFile")

    def saveAsPickleFile(self, path, batchSize=10):
        """The records, pickled in batches; `pickleFile` reads them.

        batchSize=0 leaves the choice to us, -1 is a partition in one batch. Raises
        FileExistsError where there is something at `path`.
        """
        if batchSize < -1:
            raise ValueError(f"batchSize must be at least -1, not {batchSize}")
        size = {0: AUTOMATIC, -1: None}.get(batchSize, batchSize)
        batches = self._narrow(lambda i, it: _batches(it, size), "saveAsPickleFile")
        batches._save(path, "", _open, "saveAsPickleFile")

    def _save(self, path, ending, opened, action):
        """Write the byte strings of each partition to its file, or nothing at all."""
        folder = Path(local_path(path))
        if folder.exists():
            raise FileExistsError(f"{action}() needs a new path, but {folder} exists")
        beside = folder.with_name(f".{folder.name}.{os.getpid()}.part")
        beside.mkdir(parents=True)

        def write(i, blocks):
            with closing(opened(beside / f"part-{i:05}{ending}")) as stream:
                stream.writelines(blocks)
            return ()

        try:
            self._narrow(write, action)._run(list, action)
            (beside / "_SUCCESS").touch()
            beside.rename(folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def _line(record):
    text = record.decode(errors="replace") if isinstance(record, bytes) else record
    return f"{text}\n".encode()


def _open(file):
    return file.open("wb")


def _open_gzip(file):
    return gzip.GzipFile(file, "wb", mtime=0)  # no clock in the bytes


def _batches(records, size):
    yield MAGIC
    while batch := list(islice(records, size)):
        data = pickle.dumps(batch)
        yield len(data).to_bytes(LENGTH) + data


def pickle_slices(name, minimum):
    """Iterables over the records of each partition; raises FileNotFoundError.

    Raises ValueError for a file that saveAsPickleFile did not write.
    """
    starts = {file: _starts(file) for file in find_files(name)}
    total = sum(found[-1] - found[0] for found in starts.values())
    share = max(1, total // minimum)
    return [
        Pickles(file, first, last)
        for file, found in starts.items()
        for first, last in pairwise(_cuts(found, share))
    ]


@dataclass(frozen=True)
class Pickles:
    """The records of the batches between two places of a file."""

    file: Path
    start: int
    end: int

    def __iter__(self):
        with self.file.open("rb") as stream:
            stream.seek(self.start)
            while stream.tell() < self.end:
                stream.seek(LENGTH, os.SEEK_CUR)
                yield from pickle.load(stream)


def _starts(file):
    """Where each batch of a file starts, and where the last one ends."""
    size = file.stat().st_size
    with file.open("rb") as stream:
        if stream.read(len(MAGIC)) != MAGIC:
            raise ValueError(f"{file} was not written by saveAsPickleFile of cme323")
        starts = [len(MAGIC)]
        while starts[-1] < size:
            length = int.from_bytes(stream.read(LENGTH))
            starts.append(stream.seek(length, os.SEEK_CUR))
    if starts[-1] != size:
        raise ValueError(f"{file} ends within a batch: it was cut off, save it again")
    return starts


def _cuts(starts, share):
    """The first start in each `share` of a file's bytes, and the end of the last."""
    first = {}
    for start in starts[:-1]:
        first.setdefault((start - starts[0]) // share, start)
    return [*first.values(), starts[-1]]
