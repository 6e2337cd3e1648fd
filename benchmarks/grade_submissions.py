"""What is graded: solved and mutated submissions of assignment 5, and tiny ones.

    hand_in_a5(folder, 200)      folder/0000/a5_graphs.ipynb ...
    hand_in_tiny(folder, 2000)   folder/0000/tiny.ipynb ..., and source/tiny/tiny.ipynb

Every third submission is the solution, each other one has a single mistake. They have
no pictures, which nobody grades; each says whose it is, so that no two are one file.
"""

import json
from pathlib import Path

import jupytext
import nbformat

A5 = Path("solutions/a5_graphs/a5_graphs.py")
# (the answer's cell, right text, wrong text); each of them comes to an end.
MISTAKES = (
    ("naive", "damping * r[1]", "r[1]"),
    ("naive", "range(iterations)", "range(iterations + 1)"),
    ("safe", "1 - damping * received.values().sum()", "1 - damping"),
    ("safe", "links.leftOuterJoin(rec", "links.join(rec"),
    ("predict", "min(m, n * P)", "m"),
    ("partitioned", "links.join(ranks)", "links.map(lambda kv: kv).join(ranks)"),
    ("personalised", "weight / total", "weight"),
    ("experiment", 'else "REFUTED"', 'else "CONFIRMED"'),
)


def hand_in_a5(folder, number):
    """Hand in so many, and give the source."""
    source = Path(__file__).parents[1] / A5
    for i in range(number):
        notebook = jupytext.read(source)
        cells = [c for c in notebook.cells if "course.plots" not in c.source]
        if i % 3:
            mistake(cells, *MISTAKES[i % len(MISTAKES)])
        notebook.cells = [nbformat.v4.new_markdown_cell(f"Student {i}"), *cells]
        hand_in(folder / f"{i:04}" / f"{source.stem}.ipynb", notebook)
    return source


def mistake(cells, name, right, wrong):
    (answer,) = [c for c in cells if is_answer(c, name)]
    changed = answer.source.replace(right, wrong)
    if changed == answer.source:
        raise ValueError(f"assignment 5 has no {right!r} in {name} any more")
    answer.source = changed


def is_answer(cell, name):
    mark = cell.metadata.get("nbgrader", {})
    code = cell.cell_type == "code"
    return code and mark.get("solution") and name in mark["grade_id"]


def hand_in_tiny(folder, number):
    """One function and one test; every third gets it wrong."""
    source = folder.parent / "source/tiny/tiny.ipynb"
    hand_in(source, tiny("return x + 1"))
    for i in range(number):
        answer = "return x" if i % 3 == 1 else "return x + 1"
        hand_in(folder / f"{i:04}" / "tiny.ipynb", tiny(f"{answer}  # {i}"))
    return source


def tiny(answer):
    cells = [
        marked(f"def f(x):\n    {answer}", "f", solution=True, locked=False),
        marked("assert f(1) == 2", "test_f", grade=True, points=1),
    ]
    return nbformat.v4.new_notebook(cells=cells)


def marked(text, name, **mark):
    mark = {"grade": False, "solution": False, "locked": True, **mark}
    mark |= {"grade_id": name, "schema_version": 3, "task": False}
    return nbformat.v4.new_code_cell(text, metadata={"nbgrader": mark})


def hand_in(path, notebook):
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
