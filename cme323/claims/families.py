"""Graphs to hold claims against, and what the work-depth machine counts on them."""

from math import isqrt

import numpy as np

from cme323.datasets import (
    complete,
    cycle,
    erdos_renyi,
    grid,
    path,
    random_regular,
    relabelled,
    star,
)
from cme323.parallel.undirected import neighbours
from cme323.pram import PRAM

NAMES = ("path", "star", "grid", "Erdos-Renyi")
SMALL = tuple((name, n) for name in NAMES for n in (16, 64))
GRAPHS = tuple((name, n) for name in NAMES for n in (16, 64, 256))


def family(name, n):
    """The edges of a graph of n nodes, which are numbered at random."""
    edges = {
        "path": lambda: path(n),
        "cycle": lambda: cycle(n),
        "star": lambda: star(n),
        "complete": lambda: complete(n),
        "grid": lambda: grid(isqrt(n), n // isqrt(n)),
        "Erdos-Renyi": lambda: erdos_renyi(n, 2 * n),
        "4-regular": lambda: random_regular(n, 4),
    }
    return relabelled(n, edges[name]())


def degrees(n, edges):
    """How many neighbours each node has."""
    return [len(near) for near in neighbours(n, edges)]


def rng(seed):
    return np.random.default_rng(seed)


def counted(algorithm, *arguments):
    """What a PRAM counts of an algorithm."""
    pram = PRAM()
    algorithm(pram, *arguments)
    return pram.cost


def mean_cost(algorithm, n, edges, seeds):
    """What a PRAM counts of a random algorithm, on average: a Cost."""
    costs = [counted(algorithm, n, edges, rng(seed)) for seed in seeds]
    return sum(costs[1:], costs[0]) * (1 / len(costs))
