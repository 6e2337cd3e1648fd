"""`cme323 report`: an assignment on a page, for the teacher alone.

    the class          points, a histogram, who has no readable work
    the tasks          difficulty, discrimination, a histogram for each
    what went wrong    the most frequent reasons
    the slowest        seconds
    late days          for each student: days, points, what they cost

It names students and quotes reasons with their answers, so it is not for students.
"""

from html import escape
from pathlib import Path

import numpy as np

from cme323.course.records.book import read_book
from cme323.course.records.export import lateness
from cme323.course.records.items import items
from cme323.course.records.report_parts import (
    late_days,
    pictures,
    reasons,
    slowest,
    tasks,
    total,
    unreadable,
    whole,
)
from cme323.course.records.roster import with_manual
from cme323.course.records.sandboxes import graded_in, warning
from cme323.course.records.sheet import sheet
from cme323.errors import BadInput
from cme323.replace import replace_file


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
{paragraph(waiting(found))}{paragraph(late_text(lates))}\
{paragraph(graded_in(book))}{paragraph(warning(book))}
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
    costly = sum(one.penalty(1) > 0 for one in late)
    return (
        f"{len(late)} of {len(lates)} students were late, {costly} of them at a cost; "
        "penalties are taken off the totals here, and off no score."
    )


def paragraph(text):
    return f"<p>{escape(text)}</p>\n" if text else ""
