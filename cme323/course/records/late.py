"""How late work is, and what that costs; no score is ever changed.

    time      from the due date, as extended and with its grace, to the submission
    days      of 24 hours that have begun; weekends may not count
    free      so many of them cost nothing: a budget for the whole course, which is
              spent in the order of due dates
    penalty   percent_per_day of the points for each other day; all points for work
              that comes too late to count

A group hands in together: the last of its submissions counts, the longest extension of
a member holds for all, and each member spends free days of their own. The rules are in
a TOML file, see policy.py.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from pathlib import Path

from cme323.course.records.roster import table
from cme323.errors import BadInput

DAY = timedelta(days=1)
SATURDAY = 5
TIME = "timestamp.txt"  # of a submission that nbgrader has collected
LONGEST = 100  # bytes of it


@dataclass(frozen=True)
class Late:
    """How late work is: `days` begun, and how many of them cost nothing.

    refused: it came too late to count.
    """

    due: str = ""
    submitted: str = ""
    days: int = 0
    free: int = 0
    percent: float = 0.0
    refused: bool = False

    def penalty(self, points):
        """What is taken off `points`, which are what was earned.

        >>> Late(days=3, free=1, percent=10).penalty(40)
        8.0
        """
        share = 1 if self.refused else self.percent / 100 * (self.days - self.free)
        return min(points, points * share)

    def __str__(self):
        """>>> str(Late(days=1)), str(Late(days=9, refused=True))
        ('1 day late, 0 of them free', '9 days late, which is too late to count')
        """
        days = f"{self.days} day{'' if self.days == 1 else 's'} late"
        if self.refused:
            return f"{days}, which is too late to count"
        return f"{days}, {self.free} of them free"


@dataclass(frozen=True)
class Policy:
    """The rules of a course; `due` is in the order of due dates.

    extensions: {student: {assignment: days, or another due date}}
    groups: {assignment: {group: members}}, for each assignment in `due`
    """

    percent_per_day: float = 0.0
    free_days: int = 0
    free_days_each: int | None = None
    most_days: int | None = None
    grace: timedelta = timedelta()
    skip_weekends: bool = False
    skip: frozenset[date] = frozenset()
    due: dict[str, datetime] = field(default_factory=dict)
    own_free_days: dict[str, int] = field(default_factory=dict)
    extensions: dict[str, dict] = field(default_factory=dict)
    groups: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def late(self, student, assignment, times) -> Late:
        """How late an assignment is; `times` has {student: {assignment: datetime}}.

        Of a group, how late it is for the member who has the fewest free days left.
        """
        if assignment not in self.due:
            raise BadInput(
                f"[due] must have a date for {assignment}, but has "
                f"{', '.join(self.due) or 'none'}: add a line for it"
            )
        people = self.groups.get(assignment, {}).get(student, [student])
        lates = [self._late(person, assignment, times) for person in people]
        return min(lates, key=lambda late: late.free)

    def _late(self, student, assignment, times):
        left = self.own_free_days.get(student, self.free_days)
        for name in self.due:
            party = self.party(student, name)
            due = self.due_for(party, name)
            came = [times[one][name] for one in party if name in times.get(one, {})]
            last = max(came, default=None)
            days = self.days(due + self.grace, last) if last else 0
            refused = self.most_days is not None and days > self.most_days
            free = 0 if refused else min(self._spendable(left), days)
            if name == assignment:
                known = days, free, self.percent_per_day, refused
                return Late(when(due), when(last), *known)
            left -= free

    def _spendable(self, left):
        return left if self.free_days_each is None else min(left, self.free_days_each)

    def party(self, student, assignment):
        """The student, the group that they are in, and its members."""
        for group, members in self.groups.get(assignment, {}).items():
            if student in (group, *members):
                return group, *members
        return (student,)

    def due_for(self, party, assignment):
        """The latest due date that one of them has."""
        due = self.due[assignment]
        more = [self.extensions.get(one, {}).get(assignment, 0) for one in party]
        dates = [m if isinstance(m, datetime) else self.moved(due, m) for m in more]
        return max(dates)

    def moved(self, due, days):
        """A due date so many days later, of those that count."""
        for _ in range(days):
            due += DAY
            while self.skips(due.date()):
                due += DAY
        return due

    def skips(self, day):
        weekend = self.skip_weekends and day.weekday() >= SATURDAY
        return weekend or day in self.skip

    def days(self, due, submitted):
        """Days that have begun after `due`, by its own clock; 0 if it is in time."""
        end = submitted.astimezone(due.tzinfo)
        counted, day = end - due, due.date()
        while day <= end.date():
            if self.skips(day):
                begin = datetime.combine(day, time(), due.tzinfo)
                counted -= min(end, begin + DAY) - max(due, begin)
            day += DAY
        return max(0, ceil(counted / DAY))


def when(moment):
    """As nbgrader's gradebook tells a time: UTC, without saying so."""
    return str(moment.astimezone(UTC).replace(tzinfo=None)) if moment else ""


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
