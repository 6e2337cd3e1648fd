"""The import graph of Python: a real graph that every reader has on disk.

    node    a module, by its dotted name
    edge    (importer, imported): a statement in the one names the other

What counts as a module and as an import stands in import_statements.py; here is
where the source lies, and a cache, which is itself an edge list.
"""

import gzip
import hashlib
import os
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path

from cme323.datasets import import_statements
from cme323.datasets.edges import read_edges
from cme323.datasets.import_statements import read_imports
from cme323.errors import BadInput
from cme323.replace import replace_file


def import_graph(installed=False, cache=True, progress=True) -> list[tuple[str, str]]:
    """Who imports whom in the standard library: distinct edges, sorted.

    With `installed`, also in all that pip has installed: some 10,000 modules, so
    a progress bar is shown. The first call reads the source and keeps the answer
    in the user's cache folder until Python or what is installed changes.

    >>> ("json", "json.decoder") in import_graph()
    True
    """
    folders = _folders(installed)
    if not cache:
        return read_imports(folders, progress and installed).edges
    saved = _cache_file(folders)
    with suppress(BadInput):  # absent or damaged: read the source again
        return read_edges(saved)
    edges = read_imports(folders, progress and installed).edges
    with suppress(OSError):  # a cache that cannot be written is no failure
        _save(edges, saved)
    return edges


def _folders(installed):
    paths = ["stdlib", "purelib", "platlib"] if installed else ["stdlib"]
    folders = dict.fromkeys(sysconfig.get_path(path) for path in paths)
    return [folder for folder in folders if os.path.isdir(folder)]


def _cache_file(folders):
    """Named by all that the graph depends on: Python, what is there, these rules."""
    from platformdirs import user_cache_dir

    there = [(folder, sorted(os.listdir(folder))) for folder in folders]
    rules = Path(import_statements.__file__).read_bytes()
    key = hashlib.sha256(repr((sys.version, there, rules)).encode()).hexdigest()
    return Path(user_cache_dir("cme323"), f"imports-{key[:20]}.txt.gz")


def _save(edges, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "# importer imported\n" + "".join(f"{a} {b}\n" for a, b in edges)
    replace_file(path, gzip.compress(text.encode(), mtime=0))
