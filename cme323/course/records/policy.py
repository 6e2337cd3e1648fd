"""The rules for late work, of a small TOML file.

    [late]
    percent_per_day = 10     of the points that were earned
    free_days = 4            late days that cost nothing, for the whole course
    free_days_each = 2       of them, at most so many for one assignment
    most_days = 5            work that is later gets no points
    grace_minutes = 15       after the due date, before the first day begins
    skip_weekends = true     Saturdays and Sundays do not count
    skip = [2027-02-15]      nor do these days

    [due]
    a1_work_depth = 2027-01-22T23:59:00-08:00

    [free_days]              another number for a student
    ada = 6
    [extensions.ada]         days more, which use up no free ones; or another due date
    a1_work_depth = 2

    [groups]                 who hands in together, in the whole course;
    owls = ["ada", "bob"]
    [groups.a5_graphs]       or in one assignment, which then has no others
    cats = ["bob", "eve"]

All but [due] may be left out. A day that does not count is one by the clock of the due
date. What is no rule is one sentence, which says where it stands.
"""

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path

from cme323.course.records.late import Policy
from cme323.errors import BadInput

SECTIONS = ("late", "due", "free_days", "extensions", "groups")
RULES = ("percent_per_day", "free_days", "free_days_each", "most_days")
RULES += ("grace_minutes", "skip_weekends", "skip")


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
    except ValueError as error:
        raise BadInput(f"the policy {path} {error}: correct it") from error


def policy_of(told):
    """The Policy in a dict as TOML gives it; ValueError for what is no rule."""
    only(told, SECTIONS, "the file")
    rules = section(told, "late")
    only(rules, RULES, "[late]")
    due = {name: aware(name, moment) for name, moment in section(told, "due").items()}
    percent = count(rules.get("percent_per_day", 0), "percent_per_day")
    if percent > 100:
        raise ValueError(f"has percent_per_day = {percent}, which is above 100")
    own = section(told, "free_days")
    return Policy(
        percent_per_day=percent,
        free_days=whole(rules.get("free_days", 0), "free_days"),
        free_days_each=perhaps(rules, "free_days_each"),
        most_days=perhaps(rules, "most_days"),
        grace=timedelta(minutes=count(rules.get("grace_minutes", 0), "grace_minutes")),
        skip_weekends=truth(rules.get("skip_weekends", False), "skip_weekends"),
        skip=frozenset(days(rules.get("skip", []))),
        due=dict(sorted(due.items(), key=lambda one: one[1])),
        own_free_days={
            name: whole(n, f"[free_days] {name}") for name, n in own.items()
        },
        extensions=extensions(section(told, "extensions"), due),
        groups=groups(section(told, "groups"), due),
    )


def only(table, known, where):
    for name in table:
        if name not in known:
            raise ValueError(f"has {name} in {where}, which has {', '.join(known)}")


def section(told, name, inside=""):
    """A table, empty if it is not there."""
    found = told.get(name, {})
    if not isinstance(found, dict):
        raise ValueError(f"has {inside}{name} = {found!r}, which must be a [table]")
    return found


def count(value, name):
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise ValueError(f"has {name} = {value!r}, which must be a number from 0 up")
    if value > 10**6:
        raise ValueError(f"has {name} = {value!r}, which is too large")
    return value


def whole(value, name):
    if count(value, name) != int(value):
        raise ValueError(f"has {name} = {value}, which must be a whole number of days")
    return int(value)


def perhaps(rules, name):
    """A whole number; None if there is no such rule."""
    return whole(rules[name], name) if name in rules else None


def truth(value, name):
    if not isinstance(value, bool):
        raise ValueError(f"has {name} = {value!r}, which must be true or false")
    return value


def days(values):
    """A list of dates, without times."""
    values = values if isinstance(values, list) else [values]
    for value in values:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise ValueError(f"has {value!r} in skip, a list of days as [2027-02-15]")
    return values


def aware(name, moment):
    if isinstance(moment, date) and not isinstance(moment, datetime):
        raise ValueError(f"has a due date for {name} without a time of day")
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError(f"has no time with an offset for {name}, as 23:59:00-08:00")
    return moment


def extensions(table, due):
    """{student: {assignment: days, or another due date}}."""
    found = {}
    for student in table:
        found[student] = {}
        for name, more in section(table, student, "extensions.").items():
            known(name, due, f"[extensions.{student}]")
            later = isinstance(more, date)
            found[student][name] = aware(name, more) if later else whole(more, name)
    return found


def groups(table, due):
    """{assignment: {group: members}}, for each assignment."""
    always = {n: members(n, m) for n, m in table.items() if not isinstance(m, dict)}
    for name in table.keys() - always.keys():
        known(name, due, "[groups]")
    found = {}
    for name in due:
        own = table.get(name, {}).items()
        found[name] = {group: members(group, who) for group, who in own} or always
        refuse_twice(found[name], name)
    return found


def members(group, who):
    if not isinstance(who, list) or not all(isinstance(one, str) for one in who):
        raise ValueError(f"has the group {group} = {who!r}, which is no list of names")
    if not who:
        raise ValueError(f"has the group {group}, which must have members")
    return tuple(who)


def refuse_twice(each, assignment):
    """ValueError for whoever would have to hand in with two groups."""
    seen = set(each)
    for group, who in each.items():
        for one in who:
            if one in seen:
                raise ValueError(
                    f"has {one} twice in the groups of {assignment}, in {group} too"
                )
            seen.add(one)


def known(name, due, where):
    if name not in due:
        have = ", ".join(due) or "nothing"
        raise ValueError(f"has {name} in {where}, but [due] has {have}")
