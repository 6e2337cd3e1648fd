"""A student's notebook with a note after each task: made anew, of text alone.

Code cells stay code, which runs when the student runs it. Prose stays prose if it is
plain Markdown; with HTML, pictures, or links other than to the web, it is shown as the
text that it is. Outputs are text and pictures, so none can hold a script.
"""

import re
from uuid import NAMESPACE_URL, uuid5

import nbformat
from nbformat import v4

# Not what is harmful but what is plain: whatever has none of these is a text.
SUSPECT = re.compile(
    r"<|&[#a-z]|!\[|\]\s*:|\]\s*\((?!\s*https?://)"
    r"|\\(href|url|require|html|class|cssId|style|includegraphics|def|newcommand)"
    r"|(javascript|vbscript)\s*:",
    re.IGNORECASE,
)


def feedback_notebook(feedback):
    """The text of the .ipynb."""
    notes = {note.entry.task: note for note in feedback.notes}
    cells = [prose(heading(feedback))]
    for shown in feedback.cells:
        cells.append(cell_of(shown))
        if note := notes.pop(shown.grade_id, None):
            cells.append(prose(note_text(note)))
    cells += [prose(note_text(note)) for note in notes.values()]
    for number, cell in enumerate(cells):
        name = f"{feedback.student}/{feedback.title}/{number}"
        cell["id"] = uuid5(NAMESPACE_URL, name).hex[:8]
    return nbformat.writes(v4.new_notebook(cells=cells)) + "\n"


def cell_of(shown):
    if not shown.code:
        return prose(plain(shown.text))
    outputs = [output_of(piece) for piece in shown.outputs]
    return v4.new_code_cell(shown.text, outputs=outputs)


def prose(text):
    return v4.new_markdown_cell(text)


def output_of(piece):
    if piece.kind == "picture":
        data = {piece.media: piece.text, "text/plain": "a picture"}
        return v4.new_output("display_data", data)
    text = f"(not shown: {piece.text})" if piece.kind == "left out" else piece.text
    return v4.new_output("stream", name="stdout", text=f"{text}\n")


def plain(text):
    """Markdown as it is if it is plain; else fenced, so that it is shown as a text.

    >>> plain("*so* $n < 3$")
    '```text\\n*so* $n < 3$\\n```'
    """
    return fenced(text) if SUSPECT.search(text) else text


def fenced(text):
    """A block of code that nothing in `text` can close."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def heading(feedback):
    lines = [
        f"# Feedback on {as_text(feedback.title)}",
        f"**{feedback.raw - feedback.penalty:g} of {feedback.max:g} points** for "
        f"{as_text(feedback.student)}.",
    ]
    if feedback.late.days:
        lines.append(f"{feedback.late}: {feedback.penalty:g} points less.")
    if feedback.unreadable:
        lines.append(f"Your work could not be read: {as_text(feedback.unreadable)}.")
    lines.append(f"Sandbox: {as_text(feedback.sandbox)}.")
    return "\n\n".join(lines)


def note_text(note):
    """The note on a task, as Markdown in which nothing of a student's is live."""
    lines = [f"> **Feedback. {as_text(note.entry.task)}: {note.points} points.**"]
    if note.why:
        lines.append(as_text(note.why))
    for name, measured, bound in note.costs:
        lines.append(f"{name}: {measured:,} measured, {bound:,} allowed")
    if note.entry.repaired:
        lines.append(f"Repaired: {as_text(note.entry.repaired)}")
    lines.append(f"Took {note.entry.seconds:.2f} s.")
    said = "\n>\n> ".join(lines)
    return f"{said}\n\n{fenced(note.test)}" if note.test else said


def as_text(text):
    """Every character that Markdown or HTML could read as more, as an entity.

    >>> as_text("a_1 <b>")
    'a&#95;1 &#60;b&#62;'
    """
    return re.sub(r"[^\w\s.,;]|_", lambda m: f"&#{ord(m[0])};", " ".join(text.split()))
