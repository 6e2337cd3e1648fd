"""Data that is always at hand: offline, deterministic, of any size."""

from cme323.datasets.edges import read_edges
from cme323.datasets.import_statements import Imports, read_imports
from cme323.datasets.imports import import_graph
from cme323.datasets.random_graphs import random_graph, web_graph
from cme323.datasets.undirected_graphs import (
    binomial_tree,
    complete,
    cycle,
    erdos_renyi,
    grid,
    hypercube,
    path,
    random_regular,
    relabelled,
    star,
)
from cme323.datasets.words import zipf_words

__all__ = [
    "Imports",
    "binomial_tree",
    "complete",
    "cycle",
    "erdos_renyi",
    "grid",
    "hypercube",
    "import_graph",
    "path",
    "random_graph",
    "random_regular",
    "read_edges",
    "read_imports",
    "relabelled",
    "star",
    "web_graph",
    "zipf_words",
]
