"""The instructor's cells and the student's, matched by grade_id.

Only the source says what a cell is. A submission gives the text of the answers, and
the cells that the student added; whatever it says of tests, points and locks is not
read, and cells that are gone, moved, copied or retyped cannot harm it:

    for each marked cell of the source, in its order:
        the source's text if it is a test or locked, else the student's
        then the cells that the student has after it

Left out: notebooks of formats before 4; reordering of answers by the student.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from cme323.errors import BadInput

HIDDEN = ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS")
LARGEST = 64 * 2**20  # bytes of a notebook
MOST_PARTS = 10**6  # lists and objects in it; each takes much more memory than text
MOST_POINTS = 10**9


@dataclass(frozen=True)
class Cell:
    """A cell; `kind` is answer, test, locked or manual, and `number` counts from 1."""

    id: str | None
    kind: str
    text: str
    points: float
    number: int
    code: bool

    @property
    def name(self):
        return f"cell {self.number}"


class Unreadable(ValueError):
    """A submission that cannot be graded; the message is the reason."""


def read_source(path) -> list[Cell]:
    """The instructor's notebook, .ipynb or percent format; raises BadInput."""
    path = Path(path)
    if not path.is_file():
        raise BadInput(f"the instructor's notebook must be a file, but {path} is none")
    try:
        cells = read_percent(path) if path.suffix == ".py" else read_cells(path)
    except Exception as error:  # jupytext, nbformat and jsonschema have many
        raise BadInput(
            f"{path} must be a notebook, but cannot be read: {error}"
        ) from error
    check_ids(cells, path)
    return cells


def read_percent(path):
    import jupytext  # a second and a half, and submissions have no use for it

    return cells_of(jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent"))


def check_ids(cells, path):
    ids = [cell.id for cell in cells if cell.id]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise BadInput(
            f"each grade_id must be unique, but {path} has {twice[0]} twice: rename one"
        )
    graded = [cell for cell in cells if cell.kind in ("test", "manual")]
    if not all(cell.id for cell in graded):
        raise BadInput(f"each cell with points must have a grade_id: see {path}")
    if not graded:
        raise BadInput(
            f"{path} must have cells with nbgrader points, but has none: mark its tests"
        )


def read_submission(folder, stem, others=()) -> list[Cell]:
    """The student's notebook called `stem`, or the only one that is none of `others`.

    Raises Unreadable.
    """
    return cells_handed_in(*handed_in(Path(folder), stem, others))


def handed_in(folder, stem, others=()):
    """(name, bytes) of that notebook, for whoever may read it only once."""
    name = folder.name
    try:
        path = notebook_in(folder, stem, others)
        name = path.name
        return name, path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror}") from None


def cells_handed_in(name, data):
    try:
        return cells_in(data)
    except Unreadable as error:
        raise Unreadable(f"{name} {error}") from None


def notebook_in(folder, stem, others=()):
    if folder.is_symlink() and folder.resolve().parent == folder.parent.resolve():
        raise Unreadable("the folder is a link to another student's")
    found = sorted(path for path in folder.glob("*.ipynb") if path.is_file())
    linked = [path.name for path in found if path.is_symlink()]
    if linked:
        raise Unreadable(f"{linked[0]} is a link: hand in the notebook itself")
    large = [path.name for path in found if path.stat().st_size > LARGEST]
    if large:
        raise Unreadable(f"{large[0]} is larger than {LARGEST >> 20} MiB")
    named = [path for path in found if path.stem == stem]
    renamed = [path for path in found if path.stem not in others]
    if named or len(renamed) == 1:
        return (named or renamed)[0]
    if not renamed:
        raise Unreadable(f"there is no notebook: hand in {stem}.ipynb")
    raise Unreadable(f"there are {len(found)} notebooks, and none is {stem}.ipynb")


def read_cells(path):
    return cells_in(path.read_bytes())


def cells_in(data):
    return cells_of(loaded(data))


def loaded(data):
    """The JSON of a notebook, unless it would take much more memory than its text."""
    try:
        text = data.decode("utf-8-sig")
        if text.count("{") + text.count("[") > MOST_PARTS:
            raise Unreadable(f"has more than {MOST_PARTS:,} parts")
        return json.loads(text)
    except Unreadable:
        raise
    except (ValueError, RecursionError):
        raise Unreadable("is damaged: it is not JSON") from None


def cells_of(notebook):
    """The cells of a notebook as JSON has it, which need not be what it should."""
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise Unreadable("is JSON, but not a notebook of format 4")
    cells = [cell for cell in notebook["cells"] if isinstance(cell, dict)]
    return [cell_of(cell, number) for number, cell in enumerate(cells, 1)]


def cell_of(cell, number):
    mark = field(field(cell, "metadata", dict), "nbgrader", dict)
    code = cell.get("cell_type") == "code"
    return Cell(
        id=field(mark, "grade_id", str) or None,
        kind=kind_of(mark, code),
        text=text_of(cell.get("source")),
        points=points_of(mark),
        number=number,
        code=code,
    )


def points_of(mark):
    """A number that can be written down; no notebook's points are more."""
    points = field(mark, "points", (int, float))
    return points if 0 < points <= MOST_POINTS else 0


def field(mapping, key, kind):
    """The value of a key if it has that type, else an empty one."""
    value = mapping.get(key)
    empty = kind[0] if isinstance(kind, tuple) else kind
    return value if isinstance(value, kind) else empty()


def kind_of(mark, code):
    if mark.get("task") or (mark.get("grade") and (mark.get("solution") or not code)):
        return "manual"
    if mark.get("grade"):
        return "test"
    return "locked" if mark.get("locked") and not mark.get("solution") else "answer"


def text_of(source):
    """A cell's text, which is a string or a list of lines.

    Half a character, which JSON can hold and no file can, becomes a question mark.
    """
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    return text.encode(errors="replace").decode()


def weave(source, submission):
    """The code cells to run, in order; and what was repaired: {grade_id: sentences}."""
    marked = {cell.id: cell for cell in source if cell.id}
    theirs, added, last = defaultdict(list), defaultdict(list), None
    for cell in submission:
        if cell.id in marked:
            theirs[cell.id].append(cell)
            last = cell.id
        else:
            added[last].append(replace(cell, id=None, kind="answer"))
    woven = added[None]
    for name, cell in marked.items():
        woven = woven + theirs_or_ours(cell, theirs[name]) + added[name]
    return [cell for cell in woven if cell.code], repairs(marked, theirs)


def theirs_or_ours(cell, theirs):
    """The source's cell, with the student's text where the student is to write.

    There may be several: who splits a cell has two of its id, and both are the answer.
    """
    if cell.kind in ("test", "locked"):
        return [cell]
    return [replace(cell, text=part.text, number=part.number) for part in theirs]


def repairs(marked, theirs):
    """{grade_id: sentences} on what the submission has done to the source's cells."""
    found = {name: list(wrong(cell, theirs[name])) for name, cell in marked.items()}
    there = [name for name in marked if theirs[name]]
    as_handed_in = sorted(there, key=lambda name: theirs[name][0].number)
    moved = [name for name, other in zip(there, as_handed_in) if name != other]
    if moved:
        found[moved[0]].append("cells were moved: they run in the instructor's order")
    return {name: sentences for name, sentences in found.items() if sentences}


def wrong(cell, theirs):
    """Sentences on one cell of the source, and what a submission has of it."""
    if not theirs:
        yield f"the cell {cell.id} is gone"
        return
    first = theirs[0]
    if len(theirs) > 1 and cell.kind in ("answer", "manual"):
        yield f"{len(theirs)} cells are called {cell.id}: all of them run"
    if first.code != cell.code:
        yield f"the cell {cell.id} was made {'text' if cell.code else 'code'}"
    if first.points not in (0, cell.points):
        yield f"the cell {cell.id} has {cell.points:g} points, not {first.points:g}"
    if cell.kind in ("test", "locked") and changed(cell.text, first.text):
        yield f"the cell {cell.id} was changed: the instructor's runs"


def changed(text, theirs):
    """Whether it is neither the source's text nor what was released of it."""
    return theirs.strip() not in (text.strip(), released(text).strip())


def released(text):
    """A cell without its hidden tests.

    >>> released("assert f(1)\\n### BEGIN HIDDEN TESTS\\n...\\n### END HIDDEN TESTS")
    'assert f(1)\\n'
    """
    kept, hidden = [], False
    for line in text.splitlines(keepends=True):
        hidden = hidden or line.strip() == HIDDEN[0]
        if not hidden:
            kept.append(line)
        hidden = hidden and line.strip() != HIDDEN[1]
    return "".join(kept)
