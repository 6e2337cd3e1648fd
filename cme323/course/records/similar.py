"""Which submissions share code, by winnowing: a table for a person to judge.

    fingerprint   each submission, by winnow.py
    compare       which fingerprints two of them share

What the released notebook has is left out, and so is what more than a quarter of
a class shares: that is how the exercise is solved, or a copy that a quarter has.

Similar is not copied. Short exercises have few solutions, and two people who were told
the same thing write the same code. Left out: the order of lines, dead code between
them, prose, and whatever was handed in elsewhere.

Schleimer, Wilkerson, Aiken, Winnowing, SIGMOD 2003.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from cme323.course.grade.grader import folders_by_name
from cme323.course.grade.notebook import Unreadable, read_cells, read_submission
from cme323.course.lab import material
from cme323.course.records.formats import csv_text
from cme323.course.records.winnow import fingerprints, hashes, tokens
from cme323.course.records.work import their_notebook
from cme323.course.variants import borrowed_name
from cme323.errors import BadInput
from cme323.replace import replace_file


@dataclass(frozen=True)
class Pair:
    """Two submissions: how many fingerprints they share, of how many, and where."""

    first: str
    second: str
    shared: int
    of_first: int
    of_second: int
    where: str

    @property
    def share(self):
        return self.shared / min(self.of_first, self.of_second)


def similar(submissions, assignment, to=None, *, released=None, most=50):
    """The pairs that share most, and sentences on what could not be compared.

    Written as a table to the file `to`, if there is one. Raises BadInput.
    """
    if to is not None and Path(to).exists():
        raise BadInput(f"{to} is there already: name another --to")
    base = base_of(assignment, released)
    prints, remarks = {}, []
    for student, folder in folders_by_name(submissions).items():
        try:
            their_notebook(folder, assignment)  # which refuses links
            cells = read_submission(folder, assignment)
        except (Unreadable, OSError) as error:
            remarks.append(f"{student} is left out: {error}")
            continue
        texts = [cell.text for cell in cells if cell.code]
        prints[student] = fingerprints(texts, base)
        remarks += borrowed_name(student, texts)
    found = pairs(prints)[:most]
    if to is not None:
        write(found, Path(to))
    return found, remarks


def base_of(assignment, released):
    """All hashes of the notebook that students were given."""
    path = Path(released or default_release(assignment))
    if released is None and not path.exists():
        return set()
    try:
        cells = read_cells(path)
    except (Unreadable, OSError) as error:
        raise BadInput(f"{path} must be the released notebook, but {error}") from error
    return {
        value
        for cell in cells
        if cell.code
        for value in hashes(tokens(cell.text)).tolist()
    }


def default_release(assignment):
    return Path(material(), "assignments", assignment, f"{assignment}.ipynb")


def pairs(prints) -> list[Pair]:
    """All pairs that share anything, the most similar first."""
    counts = Counter(value for one in prints.values() for value in one)
    common = {value for value, n in counts.items() if n > max(3, len(prints) / 4)}
    own = {student: one.keys() - common for student, one in prints.items()}
    found = []
    for first, second in combinations(sorted(own), 2):
        if shared := own[first] & own[second]:
            where = places(shared, prints[first], prints[second])
            sizes = len(shared), len(own[first]), len(own[second])
            found.append(Pair(first, second, *sizes, where))
    return sorted(found, key=lambda p: (-p.share, -p.shared, p.first, p.second))


def places(shared, first, second, most=3):
    """The code cells in which two submissions share most."""
    counts = Counter((first[value], second[value]) for value in sorted(shared))
    order = sorted(counts, key=lambda cells: (-counts[cells], cells))
    return ", ".join(f"{a} and {b}: {counts[a, b]}" for a, b in order[:most])


def table(found):
    """A row for each pair."""
    head = ("first", "second", "share", "shared", "of_first", "of_second", "code_cells")
    rows = [
        (
            p.first,
            p.second,
            f"{p.share:.2f}",
            p.shared,
            p.of_first,
            p.of_second,
            p.where,
        )
        for p in found
    ]
    return [head, *rows]


def write(found, to):
    try:
        replace_file(to, csv_text(table(found)).encode())
    except OSError as error:
        raise BadInput(f"{to} cannot be written ({error}): name another") from error


def columns(rows):
    """A table as text, in columns."""
    cells = [[str(value) for value in row] for row in rows]
    wide = [max(map(len, column)) for column in zip(*cells)]
    lines = ["  ".join(v.ljust(n) for v, n in zip(row, wide)) for row in cells]
    return "\n".join(line.rstrip() for line in lines)
