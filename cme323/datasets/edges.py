"""Edge lists in the format of SNAP, the Stanford Network Analysis Project.

    # Directed graph: web-Stanford.txt          a comment
    1       6548                                an edge: two names and a blank

One edge per line, plain or gzip. Left out: a third column (weight, sign, time).
"""

import gzip
import zlib
from pathlib import Path

from cme323.errors import BadInput


def read_edges(path) -> list[tuple]:
    """The edges of a file, as pairs in the order of the file.

    A name that is an integer becomes an int, any other stays a string. Whether
    the file is compressed is seen from its content. Raises BadInput for a file
    that cannot be read, for a malformed line, and for a file without any edge,
    which is nearly always the wrong file.

    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "ring.txt")
    ...     _ = path.write_text("# a comment\\n0 1\\n1\\t0\\n")
    ...     read_edges(path)
    [(0, 1), (1, 0)]
    """
    edges = [
        _edge(line, path, number)
        for number, line in enumerate(_lines(path), start=1)
        if _is_edge(line)
    ]
    if not edges:
        raise BadInput(
            f"{path} has no edges: expected lines with two node names, "
            "so check that it is the right file"
        )
    return edges


def _lines(path):
    """The lines of a text file; BadInput if it is missing, damaged or not text."""
    try:
        with _open(path) as file:
            yield from file
    except FileNotFoundError:
        raise BadInput(
            f"{path} does not exist: expected an edge list, so check the name"
        ) from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise BadInput(
            f"{path} is a damaged or truncated gzip file: copy or download it again"
        ) from None
    except UnicodeDecodeError:
        raise BadInput(
            f"{path} is not text: expected an edge list in UTF-8, plain or gzip, "
            "so check that it is the right file"
        ) from None
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read ({error.strerror}): expected a readable edge list"
        ) from None


def _open(path):
    if Path(path).is_dir():
        raise BadInput(f"{path} is a folder: name an edge list inside it")
    with open(path, "rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    return (gzip.open if compressed else open)(path, "rt", encoding="utf-8-sig")


def _is_edge(line):
    return not line.isspace() and not line.lstrip().startswith("#")


def _edge(line, path, number):
    names = line.split()
    if len(names) != 2 or "\0" in line:
        raise BadInput(
            f"{path}, line {number}: expected two node names separated by a blank, "
            f"such as '3 17', but found {_short(line.strip())}; "
            "correct the line, or start it with # to skip it"
        )
    return _node(names[0]), _node(names[1])


def _short(text, limit=40):
    return repr(text if len(text) <= limit else text[:limit] + "...")


def _node(name):
    """The name as an int, where it is one.

    Beyond 18 digits it is a label, and Python may refuse to read it as a number.
    """
    digits = name.removeprefix("-")
    whole = digits.isascii() and digits.isdigit() and len(digits) <= 18
    return int(name) if whole else name
