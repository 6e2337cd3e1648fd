"""The house rules that a reader relies on, held by walking the imports."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "cme323"
MODULES = sorted(PACKAGE.rglob("*.py"))
# Imports point down: cost <- machines <- topics <- measure <- claims <- course.
STOREYS = (
    "replace",
    "errors",
    "cost",
    "datasets",
    "engine",
    "mapreduce",
    "network",
    "pram",
    "scaling",
    "checkpointing",
    "graphs",
    "linalg",
    "nn",
    "optimize",
    "parallel",
    "measure",
    "claims",
    "course",
)
TOPICS = {"graphs", "linalg", "nn", "optimize", "parallel"}  # none imports another
HEAVY = {
    "pyspark": ("_pyspark", "_graphx", "_hadoop"),
    "py4j": ("_pyspark", "_graphx", "_hadoop"),
    "networkx": ("_networkx",),
    "torch": ("_torch", "_triton"),
    "triton": ("_triton",),
    "scipy": ("_scipy",),
    "sklearn": ("_sklearn",),
    "ipywidgets": ("_ipywidgets",),
}


def imported(path):
    """(module, is it at the top of the file) for each import statement."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node in tree.body
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node in tree.body


def storey(dotted):
    parts = dotted.split(".")
    return STOREYS.index(parts[1]) if parts[1:] and parts[1] in STOREYS else None


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path):
    here = storey(".".join(path.relative_to(ROOT).with_suffix("").parts))
    below = [storey(name) for name, _ in imported(path) if name.startswith("cme323.")]
    assert here is None or all(there is None or there <= here for there in below)


def test_topics_do_not_import_each_other():
    for topic in TOPICS:
        others = {name for name in TOPICS if name != topic}
        for path in (PACKAGE / topic).rglob("*.py"):
            names = [name.split(".") for name, _ in imported(path)]
            assert not others & {name[1] for name in names if name[0] == "cme323"}, path


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_heavy_libraries_are_imported_where_the_file_name_says_so_at_its_top(path):
    for name, at_top in imported(path):
        suffixes = HEAVY.get(name.split(".")[0])
        if suffixes:
            assert path.stem.endswith(suffixes), f"{path} imports {name}"
            assert at_top


def test_the_rules_above_see_what_they_should(tmp_path):
    path = tmp_path / "x.py"
    path.write_text("import torch\ndef f():\n    from cme323.course import lab\n")
    assert list(imported(path)) == [("torch", True), ("cme323.course.lab", False)]
    assert (
        storey("cme323.course.lab")
        > storey("cme323.engine.rdd")
        > storey("cme323.cost")
    )


@pytest.mark.parametrize(
    "module",
    ["cme323", "cme323.measure", "cme323.graphs.pagerank", "cme323.claims"],
)
def test_needs_numpy_alone(module):
    others = {name.split(".")[0] for name in loaded_by(module) - loaded_by("sys")}
    others -= set(sys.stdlib_module_names)
    others.discard("cython_runtime")  # of numpy.random
    assert {name for name in others if not name.startswith("_")} <= {"cme323", "numpy"}


def loaded_by(module):
    """What a new Python has loaded after one import."""
    program = f"import sys, {module}; print(*sys.modules)"
    return set(
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout.split()
    )


def test_dependencies_are_ranges_and_torch_is_pinned_once():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    assert set(extras) == {"spark", "torch", "gpu", "dev", "bench", "all"}
    every = [*project["dependencies"], *(d for extra in extras.values() for d in extra)]
    assert [d for d in every if "==" in d.split(";")[0]] == extras["torch"]


def test_no_file_is_called_after_nothing():
    names = {path.stem for path in ROOT.glob("*/**/*.py") if ".venv" not in path.parts}
    assert not names & {"utils", "util", "helpers", "helper", "misc", "common"}


def test_the_version_is_told_once_and_in_the_changelog():
    import cme323

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == cme323.__version__
    assert f"## {cme323.__version__}" in (ROOT / "CHANGELOG.md").read_text()
