"""Late days and penalties, by a small TOML file; no score is ever changed.

    [late]
    percent_per_day = 10     of the points that were earned
    free_days = 4            late days that cost nothing, for the whole course
    grace_minutes = 15       after the due date, before the first day begins

    [due]
    a1_work_depth = 2027-01-22T23:59:00-08:00

    [free_days]              other numbers of free days
    ada = 6
    [extensions.ada]         more days for an assignment, which use up no free ones
    a1_work_depth = 2

A day that has begun is late. Free days are spent in the order of due dates, as many as
are left; each other day costs `percent_per_day` of the points, never more than all.
Left out: days for a group; weekends; a latest day after which nothing counts.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import ceil
from pathlib import Path

from cme323.course.records.roster import table
from cme323.errors import BadInput

DAY = timedelta(days=1)
TIME = "timestamp.txt"  # of a submission that nbgrader has collected
LONGEST = 100  # bytes of it


@dataclass(frozen=True)
class Late:
    """How late work is: `days` begun, and how many of them cost nothing."""

    due: str = ""
    submitted: str = ""
    days: int = 0
    free: int = 0
    percent: float = 0.0

    def penalty(self, points):
        """What is taken off `points`, which are what was earned.

        >>> Late(days=3, free=1, percent=10).penalty(40)
        8.0
        """
        return min(points, points * self.percent / 100 * (self.days - self.free))


@dataclass(frozen=True)
class Policy:
    """The rules of a course; `due` is in the order of due dates."""

    percent_per_day: float = 0.0
    free_days: int = 0
    grace: timedelta = timedelta()
    due: dict[str, datetime] = field(default_factory=dict)
    own_free_days: dict[str, int] = field(default_factory=dict)
    extensions: dict[str, dict[str, int]] = field(default_factory=dict)

    def late(self, student, assignment, submitted) -> Late:
        """How late an assignment is; `submitted` has {assignment: datetime} so far."""
        if assignment not in self.due:
            raise BadInput(
                f"[due] must have a date for {assignment}, but has "
                f"{', '.join(self.due) or 'none'}: add a line for it"
            )
        left = self.own_free_days.get(student, self.free_days)
        for name, due in self.due.items():
            due += DAY * self.extensions.get(student, {}).get(name, 0)
            days = days_late(due + self.grace, submitted.get(name))
            free = min(left, days)
            if name == assignment:
                told = when(due), when(submitted.get(name))
                return Late(*told, days, free, self.percent_per_day)
            left -= free


def days_late(due, submitted):
    """Days begun after `due`; none for work that never came."""
    return max(0, ceil((submitted - due) / DAY)) if submitted else 0


def when(moment):
    """As nbgrader's gradebook tells a time: UTC, without saying so."""
    return str(moment.astimezone(UTC).replace(tzinfo=None)) if moment else ""


def read_policy(path) -> Policy:
    """The Policy in a TOML file; raises BadInput for what is no rule."""
    try:
        told = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(
            f"the policy {path} must be TOML, but is not: {error}"
        ) from error
    try:
        return policy_of(told)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadInput(f"the policy {path} {error}: correct it") from error


def policy_of(told):
    """The Policy in a dict as TOML gives it; ValueError for what is no rule."""
    only(told, ("late", "due", "free_days", "extensions"), "the file")
    rules = told.get("late", {})
    only(rules, ("percent_per_day", "free_days", "grace_minutes"), "[late]")
    due = {name: aware(name, moment) for name, moment in told.get("due", {}).items()}
    percent = count(rules.get("percent_per_day", 0), "percent_per_day")
    if percent > 100:
        raise ValueError("has a percent_per_day above 100")
    return Policy(
        percent_per_day=percent,
        free_days=whole(rules.get("free_days", 0), "free_days"),
        grace=timedelta(minutes=count(rules.get("grace_minutes", 0), "grace_minutes")),
        due=dict(sorted(due.items(), key=lambda one: one[1])),
        own_free_days={s: whole(n, s) for s, n in told.get("free_days", {}).items()},
        extensions={
            student: {name: whole(n, name) for name, n in more.items()}
            for student, more in told.get("extensions", {}).items()
        },
    )


def only(table, known, where):
    for name in table:
        if name not in known:
            raise ValueError(f"has {name} in {where}, which has {', '.join(known)}")


def count(value, name):
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise ValueError(f"has {name} = {value!r}, which must be a number from 0 up")
    return value


def whole(value, name):
    if count(value, name) != int(value):
        raise ValueError(f"has {name} = {value}, which must be a whole number of days")
    return int(value)


def aware(name, moment):
    if isinstance(moment, date) and not isinstance(moment, datetime):
        raise ValueError(f"has a due date for {name} without a time of day")
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError(f"has no time with an offset for {name}, as 23:59:00-08:00")
    return moment


def read_submitted(path, assignment) -> dict[str, dict[str, datetime]]:
    """{student: {assignment: when}} of a CSV file, or of a folder of submissions.

    The file has the columns student, assignment, submitted. In a folder, each
    student's has the timestamp.txt that nbgrader writes; it knows of one assignment.
    The time of a file says nothing: a copy has another.
    """
    path = Path(path)
    if path.is_dir():
        stamps = [s for s in sorted(path.glob(f"*/{TIME}")) if written_in(s)]
        found = [(s.parent.name, assignment, written_in(s), s) for s in stamps]
    else:
        found = list(rows_of(path))
    submitted = {}
    for student, name, text, place in found:
        submitted.setdefault(student, {})[name] = moment_of(text, place)
    return submitted


def written_in(stamp):
    """What a timestamp.txt says; empty for a link, a pipe, or whatever is no file."""
    if stamp.is_symlink() or not stamp.is_file():
        return ""
    with open(stamp, "rb") as file:
        return file.read(LONGEST).decode(errors="replace").strip()


def rows_of(path):
    needed = ("student", "assignment", "submitted")
    for row in table(path, "file of times", needed):
        yield row["student"], row["assignment"], row["submitted"], path


def moment_of(text, path):
    """A time in ISO format, or as nbgrader writes it; it must say its offset.

    >>> moment_of("2027-01-22 23:59:00.5 UTC", "").isoformat()
    '2027-01-22T23:59:00.500000+00:00'
    """
    written = text.strip().removesuffix(" UTC")
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        moment = None
    if moment and written != text.strip():
        moment = moment.replace(tzinfo=UTC)
    if moment is None or moment.tzinfo is None:
        raise BadInput(
            f"times must be as 2027-01-22T23:59:00-08:00 or end in UTC, but {path} has "
            f"{text.strip()!r}: correct it"
        )
    return moment
