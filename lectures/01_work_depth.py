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
# # Lecture 1. Work and depth: how fast can it get?
#
# You are to add up sixteen numbers: fifteen additions, one step for each. Now a
# thousand friends come to help. Are you done in a thousandth of the time? No: it takes
# four steps, and no crowd can do it in three. Two numbers, **15** and **4**, tell
# nearly everything about this program on any number of processors. This lecture is
# about them.
#
# **Words.**
#
# - **operation**: one addition, multiplication or comparison. It takes one step.
# - **work** $W$: an `int`, how many operations there are. One processor takes $T_1 = W$
#   steps.
# - **depth** $D$: an `int`, how many operations of the longest chain wait for each
#   other. With no limit on processors it still takes $T_\infty = D$ steps.
# - **PRAM**: a machine that runs a program and counts both; **`Cost`**: what it
#   counted, or what a theorem predicts: `Cost(work=15, depth=4)`.
# - **DAG**: a graph of the operations, each with arrows from those it waits for.
# - **schedule**: says which of $P$ processors does which operation when, a `Schedule`.
#   It is over after $T_P$ steps; its **speedup** is $T_1/T_P$.
# - **greedy**: no processor is idle while an operation is ready, that is, has nothing
#   to wait for any more.

# %%
from collections import Counter

import numpy as np

from cme323.claims import claim
from cme323.claims.claim import Experiment
from cme323.claims.speedup import amdahl_speedup, filtered
from cme323.claims.verdicts import AtMost
from cme323.course import plots_pram
from cme323.course.plots import curves
from cme323.course.show import Code
from cme323.measure import compare, run
from cme323.parallel.filter_by_loop import filter_by_loop
from cme323.parallel.merge import merge
from cme323.parallel.mergesort import (
    mergesort,
    mergesort_by_rank_cost,
    mergesort_cost,
)
from cme323.parallel.scan import blelloch, blelloch_cost
from cme323.parallel.tree_sum import tree_sum, tree_sum_cost
from cme323.pram import PRAM, greedy
from cme323.pram.families import graham_anomaly, jobs_beside_chain, layered_dag
from cme323.pram.schedule import brent_bound, longest_path_first
from cme323.pram.speedup import amdahl

# %% [markdown]
# ## Two ways to add
#
# Everybody's first program is a loop. Each addition needs the result of the one before,
# so it is all chain. **Prediction** for 16 numbers: work 15, depth 15.


# %%
def loop_sum(pram, x):
    """The sum of a list of counted numbers, one after another."""
    total = x[0]
    for number in x[1:]:
        total = total + number
    return total


pram = PRAM()
loop_sum(pram, pram.array(range(16))), pram.cost

# %% [markdown]
# The machine is not clever: `pram.array` makes numbers that count, and each `+` of
# theirs is one unit of work, which comes after all that was done before. To say that
# something need *not* wait, a program must fork:

# %%
Code(tree_sum)

# %% [markdown]
# `fork` does two things at the same time. Their work adds up; of their depths, the
# larger counts. So $W(n) = 2W(n/2) + 1$, which is $n - 1$, and $D(n) = D(n/2) + 1$,
# which is $\lceil\log_2 n\rceil$. **Prediction** for 16 numbers: work 15, the same;
# depth 4.

# %%
pram = PRAM()
tree_sum(pram, pram.array(range(16))), pram.cost

# %% [markdown]
# The same number of additions, in another order. A theorem is a function here and has
# the type of a measurement, so we can hold one against the other. Before
# you look: what is in the last row, and by how much do the first two differ?


# %%
def add_up(n):
    """Run tree_sum on n numbers, and read what the machine counted."""
    pram = PRAM()
    return run(lambda pram: tree_sum(pram, pram.array(range(n))), pram)


compare(tree_sum_cost, add_up, over=[16, 17, 1_000, 10_000])

# %% [markdown]
# Equal everywhere. Ten thousand numbers, and a chain of only fourteen. But one number
# more than 16 costs a whole level: depth comes in levels.

# %% [markdown]
# ## What waits for what
#
# `PRAM(record=True)` also remembers the DAG. Time goes down; a blue dot is an addition.
# A small grey dot is a join, where two branches meet; it costs nothing. The numbers are
# the order in which the program came to them. (Joins have numbers too: hence the gaps.)


# %%
def recorded(program, n):
    """The DAG of a program on n numbers in random order."""
    pram = PRAM(record=True)
    program(pram, pram.array(np.random.default_rng(1).permutation(n).tolist()))
    return pram.dag


tree = recorded(tree_sum, 16)
plots_pram.dag(tree)

# %% [markdown]
# Work is how many dots there are; depth is how many rows. The loop's DAG would be
# fifteen rows of one dot. Nothing else about a program matters from here on: not what
# it adds, nor in which language.

# %% [markdown]
# ## Three processors
#
# A thousand friends are rare; here are three. Two **laws** hold for any schedule. $P$
# processors do at most $P$ operations in a step, so $T_P \ge W/P$. And a chain stays a
# chain, so $T_P \ge D$. **Prediction** for $P = 3$: at least $15/3 = 5$ steps. Will
# five do? Take a pencil, and try to fill 5 columns of 3 with the dots above. The
# machine is greedy, and prefers what the program came to first:

# %%
three = greedy(tree, 3)
plots_pram.schedule(three)

# %% [markdown]
# Seven steps; white is idle. Nobody can do it in five, since the last step has but one
# addition, and two of three processors are idle. Six is possible: do you see how? We
# come back to it. First the loop: **predict** its speedup on three processors.

# %%
plots_pram.schedule(greedy(recorded(loop_sum, 16), 3))

# %% [markdown]
# A speedup of 1: two friends watch. No schedule can help, as $T_3 \ge D = 15 = T_1$.

# %% [markdown]
# ## How bad can greedy be?
#
# The laws say that a schedule cannot be too short. **Brent's bound** says that a greedy
# one is never too long. Look at the white cells again, step by step. A step is *full*
# if all $P$ processors work, and *hungry* if one is idle.
#
# - In a hungry step everything that is ready runs, the first operation of every longest
#   remaining chain too. So that chain gets shorter by one: there are **at most $D$
#   hungry steps**.
# - If $h$ steps are hungry, they do at least $h$ operations, so at most $(W - h)/P$
#   steps are full. Together $T_P \le (W-h)/P + h$, which is largest for $h = D$:
#
# $$\max\left(\frac WP,\ D\right) \ \le\ T_P\ \le\ \frac{W-D}{P} + D.$$
#
# **Prediction** for our tree, depth 4, and $P = 1, \dots, 8$: never more than 4 hungry
# steps.


# %%
def hungry(plan):
    """The steps in which at least one processor is idle; operations of length 1."""
    busy = Counter(span.start for span in plan.spans)
    return sum(busy[step] < plan.processors for step in range(plan.makespan))


{P: hungry(greedy(tree, P)) for P in range(1, 9)}

# %% [markdown]
# Never more than 4, though $T_P$ falls from 15 to 4. That was one program; **claim A1**
# is about all. We ask six recorded programs and two random DAGs, on up to 64
# processors, by five lists of what to prefer. The last three lines are **falsehoods**.
# Every claim has some, and they have to be refuted: an experiment that could not fail
# would prove nothing.

# %%
claim("A1").check()

# %% [markdown]
# ## 250 units of work on 5 processors
#
# A classic exam question. A program has 250 operations, and its longest chain is 10.
# How long does it take on 5 processors? You do not know the program! Still, you know
# **nearly** the answer: at least $250/5 = 50$ steps, and greedily at most
# $(250-10)/5 + 10 = 58$. Here are four programs, as different as can be with these two
# numbers.

# %%
exam = {
    "ten layers of 25": layered_dag([25] * 10),
    "layers of 10 and 40": layered_dag([10, 40] * 5),
    "a tree that grows": layered_dag([1, 2, 4, 8, 16, 32, 64, 64, 58, 1]),
    "240 jobs, then a chain": jobs_beside_chain(jobs=240, depth=10),
}
{name: greedy(dag, 5).makespan for name, dag in exam.items()}

# %% [markdown]
# All from 50 to 58, and both ends are reached. That was $P = 5$; here are all others up
# to 64. **Before you look**: where is the band narrowest?

# %%
plots_pram.times(exam, [1, 2, 3, 4, 5, 8, 10, 16, 25, 32, 50, 64])

# %% [markdown]
# At $P = 1$, of course, and again for large $P$; it is widest near $P = W/D = 25$,
# where both laws say 10 and Brent 19.6, nearly the double. Never more than the double:
# $(W-D)/P + D < W/P + D \le 2\max(W/P, D)$. So **any greedy schedule is within a factor
# of two of the best**, and nobody had to think.
#
# Thinking can still pay. Who reached 58, and why? Ten jobs of a chain were left for the
# end:

# %%
late = greedy(exam["240 jobs, then a chain"], 5)
plots_pram.schedule(late)

# %% [markdown]
# What if we prefer whoever has the longest path still to go? **Prediction**: the chain
# hides behind the jobs, and 50 steps are enough.

# %%
early = longest_path_first(exam["240 jobs, then a chain"], 5)
plots_pram.schedule(early)

# %% [markdown]
# Same program, same processors, another list: 58 or 50. (The sixteen numbers on three
# processors take six steps this way: the riddle from above.) To find the best list is
# NP-hard in general. To find one that is at most twice as long as the best is easy:
# they all are.

# %% [markdown]
# ## How many processors are worth it?
#
# $W/D$ is the **parallelism**: how much work there is, on average, in a step of the
# shortest schedule. **Claim A2.** The speedup $T_1/T_P$ follows $P$ up to about $W/D$,
# and there it stays. **Prediction** of $W/D$ for three programs, from the cost
# functions that end their files, before anything has run:

# %%
costs = {
    "mergesort, merging in a loop": mergesort_cost(256),
    "scan": blelloch_cost(256),
    "mergesort, merging by rank": mergesort_by_rank_cost(128),
}
{name: round(cost.work / cost.depth, 1) for name, cost in costs.items()}

# %% [markdown]
# So the first has no use for more than 4 processors, the second for more than 32. Now
# we run them, and schedule what was recorded:

# %%
programs = {
    "mergesort, merging in a loop": recorded(lambda *a: mergesort(*a, merge), 256),
    "scan": recorded(blelloch, 256),
    "mergesort, merging by rank": recorded(mergesort, 128),
}
plots_pram.speedups(programs, [2**i for i in range(10)])

# %% [markdown]
# Read one colour from left to right. It climbs with $P$, one for one; near its dotted
# line it bends; then it is flat. (The work of a mergesort is an upper bound, as some
# comparisons are saved: 107.5 instead of 128.) To buy 64 processors for a mergesort
# that merges in a loop is to buy 60 spectators: the last merge alone is a chain of up
# to 255 comparisons. How to merge without a loop is the subject of lecture 3.

# %%
claim("A2").check()

# %% [markdown]
# ## Depth is not only time
#
# Add up a million times 0.1, in single precision: 24 bits, about seven digits. A loop
# rounds after each addition. **Before you go on**: how many digits of 100,000 will be
# right?

# %%
tenths = list(np.full(1_000_000, 0.1, dtype=np.float32))
pram = PRAM()
float(loop_sum(pram, pram.array(tenths))), pram.cost

# %% [markdown]
# Two: it is off by one percent. **Claim.** On its way to the sum, a number goes through
# at most $D$ additions. Each rounds to 24 bits, and so changes it by a factor between
# $1 - u$ and $1 + u$, with $u = 2^{-24}$. So the relative error of a sum of positive
# numbers is at most about $Du$. For the loop that is $0.06$. **Prediction** for the
# tree: at most $20u = 0.0000012$, that is, within $0.12$ of 100,000.

# %%
pram = PRAM()
float(tree_sum(pram, pram.array(tenths))), pram.cost


# %% [markdown]
# Within 0.01, with as many additions. Equal numbers are a special case; so now random
# ones between 0 and 1, where roundings go up as often as down:


# %%
def error(program, n):
    """The relative error of a sum of n random numbers in single precision."""
    x = np.random.default_rng(0).random(n, dtype=np.float32)
    pram = PRAM()
    exact = x.astype(np.float64).sum()
    return abs(float(program(pram, pram.array(x))) - exact) / exact


u = 2.0**-24
curves(
    {"loop": lambda n: (n - 1) * u, "tree": lambda n: np.log2(n) * u},
    {"loop": lambda n: error(loop_sum, n), "tree": lambda n: error(tree_sum, n)},
    [2**i for i in range(4, 17)],
    "Rounding errors of a sum (lines: at most)",
    "numbers (number)",
    "relative error (1 is all of it)",
    log="xy",
)

# %% [markdown]
# Both stay far below their bounds, since roundings that go both ways cancel. But the
# loop's error grows with $n$, and the tree's does not. The parallel sum does not trade
# precision for speed: **a short chain has more of both**.

# %% [markdown]
# ## A glimpse of Amdahl
#
# Keep the numbers of a list that pass a test. All tests can be done at the same time,
# 9 operations for each; but where does a number go in the result? A loop counts along:

# %%
Code(filter_by_loop)

# %% [markdown]
# Of 10 operations on each item, 9 are shared and 1 is in the loop: a serial share of
# $f = 1/10$. **Claim A3 (Amdahl).** $T_P = fW + (1-f)W/P$, so the speedup is
# $1/(f + (1-f)/P)$. **Prediction** for 64 processors: 8.8 times faster. And for a
# million: still less than 10.

# %%
round(amdahl(0.1, 64), 2), round(amdahl_speedup(9, 64), 2)

# %% [markdown]
# Nine tenths of the program are perfectly parallel, and seven eighths of the machine
# are wasted. But the law is about the *program*. The places are prefix sums of zeros
# and ones, and those a **scan** can do as a tree. It does more work, 702 operations
# instead of 640, in a depth of 21 instead of 73. **Prediction** by Brent for 64
# processors: at least $640 / ((702 - 21)/64 + 21) = 20.2$ times faster than the loop on
# one.

# %%
scan = filtered(9, by="scan").dag
curves(
    {
        "loop": lambda P: amdahl(0.1, P),
        "scan": lambda P: 640 / brent_bound(scan, P),
    },
    {
        "loop": lambda P: amdahl_speedup(9, P),
        "scan": lambda P: amdahl_speedup(9, P, by="scan"),
    },
    [2**i for i in range(7)],
    "A filter of 64 items (lines: Amdahl; at least, by Brent)",
    "P, processors (number)",
    "times faster than the loop on one (number)",
    log="x",
)

# %% [markdown]
# On one processor the scan is slower, by the tenth that it works more; on 64 it is more
# than three times as fast. Whoever says that a tenth of a *problem* is serial is
# talking about their program.

# %%
claim("A3").check()

# %% [markdown]
# ## A falsehood
#
# Surely this much is true: *one more processor never makes it slower*. At worst, let it
# be idle! We take nine tasks with lengths from 2 to 9, and predict that greedy on
# $P + 1$ processors takes at most as long as on $P$.

# %%
falsehood = Experiment(
    says="one more processor never makes it slower",
    unit="steps on P + 1 processors",
    axes="P",
    sweep=(1, 2, 3, 4),
    predict=lambda P: greedy(graham_anomaly(), P).makespan,
    run=lambda P: greedy(graham_anomaly(), P + 1).makespan,
    verdict=AtMost(),
).perform()
falsehood.verdict, falsehood.remark

# %% [markdown]
# Refuted: 12 steps on three processors, **15 on four**. How? Here is what waits for
# what: task 8, the long one, for task 0, and tasks 4 to 7 for task 3. A dot is where
# its task can end at the earliest.

# %%
plots_pram.dag(graham_anomaly())

# %% [markdown]
# On three processors, task 3 has to wait for one. So when task 0 ends, at step 3, tasks
# 4 to 7 are not ready yet, and the long task can start:

# %%
plots_pram.schedule(greedy(graham_anomaly(), 3))

# %% [markdown]
# On four, task 3 need not wait. Its four followers are ready at step 2, stand before
# task 8 in the list, and take all processors. The long task starts at step 6:

# %%
plots_pram.schedule(greedy(graham_anomaly(), 4))

# %% [markdown]
# Greedy does not look ahead. This is Graham's anomaly of 1969, and Brent's bound holds
# all the same. It never promised that more is better; it promised that no greedy
# schedule takes twice as long as the best.

# %% [markdown]
# ## What we left out
#
# Memory and messages: on this machine, reading a number costs nothing, wherever it is;
# lecture 9 puts a price on that. Who may use a cell at the same time (EREW, CREW and
# CRCW machines). The time that scheduling itself takes. And how good a list can be
# made: lecture 2.
#
# **Questions.**
#
# 1. A program takes 100 steps on 4 processors and 40 on 16, both greedily. What do the
#    laws and Brent's bound say about $W$ and $D$? Can it take 15 steps on any number?
# 2. Multiply two $n \times n$ matrices: $n^3$ products at once, then sums by trees.
#    Find $W$, $D$ and $W/D$. From which $n$ on are a million processors worth it?
# 3. `tree_sum` stops at single numbers. Let it stop at blocks of $k$ numbers and add
#    those in a loop. What happens to $W$, to $D$ and to the error? Which $k$ would you
#    choose for $P$ processors?
