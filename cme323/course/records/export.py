"""`cme323 export`: the scores of an assignment, as a file for another system.

    scores  ->  + a person's points  ->  + names  ->  - penalties  ->  a file

Gradescope takes a file for each student, so it gets a folder, with
STUDENT/results.json; where there is one student, as in Gradescope's own container, the
path may be that of the file. What is there is replaced only if `force` says so.
"""

from dataclasses import replace
from pathlib import Path

from cme323.course.records import formats
from cme323.course.records.book import read_book
from cme323.course.records.formats import Line
from cme323.course.records.late import Late, read_submitted
from cme323.course.records.policy import read_policy
from cme323.course.records.roster import person, read_roster, with_manual
from cme323.course.records.sandboxes import UNKNOWN
from cme323.course.records.told import sentence
from cme323.errors import BadInput
from cme323.replace import replace_file

TABLES = {
    "csv": formats.plain_csv,
    "canvas": formats.canvas_csv,
    "moodle": formats.moodle_csv,
    "nbgrader": formats.nbgrader_csv,
}
FORMATS = (*TABLES, "gradescope")


def export(
    out,
    kind,
    to=None,
    *,
    roster=None,
    manual=None,
    policy=None,
    submitted=None,
    title=None,
    force=False,
):
    """Write the scores in the folder `out` as `kind`; returns (path, sentences).

    The sentences are what a teacher should know before they upload the file. Raises
    BadInput, and writes nothing, for bad input.
    """
    if kind not in FORMATS:
        raise BadInput(f"a format is one of {', '.join(FORMATS)}, not {kind!r}")
    book = read_book(out)
    people = read_roster(roster) if roster else {}
    if manual:
        book = with_manual(book, manual)
    if policy:
        book = for_members(book, read_policy(policy).groups.get(book.title, {}))
    lates = lateness(book, policy, submitted)
    lines = [line_of(book, student, people, lates) for student in book.students]
    files = files_of(kind, lines, title or book.title, list(book.by_task))
    path = written(files, Path(to or default_path(book, kind)), kind, force)
    return path, list(remarks(book, people if roster else None, kind))


def for_members(book, groups):
    """The book in which a group's scores are those of each member without others."""
    owners = {
        student: [m for m in groups.get(student, ()) if m not in book.by_student]
        for student in book.students
    }
    entries = [
        replace(entry, student=owner)
        for entry in book.entries
        for owner in owners[entry.student] or [entry.student]
    ]
    beside = {
        name: {
            (owner, notebook): value
            for (student, notebook), value in getattr(book, name).items()
            for owner in owners.get(student) or [student]
        }
        for name in ("unreadable", "sandboxes", "calls", "costs")
    }
    return replace(book, entries=tuple(entries), **beside)


def lateness(book, policy, submitted):
    """{student: Late}, by the policy; nobody is late without one."""
    if not policy:
        return {}
    if not submitted:
        raise BadInput("a --policy needs to know when: give --submitted, see --help")
    rules, times = read_policy(policy), read_submitted(submitted, book.title)
    return {
        student: rules.late(student, book.title, times) for student in book.students
    }


def line_of(book, student, people, lates):
    """All that a file may need to know about a student."""
    entries = tuple(book.by_student[student])
    sandboxes = [book.sandboxes.get((student, e.notebook), UNKNOWN) for e in entries]
    return Line(
        person(student, people),
        entries,
        lates.get(student, Late()),
        tuple(sentence(book, entry) for entry in entries),
        tuple(dict.fromkeys(sandboxes)),
    )


def files_of(kind, lines, title, labels):
    """{path below the target: text}; one file is at the path "" ."""
    if kind == "gradescope":
        return {
            f"{line.person['student']}/results.json": formats.gradescope_json(line)
            for line in lines
        }
    return {"": TABLES[kind](lines, title, labels)}


def default_path(book, kind):
    return (
        f"{book.title}_{kind}" if kind == "gradescope" else f"{book.title}_{kind}.csv"
    )


def written(files, to, kind, force):
    """Write the files and return where; raises BadInput before the first if it must."""
    if kind == "gradescope" and to.suffix == ".json":
        if len(files) > 1:
            raise BadInput(
                f"Gradescope takes a file for each of {len(files)} students, but {to} "
                "is one: name a folder"
            )
        files = {"": next(iter(files.values()))}
    targets = {inside(to, name): text for name, text in files.items()}
    there = [path for path in targets if path.exists() or path.is_symlink()]
    if there and not force:
        raise BadInput(f"{there[0]} is there already: name another --to, or --force")
    try:
        for path, text in targets.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, text.encode())
    except OSError as error:
        raise BadInput(
            f"{to} cannot be written ({error}): name another --to"
        ) from error
    return to


def inside(to, name):
    """A path below `to`; a student's name must not lead elsewhere."""
    first = Path(name).parts[:1]
    if name and (first in ((), ("..",)) or name.count("/") != 1 or "\\" in name):
        raise BadInput(f"{name!r} is no name of a student's folder: correct the scores")
    return to / name if name else to


def remarks(book, people, kind):
    """Sentences on what the file leaves open."""
    most = max(sum(e.max for e in entries) for entries in book.by_student.values())
    if kind == "moodle" and most > formats.MOST_OF_MOODLE:
        yield (
            f"Moodle refuses a grade above {formats.MOST_OF_MOODLE}, but there are "
            f"{most:g} points: its administrator can allow more"
        )
    waiting = [entry for entry in book.entries if entry.score is None]
    if waiting:
        students = len({entry.student for entry in waiting})
        yield (
            f"{len(waiting)} scores of {students} students are for a person to give "
            "and count as 0 here: give them by --manual"
        )
    if book.unreadable:
        names = sorted({student for student, _ in book.unreadable})
        yield f"no readable work, or not all of it: {', '.join(names)}"
    if people is not None:
        unknown = [student for student in book.students if student not in people]
        if unknown:
            yield f"not in the roster: {', '.join(unknown)}"
        silent = [student for student in people if student not in book.by_student]
        if silent:
            yield f"in the roster, but handed in nothing: {', '.join(silent)}"
