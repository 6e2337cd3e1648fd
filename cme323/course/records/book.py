"""The scores of an assignment, as the grader left them in a folder.

    scores.json     a row for each student and task
    results.jsonl   why a student's notebook could not be read, if that is so; in
                    which sandbox it was graded; what a failed test
                    called last; and what a right answer cost, against its bound

Only what a row must have is asked for, so that files of other versions of the grader
can be read. Nothing here writes into that folder.
"""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from pathlib import Path

from cme323.errors import BadInput


@dataclass(frozen=True)
class Entry:
    """What a student has for a task; `score` is None until a person gives one.

    by_hand: the score and the reason are a person's.
    """

    student: str
    notebook: str
    task: str
    score: float | None
    max: float
    reason: str = ""
    seconds: float = 0.0
    repaired: str = ""
    by_hand: bool = False


@dataclass(frozen=True)
class Book:
    """All entries of an assignment, in the order of the file.

    `unreadable` says of some (student, notebook) why there was nothing to grade, and
    `sandboxes` in which kind of sandbox it was. `calls` has what a task called last,
    and `costs` what a right answer cost: (name, measured, bound).
    """

    title: str
    entries: tuple[Entry, ...]
    unreadable: dict[tuple[str, str], str] = field(default_factory=dict)
    sandboxes: dict[tuple[str, str], str] = field(default_factory=dict)
    calls: dict[tuple[str, str], dict] = field(default_factory=dict)
    costs: dict[tuple[str, str], dict] = field(default_factory=dict)

    @cached_property
    def by_student(self) -> dict[str, list[Entry]]:
        found = {}
        for entry in self.entries:
            found.setdefault(entry.student, []).append(entry)
        return found

    @property
    def students(self):
        return list(self.by_student)

    @cached_property
    def by_task(self) -> dict[str, list[Entry]]:
        found = {}
        for entry in self.entries:
            found.setdefault(self.label(entry), []).append(entry)
        return found

    @cached_property
    def notebooks(self):
        return list(dict.fromkeys(entry.notebook for entry in self.entries))

    def why_unread(self, entry):
        """Why the notebook of an entry could not be read, or an empty text."""
        return self.unreadable.get((entry.student, entry.notebook), "")

    def call(self, entry):
        """The last call of a student's function by a failed test, or an empty text."""
        calls = self.calls.get((entry.student, entry.notebook), {})
        return calls.get(entry.task, "")

    def cost(self, entry):
        """(name, measured, bound) of each cost of a right answer that has a bound."""
        costs = self.costs.get((entry.student, entry.notebook), {})
        return costs.get(entry.task, ())

    @cached_property
    def lost(self) -> dict[str, str]:
        """{student: why} of those of whom no notebook could be read."""
        return {
            student: self.why_unread(entries[0])
            for student, entries in self.by_student.items()
            if all(map(self.why_unread, entries))
        }

    def label(self, entry):
        """The task's name, unique in the assignment."""
        several = len(self.notebooks) > 1
        return f"{entry.notebook}/{entry.task}" if several else entry.task


def read_book(out, title=None) -> Book:
    """The Book in a folder of `cme323 grade --out`; raises BadInput if there is none.

    Its title is that of the notebook, or the folder's name if there are several.
    """
    path = Path(out, "scores.json")
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        entries = tuple(entry_of(row) for row in rows)
    except OSError as error:
        raise BadInput(
            f"{out} must hold the scores.json that `cme323 grade --out` writes, but it "
            f"cannot be read ({error.strerror}): grade first, or name another folder"
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput(
            f"{path} must be a list of scores as `cme323 grade` writes it, but is not "
            f"({error!r}): grade again"
        ) from error
    if not entries:
        raise BadInput(f"{path} has no scores in it: grade again")
    names = {entry.notebook for entry in entries}
    only = names.pop() if len(names) == 1 else Path(out).resolve().name
    results = read_results(Path(out, "results.jsonl"))
    return Book(title or only, entries, *results)


def entry_of(row):
    score = row["score"]
    return Entry(
        student=str(row["student"]),
        notebook=str(row["notebook"]),
        task=str(row["task"]),
        score=None if score is None else number(score),
        max=number(row["max"]),
        reason=str(row.get("reason") or ""),
        seconds=number(row.get("seconds") or 0),
        repaired=str(row.get("repaired") or ""),
    )


def number(value):
    """A finite float; ValueError for anything else.

    >>> number("2.5")
    2.5
    """
    if isinstance(value, bool) or not isfinite(float(value)):
        raise ValueError(f"{value!r} is no number of points")
    return float(value)


def read_results(path):
    """Of results.jsonl: {(student, notebook): value} of each of four fields.

    The last whole line on a notebook counts.
    """
    last = {}
    for line in whole_lines(path):
        last[str(line["student"]), str(line["notebook"])] = line
    unreadable = {key: str(line.get("unreadable") or "") for key, line in last.items()}
    sandboxes = {key: str(line.get("sandbox") or "") for key, line in last.items()}
    calls = {key: calls_of(line.get("calls")) for key, line in last.items()}
    costs = {key: costs_of(line.get("costs")) for key, line in last.items()}
    return tuple(
        {key: value for key, value in found.items() if value}
        for found in (unreadable, sandboxes, calls, costs)
    )


def whole_lines(path):
    """The dicts in a file of JSON lines, without those that a killed grader left."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        with suppress(ValueError):
            told = json.loads(line)
            if isinstance(told, dict) and {"student", "notebook"} <= told.keys():
                yield told


def calls_of(told):
    pairs = told.items() if isinstance(told, dict) else ()
    return {str(task): str(call) for task, call in pairs if call}


def costs_of(told):
    pairs = told.items() if isinstance(told, dict) else ()
    return {
        str(task): tuple((str(name), int(n), int(bound)) for name, n, bound in costs)
        for task, costs in pairs
    }
