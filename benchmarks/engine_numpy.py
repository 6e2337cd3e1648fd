"""The programs of engine_programs.py in numpy: the same lists, the same answers.

Turning a list into an array is part of what is timed. Tiny jobs have no array, and
the random points of pi are other ones.
"""

import numpy as np

from benchmarks.engine_programs import block_gradient


def wordcount(words):
    found, counts = np.unique(np.array(words), return_counts=True)
    return dict(zip(found.tolist(), counts.tolist()))


def sort(numbers):
    return np.sort(np.array(numbers)).tolist()


def join(sides):
    """One value for each key: that is how the benchmark's two sides are."""
    (keys, here), (others, there) = (np.array(side).T for side in sides)
    _, at, where = np.intersect1d(keys, others, assume_unique=True, return_indices=True)
    pairs = zip(here[at].tolist(), there[where].tolist())
    return list(zip(keys[at].tolist(), pairs))


def group(pairs):
    keys, values = np.array(pairs).T
    found, place = np.unique(keys, return_inverse=True)
    return dict(zip(found.tolist(), np.bincount(place, values).astype(int).tolist()))


def pagerank(edges, iterations=10):
    """Its pages are numbers, so that they are places in an array."""
    sources, targets = np.array(edges).T
    size = max(sources.max(), targets.max()) + 1
    degrees = np.bincount(sources, minlength=size)
    reached = np.bincount(targets, minlength=size) > 0
    ranks = (degrees > 0).astype(float)
    for _ in range(iterations):
        shares = (ranks / np.maximum(degrees, 1))[sources]
        sent = np.bincount(targets, shares, minlength=size)
        moved = np.bincount(targets, ranks[sources] > 0, minlength=size) > 0
        ranks = np.where(moved, 0.15 + 0.85 * sent, 0.0)
    pages = np.flatnonzero(reached & (ranks > 0))
    return dict(zip(pages.tolist(), ranks[pages].tolist()))


def logistic(blocks, steps=10):
    rows = np.concatenate([rows for rows, _ in blocks])
    labels = np.concatenate([labels for _, labels in blocks])
    weights = np.zeros(rows.shape[1])
    for _ in range(steps):
        weights = weights - block_gradient(weights, (rows, labels)) / len(rows)
    return weights.tolist()


def ints(size):
    y = 3 * np.arange(size) + 1
    return int(y[y % 2 == 0].sum())


def pi(seeds):
    found = 0
    for seed, size in seeds:
        x, y = np.random.default_rng(seed).random((2, size))
        found += int(np.count_nonzero(x * x + y * y < 1))
    return 4 * found / sum(size for _, size in seeds)
