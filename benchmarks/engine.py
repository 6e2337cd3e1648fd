"""The engine: nine workloads on our two executors, PySpark, pysparkling, a plain loop.

What each does is in engine_programs.py, what it must achieve in engine_targets.py.
All engines use 4 partitions, those with processes 2 of them.
"""

from functools import partial

import numpy as np

from benchmarks import engine_numpy as arrays
from benchmarks import engine_programs as programs
from benchmarks.engine_programs import PARTITIONS
from benchmarks.engine_targets import targets
from benchmarks.suite import Engine, Suite, Workload
from cme323 import Context
from cme323.datasets.random_graphs import random_graph
from cme323.datasets.words import zipf_words

WORKERS = 2


def suite():
    return Suite(
        title="the engine",
        workloads={workload.name: workload for workload in workloads()},
        engines={
            "plain": Engine("plain"),
            "numpy": Engine("numpy"),
            "serial": Engine("rdd", serial),
            "processes": Engine("rdd", processes),
            "pysparkling": Engine("rdd", pysparkling),
            "pyspark": Engine("rdd", pyspark),
        },
        reference="plain",
        targets=targets,
        growing={workload.name: workload for workload in growing()},
        sizes=(10**4, 10**5, 10**6, 10**7),
        grows="serial",
    )


def workloads():
    """The nine; the sizes are of records, links, rows, points or jobs."""
    return [
        named("wordcount", "word count, 1e6 words", 10**6, text),
        named("sort", "sortBy, 1e6 ints", 10**6, numbers),
        named("join", "join, 2e5 x 2e5 keys", 2 * 10**5, two_sides, compared=dict),
        named("group", "groupByKey, 1e6 pairs", 10**6, keyed),
        named("pagerank", "PageRank x10, 2e4 pages, 2e5 links", 2 * 10**5, web),
        named("logistic", "logistic gradient x10, 1e5 x 20", 10**5, labelled_rows),
        named("ints", "3x + 1, filter, sum, 1e7 ints", 10**7, int),
        named("pi", "Monte Carlo pi, 4e6 points", 4 * 10**6, seeds, rounding=2e-3),
        named("jobs", "100 tiny jobs", 100, int),
    ]


def growing():
    """Two of them at any size; PageRank takes two steps, to end in minutes.

    A plain loop's time grows faster than its data, as its dicts leave the processor's
    caches. More partitions keep ours small.
    """
    return [
        named("wordcount growing", "word count", 0, text),
        Workload(
            "pagerank growing",
            "PageRank x2",
            0,
            web,
            {
                "rdd": programs.pagerank_growing,
                "plain": partial(programs.pagerank_plain, iterations=2),
            },
        ),
    ]


def named(name, says, size, data, **more):
    """A Workload whose programs are called after the first word of its name."""
    word = name.split()[0]
    written = {
        "rdd": getattr(programs, word),
        "plain": getattr(programs, f"{word}_plain"),
        "numpy": getattr(arrays, word, None),
    }
    return Workload(name, says, size, data, written, **more)


# The engines


def serial():
    return Context(partitions=PARTITIONS)


def processes():
    return Context(partitions=PARTITIONS, executor="processes", workers=WORKERS)


def pyspark():
    from cme323.engine.context_pyspark import spark_context

    return spark_context(partitions=PARTITIONS, cores=WORKERS)


def pysparkling():
    from benchmarks.engine_pysparkling import context

    return context()


# What they work on, made before the clock starts


def text(size):
    """Words as unequal as in a language, of a vocabulary that grows with the text."""
    return zipf_words(size, vocabulary=max(1, size // 100))


def numbers(size):
    return np.random.default_rng(0).integers(10**9, size=size).tolist()


def two_sides(size):
    """Two lists of pairs, whose keys are the same numbers in two random orders."""
    rng = np.random.default_rng(0)
    return [list(zip(rng.permutation(size).tolist(), range(size))) for _ in "ab"]


def keyed(size):
    rng = np.random.default_rng(0)
    keys = rng.integers(max(1, size // 100), size=size).tolist()
    return list(zip(keys, rng.integers(100, size=size).tolist()))


def web(size):
    """`size` links between a tenth as many pages."""
    return random_graph(max(4, size // 10), size)


def labelled_rows(size, features=20, blocks=16):
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(size, features))
    labels = (rows @ rng.normal(size=features) > rng.normal(size=size)).astype(float)
    return list(zip(np.array_split(rows, blocks), np.array_split(labels, blocks)))


def seeds(size):
    return [(seed, size // PARTITIONS) for seed in range(PARTITIONS)]


SUITE = suite()
