"""release: build what students get, from the sources that teachers write.

    lectures/NN_name.py           ->  lectures/NN_name.ipynb, run, with outputs
    solutions/aN_name/aN_name.py  ->  assignments/aN_name/aN_name.ipynb, without
                                      solutions and hidden tests

Sources are notebooks as text (jupytext's percent format). Solutions and hidden
tests are taken out by nbgrader's own preprocessors. `differences` builds anew
and tells what is committed otherwise: every input must be equal, and every
output but pictures (compared by their alt text) and cells tagged "varies".
"""

import re
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)

from cme323.course.home import PYTHON
from cme323.errors import BadInput
from cme323.replace import replace_file

CELL_SECONDS = 300  # a limit for a hanging cell, not for a slow machine
TO_STUDENTS = (
    LockCells,
    ClearSolutions,
    ClearOutput,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
)


def release(root, only=(), progress=lambda path: None):
    """Build and write every notebook below `root`; returns the paths written.

    only: names, such as "08_sgd", of those to build; all, if there are none.
    """
    written = []
    for target, build, source in plan(Path(root), only):
        _write(target, build(source))
        written.append(target)
        progress(target)
    return written


def differences(root, only=(), progress=lambda path: None):
    """A sentence for each committed notebook that is not what its source builds."""
    found = []
    for target, build, source in plan(Path(root), only):
        if not target.exists():
            found.append(f"{target} is missing: run `cme323 release`.")
        elif difference := _first_difference(_read(target), build(source)):
            found.append(f"{target} differs in {difference}: run `cme323 release`.")
        progress(target)
    return found


def lecture(source):
    """The notebook of a lecture, run from top to bottom; raises if a cell fails."""
    notebook = _from_text(source)
    NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        record_timing=False,
        resources={"metadata": {"path": str(source.parent)}},
    ).execute()
    notebook.metadata = nbformat.from_dict(PYTHON)
    return notebook


def assignment(source):
    """The notebook of an assignment, without what students shall not see."""
    notebook = _from_text(source)
    resources = {"unique_key": source.stem, "metadata": {}}
    for preprocessor in TO_STUDENTS:
        notebook, resources = preprocessor().preprocess(notebook, resources)
    notebook.metadata.pop("celltoolbar", None)
    return notebook


def plan(root, only=()):
    """[(target, how to build it, source)] for every source, or for those in `only`."""
    lectures = sorted((root / "lectures").glob("*.py"))
    solutions = sorted((root / "solutions").glob("*/*.py"))
    if not lectures and not solutions:
        raise BadInput(
            f"{root.resolve()} has no lectures/*.py and no solutions/*/*.py: run "
            "`cme323 release` in a checkout of the course."
        )
    names = [source.stem for source in lectures + solutions]
    for name in set(only) - set(names):
        raise BadInput(f"there is no notebook {name!r}; there are {', '.join(names)}")
    found = [(s.with_suffix(".ipynb"), lecture, s) for s in lectures]
    for s in solutions:
        folder = root / "assignments" / s.parent.name
        found.append((folder / f"{s.stem}.ipynb", assignment, s))
    return [row for row in found if not only or row[-1].stem in only]


def _from_text(source):
    """The notebook in `source`, with ids that do not change from build to build."""
    notebook = jupytext.read(source)
    notebook.metadata = nbformat.from_dict(PYTHON)
    notebook.nbformat_minor = 5
    for number, cell in enumerate(notebook.cells):
        cell.id = cell.metadata.get("nbgrader", {}).get("grade_id", f"cell-{number}")
        cell.metadata.pop("lines_to_next_cell", None)
    return notebook


def _read(path):
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:
        raise BadInput(
            f"{path} is not a notebook ({error}): delete it and run `cme323 release`."
        ) from error


def _write(path, notebook):
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, (nbformat.writes(notebook) + "\n").encode())


def _first_difference(committed, built):
    """Where two notebooks first differ, in words; None if they do not."""
    if committed.metadata.get("kernelspec") != built.metadata.kernelspec:
        return "its kernel"
    if len(committed.cells) != len(built.cells):
        return f"its number of cells, {len(committed.cells)} for {len(built.cells)}"
    for number, (old, new) in enumerate(zip(committed.cells, built.cells), start=1):
        if _input(old) != _input(new):
            return f"the input of cell {number}"
        varies = "varies" in new.metadata.get("tags", [])
        if not varies and _outputs(old) != _outputs(new):
            return f"the output of cell {number}"
    return None


def _input(cell):
    return cell.id, cell.cell_type, cell.source, cell.metadata


def _outputs(cell):
    """What can be compared of a cell's outputs: texts, and alt texts of pictures."""
    return [
        _comparable(output.get("data", {})) if "data" in output else output
        for output in cell.get("outputs", [])
    ]


def _comparable(data):
    """Without the bytes of pictures, which differ from machine to machine."""
    return {
        kind: re.sub('src="data:image/[^"]*"', "", value)
        if kind in ("text/html", "text/markdown")
        else value
        for kind, value in data.items()
        if not kind.startswith("image/")
    }
