"""A student's notebook as plain text and pictures: what a page can show safely.

    Piece("text", ...)     what they printed, what a cell gave, a traceback
    Piece("picture", ...)  a PNG or JPEG, by its first bytes and not by its name
    Piece("left out", ...) what is there and is not shown: HTML, SVG, scripts, widgets

No output is read but in this form, and none is long: who prints a gigabyte gets its
beginning. Left out: raw cells, attachments, and everything in metadata.
"""

import re
from base64 import b64decode
from dataclasses import dataclass

from cme323.course.grade.notebook import Unreadable, loaded, notebook_in, text_of

LONGEST = 10_000  # characters of a text
LARGEST = 2 * 2**20  # bytes of a picture
MOST = 16 * 2**20  # bytes of all pictures in a notebook
BEGINNINGS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b.?")


@dataclass(frozen=True)
class Piece:
    """Part of an output; `text` is base64 for a picture, whose type is `media`."""

    kind: str
    text: str
    media: str = ""


@dataclass(frozen=True)
class Shown:
    """A cell: prose or code, its text, its outputs, its grade_id if it has one."""

    code: bool
    text: str
    outputs: tuple[Piece, ...] = ()
    grade_id: str = ""


def their_notebook(folder, name, others=()):
    """Its path; a folder that is a link could lead to the work of another."""
    if folder.is_symlink():
        raise Unreadable(f"{folder.name} is a link: hand in the folder itself")
    return notebook_in(folder, name, {*others} - {name})


def read_work(path) -> list[Shown]:
    """The cells of a notebook; raises Unreadable if it is none."""
    try:
        cells = loaded(path.read_bytes())["cells"]
    except (TypeError, KeyError, Unreadable):
        raise Unreadable(f"{path.name} is damaged") from None
    if not isinstance(cells, list):
        raise Unreadable(f"{path.name} is damaged")
    shown, room = [], [MOST]
    for cell in cells:
        if isinstance(cell, dict):
            shown.append(shown_of(cell, room))
    return shown


def shown_of(cell, room):
    """A cell of any shape; `room` has the bytes that pictures may still take."""
    code = cell.get("cell_type") == "code"
    outputs = cell.get("outputs") if code else []
    pieces = [
        piece
        for output in (outputs if isinstance(outputs, list) else [])
        if isinstance(output, dict)
        for piece in pieces_of(output, room)
    ]
    return Shown(
        code, short(text_of(cell.get("source"))), tuple(pieces), grade_id(cell)
    )


def grade_id(cell):
    for key in ("metadata", "nbgrader", "grade_id"):
        cell = cell.get(key) if isinstance(cell, dict) else None
    return cell if isinstance(cell, str) else ""


def pieces_of(output, room):
    """What can be shown of an output."""
    kind = output.get("output_type")
    if kind == "stream":
        yield Piece("text", short(text_of(output.get("text"))))
    elif kind == "error":
        lines = output.get("traceback")
        lines = lines if isinstance(lines, list) else []
        text = "\n".join(line for line in lines if isinstance(line, str))
        yield Piece("text", short(text or str(output.get("evalue"))))
    elif isinstance(output.get("data"), dict):
        yield from media_of(output["data"], room)


def media_of(data, room):
    """A picture if there is one, else the text; and what else there was."""
    for media in BEGINNINGS:
        if picture := picture_of(data.get(media), media, room):
            yield Piece("picture", picture, media)
            return
    if text := text_of(data.get("text/plain")):
        yield Piece("text", short(text))
    kinds = [str(kind)[:40] for kind in data if kind != "text/plain"]
    if kinds:
        yield Piece("left out", ", ".join(sorted(kinds)[:5]))


def picture_of(value, media, room):
    """A picture as base64, made anew from its bytes; empty if it is none."""
    text = "".join(text_of(value).split())
    most = min(LARGEST, room[0])
    if not text or len(text) > 4 * most // 3 + 4:
        return ""
    try:
        picture = b64decode(text, validate=True)
    except ValueError:
        return ""
    if len(picture) > most or not picture.startswith(BEGINNINGS[media]):
        return ""
    room[0] -= len(picture)
    return text


def short(text):
    """Without colours, controls and carriage returns, and not too long."""
    text = text[: 4 * LONGEST]
    lines = [line.rsplit("\r", 1)[-1] for line in ANSI.sub("", text).split("\n")]
    text = "".join(
        c if c.isprintable() or c in "\n\t" else "�" for c in "\n".join(lines)
    ).rstrip()
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}\n… and more, which is left out here"
