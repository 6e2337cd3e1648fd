"""Nine programs for RDDs, each written once, and beside it the plain loop.

`sc` is a Context, a SparkContext or pysparkling's; what the driver has is a list, and
`parallelize` is part of what is timed. The plain loop is what a good Python programmer
writes with dict and list in one process.
"""

import random
from collections import defaultdict
from functools import partial
from operator import add

import numpy as np

PARTITIONS = 4


# Word count


def wordcount(sc, words):
    counts = sc.parallelize(words, PARTITIONS).map(lambda word: (word, 1))
    return counts.reduceByKey(add).collectAsMap()


def wordcount_plain(words):
    counts = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts


# Sort


def sort(sc, numbers):
    return sc.parallelize(numbers, PARTITIONS).sortBy(lambda x: x).collect()


def sort_plain(numbers):
    return sorted(numbers)


# Join


def join(sc, sides):
    here, there = (sc.parallelize(side, PARTITIONS) for side in sides)
    return here.join(there).collect()


def join_plain(sides):
    here, there = sides
    found = defaultdict(list)
    for key, value in there:
        found[key].append(value)
    return [(key, (v, w)) for key, v in here if key in found for w in found[key]]


# Group


def group(sc, pairs):
    grouped = sc.parallelize(pairs, PARTITIONS).groupByKey()
    return grouped.mapValues(sum).collectAsMap()


def group_plain(pairs):
    groups = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: sum(values) for key, values in groups.items()}


# PageRank


def pagerank(sc, edges, iterations=10, partitions=PARTITIONS):
    """The textbook program with its links cached, so that only shares move."""
    links = sc.parallelize(edges, partitions).groupByKey(partitions).cache()
    ranks = links.mapValues(lambda targets: 1.0)
    for _ in range(iterations):
        shares = links.join(ranks).flatMap(lambda page: split(*page[1]))
        received = shares.reduceByKey(add, partitions)
        ranks = received.mapValues(lambda sent: 0.15 + 0.85 * sent)
    return ranks.collectAsMap()


def pagerank_growing(sc, edges):
    """Two steps, with partitions of 100,000 links: they fit the processor's caches."""
    return pagerank(sc, edges, 2, max(PARTITIONS, len(edges) // 100_000))


def split(targets, rank):
    share = rank / len(targets)
    return [(target, share) for target in targets]


def pagerank_plain(edges, iterations=10):
    links = defaultdict(list)
    for source, target in edges:
        links[source].append(target)
    ranks = dict.fromkeys(links, 1.0)
    for _ in range(iterations):
        received = defaultdict(float)
        for source, rank in ranks.items():
            targets = links.get(source)
            if targets:
                share = rank / len(targets)
                for target in targets:
                    received[target] += share
        ranks = {page: 0.15 + 0.85 * sent for page, sent in received.items()}
    return ranks


# Logistic regression


def logistic(sc, blocks, steps=10):
    """Ten steps of gradient descent; a record is a block of rows."""
    rows = sum(len(labels) for _, labels in blocks)
    cached = sc.parallelize(blocks, PARTITIONS).cache()
    weights = np.zeros(blocks[0][0].shape[1])
    for _ in range(steps):
        gradient = cached.map(partial(block_gradient, weights)).reduce(add)
        weights = weights - gradient / rows
    return weights.tolist()


def block_gradient(weights, block):
    rows, labels = block
    return rows.T @ (1 / (1 + np.exp(-(rows @ weights))) - labels)


def logistic_plain(blocks, steps=10):
    rows = sum(len(labels) for _, labels in blocks)
    weights = np.zeros(blocks[0][0].shape[1])
    for _ in range(steps):
        gradient = sum(block_gradient(weights, block) for block in blocks)
        weights = weights - gradient / rows
    return weights.tolist()


# Ints


def ints(sc, size):
    """The sum of the even ones among 3x + 1."""
    return sc.range(size, numSlices=PARTITIONS).mapPartitions(even_ones).sum()


def even_ones(numbers):
    return (y for x in numbers if (y := 3 * x + 1) % 2 == 0)


def ints_plain(size):
    total = 0
    for x in range(size):
        y = 3 * x + 1
        if y % 2 == 0:
            total += y
    return total


# Monte Carlo pi


def pi(sc, seeds):
    """A record is the seed of a million points."""
    found = sc.parallelize(seeds, PARTITIONS).map(lambda seed: inside(*seed)).sum()
    return 4 * found / sum(size for _, size in seeds)


def inside(seed, size):
    """How many of `size` random points of the unit square are in the circle."""
    draw, found = random.Random(seed).random, 0
    for _ in range(size):
        x, y = draw(), draw()
        if x * x + y * y < 1:
            found += 1
    return found


def pi_plain(seeds):
    return 4 * sum(inside(*seed) for seed in seeds) / sum(size for _, size in seeds)


# Tiny jobs


def jobs(sc, size):
    numbers = sc.parallelize(range(10), PARTITIONS)
    return [numbers.map(lambda x, i=i: x + i).sum() for i in range(size)]


def jobs_plain(size):
    return [sum(x + i for x in range(10)) for i in range(size)]
