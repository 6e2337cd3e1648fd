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
# # Lecture 15. PageRank, and what it costs to move
#
# PageRank is fifteen lines on any dataflow engine: is what they compute right, how many
# steps do they need, and how much do they move over the network? Each answer is a
# theorem; each theorem is a number; and the machine counts whether it holds.
#
# **Words.**
#
# - **page**: any key, here a `str`; **link**: a pair `(page, page it links to)`.
# - **ranks**: an RDD of `(page, float)`; they sum to 1.
# - **damping** $d$: a `float`, the chance that a surfer follows a link.
# - **step**: one power iteration, from ranks to ranks.
# - **shuffle**: the moment when records change partition. What a step writes to
#   shuffles is its traffic, in **records**; each wait for a shuffle is a **round**.
# - **`Cost`**: rounds, tasks, records, bytes. A theorem predicts one, `sc.cost` is one.

# %%
from itertools import islice

from cme323 import Context, Cost
from cme323.claims import claim
from cme323.claims.claim import Experiment
from cme323.claims.graphs import (
    circulant,
    from_one_page,
    moved,
    steps_needed,
    two_islands,
)
from cme323.claims.verdicts import AtMost
from cme323.course.plots import bars, lines, plot
from cme323.course.show import Code, SparkRun, on_spark
from cme323.datasets import import_graph
from cme323.graphs import pagerank as program
from cme323.graphs.pagerank import pagerank, pagerank_cost, pagerank_textbook
from cme323.measure import compare, run

# %% [markdown]
# ## A real graph
#
# The pages are the modules of Python's own standard library, the links its `import`
# statements, read from the source on this machine. Before you go on: which module do
# you think comes first?

# %% tags=["varies"]
edges = import_graph()
modules = {module for edge in edges for module in edge}
f"{len(modules):,} modules, {len(edges):,} imports"

# %% tags=["varies"]
ranks = pagerank(Context(partitions=4), edges, iterations=50)
top = dict(sorted(ranks.items(), key=lambda item: -item[1])[:12])
bars(top, "The standard library's most imported, by PageRank", "rank (they sum to 1)")

# %% [markdown]
# `sys` is first by any count. But look for `_collections_abc`: on Python 3.11, nine
# modules import it and 57 import `collections`, which ranks below. It matters *who*
# imports you. And `sys`, written in C, imports nothing: it is a page without links of
# its own. Such pages are where programs go wrong, so we look at the program next.

# %% [markdown]
# ## The program
#
# $$\mathrm{rank}(v) = d \sum_{u \to v} \frac{\mathrm{rank}(u)}{\mathrm{outdegree}(u)}
# + \mathrm{home}(v)\,\Big(1 - d \cdot \text{all rank that arrived over links}\Big)$$
#
# A surfer follows a link with probability $d$. One who is bored, or stuck on a page
# without links, jumps *home*: to any page alike, or where the reader wishes.

# %%
Code(program.link_lists, program._step)

# %% [markdown]
# `links.join(ranks)` brings each page's links and rank together, `flatMap` sends the
# shares, `reduceByKey` adds up what arrives. `sum` is the one number that the driver
# asks for in a step: what did not arrive, jumps.

# %% [markdown]
# ## No rank gets lost
#
# **Claim D3.** If the rank of pages without links is given out again, the ranks sum to
# 1 at every step. Most tutorials print another program:

# %%
Code(pagerank_textbook)

# %% [markdown]
# Take `a -> b <- c` with $d = 0.85$. After one step the tutorial's ranks are $b$ alone:
# $0.05 + 0.85 \cdot \frac23 = 0.617$, predicted with a pencil. The other 0.383 is lost,
# and so are `a` and `c`.

# %%
pagerank_textbook(Context(), [("a", "b"), ("c", "b")], iterations=1)

# %%
pagerank(Context(), [("a", "b"), ("c", "b")], iterations=1)

# %% [markdown]
# Now on five graphs, with the tutorial's program as the falsehood that has to fail:

# %%
d3 = claim("D3").check()
d3

# %%
plot(d3)

# %% [markdown]
# ## How many steps?
#
# **Claim D1.** A step is $x_{t+1} = dMx_t + (1-d)\,\mathbf{1}/n$, where $M$'s columns
# sum to 1, so $\|x_{t+1} - \pi\|_1 = d\,\|M(x_t - \pi)\|_1 \le d\,\|x_t - \pi\|_1$. Two
# ranks are never farther apart than 2, so $\lceil\ln(\varepsilon/2)/\ln d\rceil$ steps
# come within $\varepsilon$. **Prediction** for $d = 0.85$, $\varepsilon = 10^{-6}$:

# %%
steps_needed(0.85, 1e-6)

# %% [markdown]
# We start with all rank on one page and measure the distance to the limit after every
# step, on the imports and on two islands: complete graphs without a link between them.

# %% tags=["varies"]
islands = from_one_page(two_islands(), 0.85, 60)
imports = from_one_page(edges, 0.85, 60)
bound = [2 * 0.85**t for t in range(61)]
lines(
    {"bound, 2 d^t": bound, "two islands": islands, "imports": imports},
    "How far the ranks are from their limit",
    "step",
    "L1 distance",
    log=True,
)

# %% [markdown]
# The islands run parallel to the bound: rank can only jump from one to the other, so
# each step multiplies the distance by exactly $d$. The imports do far better, until
# rounding stops them: the theorem is an upper bound, and a graph that mixes beats it.

# %%
d1 = claim("D1").check()
d1

# %%
plot(d1)

# %% [markdown]
# ## What a step moves
#
# Three facts about the engine decide this. **Claim B10**: narrow transformations cost
# nothing but their work, since a chain of them is one stage and one pass. Here is the
# recipe of one step of PageRank; indentation shows where a shuffle cuts it.

# %%
sc = Context(partitions=4)
steps = program.power_iteration(sc, two_islands())
second = next(islice(steps, 1, None))
print(second.toDebugString().decode())

# %%
b10 = claim("B10").check()
b10

# %%
plot(b10)

# %% [markdown]
# **Claim B11.** A combiner adds up before it sends: at most one record for each key
# leaves each partition, however many there were.

# %%
b11 = claim("B11").check()
b11

# %%
plot(b11)

# %% [markdown]
# **Claim B13.** Two RDDs with one partitioner have equal keys in equal places: a join
# of them moves nothing. That is why `link_lists` partitions the links once, and why
# `_step` says `preservesPartitioning=True`: `map` could have changed the keys.

# %%
b13 = claim("B13").check()
b13

# %%
plot(b13)

# %% [markdown]
# Together they give **claim D2**: the textbook step moves $2m + n$ records, the
# co-partitioned one at most $\min(m, nP)$. **Prediction** for the imports and twenty
# steps, from the theorem's own function:

# %% tags=["varies"]
pagerank_cost(len(modules), len(edges), iterations=20, partitions=4)

# %% tags=["varies"]
run(pagerank, Context(partitions=4), edges, iterations=20).cost

# %% [markdown]
# Well below the bound, since most modules are imported from few partitions. On a graph
# where all pages are alike, the steps reach it, and it grows as $m$ does:

# %%
compare(
    lambda m: pagerank_cost(m // 8, m, iterations=5, partitions=4),
    lambda m: run(pagerank, Context(partitions=4), circulant(m // 8, m), iterations=5),
    over=[512, 1024, 2048, 4096],
)

# %% tags=["varies"]
d2 = claim("D2").check()
d2

# %% tags=["varies"]
plot(d2)

# %% [markdown]
# ## The same program on Spark
#
# `pagerank(sc, edges)` takes a `SparkContext` as well: one program, two machines.
# Spark counts rounds and bytes; it cannot count records, which it ships in batches.
# **Prediction** for three steps: 4 rounds on both, and equal ranks up to rounding.

# %%
ours = run(pagerank, Context(partitions=4), two_islands(), iterations=3)
ours.cost


# %% tags=["varies"]
def farthest(sc):
    """The largest difference of any rank between Spark and our engine."""
    theirs = pagerank(sc, two_islands(), iterations=3)
    return max(abs(theirs[page] - ours.value[page]) for page in theirs)


cost = Cost(rounds=4, tasks=36, bytes=7_811)
recorded = SparkRun(0.0, cost, "on 2026-11-22 with PySpark 4.3.0")
on_spark(farthest, recorded)

# %% [markdown]
# Spark's bytes are fewer, since it compresses its blocks; rounds and tasks are the same
# numbers. The theorem is about the program, not about the machine.

# %% [markdown]
# ## A falsehood
#
# A test that cannot fail proves nothing, so every claim above had falsehoods to refute.
# Here is another, widely believed: *with a combiner, a step moves at most one record
# for each page.* We predict $n = 100$, for any number of partitions.

# %%
falsehood = Experiment(
    says="a step moves at most n records",
    unit="records moved in a step",
    axes="P",
    sweep=(1, 2, 4, 8),
    predict=lambda partitions: 100,
    run=lambda partitions: moved(pagerank, circulant(100, 800), partitions),
    verdict=AtMost(),
).perform()
falsehood.verdict, falsehood.remark

# %% [markdown]
# Refuted as soon as there are two partitions: a combiner works within its partition,
# and knows nothing of the others. One record a page **and partition** is the truth.

# %% [markdown]
# ## What we left out
#
# Convergence tests (we count steps instead), block structure, updates of a changing
# graph, and ranks that fit on no single machine: `collectAsMap` brings them all here.
#
# **Questions.**
#
# 1. A graph has one page that links to all others. How many records does it add to a
#    step of each program, and what does a salted key change?
# 2. `jumping` is an action in every step. Could a step do without? What would it cost?
# 3. Personalise the imports to your favourite module. Which theorem above still holds?
