# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Assignment 5: PageRank
#
# You write PageRank three times: as every tutorial does, then so that no rank gets
# lost, then so that little has to move. In between you *predict*, before you run,
# how many records a step will move; in the end your own measurements confirm or
# refute your prediction.
#
# - **page**: an `int` or a `str`; **link**: a pair `(page, page it links to)`.
# - **ranks**: a `dict` from each page to a `float`.
# - **`sc`**: a `Context`, the machine. It counts while your program runs:
#   `sc.cost.rounds` and `sc.cost.records` are what went through shuffles.
#
# After each exercise, `check` tells you in one sentence what is not right yet. More
# cases than you see here are tried when your work is graded. 44 points are graded by
# a program, 6 by a person. Write the functions yourself: a notebook that imports
# `cme323.graphs.pagerank` or `networkx` gets no points.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
from operator import add

from cme323 import Context
from cme323.course.check import check
from cme323.datasets import random_graph

# %% [markdown]
# ## The spec
#
# This is what all of it should compute: slow, on one machine, and right. $n$ is the
# number of pages, $d$ the damping.
#
# $$\mathrm{rank}(v) = d \sum_{u \to v} \frac{\mathrm{rank}(u)}{\mathrm{outdegree}(u)}
# + \frac{1}{n}\Big(1 - d \cdot \text{all rank that arrived over links}\Big)$$


# %% nbgrader={"grade": false, "grade_id": "spec", "locked": true, "schema_version": 3, "solution": false, "task": false}
def ranks_by_hand(edges, damping, iterations):
    """The ranks after `iterations` steps from 1/n everywhere."""
    edges = set(edges)
    pages = {page for edge in edges for page in edge}
    ranks = {page: 1 / len(pages) for page in pages}
    for _ in range(iterations):
        arrived = dict.fromkeys(pages, 0.0)
        for u, v in edges:
            arrived[v] += ranks[u] / sum(1 for edge in edges if edge[0] == u)
        jumping = 1 - damping * sum(arrived.values())
        ranks = {page: damping * arrived[page] + jumping / len(pages) for page in pages}
    return ranks


ranks_by_hand([("a", "b"), ("b", "a"), ("b", "c"), ("c", "a")], 0.85, 20)

# %% [markdown]
# ## 5.1 The textbook program (6 points)
#
# Write PageRank with RDDs for graphs in which **every page has links both ways**, so
# that $1 - d \cdot \text{arrived}$ is just $1 - d$. Start from `sc.parallelize(edges)`;
# one step is a join of links with ranks and a sum for each target. In these graphs no
# link is repeated.


# %% nbgrader={"grade": false, "grade_id": "pagerank_naive", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pagerank_naive(sc, edges, damping, iterations):  # about 9 lines
    """{page: rank} after `iterations` steps from 1/n everywhere."""
    ### BEGIN SOLUTION
    links = sc.parallelize(edges).groupByKey().cache()
    n = links.count()
    ranks = links.map(lambda link: (link[0], 1 / n))
    for _ in range(iterations):
        sent = links.join(ranks).flatMap(
            lambda page: [(v, page[1][1] / len(page[1][0])) for v in page[1][0]]
        )
        received = sent.reduceByKey(add)
        ranks = received.map(lambda r: (r[0], (1 - damping) / n + damping * r[1]))
    return ranks.collectAsMap()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_pagerank_naive", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("5.1", pagerank_naive)
### BEGIN HIDDEN TESTS
ring = [(page, (page + hop) % 12) for page in range(12) for hop in (1, 3, 4)]
check("5.1", pagerank_naive, more=[(ring, 0.85, 4), (ring[::-1], 0.3, 2)])
skewed = [*ring, *((0, page) for page in (2, 5, 6, 7, 8))]
check("5.1", pagerank_naive, more=[(skewed, 0.85, 6)])
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** Try your function on `[("a", "b"), ("c", "b")]`. Where did the rank go, and
# where is page `c`?

# %% [markdown]
# ## 5.2 No rank gets lost (8 points)
#
# Now for **any** graph: pages without links, pages that nobody links to, repeated links
# (count them once). Every page has a rank, and the ranks sum to 1 after every step.


# %% nbgrader={"grade": false, "grade_id": "pagerank_safe", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pagerank_safe(sc, edges, damping, iterations):  # about 15 lines
    """{page: rank} after `iterations` steps from 1/n everywhere, on any graph."""
    ### BEGIN SOLUTION
    distinct = sc.parallelize(edges).distinct()
    pages = (
        distinct.flatMap(lambda edge: edge).distinct().map(lambda page: (page, None))
    )
    links = pages.leftOuterJoin(distinct.groupByKey())
    links = links.mapValues(lambda pair: list(pair[1] or [])).cache()
    n = links.count()
    ranks = links.mapValues(lambda targets: 1 / n)
    for _ in range(iterations):
        sent = links.join(ranks).flatMap(
            lambda page: [(v, page[1][1] / len(page[1][0])) for v in page[1][0]]
        )
        received = sent.reduceByKey(add)
        jumping = 1 - damping * received.values().sum()
        ranks = links.leftOuterJoin(received).mapValues(
            lambda pair, jumping=jumping: damping * (pair[1] or 0.0) + jumping / n
        )
    return ranks.collectAsMap()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_pagerank_safe", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("5.2", pagerank_safe)
### BEGIN HIDDEN TESTS
sparse = random_graph(30, 40, seed=5)
check("5.2", pagerank_safe, more=[(sparse, 0.85, 5), (sparse + sparse[:9], 0.6, 3)])
path = [(page, page + 1) for page in range(9)]
check("5.2", pagerank_safe, more=[(path, 0.85, 9), ([("x", "x"), ("y", "x")], 0.9, 3)])
### END HIDDEN TESTS

# %% [markdown]
# ## 5.3 Predict before you run (8 points)
#
# On $n$ pages with $m$ links, in $P$ partitions: how many records does **one step**
# write to shuffles? Return a pair of `int`s:
#
# 1. the *naive* step: links (one record each) meet ranks, and neither is partitioned;
#    then every contribution moves, without a combiner;
# 2. an upper bound for the *partitioned* step: links and ranks stay in their places, and
#    contributions are combined before they move.


# %% nbgrader={"grade": false, "grade_id": "predict_records", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_records(n, m, P):  # 1 line
    """(records of a naive step, bound on the records of a partitioned one)"""
    ### BEGIN SOLUTION
    return m + n + m, min(m, n * P)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_predict_records", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("5.3", predict_records)
### BEGIN HIDDEN TESTS
check("5.3", predict_records, more=[(7, 1000, 3), (50, 99, 2), (50, 101, 2)])
### END HIDDEN TESTS

# %% [markdown]
# ## 5.4 The links stay where they are (8 points)
#
# The same ranks as in 5.2, but **one step takes one round and moves at most
# $\min(m, nP)$ records**. `check` asks the machine: it runs your function with one more
# iteration and looks at what that added to `sc.cost`. Which of your transformations
# forget where the keys are?


# %% nbgrader={"grade": false, "grade_id": "pagerank_partitioned", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pagerank_partitioned(sc, edges, damping, iterations):  # about 15 lines
    """{page: rank} as pagerank_safe; a step moves at most min(m, nP) records."""
    ### BEGIN SOLUTION
    P = sc.defaultParallelism
    ends = sc.parallelize(edges).flatMap(lambda e: [(e[0], [e[1]]), (e[1], [])])
    links = (
        ends.reduceByKey(add, P).mapValues(lambda targets: list(set(targets))).cache()
    )
    n = links.count()
    ranks = links.mapValues(lambda targets: 1 / n)
    for _ in range(iterations):
        sent = links.join(ranks).flatMap(
            lambda page: [(v, page[1][1] / len(page[1][0])) for v in page[1][0]]
        )
        received = sent.reduceByKey(add, P)
        jumping = 1 - damping * received.values().sum()
        ranks = links.leftOuterJoin(received).mapValues(
            lambda pair, jumping=jumping: damping * (pair[1] or 0.0) + jumping / n
        )
    return ranks.collectAsMap()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_pagerank_partitioned", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("5.4", pagerank_partitioned)
### BEGIN HIDDEN TESTS
dense = random_graph(20, 300, seed=8)
check("5.4", pagerank_partitioned, more=[(dense, 0.85, 3), (dense[:40], 0.85, 2)])
check("5.4", pagerank_partitioned, more=[(random_graph(30, 40, seed=5), 0.7, 4)])
### END HIDDEN TESTS

# %% [markdown]
# ## 5.5 Your own home (6 points)
#
# Surfers who are bored, or stuck on a page without links, now jump to `home`: a `dict`
# from some pages to weights, which need not sum to 1. The start is `home` too, with its
# weights scaled to sum to 1.


# %% nbgrader={"grade": false, "grade_id": "pagerank_personalised", "locked": false, "schema_version": 3, "solution": true, "task": false}
def pagerank_personalised(sc, edges, home, damping, iterations):  # about 17 lines
    """{page: rank} after `iterations` steps from home, when all jumps lead home."""
    ### BEGIN SOLUTION
    P, total = sc.defaultParallelism, sum(home.values())
    jump = {page: weight / total for page, weight in home.items()}
    ends = sc.parallelize(edges).flatMap(lambda e: [(e[0], [e[1]]), (e[1], [])])
    links = ends.reduceByKey(add, P).map(
        lambda page: (page[0], (set(page[1]), jump.get(page[0], 0.0))), True
    )
    links = links.cache()
    ranks = links.mapValues(lambda link: link[1])
    for _ in range(iterations):
        sent = links.join(ranks).flatMap(
            lambda page: [(v, page[1][1] / len(page[1][0][0])) for v in page[1][0][0]]
        )
        received = sent.reduceByKey(add, P)
        jumping = 1 - damping * received.values().sum()
        ranks = links.leftOuterJoin(received).mapValues(
            lambda pair, jumping=jumping: (
                damping * (pair[1] or 0) + jumping * pair[0][1]
            )
        )
    return ranks.collectAsMap()
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_pagerank_personalised", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("5.5", pagerank_personalised)
### BEGIN HIDDEN TESTS
sparse = random_graph(30, 40, seed=6)
homes = [{sparse[0][0]: 1.0}, {sparse[1][1]: 0.2, sparse[5][0]: 0.6}]
check("5.5", pagerank_personalised, more=[(sparse, home, 0.85, 4) for home in homes])
### END HIDDEN TESTS

# %% [markdown]
# ## 5.6 Theory against running code (8 points)
#
# Hold your prediction of 5.3 against your program of 5.4. `experiment` measures on
# machines of its own, one row for each graph: `(m, predicted, measured)`, where
# *measured* is what the second step moved: the records of two iterations less those of
# one. `verdict` reads the rows and returns `"CONFIRMED"` or `"REFUTED"`; it must be able
# to do both, and no rows confirm nothing.


# %% nbgrader={"grade": false, "grade_id": "circulant", "locked": true, "schema_version": 3, "solution": false, "task": false}
def circulant(n, m):
    """n pages and m links: every page links to the next m / n pages."""
    return [
        (page, (page + hop) % n) for page in range(n) for hop in range(1, m // n + 1)
    ]


# %% nbgrader={"grade": false, "grade_id": "experiment", "locked": false, "schema_version": 3, "solution": true, "task": false}
def experiment(graphs, partitions):  # about 9 lines
    """[(m, predicted, measured)], a row for each graph, given as a list of its links."""
    ### BEGIN SOLUTION
    rows = []
    for edges in graphs:
        n = len({page for edge in edges for page in edge})
        moved = []
        for iterations in (1, 2):
            sc = Context(partitions)
            pagerank_partitioned(sc, edges, 0.85, iterations)
            moved.append(sc.cost.records)
        predicted = predict_records(n, len(edges), partitions)[1]
        rows.append((len(edges), predicted, moved[1] - moved[0]))
    return rows
    ### END SOLUTION


def verdict(rows):  # about 2 lines
    """Is measured at most predicted, in every row?"""
    ### BEGIN SOLUTION
    holds = rows and all(measured <= predicted for _, predicted, measured in rows)
    return "CONFIRMED" if holds else "REFUTED"
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_experiment", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
rows = experiment([circulant(m // 8, m) for m in (64, 128, 256)], 4)
assert [row[0] for row in rows] == [64, 128, 256], f"5.6: rows begin with m, not {rows}"
assert verdict(rows) == "CONFIRMED", f"5.6: {rows} confirm the prediction; did you?"
check("5.6", verdict)
### BEGIN HIDDEN TESTS
graphs = [random_graph(n, 6 * n, seed=n) for n in (12, 24)]
for edges, row in zip(graphs, experiment(graphs, 3)):
    n = len({page for edge in edges for page in edge})
    assert row[1] == min(len(edges), 3 * n), f"5.6: {row[1]} was predicted for {row}"
    one, two = Context(3), Context(3)
    pagerank_partitioned(one, edges, 0.85, 1)
    pagerank_partitioned(two, edges, 0.85, 2)
    moved = two.cost.records - one.cost.records
    assert row[2] == moved, (
        f"5.6: {row} says {row[2]} moved, the machine counted {moved}"
    )
    assert moved < row[1], f"5.6: a step moved {moved} records, not below {row[1]}"
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** On which graphs is the bound reached, and on which is it far away? What
# would the rows look like for `pagerank_naive`?

# %% [markdown]
# ## 5.7 Why it converges (6 points, graded by a person)
#
# Let $x_t$ be the ranks after $t$ steps and $\pi$ their limit. Prove that
# $\|x_{t+1} - \pi\|_1 \le d\,\|x_t - \pi\|_1$, and give a graph and a start for which this
# is an equality.

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof_contraction", "locked": false, "points": 6, "schema_version": 3, "solution": true, "task": false}
# One step is $x_{t+1} = d M x_t + (1 - d)\,\mathbf{1}/n$, where $M$ is the matrix of links
# in which a page without links links to all pages: its columns are non-negative and sum
# to 1. As $\pi$ is a fixed point, $x_{t+1} - \pi = d M (x_t - \pi)$, and for every $y$,
# $\|My\|_1 = \sum_v |\sum_u M_{vu} y_u| \le \sum_u |y_u| \sum_v M_{vu} = \|y\|_1$.
# (2 points for the fixed point, 2 for the norm of $M$.)
#
# Equality needs that nothing cancels: two islands, each a complete graph with
# self-loops, and a start spread evenly over one of them. Then $x_t - \pi$ is positive on
# one island, negative on the other, and $M$ keeps both sums. (2 points.)
