"""Who imports whom, from the source alone: it is parsed, and nothing is imported.

A statement counts wherever it stands: at the top, in a function, under `try` or
TYPE_CHECKING. What it names is the longest prefix that is a module: `from os.path
import join` is an edge to os, `from json import decoder` one to json.decoder.
Modules without source, such as sys, import nothing that we can see: they stay, as
sinks. Names of modules that are not there, such as optional packages, are dropped.

Left out: test packages, idlelib and lib2to3, which some systems do not install;
imports made at run time; and the packages that `import a.b` loads on its way.
"""

import ast
import gc
import importlib.util
import inspect
import os
import sys
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cme323.errors import BadInput

SKIPPED = {"__pycache__", "test", "tests", "idle_test", "idlelib", "lib2to3"}
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


@dataclass(frozen=True)
class Imports:
    """An import graph, and the files that it lacks because they do not parse."""

    edges: list[tuple[str, str]]
    unreadable: list[Path]


def read_imports(folders, progress=False) -> Imports:
    """The import graph of the modules under `folders`, each a root of imports.

    Raises BadInput if there is no Python source.
    """
    modules = {}
    for folder in folders:
        modules = _modules(Path(folder)) | modules  # the first folder wins
    sources = sorted(path for path in modules.items() if path[1])
    if not sources:
        places = ", ".join(map(str, folders))
        raise BadInput(f"no Python source in {places}: name folders with .py files")
    known = modules.keys() | sys.stdlib_module_names
    edges, unreadable = set(), []
    with _collector_paused():
        for name, path in _watched(sources) if progress else sources:
            try:
                edges.update(_edges(name, path, known))
            except (SyntaxError, ValueError, OSError, RecursionError, MemoryError):
                unreadable.append(path)
    return Imports(sorted(edges), unreadable)


def _modules(root):
    """{dotted name: its source file, or None if it is compiled}."""
    modules = {}
    for folder, subfolders, files in os.walk(root):
        subfolders[:] = [s for s in subfolders if s.isidentifier() and s not in SKIPPED]
        package = Path(folder).relative_to(root).parts
        for file in files:
            stem = inspect.getmodulename(file) or ""
            name = ".".join(package if stem == "__init__" else (*package, stem))
            if name and stem.isidentifier():
                source = Path(folder, file) if file.endswith(".py") else None
                modules[name] = source or modules.get(name)
    return modules


@contextmanager
def _collector_paused():
    """Syntax trees hold no cycles; to look for some takes a quarter of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _watched(sources):
    from tqdm.auto import tqdm

    return tqdm(sources, desc="reading imports", unit=" modules")


def _edges(module, path, known):
    package = module if path.stem == "__init__" else module.rpartition(".")[0]
    for statement in _import_statements(_parse(path)):
        for name in _names(statement, package):
            imported = _longest_prefix(name, known)
            if imported not in ("", module):
                yield module, imported


def _parse(path):
    with warnings.catch_warnings():  # old source has invalid escapes
        warnings.simplefilter("ignore")
        return ast.parse(path.read_bytes())


def _import_statements(tree):
    """Every import in a tree: only blocks are searched, expressions hold none."""
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        for block in BLOCKS:
            todo += getattr(node, block, ())


def _names(statement, package):
    """The dotted names in one statement; none if it climbs above its top package."""
    names = [alias.name for alias in statement.names]
    if isinstance(statement, ast.Import):
        return names
    dotted = "." * statement.level + (statement.module or "")
    try:
        base = importlib.util.resolve_name(dotted, package)
    except ImportError:
        return []
    return [f"{base}.{name}" for name in names]


def _longest_prefix(name, known):
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name
