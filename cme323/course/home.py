"""Home.ipynb: the page that a student meets, made from the notebooks it lists."""

import json
import platform
import re
from pathlib import Path
from urllib.parse import quote

import nbformat

from cme323.errors import BadInput

WELCOME = """\
# Distributed Algorithms, where every theorem runs

A lecture states what an algorithm **must cost**, runs it, and puts the **measured
cost** beside the prediction. Then it is your turn.
"""

HOW = """\
## How it works

- **Run** the cell you are in with <kbd>Shift</kbd> + <kbd>Enter</kbd>, or all of them
  with *Run → Run All Cells*.
- **Check** an exercise with the `check("5.1", ...)` cell below it, as often as you
  like. A wrong answer gets one sentence: the input, what was expected, what came, and
  the idea to revisit. Nothing leaves this machine.
- **Your files** are in `{work}`. What you change there is never overwritten: a newer
  release of it comes beside it, under a name of its own. Delete a file and the next
  start brings back a fresh one.
"""


def home(material, work) -> bytes:
    """The notebook Home.ipynb for the notebooks of `material`, in Jupyter's own form.

    Raises BadInput where one of them cannot be read.
    """
    cells = {
        "welcome": WELCOME,
        "lectures": section("Lectures", material, "lectures/*.ipynb"),
        "assignments": section("Assignments", material, "assignments/*/*.ipynb"),
        "how": HOW.format(work=work),
    }
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell(text.strip(), id=name)
            for name, text in cells.items()
        ],
        metadata=PYTHON,
    )
    return (nbformat.writes(notebook) + "\n").encode()


# All that Jupyter adds when it opens the page: a page that it must amend looks edited.
PYTHON = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": platform.python_version(),
    },
}


def section(title, material, pattern):
    """A heading and a linked line for each notebook, or a line that there is none."""
    notebooks = sorted(Path(material).glob(pattern), key=natural)
    lines = [entry(material, notebook) for notebook in notebooks]
    return "\n".join([f"## {title}", "", *(lines or ["*None yet.*"])])


def natural(path):
    """The order that people expect: a9 before a10."""
    parts = re.split(r"(\d+)", path.as_posix())
    return [int(part) if part.isdigit() else part for part in parts]


def entry(material, notebook):
    """`- **[title](link)**`, and what the notebook is about where it says so."""
    title, about = headline(notebook)
    link = quote(notebook.relative_to(material).as_posix())
    return f"- **[{title}]({link})**" + (f"  \n  {about}" if about else "")


def headline(notebook):
    """A notebook's first `# ` heading and the first sentence of prose below it.

    Without a heading the title is the file's name, and there is no sentence.
    """
    lines = "\n\n".join(prose(notebook)).splitlines()
    at = next((i for i, line in enumerate(lines) if line.startswith("# ")), None)
    if at is None:
        return notebook.stem, ""
    paragraphs = re.split(r"\n\s*\n", "\n".join(lines[at + 1 :]))
    plain = (p.strip() for p in paragraphs if re.match(r"\s*[\w*_`$\"(]", p))
    return lines[at][2:].strip(), first_sentence(next(plain, ""))


def prose(notebook):
    """The markdown cells of a notebook, as text."""
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
        return ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"{notebook} must be a notebook (JSON with cells), but reading it gives "
            f"{error!r}: build it again or reinstall cme323"
        ) from error


def first_sentence(paragraph):
    """The paragraph up to its first full stop, in one line.

    >>> first_sentence("Ranks are a fixed point. Iterate, e.g. fifty times.")
    'Ranks are a fixed point.'
    """
    line = " ".join(paragraph.split())
    return re.split(r"(?<=[.!?])\s+(?=[A-Z*_`$])", line, maxsplit=1)[0]
