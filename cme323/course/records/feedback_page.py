"""A student's page: one file, no net, no script; for a phone, a screen and paper.

the points, and a table of the tasks: score, why, cost, what was repaired, time
below, their work: prose and code as text, outputs as text and pictures
"""

from html import escape

from cme323.course.page_article import cell, head_cells
from cme323.course.records.sheet import sheet

MARKS = {
    "full": ("good", "✓", "all points"),
    "part": ("partly", "~", "some of the points"),
    "none": ("bad", "✗", "no points"),
    "open": ("open", "○", "not graded yet"),
}
DEFAULT = {"full": "All right.", "part": "The test gives a part of the points."}


def feedback_page(feedback):
    """The page as HTML."""
    waiting = sum(note.outcome == "open" for note in feedback.notes)
    body = f"""\
<header>
<p class="kicker">{escape(feedback.student)}</p>
<h1>Feedback on {escape(feedback.title)}</h1>
<p class="lead">{feedback.raw - feedback.penalty:g} of {feedback.max:g} points</p>
{said(waiting_text(waiting))}{said(late_text(feedback))}
{said(unread(feedback), "error")}
{said(f"Sandbox: {feedback.sandbox}.", "source")}
</header>
<main>
<table class="rows">
<caption class="hidden">The tasks</caption>
<thead><tr>{head_cells("Task", "Points", "Why", "Time")}</tr></thead>
<tbody>
{"".join(row(note) for note in feedback.notes)}</tbody>
</table>
{tests(feedback.notes)}
{work(feedback.cells)}
</main>
"""
    return sheet(f"{feedback.title}: {feedback.student}", body, "feedback")


def waiting_text(waiting):
    tasks = "task waits" if waiting == 1 else "tasks wait"
    return f"{waiting} {tasks} for a person, and may add points." if waiting else ""


def late_text(feedback):
    late = feedback.late
    if not late.days:
        return ""
    return f"{late}: {feedback.raw:g} points less {feedback.penalty:g}."


def unread(feedback):
    return (
        feedback.unreadable and f"Your work could not be read: {feedback.unreadable}."
    )


def said(text, kind=""):
    return f'<p class="{kind}">{escape(text)}</p>' if text else ""


def row(note):
    """A task in the table."""
    kind, mark, words = MARKS[note.outcome]
    points = (
        f'<span class="{kind}"><span aria-hidden="true">{mark}</span> '
        f'<span class="hidden">{words}: </span>{note.points}</span>'
    )
    cells = [
        cell("Points", points, 'class="number"'),
        cell("Why", why(note)),
        cell("Time", f"{note.entry.seconds:.2f} s", 'class="number"'),
    ]
    name = f'<th scope="row">{escape(note.entry.task)}</th>'
    return f"<tr>{name}{''.join(cells)}</tr>\n"


def why(note):
    """The reason, costs and repairs, each in a line."""
    costs = [
        f"{name}: {measured:,} measured, {bound:,} allowed"
        for name, measured, bound in note.costs
    ]
    repaired = note.entry.repaired and f"Repaired: {note.entry.repaired}."
    reason = note.why or DEFAULT.get(note.outcome, "")
    lines = [said(reason), *(said(cost, "cost") for cost in costs)]
    return "".join([*lines, said(repaired, "source")])


def tests(notes):
    """The tests, if the instructor shows them."""
    shown = [
        f"<h3>{escape(note.entry.task)}</h3>{listing(note.test)}"
        for note in notes
        if note.test
    ]
    return f"<section><h2>The tests</h2>{''.join(shown)}</section>" if shown else ""


def work(cells):
    """The student's cells, none of which is more than text."""
    if not cells:
        return ""
    shown = "".join(map(work_cell, cells))
    return f'<section class="work"><h2>Your work</h2>\n{shown}</section>'


def work_cell(shown):
    if not shown.code:
        return f'<div class="prose">{escape(shown.text)}</div>\n' if shown.text else ""
    return f"{listing(shown.text)}{''.join(map(piece_html, shown.outputs))}\n"


def piece_html(piece):
    if piece.kind == "picture":
        source = f"data:{piece.media};base64,{piece.text}"
        return f'<img alt="a picture that this cell drew" src="{source}">'
    if piece.kind == "left out":
        return said(f"Not shown: {piece.text}", "source")
    return f'<pre class="output" tabindex="0">{escape(piece.text)}</pre>'


def listing(text):
    return f'<pre tabindex="0"><code>{escape(text)}</code></pre>'
