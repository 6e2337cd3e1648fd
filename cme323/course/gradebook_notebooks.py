"""What formgrader opens: autograded/<student>/<assignment>/<notebook>.ipynb.

The instructor's marks and tests, in the instructor's order; in the answers, the
student's text; below a test, why it gave no points. Of the student there is text alone:
no outputs, and in Markdown no HTML, links or pictures, and no TeX that makes such, as
formgrader would run the scripts in them.
"""

import re
from collections import defaultdict
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.utils import is_solution, parse_utc

from cme323.course.grade.notebook import Unreadable, read_submission
from cme323.course.records.late import TIME, written_in
from cme323.replace import replace_file

# What MathJax takes for more than formulas: links, scripts, styles, new commands.
TEX = (
    r"\\(?=(?:href|url|require|html|class|cssId|style|unicode|data|bbox|enclose|action"
    r"|toggle|texttip|tip|mmlToken|includegraphics|csname|def|let|newcommand"
    r"|renewcommand|newenvironment|renewenvironment|DeclareMathOperator))"
)


def write_notebook(place, sources, folder, scores):
    """Write into `place` the notebook that shows these scores of a folder's work.

    sources: {name: the instructor's notebook}.
    """
    name = scores[0].notebook
    try:
        submission = read_submission(folder, name, sources.keys() - {name})
        note = ""
    except Unreadable as error:
        submission, note = [], str(error)
    notebook = shown(sources[name], submission, {s.task: s for s in scores})
    if note:
        notebook.cells.insert(0, new_markdown_cell(f"**{note}**", id="note"))
    place.mkdir(parents=True, exist_ok=True)
    replace_file(place / f"{name}.ipynb", nbformat.writes(notebook).encode())


def shown(source, submission, scores):
    """The notebook of a submission with the source's marks; scores: {task: Score}."""
    marked = [cell for cell in source.cells if name_of(cell)]
    theirs, cells = after(submission, {name_of(cell) for cell in marked}), []
    cells += map(added, theirs[None])
    for cell in marked:
        name, parts = name_of(cell), theirs[name_of(cell)]
        answer = "\n\n".join(part.text for part in parts if part.id == name)
        text = answer if is_solution(cell) else cell.source
        cells.append(graded(cell, text, scores.get(name)))
        cells += [added(part) for part in parts if part.id != name]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return nbformat.v4.new_notebook(cells=cells, metadata=source.metadata)


def name_of(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def after(submission, names):
    """{grade_id: the cells from the first of that id to the next}; None: before."""
    found, last = defaultdict(list), None
    for cell in submission:
        last = cell.id if cell.id in names else last
        found[last].append(cell)
    return found


def graded(cell, text, score):
    """A cell of the source with this text; below it, why the score is what it is."""
    metadata = {"nbgrader": cell.metadata.nbgrader}
    if cell.cell_type != "code":
        mine = inert(text) if is_solution(cell) else text
        return new_markdown_cell(mine, metadata=metadata)
    told = [score.reason] if score and score.reason else []
    outputs = [new_output("stream", name="stdout", text=reason) for reason in told]
    return new_code_cell(text, metadata=metadata, outputs=outputs)


def added(part):
    """A cell of the student's own."""
    return (
        new_code_cell(part.text) if part.code else new_markdown_cell(inert(part.text))
    )


def inert(text):
    r"""Markdown whose HTML, links and pictures are shown as they are written.

    >>> inert("1 < 2, <script>alert(1)</script>, [here](javascript:alert(1))")
    '1 < 2, &lt;script>alert(1)&lt;/script>, [here] (javascript:alert(1))'
    >>> print(inert(r"$\frac12 \href{javascript:alert(1)}{x}$"))
    $\frac12 \ href{javascript:alert(1)}{x}$
    """
    text = re.sub(TEX, r"\\ ", text, flags=re.IGNORECASE)
    return re.sub(r"\](?=[(:])", "] ", re.sub(r"<(?=[a-zA-Z/!?])", "&lt;", text))


def handed_in(folder):
    """When, as nbgrader noted it beside the notebook; or None."""
    try:
        return parse_utc(written_in(Path(folder, TIME)))
    except (OSError, ValueError, OverflowError):
        return None
