"""The sections of the teacher's page: tables, and a histogram for each task."""

from html import escape
from math import isnan

from cme323.course.page_article import cell, head_cells
from cme323.course.records.bars import counted, histogram
from cme323.course.records.item_map import item_map
from cme323.course.records.items import failures

WEAK = 0.2  # a discrimination below it is worth a look


def raw(book, student):
    """A student's points, as graded."""
    return sum(entry.score or 0 for entry in book.by_student[student])


def total(book, student, lates):
    """A student's points, less what a late day costs."""
    points = raw(book, student)
    return points - (lates[student].penalty(points) if student in lates else 0)


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
            f"{number}. {item.task}",
            [
                cell("Points", f"{item.max:g}", 'class="number"'),
                cell("Mean share", share(item.difficulty), 'class="number"'),
                cell("Discrimination", told(item.discrimination), 'class="number"'),
                cell("Graded", str(len(item.shares)), 'class="number"'),
            ],
        )
        for number, item in enumerate(order, 1)
    ]
    names = ("Task", "Points", "Mean share", "Discrimination", "Graded")
    note = (
        "<p>Discrimination is the correlation of a task with all the others: from -1 "
        f"to 1. Below {WEAK:g} a task says little of a student, or the opposite of the "
        "rest.</p>"
    )
    drawn = item_map(order, WEAK)
    figure = f'<div class="map"><figure>{drawn}</figure></div>' if drawn else ""
    return section("Tasks, the hardest first", note + figure + table(names, rows))


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
