"""Files as partitions: lines in byte ranges, whole files, records of one length.

Where a range is cut in the middle of a line, all agree on whose the line is:
every range but a file's first drops its first line, and every range but the last
reads one line past its end. A line ends in \\n, \\r or \\r\\n.

NB: Hadoop's TextInputFormat, with its cuts. Left out: other compression than gzip.
Files are sorted by name; Spark takes a folder in the order the file system has.
"""

import glob
import gzip
import io
import os
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

BLOCK = 32 * 2**20  # NB: of Hadoop's local file system; no range is longer.
FIRST_LINE = re.compile(rb"[^\r\n]*(\r\n?|\n)?")


def text_slices(name, minimum, use_unicode):
    """Iterables over the lines of each partition; raises FileNotFoundError."""
    files = find_files(name)
    for file in files:
        if file.is_dir():
            raise IsADirectoryError(f"expected files of lines, but {file} is a folder")
    total = sum(file.stat().st_size for file in files)
    share = max(1, min(total // minimum, BLOCK))
    return [
        Lines(file, start, end, use_unicode)
        for file in files
        for start, end in _ranges(file, share)
    ]


@dataclass(frozen=True)
class Lines:
    """The lines of one range of a file; end is None for all of a gzip file.

    Bytes that are no UTF-8 become U+FFFD, even where bytes are asked for: NB,
    Spark's lines have been Java strings.
    """

    file: Path
    start: int
    end: int | None
    use_unicode: bool

    def __iter__(self):
        encoding = "utf-8" if self.start else "utf-8-sig"
        stream = gzip.GzipFile(self.file) if self.end is None else self._range()
        with io.TextIOWrapper(stream, encoding, errors="replace") as lines:
            texts = (line.removesuffix("\n") for line in lines)
            yield from texts if self.use_unicode else map(str.encode, texts)

    def _range(self):
        with self.file.open("rb") as stream:
            stream.seek(self.start)
            data = stream.read(self.end - self.start)
            data += FIRST_LINE.match(stream.readline())[0]
        lines = io.BytesIO(data)
        lines.seek(FIRST_LINE.match(data).end() if self.start else 0)
        return lines


def _ranges(file, share):
    """`share` bytes each, the last up to a tenth more; an empty file has none."""
    size = file.stat().st_size
    if file.suffix == ".gz":
        return [(0, None)] if size else []
    cuts = [0]
    while 10 * (size - cuts[-1]) > 11 * share:
        cuts.append(cuts[-1] + share)
    return list(pairwise([*cuts, size])) if size else []


def whole_slices(path, minimum, read):
    """Slices of (path as `file:/...`, read(file)), as even as files can be cut."""
    files = [file for file in find_files(path) if file.is_file()]
    size = min(minimum, len(files))
    cuts = [len(files) * i // size for i in range(size + 1)] if files else []
    return [WholeFiles(tuple(files[a:b]), read) for a, b in pairwise(cuts)]


@dataclass(frozen=True)
class WholeFiles:
    """(path, content) of some files, each read when its turn comes."""

    files: tuple[Path, ...]
    read: object

    def __iter__(self):
        return ((_uri(file), self.read(file)) for file in self.files)


def _uri(file):
    return "file:/" + file.as_posix().lstrip("/")


def read_text(file):
    """All of a file as a string, unzipped; bytes that are no UTF-8 become U+FFFD."""
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rb") as stream:
        return stream.read().decode(errors="replace")


def record_slices(path, length):
    """Iterables over the records of `length` bytes; a range is at most a block.

    Raises ValueError where a file is no whole number of records.
    """
    if length < 1:
        raise ValueError(f"recordLength must be at least 1, not {length}")
    files = find_files(path)
    for file in files:
        if file.stat().st_size % length:
            raise ValueError(
                f"expected records of {length} bytes, but {file} has "
                f"{file.stat().st_size}: {length} does not divide it"
            )
    share = max(BLOCK // length, 1) * length
    sizes = [(file, file.stat().st_size) for file in files]
    return [
        Records(file, start, min(start + share, size), length)
        for file, size in sizes
        for start in range(0, size, share)
    ]


@dataclass(frozen=True)
class Records:
    """The records of a file from byte `start` to byte `end`."""

    file: Path
    start: int
    end: int
    length: int

    def __iter__(self):
        with self.file.open("rb") as stream:
            stream.seek(self.start)
            for _ in range(self.start, self.end, self.length):
                yield stream.read(self.length)


def find_files(name):
    """What a path, folder or glob has, commas between several, each in sorted order.

    NB: as in Hadoop, names that begin with `_` or `.` are not data.
    """
    found = []
    for pattern in re.split(r",(?![^{]*\})", str(name)):
        paths = [Path(path) for path in _matches(local_path(pattern))]
        if not any(map(_is_data, paths)):
            raise FileNotFoundError(f"no file, folder or glob is named {pattern!r}")
        for path in filter(_is_data, paths):
            inside = sorted(path.iterdir()) if path.is_dir() else [path]
            found += filter(_is_data, inside)
    return found


def local_path(name):
    """A path, or what is behind its `file:` or `file://`.

    >>> [local_path(name) for name in ("a", "file:/a", "file:///a", "file:///C:/a")]
    ['a', '/a', '/a', 'C:/a']
    """
    return re.sub(r"^file:(//)?(/(?=[A-Za-z]:)|(?=/))", "", str(name))


def _matches(pattern):
    if pattern and Path(pattern).exists():
        return [os.path.abspath(pattern)]
    found = {path for each in _choices(pattern) for path in glob.glob(each)}
    return sorted(map(os.path.abspath, found))


def _choices(pattern):
    """The globs that a glob with {a,b} stands for.

    >>> _choices("{a,b}.{c,d}")
    ['a.c', 'a.d', 'b.c', 'b.d']
    """
    braces = re.search(r"\{([^{}]*)\}", pattern)
    if not braces:
        return [pattern]
    before, after = pattern[: braces.start()], pattern[braces.end() :]
    choices = braces[1].split(",")
    return [p for choice in choices for p in _choices(before + choice + after)]


def _is_data(path):
    return not path.name.startswith(("_", "."))
