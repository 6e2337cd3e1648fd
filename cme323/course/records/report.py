"""`cme323 report`: an assignment on a page, for the teacher alone.

    the class          points, a histogram, who has no readable work
    the tasks          difficulty, discrimination, a histogram for each
    what went wrong    the most frequent reasons
    the slowest        seconds
    late days          for each student: days, points, what they cost

It names students and quotes reasons with their answers, so it is not for students.
"""

from html import escape
from math import isnan
from pathlib import Path

import numpy as np

from cme323.course.page_article import cell, head_cells
from cme323.course.records.bars import counted, histogram
from cme323.course.records.book import read_book
from cme323.course.records.export import lateness
from cme323.course.records.items import failures, items
from cme323.course.records.roster import with_manual
from cme323.course.records.sheet import sheet
from cme323.errors import BadInput
from cme323.replace import replace_file

WEAK = 0.2  # a discrimination below it is worth a look


def report(out, to, *, manual=None, policy=None, submitted=None):
    """Write TO/index.html over an older report, and nothing else; returns its path."""
    book = read_book(out)
    if manual:
        book = with_manual(book, manual)
    lates = lateness(book, policy, submitted)
    page = Path(to, "index.html")
    refuse_foreign(page)
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        replace_file(page, report_page(book, lates).encode())
    except OSError as error:
        raise BadInput(
            f"{page} cannot be written ({error}): choose another folder"
        ) from error
    return page


def refuse_foreign(page):
    """Raise BadInput if there is a page that is no report of ours."""
    if page.is_symlink() or page.exists():
        text = page.read_text("utf-8", "replace")[:1000] if page.is_file() else ""
        if 'content="cme323 report"' not in text:
            raise BadInput(f"{page} is no report of ours: name another folder")


def report_page(book, lates):
    """The page as HTML."""
    found = items(book)
    readable = [student for student in book.students if student not in book.lost]
    totals = [total(book, student, lates) for student in readable]
    body = f"""\
<header>
<p class="kicker">for teachers: it names students and quotes tests</p>
<h1>{escape(book.title)}</h1>
<p class="lead">{summary(totals, found)}</p>
{paragraph(waiting(found))}{paragraph(late_text(lates))}
</header>
<main>
{unreadable(book)}
{whole(totals, found)}
{tasks(found)}
{pictures(found)}
{reasons(book)}
{slowest(book, found)}
{late_days(book, lates)}
</main>
"""
    return sheet(f"{book.title}: report", body, "report")


def total(book, student, lates):
    """A student's points, less what a late day costs."""
    points = raw(book, student)
    return points - (lates[student].penalty(points) if student in lates else 0)


def raw(book, student):
    return sum(entry.score or 0 for entry in book.by_student[student])


def summary(totals, found):
    if not totals:
        return "Nobody has readable work."
    most = sum(item.max for item in found)
    return (
        f"{len(totals)} students: median {np.median(totals):g} of {most:g} points, "
        f"mean {np.mean(totals):.3g}, from {min(totals):g} to {max(totals):g}."
    )


def waiting(found):
    tasks = [f"{item.task} ({item.waiting})" for item in found if item.waiting]
    return f"For a person to grade: {', '.join(tasks)}." if tasks else ""


def late_text(lates):
    late = [one for one in lates.values() if one.days]
    if not lates:
        return ""
    costly = sum(one.days > one.free for one in late)
    return (
        f"{len(late)} of {len(lates)} students were late, {costly} of them at a cost; "
        "penalties are taken off the totals here, and off no score."
    )


def paragraph(text):
    return f"<p>{escape(text)}</p>\n" if text else ""


def unreadable(book):
    if not book.unreadable:
        return ""
    rows = [
        row(student, [cell("Notebook", escape(name)), cell("Why", escape(why))])
        for (student, name), why in sorted(book.unreadable.items())
    ]
    return section("No readable work", table(("Student", "Notebook", "Why"), rows))


def whole(totals, found):
    most = sum(item.max for item in found)
    if not totals or not most:
        return ""
    shares = [points / most for points in totals]
    picture = histogram("Whole assignment", shares, top([shares]))
    return section("The class", f'<div class="charts"><figure>{picture}</figure></div>')


def tasks(found):
    """A row for each task, the hardest first."""
    order = sorted(found, key=lambda item: (isnan(item.difficulty), item.difficulty))
    rows = [
        row(
            item.task,
            [
                cell("Points", f"{item.max:g}", 'class="number"'),
                cell("Mean share", share(item.difficulty), 'class="number"'),
                cell("Discrimination", told(item.discrimination), 'class="number"'),
                cell("Graded", str(len(item.shares)), 'class="number"'),
            ],
        )
        for item in order
    ]
    names = ("Task", "Points", "Mean share", "Discrimination", "Graded")
    note = (
        "<p>Discrimination is the correlation of a task with all the others: from -1 "
        f"to 1. Below {WEAK:g} a task says little of a student, or the opposite of the "
        "rest.</p>"
    )
    return section("Tasks, the hardest first", note + table(names, rows))


def share(value):
    return "–" if isnan(value) else f"{value:.0%}"


def told(value):
    if isnan(value):
        return "–"
    weak = '<span class="bad"> look at it</span>' if value < WEAK else ""
    return f"{value:.2f}{weak}"


def pictures(found):
    most = top([item.shares for item in found])
    drawn = [
        f"<figure>{histogram(item.task, item.shares, most)}</figure>"
        for item in found
        if item.shares
    ]
    return section(
        "Points, task by task", f'<div class="charts">{"".join(drawn)}</div>'
    )


def top(many):
    """The highest bar of several histograms, so that they can be compared."""
    return max((max(counted(shares)) for shares in many if shares), default=1)


def reasons(book):
    rows = [
        row(
            kind,
            [
                cell("Times", str(count), 'class="number"'),
                cell("Tasks", escape(", ".join(names))),
                cell("For example", escape(example) if example != kind else "–"),
            ],
        )
        for count, kind, names, example in failures(book)
    ]
    names = ("Reason", "Times", "Tasks", "For example")
    return section("What went wrong most often", table(names, rows)) if rows else ""


def slowest(book, found, most=8):
    order = sorted(found, key=lambda item: -item.slowest)[:most]
    rows = [
        row(
            item.task,
            [
                cell("Slowest", f"{item.slowest:.3g} s", 'class="number"'),
                cell("Median", f"{item.seconds:.3g} s", 'class="number"'),
                cell("Who", escape(slow_student(book, item))),
            ],
        )
        for item in order
        if item.slowest
    ]
    names = ("Task", "Slowest", "Median", "Who")
    return section("Slowest tasks", table(names, rows)) if rows else ""


def slow_student(book, item):
    return max(book.by_task[item.task], key=lambda entry: entry.seconds).student


def late_days(book, lates):
    """A row for each student who was late."""
    rows = [
        row(
            student,
            [
                cell("Days late", str(late.days), 'class="number"'),
                cell("Free", str(late.free), 'class="number"'),
                cell("Points", f"{raw(book, student):g}", 'class="number"'),
                cell("Penalty", f"{late.penalty(raw(book, student)):g}"),
                cell("After it", f"{total(book, student, lates):g}", 'class="number"'),
            ],
        )
        for student, late in lates.items()
        if late.days
    ]
    names = ("Student", "Days late", "Free", "Points", "Penalty", "After it")
    return section("Late days", table(names, rows)) if rows else ""


def row(name, cells):
    return f'<tr><th scope="row">{escape(name)}</th>{"".join(cells)}</tr>\n'


def table(names, rows):
    return (
        f'<table class="rows"><thead><tr>{head_cells(*names)}</tr></thead>'
        f"<tbody>\n{''.join(rows)}</tbody></table>"
    )


def section(title, content):
    return f"<section><h2>{title}</h2>\n{content}</section>\n"
