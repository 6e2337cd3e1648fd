"""Text files as partitions: byte ranges, each moved to the ends of lines.

A line belongs to the range that its first byte is in, so every line is read
once, whatever the cuts. NB: Hadoop's TextInputFormat.
"""

import glob
import gzip
from dataclasses import dataclass
from pathlib import Path


def text_slices(name, minimum, use_unicode):
    """Iterables over the lines of each partition; raises FileNotFoundError."""
    files = _files(name)
    total = sum(file.stat().st_size for file in files)
    share = max(1, -(-total // minimum))
    return [part for file in files for part in _parts(file, share, use_unicode)]


@dataclass(frozen=True)
class Lines:
    """The lines of a file that start in [start, end); all of it where end is None."""

    file: Path
    start: int
    end: int | None
    use_unicode: bool

    def __iter__(self):
        opened = gzip.open if self.file.suffix == ".gz" else open
        with opened(self.file, "rb") as stream:
            if self.start:
                stream.seek(self.start - 1)
                stream.readline()  # the rest of a line that began before
            while self.end is None or stream.tell() < self.end:
                line = stream.readline()
                if not line:
                    return
                line = line.removesuffix(b"\n").removesuffix(b"\r")
                yield line.decode() if self.use_unicode else line


def _files(name):
    """Files by path, folder or glob, commas between several, in sorted order."""
    found = []
    for pattern in str(name).removeprefix("file://").split(","):
        paths = [pattern] if Path(pattern).exists() else sorted(glob.glob(pattern))
        if not paths:
            raise FileNotFoundError(f"no file, folder or glob is named {pattern!r}")
        found += [file for path in paths for file in _inside(Path(path))]
    return found


def _inside(path):
    """NB: as in Hadoop, names that begin with `_` or `.` are not data."""
    if not path.is_dir():
        return [path]
    return [file for file in sorted(path.iterdir()) if file.name[0] not in "._"]


def _parts(file, share, use_unicode):
    if file.suffix == ".gz":
        return [Lines(file, 0, None, use_unicode)]
    starts = range(0, max(1, file.stat().st_size), share)
    return [Lines(file, start, start + share, use_unicode) for start in starts]
