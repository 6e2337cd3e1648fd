import ast
import shutil
from pathlib import Path

import nbformat
import pytest

from cme323.course import release
from cme323.course.cli import app
from cme323.errors import BadInput

ROOT = Path(__file__).parents[2]
A5 = ROOT / "solutions/a5_graphs/a5_graphs.py"


@pytest.fixture
def checkout(tmp_path):
    """A copy of the sources and of one small lecture, built."""
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    (tmp_path / "lectures").mkdir()
    (tmp_path / "lectures" / "01_small.py").write_text(
        "# %% [markdown]\n# # Small\n\n# %%\n1 + 1\n\n"
        '# %% tags=["varies"]\nimport time\n\ntime.time()\n'
    )
    release.release(tmp_path)
    return tmp_path


def split(source):
    """The lines inside and outside the regions of solutions and hidden tests."""
    inside, parts = False, {True: set(), False: set()}
    for line in map(str.strip, source.splitlines()):
        if line.startswith(("### BEGIN", "### END")):
            inside = "BEGIN" in line
        else:
            parts[inside].add(line)
    return parts[True], parts[False]


@pytest.mark.parametrize("source", sorted(ROOT.glob("solutions/*/*.py")), ids=str)
def test_no_solution_and_no_hidden_test_is_released(source):
    target = ROOT / "assignments" / source.parent.name / f"{source.stem}.ipynb"
    cells = nbformat.read(target, 4).cells
    released = "\n".join(cell.source for cell in cells)
    secret, public = split(source.read_text())
    assert len(secret - public) > 50
    assert (secret - public) & {line.strip() for line in released.splitlines()} == set()
    assert "SOLUTION" not in released
    assert "HIDDEN" not in released
    proofs = [cell for cell in cells if cell.cell_type == "markdown" and cell.metadata]
    assert {proof.source for proof in proofs} == {"YOUR ANSWER HERE"}


def test_only_notebooks_are_released():
    assert {path.suffix for path in ROOT.glob("assignments/*/*.*")} == {".ipynb"}


@pytest.mark.parametrize("name", [source.stem for *_, source in release.plan(ROOT)])
def test_what_is_committed_is_what_its_source_builds(name):
    assert release.differences(ROOT, [name]) == []


def test_only_the_named_are_built(checkout):
    (checkout / "lectures/01_small.ipynb").unlink()
    (target,) = release.release(checkout, ["a1_work_depth"])
    assert target.stem == "a1_work_depth"
    assert not (checkout / "lectures/01_small.ipynb").exists()


def test_a_name_that_no_source_has_is_bad_input(checkout):
    with pytest.raises(BadInput, match="no notebook '02_small'; there are 01_small"):
        release.release(checkout, ["02_small"])


def test_an_assignment_keeps_stubs_tests_and_points():
    cells = {cell.id: cell for cell in release.assignment(A5).cells}
    stub = cells["pagerank_naive"].source
    ast.parse(stub)
    assert stub.endswith("# YOUR CODE HERE\n    raise NotImplementedError()")
    assert cells["test_pagerank_naive"].source == 'check("5.1", pagerank_naive)'
    assert not cells["test_pagerank_naive"].metadata.editable
    points = [
        cell.metadata.get("nbgrader", {}).get("points", 0) for cell in cells.values()
    ]
    assert sum(points) == 50


def test_two_builds_are_the_same():
    assert release.assignment(A5) == release.assignment(A5)


def test_a_build_is_checked_clean(checkout):
    assert release.differences(checkout) == []


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("1 + 1", "1 + 2", "the input of cell 2"),
        (
            '"text/plain": [\n       "2"',
            '"text/plain": [\n       "3"',
            "the output of cell 2",
        ),
        ("# Small", "# Smaller", "the input of cell 1"),
        ('"python3"', '"julia"', "its kernel"),
    ],
)
def test_an_edited_lecture_is_told(checkout, old, new, where):
    path = checkout / "lectures/01_small.ipynb"
    text = path.read_text().replace(old, new)
    assert text != path.read_text()
    path.write_text(text)
    (told,) = release.differences(checkout)
    assert where in told


@pytest.mark.parametrize("kind", ["text/html", "text/markdown"])
def test_the_bytes_of_a_picture_may_differ_but_not_its_words(kind):
    def shown(alt, data):
        return release._comparable({kind: f'<img alt="{alt}" src="data:image/{data}">'})

    assert shown("a", "png;x") == shown("a", "png;y")
    assert shown("a", "png;x") != shown("b", "png;x")


def test_an_edited_assignment_and_a_missing_one_are_told(checkout):
    path = checkout / "assignments/a5_graphs/a5_graphs.ipynb"
    path.write_text(path.read_text().replace("(6 points)", "(60 points)"))
    assert "the input of cell" in release.differences(checkout)[0]
    path.unlink()
    assert "is missing" in release.differences(checkout)[0]


def test_a_committed_file_that_is_no_notebook_is_told(checkout):
    (checkout / "lectures/01_small.ipynb").write_text("{")
    with pytest.raises(BadInput, match="is not a notebook"):
        release.differences(checkout)


def test_a_failing_lecture_leaves_the_old_notebook(checkout):
    source = checkout / "lectures/01_small.py"
    before = source.with_suffix(".ipynb").read_text()
    source.write_text("# %%\n1 / 0\n")
    with pytest.raises(Exception, match="ZeroDivisionError"):
        release.release(checkout)
    assert source.with_suffix(".ipynb").read_text() == before
    assert not list(checkout.glob("lectures/.*"))


def test_a_folder_without_sources_is_bad_input(tmp_path):
    with pytest.raises(BadInput, match="in a checkout of the course"):
        release.release(tmp_path)


def test_the_command_line_offers_it():
    assert "release" in {
        command.callback.__name__ for command in app.registered_commands
    }
