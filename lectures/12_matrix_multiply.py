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
# # Lecture 12. Multiply matrices: what moves is what it costs
#
# To multiply two $n \times n$ matrices takes $n^3$ products of numbers and about as
# many sums, in whatever order. Any order is right. But from one order to the next the
# words that *move* differ by a factor of ten, of a hundred: between a cache and memory,
# between disks, between machines. We shall see the same trick three times: **a block
# that has come should be used as often as possible before it goes**.
#
# **Words.**
#
# - **word**: a number, 8 bytes. The matrices have $n^2$ words each.
# - **cache**: $M$ words that are near, before a memory that is far: a `Cache`.
# - **reducer**: a key of a shuffle with all its values; $q$, its **size**, an `int`, is
#   how many values it may have.
# - **replication**: how many reducers an entry is sent to.
# - **block**: a part of a matrix, some rows by some columns, an `ndarray`.
# - **rank**: one of $P$ machines that only talk, as in lecture 9; **grid**, the ranks
#   in a square or in a cube.
# - **`CoordinateMatrix`**, **`BlockMatrix`**: a matrix as an RDD of its nonzeros, or of
#   its blocks.
# - **`Cost`**: what a theorem predicts and what a machine counts; words are `records`.

# %%
from functools import partial
from math import isqrt

import numpy as np

from cme323 import Context, Cost
from cme323.claims import claim
from cme323.claims.claim import Experiment
from cme323.claims.matrices import moved_least
from cme323.claims.verdicts import Equal
from cme323.course.plots import curves, spacetime
from cme323.course.plots_linalg import roofline
from cme323.course.plots_network import traffic
from cme323.course.show import Code, GlooRun, SparkRun, on_gloo, on_spark
from cme323.linalg import cannon, matmul, matmul_mapreduce
from cme323.linalg.block_matrix import BlockMatrix, multiply_words
from cme323.linalg.cache import Cache
from cme323.linalg.coordinate_matrix import CoordinateMatrix
from cme323.linalg.grid import from_blocks, in_blocks
from cme323.linalg.matmul import blocked, matmul_blocked_cost, matmul_cost, three_loops
from cme323.linalg.matmul_1d import matmul_1d, matmul_1d_words
from cme323.linalg.matmul_3d import dealt, matmul_3d, matmul_3d_words
from cme323.linalg.matmul_mapreduce import one_round, two_rounds
from cme323.linalg.roofline import on_this_machine, rates
from cme323.linalg.summa import summa, summa_words
from cme323.measure import compare
from cme323.network import Network

# %% [markdown]
# ## One machine, and its cache
#
# This is the product that everybody writes first. It works on anything that has entries
# `x[i][j]`.

# %%
Code(matmul.three_loops)

# %% [markdown]
# We run it on matrices that lie in a memory, behind a cache which counts the words that
# come and go; what was used longest ago makes room. For one entry of $C$ a row of $A$
# and a column of $B$ are read. **Prediction** for $n = 32$ and a cache of 80 words: the
# row stays for all entries beside it, but until a column of $B$ is used again, all the
# others have passed. So $n^3 + 2n^2 = 34{,}816$ words.


# %%
def words_moved(multiply, n, M, *size):
    """Words between memory and a cache of M words, for n x n matrices."""
    cache = Cache(words=M)
    a, b, c = (cache.matrix(np.ones((n, n))) for _ in "abc")
    multiply(a, b, c, *size)
    return cache.cost


matmul_cost(32, M=80), words_moved(three_loops, 32, 80)

# %% [markdown]
# Each word of $B$ came 32 times. Now in **blocks** of $b \times b$: much the same
# lines, but the three outer loops step from block to block, and the inner ones stay
# inside. A block of $A$ and one of $B$ come together, $2b^2$ words, for $b^3$ products.

# %%
Code(matmul.blocked)

# %% [markdown]
# **Claim.** $2n^3/b + n^2$ words. **Prediction** for $b = 4$, in the same cache of 80:
# 17,408, half. And every time that $b$ doubles, they halve again, for which the cache
# must be four times as large.

# %%
compare(
    lambda b: matmul_blocked_cost(32, b),
    lambda b: words_moved(blocked, 32, 5 * b * b, b),
    over=[1, 2, 4, 8],
)

# %% [markdown]
# A cache of $M$ words has room for $b = \sqrt{M/5}$, and so $4.5\, n^3/\sqrt M$ words
# move. No order whatever moves less than about $n^3/\sqrt{8M}$, a twelfth of that (Hong
# and Kung, 1981). Why 5 blocks, when only three are in use? **Before you go on**, guess
# what happens in a cache of exactly $3b^2 = 48$ words.

# %%
words_moved(blocked, 32, 48, 4)

# %% [markdown]
# It is 72 percent more: the cache keeps the blocks of $A$ and $B$ that are *done*, as
# it cannot know, and throws out the block of $C$, which it will need. Libraries
# therefore copy blocks to where they want them.
#
# ## The roof
#
# What does a word that moves cost in seconds? A processor does so many flops in a
# second at most, its **peak**, and so many bytes come from memory, its **bandwidth**. A
# kernel with $F$ flops for $B$ bytes has the **intensity** $F/B$, and at best
#
# $$\min\big(\mathrm{peak},\; F/B \cdot \mathrm{bandwidth}\big)$$
#
# flops in a second (Williams, Waterman and Patterson, 2009). By blocks of $b \times b$,
# in float32, $F/B$ is just below $b/4$; by three loops it is below $1/2$.

# %%
claim("F10").check()

# %% [markdown]
# That was with simulated seconds. For real ones we let numpy multiply two large
# matrices, which gives the peak of this machine, and take $x \cdot y$ of two long
# vectors, which gives its bandwidth. **Prediction**: a large matrix times $k$ columns
# has $k/2$ flops for a byte, so up to twice the knee, $\mathrm{peak} /
# \mathrm{bandwidth}$, columns cost nothing: the time is that of reading the matrix.

# %% tags=["varies"]
roof = on_this_machine()
columns = [1, 2, 4, 8, 16, 32, 64, 128]
roofline(roof, rates(columns), "A matrix of 4096 x 4096 times 1 to 128 columns, here")

# %% [markdown]
# Is it so? Numpy's library is made for one column and for many; in between it may stay
# well below the roof. And other programs on this machine take their share of both.
#
# All that follows is this idea again, with "far" for memory: another machine.

# %% [markdown]
# ## Sparse: meet at the inner index
#
# $C_{ij} = \sum_k A_{ik}B_{kj}$. An entry of $A$ has to meet those of $B$ with the same
# $k$: that is a **join**, and then a sum for each $(i, j)$. Two lines of RDDs.

# %%
Code(CoordinateMatrix.multiply, CoordinateMatrix.products)

# %% [markdown]
# **Claim C3.** The join moves the nonzeros of both; it gives $\sum_k c_k r_k$ products,
# with $c_k$ nonzeros in column $k$ of $A$ and $r_k$ in row $k$ of $B$. **Prediction**
# for matrices of 40 rows with 3 nonzeros in each row and column: $40 \cdot 3^2 = 360$
# products, of 1,600 places. And with 40 nonzeros in each, dense: $40^3 = 64{,}000$.


# %%
def band(sc, n, width):
    """A matrix with so many nonzeros in each row and each column."""
    places = [(i, (i + j) % n) for i in range(n) for j in range(width)]
    return CoordinateMatrix(sc.parallelize([(ij, 1.0) for ij in places]), (n, n))


def products(width, n=40):
    """How many products the join gives."""
    sc = Context()
    return band(sc, n, width).products(band(sc, n, width)).count()


[products(3), products(40)]

# %%
claim("C3").check()

# %% [markdown]
# Look at its falsehoods: *a product for each nonzero* would be nice. A single full
# column in $A$ that meets a full row in $B$ makes $n^2$ products from $2n$ nonzeros.
# For dense matrices a join makes $n^3$ records, so they need something better.

# %% [markdown]
# ## One round
#
# A reducer that has $s$ rows of $A$ and $s$ columns of $B$ can compute $s^2$ entries of
# $C$ all by itself. It has $q = 2sn$ words, and $(n/s)^2$ such reducers do it all. An
# entry goes to each reducer that needs its row, $n/s$ of them.

# %%
Code(matmul_mapreduce.cubes, matmul_mapreduce.one_round)

# %% [markdown]
# **Claim C1.** $2n^2 \cdot n/s = 4n^4/q$ records move, and no other way does it with
# less: from $q$ words come at most $(q/2n)^2$ entries. **Prediction** for $n = 12$,
# $s = 3$: $q = 72$, and 1,152 records; with $s = 6$ half of them.


# %%
def entries(sc, n, seed):
    """A random dense matrix as an RDD of entries."""
    x = np.random.default_rng(seed).random((n, n))
    return sc.parallelize([(place, float(v)) for place, v in np.ndenumerate(x)])


def product(way, n, *shape):
    """What a product of two n x n matrices costs."""
    sc = Context()
    way(entries(sc, n, 0), entries(sc, n, 1), n, *shape).collect()
    return sc.cost


product(one_round, 12, 3), product(one_round, 12, 6)

# %%
claim("C1").check()

# %% [markdown]
# So large reducers are cheap, and small ones allow more machines: **the size of a
# reducer against replication**. That trade is what a MapReduce algorithm is.

# %% [markdown]
# ## Two rounds
#
# Must a reducer have whole rows? Let it have $s \times t$ of $A$ and $t \times s$ of
# $B$, $q = 2st$. It gives $s^2$ sums of $t$ products each, and a second round adds
# these up: $2n^3/s$ records in the first, $n^3/t$ in the second.
#
# **Prediction.** $s$ is twice as large as $t$ at best: set $t = q/2s$, and $2/s + 2s/q$
# is least for $s = \sqrt q$. Then it is $4n^3/\sqrt q$ records. For $n = 16$, $q = 64$
# the best is $s = 8$, $t = 4$, with 2,048.

# %%
{s: product(two_rounds, 16, s, 32 // s).records for s in (2, 4, 8, 16)}

# %% [markdown]
# $4n^4/q$ against $4n^3/\sqrt q$: which is less? **Before you go on**, find the $q$ at
# which one round overtakes two. (`moved_least` tries all shapes that fit.)

# %%
curves(
    {"one round": lambda q: 4 * 16**4 / q, "two rounds": lambda q: 4 * 16**3 / q**0.5},
    {
        "one round": lambda q: product(one_round, 16, q // 32).records,
        "two rounds": partial(moved_least, 16),
    },
    [32, 64, 128, 256, 512],
    "Records that move for 16 x 16 matrices",
    "size of a reducer (words)",
    "records (number)",
    log="xy",
)

# %% [markdown]
# At $q = n^2 = 256$, where a reducer holds half of all that there is. Whoever has such
# reducers hardly needs a cluster. Where $\sqrt q$ is no whole number, and where $s$
# cannot grow beyond $n$, the points lie a little above the line. **In practice two
# rounds win**, although the second round looks like additional work.

# %%
claim("C2").check()

# %% [markdown]
# ## Blocks as records
#
# Nobody sends numbers one by one. In a `BlockMatrix` a record is a block, and numpy
# multiplies blocks. With $N \times N$ blocks each goes to the $N$ results that need it.

# %%
Code(BlockMatrix.multiply)

# %% [markdown]
# **Prediction.** $2N^3$ records of $(n/N)^2$ words, $2Nn^2$ words in all. For $n = 64$
# and $N = 2$: 16 records, and 16,384 words; each doubling of $N$ doubles the words, and
# lets four times as many machines work.


# %%
def blocks_moved(size):
    """Records and words for 64 x 64 matrices in blocks of size x size."""
    sc = Context()
    a = BlockMatrix.of(sc, np.eye(64), size)
    a.multiply(a).toLocalMatrix()
    return sc.cost.records, sc.cost.records * size**2


[(size, *blocks_moved(size), multiply_words(64, size)) for size in (32, 16, 8)]

# %% [markdown]
# ## A line of ranks
#
# In MapReduce every word goes through a shuffle. Ranks *keep* what they have. First
# they stand in a line: each has $n/P$ rows of $A$ and of $B$, and computes those of
# $C$. It needs all of $B$, which goes round a ring, slab by slab.

# %%
Code(matmul_1d)

# %% [markdown]
# **Prediction** for $n = 24$: $n^2(1 - 1/P)$ words come to each rank, 288 with two
# ranks, and 552 with 24. More ranks do not help a bit.

# %%
A, B = np.random.default_rng(0).integers(-9, 10, size=(2, 24, 24))


def on_a_line(P):
    """Words that come to a rank, of P in a line."""
    network = Network(P)
    network.run(matmul_1d, in_blocks(A, P, 1), in_blocks(B, P, 1))
    return max(network.received)


[(P, matmul_1d_words(24, P), on_a_line(P)) for P in (2, 4, 12, 24)]

# %% [markdown]
# ## A square of ranks
#
# Now rank $(i, j)$ has the blocks $A_{ij}$ and $B_{ij}$, and computes $C_{ij}$. It
# needs a row of blocks of $A$ and a column of blocks of $B$, and no more: $2(\sqrt P -
# 1)$ blocks of $n^2/P$ words. **SUMMA** has each block told along its row, or its
# column; a `Group` is a row of ranks which is a small network by itself.

# %%
Code(summa)

# %% [markdown]
# **Cannon's** algorithm has no broadcasts. The blocks of $A$ go round to the left,
# those of $B$ up, all at once. First they are **skewed**, so that at each rank the
# inner indices agree, and then they agree after every step.

# %%
Code(cannon.cannon, cannon.rotate)

# %% [markdown]
# **Prediction** for $n = 24$ and 9 ranks: by SUMMA $2 \cdot 2 \cdot 64 = 256$ words
# come to each, by Cannon as many, and in the skew two blocks more to most: $2n^2/\sqrt
# P = 384$.


# %%
def on_a_square(program, P):
    """A network of P ranks that has multiplied A and B; their product is checked."""
    side, network = isqrt(P), Network(P, alpha=1, beta=0, gamma=0)
    blocks = (in_blocks(x, side, side) for x in (A, B))
    result = network.run(program, *blocks)
    assert np.array_equal(from_blocks(result, side), A @ B)
    return network


told, rotated = on_a_square(summa, 9), on_a_square(cannon.cannon, 9)
[max(network.received) for network in (told, rotated)]

# %%
traffic(SUMMA=told, Cannon=rotated)

# %% [markdown]
# Row by row: in SUMMA all ranks of a row of the grid talk to each other, and all of a
# column. In Cannon's way the steps use one neighbour on each side; the skew uses others
# once. Here are its messages in time, 9 ranks, a second for each:

# %%
spacetime(rotated)

# %% [markdown]
# Two moves of the skew and four of the steps. In the steps all ranks send and receive
# all the time, which no tree can say of itself.

# %% [markdown]
# ## A cube of ranks
#
# With $P = p^3$ ranks, rank $(i, j, k)$ can compute a single product, $A_{ik}B_{kj}$,
# and the sum over $k$ is a reduction along the third side. It is the second round of
# MapReduce again. Blocks are $n/p$ wide, larger than on a square.
#
# **Prediction.** $3n^2/P^{2/3}$ words, less a share $P^{-1/3}$ that is there already:
# for $P = 64$ and $n = 64$ it is $3 \cdot 256 \cdot \frac34 = 576$, where a square
# needs $2 \cdot 64 \cdot 7 = 896$, and a line 4,032.


# %%
def received(way, P, n=64):
    """Words that come to the busiest rank, for n x n matrices."""
    a, b = np.random.default_rng(0).integers(-9, 10, size=(2, n, n))
    network = Network(P)
    if way == "line":
        network.run(matmul_1d, in_blocks(a, P, 1), in_blocks(b, P, 1))
    elif way == "square":
        side = isqrt(P)
        network.run(summa, in_blocks(a, side, side), in_blocks(b, side, side))
    else:
        network.run(matmul_3d, *dealt(a, b, round(P ** (1 / 3))))
    return max(network.received)


WORDS = {"line": matmul_1d_words, "square": summa_words, "cube": matmul_3d_words}
[(way, WORDS[way](64, 64), received(way, 64)) for way in WORDS]

# %% [markdown]
# And for more ranks than we can run, let the formulas speak: shares of $n^2$ by line,
# square and cube, for 64, 4,096 and a million ranks.

# %%
{
    P: [round(words(10**6, P) / 10**12, 4) for words in WORDS.values()]
    for P in (64, 4096, 10**6)
}

# %% [markdown]
# What does the cube pay? **Memory**: blocks of $n^2/P^{2/3}$ words, $P^{1/3}$ times an
# even share. It is reducer size against replication, once more.

# %%
claim("C4").check()

# %% [markdown]
# Exponents need care here. $2n^2(\sqrt P - 1)/P$ is *not* proportional to $1/\sqrt P$
# for any $P$ that you can run: a falsehood of the claim fits $-0.36$. The exponent is
# $-\frac12$ of the words that a rank *uses*, with those that it had.

# %% [markdown]
# ## For real
#
# SUMMA on four processes that talk by gloo. **Prediction**: the same product, to the
# last digit, and the words are those of the simulation, $2 \cdot 144 = 288$ for each.


# %% tags=["varies"]
def for_real(processes):
    """(wrong entries, the words that came to each rank)."""
    blocks = processes.run(summa, in_blocks(A, 2, 2), in_blocks(B, 2, 2))
    return int(np.sum(from_blocks(blocks, 2) != A @ B)), processes.received


recorded = GlooRun(
    (0, [288] * 4),
    Cost(work=1152, records=1152, messages=8),
    "on 2026-11-25 with torch 2.13.0",
)
on_gloo(for_real, recorded)

# %% [markdown]
# And `BlockMatrix` with a Spark context, the same lines as above. **Prediction**: no
# entry differs from numpy's by more than rounding.


# %% tags=["varies"]
def farthest(sc):
    """The largest difference from numpy's product, rounded."""
    a, b = (BlockMatrix.of(sc, x.astype(float), 8) for x in (A, B))
    return round(abs(a.multiply(b).toLocalMatrix() - A @ B).max(), 9)


recorded = SparkRun(
    0.0, Cost(rounds=1, tasks=12, bytes=16_957), "on 2026-11-25 with PySpark 4.3.0"
)
on_spark(farthest, recorded)

# %% [markdown]
# MLlib has a `BlockMatrix` too; `cme323/linalg/block_matrix_pyspark.py` puts it under
# the same signature, and `cme323 bench linalg` lets them race.

# %% [markdown]
# ## A falsehood
#
# *Cubes are best: take $s = t$, as a cube has the most products for its surface.* The
# surface of a reducer is $2st$ words in and $s^2$ out. We predict that $s = t$ moves
# $4n^3/\sqrt q$, as the best shape does.

# %%
falsehood = Experiment(
    says="s = t moves 4n^3/sqrt(q) records",
    unit="records",
    axes="n, s",
    sweep=((8, 2), (8, 4), (12, 3)),
    predict=lambda n, s: 4 * n**3 / (2 * s * s) ** 0.5,
    run=lambda n, s: product(two_rounds, n, s, s).records,
    verdict=Equal(),
).perform()
falsehood.verdict, falsehood.remark

# %% [markdown]
# Refuted: it is $3n^3/s = 3\sqrt2\, n^3/\sqrt q$, six percent more. $q$ limits only
# what comes *in*, two faces of the cube; the third, what goes out, is free. So the best
# shape is flat. If a reducer had to hold its sums as well, cubes would be best.

# %% [markdown]
# ## What we left out
#
# Strassen's seven products, which move less too (lecture 5); 2.5-D algorithms, which
# have as many copies as there is memory for; overlap of talk and work; fault tolerance,
# which only the RDDs have. Tall matrices are for lecture 13.
#
# **Questions.**
#
# 1. In `three_loops`, put the loop over `k` outside. What moves now, in a cache of a
#    few words, and in one of $n^2 + 2n$? Predict, then count.
# 2. $A$ is $n \times n$ and $B$ has only 10 columns. Which of line, square and cube
#    would you take for 64 ranks? Count the words of each.
# 3. A combiner adds what two reducers on the same machine give for the same $(i, j)$.
#    By how much can that lessen the second round, if a machine has a whole row of
#    cubes?
