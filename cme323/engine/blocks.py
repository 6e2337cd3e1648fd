"""Blocks: what one map task has for one partition, in memory or in a file.

A file is written in pieces where memory has a limit, and each piece is pickled by
itself, so that neither the writer nor the reader has to hold a whole block.

A block is two columns, its keys and its values: they take half the memory of a list
of pairs, and a fifth of the time to pickle. `bytes` is their size when pickled.
"""

import pickle
from dataclasses import dataclass
from itertools import chain

from cme323.engine.packing import apart, copied, pickled, room, together


class MemoryBlock:
    """Two columns, pickled: who changes a record that was read changes a copy.

    What cannot be pickled is kept as it is, and then `bytes` is None.
    """

    __slots__ = ("_columns", "_parts", "bytes", "records")
    path = None

    def __init__(self, keys, values):
        self._columns, self.bytes, self.records = None, None, len(keys)
        try:
            self._parts = copied(apart((keys, values), elsewhere=False))
            self.bytes = sum(map(len, self._parts))
        except (pickle.PicklingError, TypeError, AttributeError):
            self._columns = keys, values

    def pieces(self):
        """(keys, values), once."""
        return [self._columns or together(copied(self._parts))]


@dataclass(frozen=True, slots=True)
class FileBlock:
    """Two columns in a file, in pieces; places: (first byte, bytes of its parts) of
    each."""

    path: str
    places: tuple
    bytes: int
    records: int

    def pieces(self):
        """(keys, values) again and again; only one of them is in memory at a time.

        Raises OSError where the file is gone or was cut off.
        """
        with open(self.path, "rb") as stream:
            for start, sizes in self.places:
                stream.seek(start)
                parts = [room(size) for size in sizes]
                if sum(map(stream.readinto, parts)) < sum(sizes):
                    raise OSError(f"{self.path} was cut off")
                yield together(parts)


class BlockWriter:
    """Writes the blocks of one map task to one file, some of their records at a time.

        with BlockWriter(path) as writer:
            writer.add(columns)
        writer.blocks()

    What cannot be written whole, as on a full disk, is deleted.
    """

    def __init__(self, path):
        self._path = path
        self._places = {}  # by partition: (first byte, bytes of its parts, records)

    def __enter__(self):
        self._stream = open(self._path, "wb")
        return self

    def __exit__(self, error, *_):
        try:
            self._stream.close()
        except OSError:
            self._path.unlink(missing_ok=True)
            raise
        if error:
            self._path.unlink(missing_ok=True)

    def add(self, columns, longest=None):
        """Append {partition: (keys, values)}, in pieces of at most `longest` records.

        How many bytes that took.
        """
        before = self._stream.tell()
        for partition, (keys, values) in columns.items():
            step = longest or len(keys)
            for i in range(0, len(keys), step):
                piece = keys[i : i + step], values[i : i + step]
                start, parts = self._stream.tell(), apart(piece)
                sizes = tuple(map(self._stream.write, parts))
                self._places.setdefault(partition, []).append(
                    (start, sizes, len(piece[0]))
                )
        return self._stream.tell() - before

    def blocks(self):
        """What was written, as FileBlocks by partition."""
        return {
            partition: FileBlock(
                str(self._path),
                tuple((start, sizes) for start, sizes, _ in places),
                sum(sum(sizes) for _, sizes, _ in places),
                sum(records for _, _, records in places),
            )
            for partition, places in sorted(self._places.items())
        }


def write_blocks(path, columns):
    """Write {partition: (keys, values)} to one file, as FileBlocks by partition."""
    with BlockWriter(path) as writer:
        writer.add(columns)
    return writer.blocks()


def write_records(path, batches):
    """Write lists of records to a file, one after another; how many bytes.

    Beside it first, then renamed: nobody reads half a file. Raises OSError.
    """
    beside = path.with_name(path.name + ".part")
    try:
        with open(beside, "wb") as stream:
            for batch in batches:
                stream.write(pickled(batch))
            size = stream.tell()
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return size


def read_records(path):
    """The records that write_records wrote, a list in memory at a time."""
    return chain.from_iterable(read_lists(path))


def read_lists(path):
    """The same, as lists."""
    with open(path, "rb") as stream:
        while stream.peek(1):
            yield pickle.load(stream)
