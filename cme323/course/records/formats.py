"""Scores in the files that other systems read.

    plain_csv        a row for each student, a column for each task
    canvas_csv       Canvas, Grades > Import
    moodle_csv       Moodle, Grades > Import > CSV file; map a column that names users,
                     and both the grade and its feedback to an item that is there
    gradescope_json  results.json of a Gradescope autograder, for one student
    nbgrader_csv     what `nbgrader export` writes

Canvas's columns are those that its importer asks for (lib/gradebook_importer.rb); those
of Moodle it lets you map (grade/import/csv); nbgrader's are those of its own exporter.
Gradescope documents results.json alone: it exports scores as CSV, and imports none. The
tests read each file by the rules of its reader, but none was tried on a live system.

A text that a spreadsheet would run as a formula gets an apostrophe before it.
"""

import csv
import io
import json
from dataclasses import dataclass, field
from html import escape

from cme323.course.records.book import Entry
from cme323.course.records.late import Late
from cme323.errors import BadInput

FORMULA = tuple("=+-@\t\r")
# Canvas takes a column for one of its own if its title has one of these in it.
OF_CANVAS = [
    *("Current Score", "Current Points", "Current Grade"),
    *("Final Score", "Final Points", "Final Grade"),
    *("Override Score", "Override Grade", "Override Status"),
]
MOST_OF_MOODLE = 100  # points of a grade, unless its administrator allows more


@dataclass(frozen=True)
class Line:
    """All that is known of one student: who they are, their scores, how late."""

    person: dict[str, str]
    entries: tuple[Entry, ...]
    late: Late = field(default_factory=Late)
    told: tuple[str, ...] = ()
    sandboxes: tuple[str, ...] = ()

    @property
    def raw(self):
        return tidy(sum(entry.score or 0 for entry in self.entries))

    @property
    def penalty(self):
        return tidy(self.late.penalty(self.raw))

    @property
    def score(self):
        return tidy(self.raw - self.penalty)

    @property
    def max(self):
        return tidy(sum(entry.max for entry in self.entries))

    @property
    def ungraded(self):
        return sum(entry.score is None for entry in self.entries)


def plain_csv(lines, title, labels):
    """One row for each student, with everything; tasks are columns."""
    who = ("student", "name", "email", "sid")
    sums = ("raw_score", "late_days", "free_days", "late_penalty", "score", "max_score")
    rows = [
        [
            *(line.person[key] for key in who),
            *("" if e.score is None else tidy(e.score) for e in line.entries),
            line.raw,
            line.late.days,
            line.late.free,
            line.penalty,
            line.score,
            line.max,
            line.ungraded,
        ]
        for line in lines
    ]
    return csv_text([[*who, *labels, *sums, "ungraded"], *rows])


def canvas_csv(lines, title, labels):
    """As Canvas exports its gradebook: a row of points possible, then the students.

    An assignment that Canvas knows is found by its title, best with its number, as
    "Homework 1 (4711)"; another title makes a new assignment.
    """
    if any(name in title for name in OF_CANVAS):
        raise BadInput(
            f"Canvas would take {title!r} for a column of its own: give another --title"
        )
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title]
    possible = ["    Points Possible", "", "", "", "", lines[0].max]
    rows = [
        [sortable(line.person), *(line.person[key] for key in keys), line.score]
        for keys in [("id", "sid", "login", "section")]
        for line in lines
    ]
    return csv_text([head, possible, *rows])


def sortable(person):
    """Canvas's order of names: last, first."""
    first, last = person["first_name"], person["last_name"]
    return f"{last}, {first}" if first and last else person["name"]


def moodle_csv(lines, title, labels):
    """Columns named as Moodle's own export has them; feedback beside the grade."""
    keys = ("first_name", "last_name", "login", "sid", "email")
    head = ["First name", "Last name", "Username", "ID number", "Email address"]
    rows = [
        # Moodle shows feedback as HTML.
        [*(line.person[key] for key in keys), line.score, escape(remarks(line), False)]
        for line in lines
    ]
    return csv_text([[*head, title, f"{title} (feedback)"], *rows])


def remarks(line):
    """One text on all tasks: points, and why they are not more."""
    marks = zip(line.entries, line.told, strict=True)
    return "; ".join(
        f"{entry.task} {'–' if entry.score is None else tidy(entry.score)}"
        f"/{tidy(entry.max)}{f': {why}' if why else ''}"
        for entry, why in marks
    )


def gradescope_json(line):
    """results.json: a test for each task, and the total.

    A task that waits for a person has no score here: Gradescope adds that of its own
    manual questions. Where a test has no score it asks for a total. A penalty is one
    more test. All is text: a student's words must not be read as HTML.
    """
    told = zip(line.entries, line.told, strict=True)
    tests = [gradescope_test(n, *one) for n, one in enumerate(told, 1)]
    if line.penalty:
        late = {"score": -line.penalty, "max_score": 0, "output": str(line.late)}
        late |= {"output_format": "text", "visibility": "visible"}
        tests.append({"name": "late penalty", **late})
    results = {"tests": tests}
    results["output"] = f"Sandbox: {', '.join(line.sandboxes)}."
    results["output_format"] = "text"
    results["execution_time"] = tidy(sum(e.seconds for e in line.entries))
    results["score"] = line.score
    return json.dumps(results, indent=1, ensure_ascii=False) + "\n"


def gradescope_test(number, entry, told):
    said = [told, entry.repaired and f"Repaired: {entry.repaired}."]
    said.append(f"Took {entry.seconds:.2f} s.")
    test = {"name": entry.task, "name_format": "text", "number": str(number)}
    test |= {"output": "\n".join(filter(None, said)), "output_format": "text"}
    test["visibility"] = "visible"
    if entry.score is not None:
        test |= {"score": tidy(entry.score), "max_score": tidy(entry.max)}
        test["status"] = "passed" if entry.score >= entry.max else "failed"
    return test


def nbgrader_csv(lines, title, labels):
    """The columns of nbgrader 0.9's export; its penalties are points, too."""
    head = ["assignment", "duedate", "timestamp", "student_id", "last_name"]
    head += ["first_name", "email", "raw_score", "late_submission_penalty"]
    rows = [
        [
            title,
            line.late.due,
            line.late.submitted,
            *(line.person[key] for key in ("student", "last_name", "first_name")),
            line.person["email"],
            *map(float, (line.raw, line.penalty, line.score, line.max)),
        ]
        for line in lines
    ]
    return csv_text([[*head, "score", "max_score"], *rows])


def csv_text(rows):
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([disarmed(value) for value in row] for row in rows)
    return file.getvalue()


def disarmed(value):
    """A text that no spreadsheet takes for a formula; numbers stay.

    >>> disarmed("=1+1"), disarmed(-2)
    ("'=1+1", -2)
    """
    return f"'{value}" if isinstance(value, str) and value[:1] in FORMULA else value


def tidy(points):
    """Points without the noise of sums of floats; whole ones as an int.

    >>> tidy(0.1 + 0.2), tidy(6.0)
    (0.3, 6)
    """
    points = round(points, 6)
    return int(points) if points == int(points) else points
