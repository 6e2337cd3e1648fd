"""Data that is always at hand: offline, deterministic, of any size."""

from cme323.datasets.edges import read_edges
from cme323.datasets.import_statements import Imports, read_imports
from cme323.datasets.imports import import_graph
from cme323.datasets.random_graphs import random_graph, web_graph
from cme323.datasets.words import zipf_words

__all__ = [
    "Imports",
    "import_graph",
    "random_graph",
    "read_edges",
    "read_imports",
    "web_graph",
    "zipf_words",
]
