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
# # Lecture 3. Scan: the loop that did not have to wait
#
# A running total looks as serial as a program can be: each number waits for the one
# before. It is not serial at all. Once we know why, we filter a list, sort, find the
# quotes in a text and add 64-bit numbers, all by the same algorithm.
#
# **Words.**
#
# - **scan**: from a `list` $x_0, x_1, \dots$ to all its **prefixes**: nothing, $x_0$,
#   $x_0 \circ x_1$, $x_0 \circ x_1 \circ x_2$, ... A list of $n$ items has $n + 1$.
# - $\circ$: any **associative** operation, a function of two values with
#   $(a \circ b) \circ c = a \circ (b \circ c)$; it has an **identity**, as `+` has 0.
# - **work** $W$, an `int`: how many operations there are. **Depth** $D$, an `int`: how
#   many of them come one after another, at least.
# - **`PRAM`**: a machine that counts both while a program runs on it. Its programs
#   **fork**: what forks, runs at the same time. **`Cost`** is what it counted.
# - **DAG**: all operations, with a line from each to those that wait for it.
# - $T_P$: how many steps $P$ processors take. A **greedy** schedule lets none of them
#   idle while there is something to do.

# %%
from itertools import accumulate
from operator import and_, xor

import numpy as np

from cme323.claims import claim
from cme323.claims.claim import Experiment
from cme323.claims.divide import (
    blelloch_steps,
    counted,
    hillis_steele_steps,
    shuffled,
    steps,
)
from cme323.claims.verdicts import Equal
from cme323.cost import Cost
from cme323.course import plots_pram
from cme323.course.plots import curves
from cme323.course.show import Code
from cme323.measure import compare
from cme323.parallel import scan
from cme323.parallel.filter_by_scan import filter_by_scan, filter_by_scan_cost, split
from cme323.parallel.merge import merge, merge_by_rank
from cme323.parallel.mergesort import mergesort
from cme323.parallel.scan import blelloch, hillis_steele
from cme323.pram import PRAM, greedy, plain

# %% [markdown]
# ## A loop
#
# `accumulate` is Python's own running total. **Prediction** for eight numbers: 7
# additions, all of them one after another.

# %%
x = [3, 1, 7, 0, 4, 1, 6, 3]
waiting = PRAM()
list(accumulate(waiting.array(x))), waiting.cost

# %% [markdown]
# $W = D = 7$: no second processor could help. But that is a fact about this program,
# not about running totals.

# %% [markdown]
# ## Up a tree, and down again
#
# Cut the list into halves. What must the right half know of the left one? Not its
# prefixes: only its **sum**. So first everybody adds up, by a tree; then the sums are
# handed down: *before you comes this much*.
#
#     up       3     1     7     0     4     1     6     3
#                 4           7           5           9
#                      11                      14
#                                  25
#
#     down                         0
#                       0                      11
#                 0           4          11          16
#              0     3     4    11    11    15    16    22
#
# A left half is told what its parent was told; a right half that, *plus the sum of its
# sister*. The last row has all prefixes but 25, which is on top of the tree.

# %%
Code(blelloch, scan._up, scan._down)

# %% [markdown]
# **Claim A8**, first half. Each of the $n - 1$ inner nodes of the tree combines once on
# the way up and once on the way down: $W = 2(n - 1)$. **Prediction** for our numbers:
# work 14, depth 6.

# %%
tree = PRAM()
blelloch(tree, tree.array(x)), tree.cost

# %% [markdown]
# Twice the work of the loop, and already one step less. For a million numbers it would
# be 40 steps instead of a million. Here are all operations for sixteen numbers; each
# line is somebody who waits.

# %%
plots_pram.dag(counted(blelloch, range(16), record=True).dag)

# %% [markdown]
# An hourglass: 8 processors are busy at the top, one in the middle, and 8 at the
# bottom. Is the neck needed?

# %% [markdown]
# ## Without a neck
#
# Hillis and Steele never come together. Everybody adds what stands 1 place before, then
# what now stands 2 places before, then 4:
#
# | add from | | | | | | | | |
# |:--|--:|--:|--:|--:|--:|--:|--:|--:|
# | | 3 | 1 | 7 | 0 | 4 | 1 | 6 | 3 |
# | 1 before | 3 | **4** | **8** | **7** | **4** | **5** | **7** | **9** |
# | 2 before | 3 | 4 | **11** | **11** | **12** | **12** | **11** | **14** |
# | 4 before | 3 | 4 | 11 | 11 | **15** | **16** | **22** | **25** |
#
# After $j$ rounds each number is the sum of the last $2^j$, so $\log_2 n$ rounds do it.
# A number that is complete stays: 1 in the first round, 2, then 4.

# %%
Code(hillis_steele)

# %% [markdown]
# **Claim A8**, second half: $D = \log_2 n$, and $W = n\log_2 n - (1 + 2 + 4 + \dots) =
# n\log_2 n - n + 1$. **Prediction**: depth 3, half of Blelloch's; and for that 17
# additions, which are the bold numbers above.

# %%
rounds = PRAM()
hillis_steele(rounds, rounds.array(x)), rounds.cost

# %%
claim("A8").check()

# %% [markdown]
# The lines that begin with *Falsehood* have to be refuted: an experiment that cannot
# fail proves nothing. And the claim holds for texts too, whose `+` cares for the order:
# we never used $a + b = b + a$.

# %% [markdown]
# ## Who wins?
#
# Half the depth, or less work? That depends on how many we are. With $P$ processors, a
# level of $w$ operations takes $\lceil w/P \rceil$ steps. **Prediction** for 128
# numbers, level by level: Blelloch's wins with up to 32 processors, Hillis and Steele's
# from 64 on.

# %%
curves(
    {
        "Blelloch": lambda P: blelloch_steps(128, P),
        "Hillis-Steele": lambda P: hillis_steele_steps(128, P),
    },
    {
        "Blelloch": lambda P: steps(blelloch, 128, P),
        "Hillis-Steele": lambda P: steps(hillis_steele, 128, P),
    },
    [2**i for i in range(8)],
    "A scan of 128 numbers on P processors",
    "processors P (number)",
    "steps T_P (number)",
    log="xy",
)

# %% [markdown]
# So it is. (Blelloch's points lie up to four steps above the line: our schedule takes
# what comes first in the program, not level by level.) Alone, a processor is three
# times as fast with Blelloch's; with more processors than numbers the other one takes
# half the time. GPUs use both. Here are 8 processors and 64 numbers, first by Blelloch,
# then by Hillis and Steele:

# %%
plots_pram.schedule(greedy(counted(blelloch, range(64), record=True).dag, 8))

# %%
plots_pram.schedule(greedy(counted(hillis_steele, range(64), record=True).dag, 8))

# %% [markdown]
# The neck is the white in the first picture. In the second everybody is busy nearly all
# the time, and it takes twice as long: **busy is not the same as fast**.

# %% [markdown]
# ## Filter
#
# A loop that filters appends: *where* an item goes depends on how many stayed before
# it. That is a prefix sum of ones and zeros, so everybody can know it at once.
#
# | | 3 | 9 | 8 | 1 | 4 | |
# |:--|--:|--:|--:|--:|--:|--:|
# | less than 5? | 1 | 0 | 0 | 1 | 1 | |
# | prefix | **0** | 1 | 1 | **1** | **2** | 3 |
#
# So 3 goes to place 0, 1 to place 1, 4 to place 2; and 3 items stay in all.

# %%
Code(split)

# %% [markdown]
# **Claim.** $n$ questions at the same time and one scan: $W = n + 2(n - 1)$,
# $D = 1 + 2\lceil\log_2 n\rceil$. **Prediction** for 1,000 numbers: 2,998 and 21.


# %%
def filtered(n):
    """What it costs to keep the small ones of n numbers."""

    def program(pram, numbers):
        filter_by_scan(pram, lambda v: v < n // 3, numbers)

    return counted(program, shuffled(n)).cost


compare(filter_by_scan_cost, filtered, over=[10, 100, 1000])

# %% [markdown]
# ## Sort without a comparison
#
# `split` does not throw the others away: it puts them behind, and each kind keeps its
# order. So split by the last bit, then by the last but one, and so on: every split
# keeps what those before have done.


# %%
def bit_is_0(bit):
    return lambda number: number // 2**bit % 2 == 0


def radix_sort(pram, x, bits):
    """Numbers below 2^bits in order, by a split for each bit, the last one first."""
    for bit in range(bits):
        zeros, ones = split(pram, x, pram.map(bit_is_0(bit), x))
        x = zeros + ones
    return x


def radix_sort_cost(n, bits):
    """A bit takes three operations to see, and a scan."""
    return (Cost(work=3 * n, depth=3) + scan.blelloch_cost(n)) * bits


# %% [markdown]
# **Prediction** for 1,000 numbers of 10 bits: depth $10\,(3 + 2 \cdot 10) = 230$, work
# $10\,(3{,}000 + 1{,}998) = 49{,}980$.

# %%
radix = PRAM()
in_order = radix_sort(radix, radix.array(shuffled(1000)), bits=10)
assert plain(in_order) == list(range(1000))
radix_sort_cost(1000, bits=10), radix.cost

# %% [markdown]
# A thousand numbers in order after 230 steps, and no two of them were ever compared. It
# is how GPUs sort, with a few bits in each round.

# %% [markdown]
# ## Inside or outside?
#
# `+` was only an example. A comma in a CSV file ends a field, unless it is inside
# quotes; and a character is inside if the number of quotes before it is odd. A scan by
# $\oplus$ (xor) tells all of them at once. **Prediction** for 36 characters: work 70,
# depth 12.

# %%
text = 'Cole,"Merge, in parallel",1988,"a,b"'
csv = PRAM()
inside = plain(blelloch(csv, csv.array([c == '"' for c in text]), xor, False))
fields = "".join("\n" if c == "," and not i else c for c, i in zip(text, inside))
fields.split("\n"), len(text), csv.cost

# %% [markdown]
# The commas inside quotes were left alone. simdjson, a parser that reads gigabytes a
# second, finds its strings so, 64 characters at a time.

# %% [markdown]
# ## How does a computer add?
#
# At school, from the right, carrying. Whether bit 63 gets a carry may depend on bit 0,
# so it seems that 64 bits take 64 steps. But a stretch of bits is no more than two
# facts: does it **make** a carry by itself, and does it **pass** one on? Two stretches,
# side by side, are a stretch again: it makes a carry if the high one does, or if that
# passes on what the low one makes. This is associative, as cutting in other places
# changes nothing.


# %%
def beside(low, high):
    """(makes a carry, passes one on) of two neighbouring stretches of bits."""
    makes = high[0] | (high[1] & low[0])
    return makes, high[1] & low[1]


def add_bits(pram, a, b):
    """The bits of a + b, the lowest first, all at the same time."""
    makes, passes = pram.map(and_, a, b), pram.map(xor, a, b)
    carries = blelloch(pram, list(zip(makes, passes)), beside, (0, 1))
    sums = pram.map(lambda bit, carry: bit ^ carry[0], passes, carries)
    return [*sums, carries[-1][0]]


# %% [markdown]
# Now $\circ$ is three operations. **Prediction** for $n$ bits: three levels, and a scan
# that is three times as deep, $D = 3 + 6\log_2 n$. For 64 bits that is 39. The loop
# below takes two steps for each carry: $D = 3 + 2n = 131$.


# %%
def add_bits_in_a_loop(pram, a, b):
    """The same by carrying from bit to bit."""
    makes, passes, carries = pram.map(and_, a, b), pram.map(xor, a, b), [0]
    for make, pass_on in zip(makes, passes):
        carries.append(make | (pass_on & carries[-1]))
    return [*pram.map(xor, passes, carries), carries[-1]]


def adding(add, n):
    """How long it takes to add 1 to 11...1, where the carry goes all the way."""
    pram = PRAM()
    bits = add(pram, pram.array([1] * n), pram.array([1] + [0] * (n - 1)))
    assert plain(bits) == [0] * n + [1]
    return pram.cost.depth


# %%
curves(
    {"scan": lambda n: 3 + 6 * np.log2(n), "loop": lambda n: 3 + 2 * n},
    {
        "scan": lambda n: adding(add_bits, n),
        "loop": lambda n: adding(add_bits_in_a_loop, n),
    },
    [2**i for i in range(1, 9)],
    "How long it takes to add two numbers of n bits",
    "bits n (number)",
    "depth (steps)",
    log="xy",
)

# %% [markdown]
# As predicted at every size, and from 16 bits on the scan is ahead. Your processor adds
# 64 bits in one tick because it has a scan in silicon: in Brent and Kung's adder it is
# the hourglass, in Kogge and Stone's the one without a neck. (Charles Babbage had
# brass wheels that foresaw the carry.)

# %% [markdown]
# ## Mergesort
#
# Sort both halves at the same time, then merge. The halves are easy; what about the
# merge? A loop takes the smaller of two first items, again and again. **Claim A9**: the
# last merge alone takes $n - 1$ steps, so $D = 2n - 2 - k$ for $n = 2^k$ at worst.
#
# What helped the filter helps here: *let each item find out its own place*. It comes
# behind all smaller ones: those of its own list, as many as its index, and those of the
# other list, which a binary search counts.

# %%
Code(merge_by_rank)

# %% [markdown]
# All searches run at the same time: $D = k(k + 1)/2$, on any input. But $n$ searches in
# each of $k$ levels make the work up to $nk^2/2$ instead of $nk$. **Prediction** for
# 256 items, $k = 8$: depth up to 502 by the loop, exactly 36 by ranks.

# %%
items = shuffled(256)
[counted(mergesort, items, merging).cost for merging in (merge, merge_by_rank)]

# %% [markdown]
# Fourteen times less deep, for four and a half times the work. In full, on inputs that
# attain the bounds:

# %%
claim("A9").check()

# %% [markdown]
# Here is where the loop loses its time. Sixteen items: eight merges to two, four to
# four, two to eight; and each is a chain, longer than all those before. **Prediction**
# for the second picture, by ranks: depth 10.

# %%
plots_pram.dag(counted(mergesort, shuffled(16), merge, record=True).dag)

# %%
plots_pram.dag(counted(mergesort, shuffled(16), merge_by_rank, record=True).dag)

# %% [markdown]
# Thin and long, or wide and short. So when do ranks pay? Greedy schedules obey Brent:
# $T_P \le (W - D)/P + D$. Put in both claims for 256 items: $1{,}291/P + 502$ by the
# loop, $8{,}411/P + 36$ by ranks. **Prediction**: they meet at
# $P = 7{,}120/466 = 15.3$; with fewer processors the loop wins, with more the ranks.


# %%
def sorting_steps(merging, P):
    """T_P of mergesort."""
    return greedy(counted(mergesort, items, merging, record=True).dag, P).makespan


def bound(W, D, P):
    return (W - D) / P + D


# %%
curves(
    {
        "loop": lambda P: bound(1793, 502, P),
        "ranks": lambda P: bound(8447, 36, P),
    },
    {
        "loop": lambda P: sorting_steps(merge, P),
        "ranks": lambda P: sorting_steps(merge_by_rank, P),
    },
    [2**i for i in range(8)],
    "Mergesort of 256 items on P processors",
    "processors P (number)",
    "steps T_P (number)",
    log="xy",
)

# %%
{P: [sorting_steps(way, P) for way in (merge, merge_by_rank)] for P in (14, 15, 16)}

# %% [markdown]
# As close as it can be: with 14 processors the loop is still ahead, with 15 no more.
# Eight bring the loop to within a quarter of its depth; the others are wasted on it.
# **More work is worth it if it is work that can be shared.**

# %% [markdown]
# ## A falsehood
#
# *Every loop that carries one number along is a scan.* Let us smooth a curve: each
# value is the mean of the one before and of what comes, `(a + b) / 2`. It is one
# operation, so we scan by it. **Prediction**: 0 values differ from those of the loop.


# %%
def halfway(a, b):
    return (a + b) / 2


def wrong(n):
    """How many of n smoothed values are not those of a loop."""
    pram = PRAM()
    x = [i * i % 7 for i in range(n)]
    found = plain(hillis_steele(pram, pram.array(x), halfway))[1:]
    return sum(a != b for a, b in zip(found, accumulate(x, halfway)))


# %%
falsehood = Experiment(
    says="a scan by means smooths as a loop does",
    unit="wrong values",
    axes="n",
    sweep=(1, 2, 4, 8, 16),
    predict=lambda n: 0,
    run=wrong,
    verdict=Equal(),
).perform()
falsehood.verdict, falsehood.remark

# %% [markdown]
# Refuted at four values. The mean is not associative: of 8, 4 and 2, from the left it
# is $(6 + 2)/2 = 4$, from the right $(8 + 3)/2 = 5.5$.

# %% [markdown]
# ## The loop that can be saved
#
# But look at one step of the loop: $v \mapsto \frac12 v + \frac12 x_i$, a straight
# line. A line after a line is a line, $c\,(av + b) + d = (ca)\,v + (cb + d)$, and
# *putting one function after another is always associative*. So scan the lines, not the
# numbers.


# %%
def after(first, second):
    """The line v -> second(first(v)), each as (slope, what it adds)."""
    (a, b), (c, d) = first, second
    return c * a, c * b + d


def smoothed(pram, x):
    """All means by one scan of the lines that the loop would go through."""
    none, half = pram.array([0, 0.5])
    lines = [(none, x[0]), *pram.map(lambda new: (half, half * new), x[1:])]
    return [value for _, value in blelloch(pram, lines, after, (1, 0))[1:]]


# %% [markdown]
# **Prediction** for 16 numbers: one level of 15 products, then a scan of three
# operations at a time: $W = 15 + 3 \cdot 30 = 105$, $D = 1 + 3 \cdot 8 = 25$. And 0
# wrong values.

# %%
curve = [i * i % 7 for i in range(16)]
smoother = PRAM()
assert plain(smoothed(smoother, smoother.array(curve))) == list(
    accumulate(curve, halfway)
)
smoother.cost

# %% [markdown]
# No value is wrong now. Recurrent nets whose state is linear (S5, Mamba) are trained by
# this very scan, over thousands of words at a time.

# %% [markdown]
# ## What we left out
#
# Cole's mergesort, with $D = O(\log n)$ at work $O(n \log n)$; merging by samples,
# which saves the work of the ranks; and memory: on a real GPU, moving numbers costs
# more than adding them, so a scan is written to read each of them once.
#
# **Questions.**
#
# 1. You stand on a hill and look along a line of heights. Which ones do you see? Find
#    the operation, and say what it costs.
# 2. Cut $n$ numbers among $P$ processors. Each adds up its own in a loop, then they
#    scan their $P$ sums. What are $T_P$ and $W$, and which $P$ would you take?
# 3. A scan that starts anew wherever a flag is set: is that a scan too? Find an
#    operation on pairs (flag, value), and show that it is associative.
