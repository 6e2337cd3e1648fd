"""Who the students are, and the points that a person gave.

    roster   student, then any of name, first_name, last_name, email, login, sid,
             id, section: what other systems call them
    manual   student, task, score, and perhaps reason

Both are CSV files with a line of headings. `student` is the name of the folder that
was handed in. A person's points are the last word: they replace a program's.
"""

import csv
from dataclasses import replace
from pathlib import Path

from cme323.course.records.book import number
from cme323.errors import BadInput

KNOWN = (
    "student",
    "name",
    "first_name",
    "last_name",
    "email",
    "login",
    "sid",
    "id",
    "section",
)


def read_roster(path) -> dict[str, dict[str, str]]:
    """{student: {column: value}}; every student once. Raises BadInput."""
    rows = table(path, "roster", needed=("student",))
    strange = [name for name in rows[0] if name not in KNOWN] if rows else []
    if strange:
        raise BadInput(
            f"the roster {path} may have the columns {', '.join(KNOWN)}, but has "
            f"{strange[0]!r}: rename it or take it out"
        )
    people = {row["student"]: row for row in rows}
    if len(people) < len(rows):
        names = [row["student"] for row in rows]
        twice = next(name for name in names if names.count(name) > 1)
        raise BadInput(
            f"each student is once in a roster, but {path} has {twice} twice"
        )
    return people


def person(student, roster):
    """All known columns of a student; one without a login has that of their folder.

    >>> person("ada", {"ada": {"name": "Ada King"}})["last_name"]
    'King'
    """
    row = dict.fromkeys(KNOWN, "") | roster.get(student, {}) | {"student": student}
    first, last = row["first_name"], row["last_name"]
    if not (first or last):
        first, _, last = row["name"].rpartition(" ")
    name = row["name"] or f"{first} {last}".strip() or student
    login = row["login"] or student
    names = {"first_name": first, "last_name": last, "name": name}
    return row | names | {"login": login}


def with_manual(book, path):
    """The book with the points of the file `path`; raises BadInput."""
    given = {}
    for row in table(path, "file of manual points", ("student", "task", "score")):
        given[row["student"], row["task"]] = row
    known = {(entry.student, book.label(entry)): entry for entry in book.entries}
    for key in given.keys() - known.keys():
        raise BadInput(
            f"{path} has points for {key[0]} in {key[1]}, but the scores have no such "
            "student and task: correct that line"
        )
    entries = [
        marked(entry, given.get((entry.student, book.label(entry))), path)
        for entry in book.entries
    ]
    return replace(book, entries=tuple(entries))


def marked(entry, row, path):
    """The entry with a person's points, if there are any."""
    if row is None or not row["score"]:
        return entry
    try:
        score = number(row["score"])
    except ValueError:
        score = -1.0
    if not 0 <= score <= entry.max:
        raise BadInput(
            f"points for {entry.student} in {entry.task} go from 0 to {entry.max:g}, "
            f"but {path} has {row['score']}: correct that line"
        )
    return replace(entry, score=score, reason=row.get("reason") or "", by_hand=True)


def table(path, what, needed):
    """The rows of a CSV file, stripped; raises BadInput without its columns."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the {what} {path} cannot be read: {error}") from error
    reader = csv.DictReader(text.splitlines())
    missing = [name for name in needed if name not in (reader.fieldnames or ())]
    if missing:
        raise BadInput(
            f"the {what} {path} must have the columns {', '.join(needed)}, but has no "
            f"{missing[0]}: its first line names the columns"
        )
    return [
        {key: (value or "").strip() for key, value in row.items() if key}
        for row in reader
    ]
