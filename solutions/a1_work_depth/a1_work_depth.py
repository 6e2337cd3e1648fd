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
# # Assignment 1: Work, depth, schedules
#
# You write programs for a machine that counts, so that the work and the depth of theory
# are numbers you can read off. Then you *predict* how long 250 units of work take on 5
# processors, write the schedules, and let your own measurements confirm or refute what
# you said.
#
# - **work** $W$, **depth** $D$: `int`s; all operations, and those on the longest path.
# - **`pram`**: a `PRAM`, the machine; **`pram.cost`**: a `Cost`, what it counted so far.
# - **`x`**: a `list` of *counted values*: each `+` of one is a unit of work, on numbers
#   and on strings. Reading, copying, indices and `len` are free.
# - **dag**: a `list` of `list`s of `int`s; `dag[i]` are the tasks, all before $i$, that
#   task $i$ waits for. Each task takes one step.
# - **schedule**: a `list` of `int`s, the time at which each task, or job, starts.
#
# After each exercise, `check` tells you in one sentence what is not right yet. More
# cases than you see here are tried when your work is graded. 70 points are graded by a
# program, 30 by a person. Write the functions yourself: a notebook that imports
# `cme323.parallel` or the schedules of `cme323.pram` gets no points.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
from cme323.course.check import check
from cme323.pram import PRAM, plain

# %% [markdown]
# # Part 1: count
#
# `pram.fork` runs branches at the same time, and so do `pram.map(f, xs, ys)`, which is
# `[f(x, y) for x, y in zip(xs, ys)]`, and `pram.parallel_for(indices, body)`. Work adds
# up over the branches; depth is that of the deepest. Here two of three additions run
# side by side:

# %%
pram = PRAM()
a, b, c, d = pram.array([1, 2, 3, 4])
left, right = pram.fork(lambda: a + b, lambda: c + d)
left + right, pram.cost

# %% [markdown]
# The specs of this part: slow, one step after another, and right. As `+` joins strings,
# the order of its two sides matters.


# %% nbgrader={"grade": false, "grade_id": "spec_counts", "locked": true, "schema_version": 3, "solution": false, "task": false}
def sum_by_hand(x):
    """The sum of a list of at least one number, or string, from left to right."""
    total = x[0]
    for value in x[1:]:
        total = total + value
    return total


def prefixes_by_hand(x, identity):
    """[identity, x0, x0 + x1, ...]: at place i, the first i values are added up."""
    return [sum_by_hand([identity, *x[:i]]) for i in range(len(x) + 1)]


def filter_by_hand(x, flags):
    """The values whose flag is 1, in their order."""
    return [value for value, flag in zip(x, flags) if flag]


sum_by_hand([3, 1, 4, 1, 5]), prefixes_by_hand([3, 1, 7], 0), prefixes_by_hand("ab", "")

# %% [markdown]
# ## 1.1 Sum by a tree (6 points)
#
# Add up a list of $n \ge 1$ counted values, with exactly $n - 1$ additions, as in a
# loop, but of depth $\lceil \log_2 n \rceil$.


# %% nbgrader={"grade": false, "grade_id": "tree_sum", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tree_sum(pram, x):  # about 7 lines
    """The sum of x: work n - 1, depth ceil(log2 n)."""
    ### BEGIN SOLUTION
    if len(x) == 1:
        return x[0]
    half = len(x) // 2
    left, right = pram.fork(
        lambda: tree_sum(pram, x[:half]), lambda: tree_sum(pram, x[half:])
    )
    return left + right
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_tree_sum", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("1.1", tree_sum)
### BEGIN HIDDEN TESTS
sizes = (2, 3, 17, 64, 100)
check("1.1", tree_sum, more=[(list(range(n, 0, -1)),) for n in sizes])
check("1.1", tree_sum, more=[(list("associative, not commutative"),)])
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** Below is the DAG that your program left behind. How many processors does it
# keep busy in its first step, and how many in its last?

# %%
from cme323.course.plots_pram import dag as picture

summing = PRAM(record=True)
tree_sum(summing, summing.array(range(16)))
picture(summing.dag)

# %% [markdown]
# ## 1.2 Blelloch's scan (10 points)
#
# All $n + 1$ prefixes of $n \ge 1$ values, by going up and down a tree. Up, each node
# adds what its halves add up to. Down, a node knows what comes *before* it: its left half
# hears the same, its right half hears that plus the sum of the left half. Add `identity`
# as you would any value; the last prefix is known at the root. Exactly $2(n - 1)$
# additions, of depth $2 \lceil \log_2 n \rceil$.


# %% nbgrader={"grade": false, "grade_id": "blelloch_scan", "locked": false, "schema_version": 3, "solution": true, "task": false}
def blelloch_scan(pram, x, identity):  # about 22 lines, with two functions inside
    """The n + 1 prefixes of x: work 2(n - 1), depth 2 ceil(log2 n)."""

    ### BEGIN SOLUTION
    def up(x):
        """(the sum of x, the tree of its left half, the tree of its right half)."""
        if len(x) == 1:
            return x[0], None, None
        half = len(x) // 2
        left, right = pram.fork(lambda: up(x[:half]), lambda: up(x[half:]))
        return left[0] + right[0], left, right

    def down(tree, before):
        """For each leaf, the sum of all before it; `before` comes before the tree."""
        _, left, right = tree
        if left is None:
            return [before]
        middle = before + left[0]
        first, second = pram.fork(
            lambda: down(left, before), lambda: down(right, middle)
        )
        return first + second

    tree = up(x)
    return [*down(tree, identity), tree[0]]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_blelloch_scan", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
check("1.2", blelloch_scan)
### BEGIN HIDDEN TESTS
sizes = (2, 9, 16, 31, 100)
check("1.2", blelloch_scan, more=[(list(range(n)), 0) for n in sizes])
check("1.2", blelloch_scan, more=[(list("associative"), "")])
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** The waist of the picture is the root of the tree. Why can nothing below it
# begin before all that is above it has ended?

# %%
scanning = PRAM(record=True)
blelloch_scan(scanning, scanning.array(range(8)), 0)
picture(scanning.dag)

# %% [markdown]
# ## 1.3 Hillis and Steele's scan (6 points)
#
# The same prefixes in half the depth. In step $k = 0, 1, 2, \dots$ each value from place
# $2^k$ on adds, on its left, the value $2^k$ places before it; all of them at the same
# time. The depth is $\lceil \log_2 n \rceil$, the work
# $(n - 1) + (n - 2) + (n - 4) + \dots$, as long as these are positive.


# %% nbgrader={"grade": false, "grade_id": "hillis_steele", "locked": false, "schema_version": 3, "solution": true, "task": false}
def hillis_steele(pram, x, identity):  # about 5 lines
    """The n + 1 prefixes of x, in ceil(log2 n) steps."""
    ### BEGIN SOLUTION
    step = 1
    while step < len(x):
        sums = pram.map(lambda before, value: before + value, x[:-step], x[step:])
        x, step = x[:step] + sums, 2 * step
    return [identity, *x]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_hillis_steele", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("1.3", hillis_steele)
### BEGIN HIDDEN TESTS
sizes = (2, 9, 16, 31, 100)
check("1.3", hillis_steele, more=[(list(range(n)), 0) for n in sizes])
check("1.3", hillis_steele, more=[(list("associative"), "")])
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** For $n = 1024$ the two scans do 2,046 and 9,217 additions. Which would you
# run on one processor, and which on a thousand?

# %% [markdown]
# ## 1.4 Filter by scan (4 points)
#
# Keep the values whose flag is 1, in their order, without a loop that appends. Your
# `blelloch_scan` of the flags tells each value its new place, and how many stay; then all
# move at once. `plain(values)` gives Python's numbers for counted ones, and is free.


# %% nbgrader={"grade": false, "grade_id": "parallel_filter", "locked": false, "schema_version": 3, "solution": true, "task": false}
def parallel_filter(pram, x, flags):  # about 8 lines, with a function inside
    """The values of x with flag 1, in their order: the cost of one scan."""
    ### BEGIN SOLUTION
    places = plain(blelloch_scan(pram, flags, 0))
    out = [None] * places[-1]

    def move(i):
        if flags[i]:
            out[places[i]] = x[i]

    pram.parallel_for(range(len(x)), move)
    return out
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_parallel_filter", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("1.4", parallel_filter)
### BEGIN HIDDEN TESTS
flags = [int(i % 3 == 1 or i > 40) for i in range(50)]
check("1.4", parallel_filter, more=[(list(range(50)), flags), ([1, 2], [0, 0])])
check("1.4", parallel_filter, more=[(list("abcdefgh"), [1, 0, 0, 0, 0, 0, 0, 1])])
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** No two values have the same new place, so they can move at the same time.
# Quicksort splits its input in this way.

# %% [markdown]
# ## 1.5 Why Blelloch's scan is work-efficient (7 points, graded by a person)
#
# A parallel program is *work-efficient* if its work is at most a constant times that of
# the best program for one processor.
#
# 1. Prove that Blelloch's scan adds $2(n - 1)$ times for every $n \ge 1$, and that Hillis
#    and Steele's adds $n \log_2 n - n + 1$ times for $n = 2^k$. Which is work-efficient?
# 2. Take $W/P + D$ for the time on $P$ processors, and $n = 2^{20}$. From how many
#    processors on is Hillis and Steele's the faster?

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_work_efficient", "locked": false, "points": 7, "schema_version": 3, "solution": true, "task": false}
# 1. A binary tree with $n$ leaves has $n - 1$ inner nodes: each joins two parts, and $n$
# parts become one. Blelloch's scan adds once at each on the way up and once on the way
# down: $2(n - 1)$. (2 points.) Hillis and Steele's adds at $n - 2^j$ places in step $j$,
# for $j = 0, \dots, k - 1$, so $kn - (2^k - 1) = n \log_2 n - n + 1$ times. (2 points.) A
# loop adds $n - 1$ times: Blelloch's scan is within a factor of 2, so it is
# work-efficient; the factor of the other is about $\log_2 n - 1$, which no constant
# bounds. (1 point.)
#
# 2. With $n = 2^k$: $(nk - n + 1)/P + k < 2(n - 1)/P + 2k$ if and only if
# $P > (n(k - 3) + 3)/k$, which for $k = 20$ is $0.85\, n$, or 891,290 processors. The
# scan of half the depth wins only where there is almost a processor for each value. (2
# points.)

# %% [markdown]
# # Part 2: predict
#
# Now $P$ processors run a DAG of tasks that take one step each. A schedule is *greedy* if
# no processor is idle while a task is ready. Brent and Graham: its time $T_P$ lies in the
# band
#
# $$\max\Big(\frac WP,\; D\Big) \;\le\; T_P \;\le\; \frac{W - D}{P} + D .$$
#
# Write the next three exercises **before** you write or run any schedule.
#
# ## 1.6 The band (4 points)
#
# The two ends of the band. $T_P$ is a whole number, so round each end to the last whole
# number that $T_P$ can be: two `int`s.


# %% nbgrader={"grade": false, "grade_id": "predict_band", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_band(W, D, P):  # 1 line
    """(the least T_P can be, the most it can be for a greedy schedule)"""
    ### BEGIN SOLUTION
    return max(-(-W // P), D), (W - D) // P + D
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_predict_band", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("1.6", predict_band)
### BEGIN HIDDEN TESTS
check("1.6", predict_band, more=[(250, d, P) for d in (1, 8, 99) for P in (1, 3, 64)])
check("1.6", predict_band, more=[(10**18 + 1, 3, 2), (5, 5, 5)])
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** At which $P$ does the lower end stop falling? That $P$, $W/D$, is the
# *parallelism* of the DAG.

# %% [markdown]
# ## 1.7 250 units of work on 5 processors (3 points)
#
# Here are four DAGs of 250 tasks. Find their depths with paper and pencil.


# %% nbgrader={"grade": false, "grade_id": "dags", "locked": true, "schema_version": 3, "solution": false, "task": false}
def tree(leaves):
    """The additions of a sum by a tree, level by level."""
    dag, sums = [], [None] * leaves
    while len(sums) > 1:
        left, right, *sums = sums
        dag.append([task for task in (left, right) if task is not None])
        sums.append(len(dag) - 1)
    return dag


def layers(number, width):
    """Each task of a layer waits for all tasks of the layer before."""
    first = [[] for _ in range(width)]
    rows = [list(range(i, i + width)) for i in range(0, (number - 1) * width, width)]
    return first + [row for row in rows for _ in range(width)]


def chains(number, length):
    """One chain after the other, and none of them waits for another."""
    return [[i - 1] if i % length else [] for i in range(number * length)]


def funnel(width, length):
    """A chain whose first task waits for `width` tasks that wait for nothing."""
    chain = [[i - 1] for i in range(width + 1, width + length)]
    return [[] for _ in range(width)] + [list(range(width))] + chain


DAGS = {
    "tree": tree(251),
    "layers": layers(10, 25),
    "chains": chains(5, 50),
    "funnel": funnel(200, 50),
}
{name: len(dag) for name, dag in DAGS.items()}

# %% [markdown]
# Say for each DAG `(low, guess, high)`: the ends of its band on 5 processors, and between
# them the $T_5$ that you expect. Your guess need not be right. It is what you will
# explain in 1.16.


# %% nbgrader={"grade": false, "grade_id": "predict_250", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_250():  # 6 lines: numbers, not formulas
    """{name of a DAG: (low, guess, high)} for 250 tasks on 5 processors."""
    ### BEGIN SOLUTION
    return {
        "tree": (50, 51, 56),
        "layers": (50, 50, 58),
        "chains": (50, 50, 90),
        "funnel": (51, 60, 90),
    }
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_predict_250", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("1.7", predict_250)

# %% [markdown]
# **Notice.** `chains` and `funnel` have almost the same band. Can you tell from $W$, $D$
# and $P$ alone which of them is at its upper end?

# %% [markdown]
# ## 1.8 Jobs that make a list look bad (3 points)
#
# Jobs wait for nothing, but differ in length. Given a list of them, whichever processor
# is free takes the next job. Two families, for $P$ processors:


# %% nbgrader={"grade": false, "grade_id": "jobs", "locked": true, "schema_version": 3, "solution": false, "task": false}
def graham_jobs(P):
    """P(P - 1) jobs of length 1, then one of length P."""
    return [1] * (P * (P - 1)) + [P]


def lpt_jobs(P):
    """Two jobs each of lengths 2P - 1 down to P + 1, then three of length P."""
    return [job for job in range(2 * P - 1, P, -1) for _ in range(2)] + [P] * 3


graham_jobs(3), lpt_jobs(3)

# %% [markdown]
# When does the last job end? Return three `int`s: for `graham_jobs(P)` in the order of
# the list, for the same jobs with the longest first, and for `lpt_jobs(P)` with the
# longest first.


# %% nbgrader={"grade": false, "grade_id": "predict_jobs", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_jobs(P):  # 1 line
    """(Graham's jobs as listed, the same longest first, LPT's jobs longest first)"""
    ### BEGIN SOLUTION
    return 2 * P - 1, P, 4 * P - 1
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_predict_jobs", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("1.8", predict_jobs)
### BEGIN HIDDEN TESTS
check("1.8", predict_jobs, more=[(P,) for P in (4, 7, 16, 100)])
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** The best schedule of `lpt_jobs(P)` ends at $3P$: $2P - 1$ goes with $P + 1$,
# and so on, and the three jobs of length $P$ share a processor. What do the ratios of your
# numbers to the best tend to, as $P$ grows?

# %% [markdown]
# # Part 3: schedule
#
# Many schedules are greedy, so the spec does not build one: it says whether yours is one.


# %% nbgrader={"grade": false, "grade_id": "spec_greedy", "locked": true, "schema_version": 3, "solution": false, "task": false}
def is_greedy(dag, P, start):
    """Do tasks wait for their parents, and never while a processor is idle?"""
    for now in range(len(dag)):
        running = [task for task in range(len(dag)) if start[task] == now]
        ready = [
            task
            for task in range(len(dag))
            if start[task] >= now and all(start[parent] < now for parent in dag[task])
        ]
        if not set(running) <= set(ready) or len(running) != min(P, len(ready)):
            return False
    return True


is_greedy([[], [0], [0]], 2, [0, 1, 1]), is_greedy([[], [0], [0]], 2, [0, 1, 2])

# %% [markdown]
# ## 1.9 A greedy schedule (12 points)
#
# At each time 0, 1, 2, ... start tasks whose parents have all ended, as many as there
# are processors. Each takes one step. Which of the ready tasks come first is up to you.


# %% nbgrader={"grade": false, "grade_id": "greedy_schedule", "locked": false, "schema_version": 3, "solution": true, "task": false}
def greedy_schedule(dag, P):  # about 10 lines
    """The start of each task, on P processors of which none is idle without need."""
    ### BEGIN SOLUTION
    start, ended, now = {}, set(), 0
    while len(start) < len(dag):
        ready = [
            task
            for task, parents in enumerate(dag)
            if task not in start and ended.issuperset(parents)
        ]
        for task in ready[:P]:
            start[task] = now
        ended.update(ready[:P])
        now += 1
    return [start[task] for task in range(len(dag))]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_greedy_schedule", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
check("1.9", greedy_schedule)
### BEGIN HIDDEN TESTS
wide = tree(30)
check("1.9", greedy_schedule, more=[(wide, P) for P in (1, 2, 5, 64)])
narrow = [sorted({i * 7 % (i + 1) % i, i // 2}) if i else [] for i in range(40)]
check("1.9", greedy_schedule, more=[(narrow, P) for P in (1, 2, 3, 7)])
check("1.9", greedy_schedule, more=[([], 3), ([[]], 1), (chains(3, 4), 2)])
check("1.9", greedy_schedule, more=[(layers(4, 5), 3), (funnel(7, 3), 4)])
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** Nothing in your program knows how long the path is that still waits behind a
# task. What would it cost to know, and on which of the four DAGs would it help?

# %% [markdown]
# ## 1.10 Why the band holds (9 points, graded by a person)
#
# Prove that $\max(W/P, D) \le T_P \le (W - D)/P + D$ for every greedy schedule of a DAG of
# tasks that take one step. For the upper bound, count the steps in which a processor is
# idle.

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof_band", "locked": false, "points": 9, "schema_version": 3, "solution": true, "task": false}
# *Lower bound.* In one step $P$ processors do at most $P$ tasks, so $P\,T_P \ge W$; and the
# tasks on a longest path run one after another, so $T_P \ge D$. (3 points.)
#
# *Upper bound.* Call a step full if all $P$ processors work, and let $i$ be the number of
# steps that are not. In such a step every task that is ready runs, for the schedule is
# greedy. Every longest path in the DAG of what has not run begins with a ready task, so
# after the step the longest path is shorter by one. It has $D$ tasks at first, and no step
# makes it longer: $i \le D$. (3 points.)
#
# In each step at least one task runs, as long as there is any: a DAG always has a ready
# one. So the $T_P - i$ full steps do $P$ tasks each, the others at least one:
# $W \ge P (T_P - i) + i$, and $T_P \le W/P + i (1 - 1/P) \le W/P + D (1 - 1/P)
# = (W - D)/P + D$. (3 points; 2 for $W/P + D$ only.)

# %% [markdown]
# ## 1.11 A list of jobs (6 points)
#
# Now jobs of different lengths, which wait for nothing. They start in the order of the
# list, each on the processor that is free first. The spec says whether yours is such a
# schedule:


# %% nbgrader={"grade": false, "grade_id": "spec_list", "locked": true, "schema_version": 3, "solution": false, "task": false}
def is_by_list(jobs, P, starts):
    """Does each job start at the first time when fewer than P jobs before it run?"""
    for job, start in enumerate(starts):
        ends = [starts[before] + jobs[before] for before in range(job)]
        busy = [sum(end > time for end in ends) for time in range(start + 1)]
        if min(busy[:-1], default=P) < P or busy[-1] >= P:
            return False
    return True


def makespan(jobs, starts):
    """When the last job ends."""
    return max(start + job for start, job in zip(starts, jobs))


is_by_list([2, 1, 3], 2, [0, 0, 1]), makespan([2, 1, 3], [0, 0, 1])


# %% nbgrader={"grade": false, "grade_id": "list_schedule", "locked": false, "schema_version": 3, "solution": true, "task": false}
def list_schedule(jobs, P):  # about 6 lines
    """The start of each job, on P processors that take them in the order of the list."""
    ### BEGIN SOLUTION
    free, starts = [0] * P, []
    for job in jobs:
        first = free.index(min(free))
        starts.append(free[first])
        free[first] += job
    return starts
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_list_schedule", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("1.11", list_schedule)
### BEGIN HIDDEN TESTS
mixed = [i * i % 11 + 1 for i in range(30)]
check("1.11", list_schedule, more=[(mixed, P) for P in (1, 2, 3, 8, 40)])
check("1.11", list_schedule, more=[([], 2), ([4], 1), (mixed[::-1], 4)])
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** The list of `graham_jobs` is bad because the longest job comes last. How long
# can the last job at most wait for the others?

# %% [markdown]
# ## 1.12 The longest processing time first (6 points)
#
# LPT sorts the list, the longest job first and of equal jobs the earlier one, and then
# schedules it as in 1.11. Give the starts in the order of `jobs`, as they came.


# %% nbgrader={"grade": false, "grade_id": "lpt", "locked": false, "schema_version": 3, "solution": true, "task": false}
def lpt(jobs, P):  # about 6 lines
    """The start of each job, when the longest are taken first."""
    ### BEGIN SOLUTION
    order = sorted(range(len(jobs)), key=lambda job: -jobs[job])
    starts = [0] * len(jobs)
    for job, start in zip(order, list_schedule([jobs[job] for job in order], P)):
        starts[job] = start
    return starts
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_lpt", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("1.12", lpt)
### BEGIN HIDDEN TESTS
mixed = [i * i % 11 + 1 for i in range(30)]
check("1.12", lpt, more=[(mixed, P) for P in (1, 2, 3, 8, 40)])
check("1.12", lpt, more=[([], 2), ([4], 1), (mixed[::-1], 4)])
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** For two processors LPT is at most $7/6$ times too long. Finding the best
# schedule is NP-hard, even then.

# %% [markdown]
# ## 1.13 Why a list is at most twice too long (9 points, graded by a person)
#
# Prove Graham's theorem: for jobs of any lengths, and any list of them, the schedule on
# $P$ processors ends at most at $(2 - 1/P)\,\mathrm{OPT}$. Then show for each $P$ that
# `graham_jobs(P)` reaches the bound.

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof_list", "locked": false, "points": 9, "schema_version": 3, "solution": true, "task": false}
# Let the job that ends last have length $p$ and start at $s$, so that $T = s + p$. Until
# $s$ no processor is idle, or the job would have started before: $P s \le W - p$, where
# $W$ is the length of all jobs together. (3 points.) Hence
# $T \le (W - p)/P + p = W/P + (1 - 1/P)\,p$. No schedule is shorter than $W/P$, nor than
# any one job: $W/P \le \mathrm{OPT}$ and $p \le \mathrm{OPT}$. So
# $T \le (2 - 1/P)\,\mathrm{OPT}$. (3 points.)
#
# `graham_jobs(P)`: the $P(P - 1)$ jobs of length 1 keep all processors busy until $P - 1$;
# then the last job starts, and ends at $2P - 1$. It is better to give a processor to the
# long job alone, and $P$ short ones to each of the other $P - 1$: all end at $P$, and no
# schedule is shorter than the longest job, so $\mathrm{OPT} = P$. The ratio is
# $(2P - 1)/P = 2 - 1/P$. (3 points.)

# %% [markdown]
# # Part 4: theory against running code
#
# ## 1.14 Is $T_P$ in the band? (6 points)
#
# Hold your prediction of 1.6 against your schedule of 1.9: a row
# `(name, P, low, measured, high)` for each DAG and each number of processors, in this
# order. `verdict` reads the rows and returns `"CONFIRMED"` or `"REFUTED"`; it must be able
# to do both, and no rows confirm nothing.


# %% nbgrader={"grade": false, "grade_id": "depth", "locked": true, "schema_version": 3, "solution": false, "task": false}
def depth(dag):
    """The number of tasks on the longest path."""
    ends = []
    for parents in dag:
        ends.append(1 + max((ends[parent] for parent in parents), default=0))
    return max(ends)


# %% nbgrader={"grade": false, "grade_id": "experiment_band", "locked": false, "schema_version": 3, "solution": true, "task": false}
def experiment_band(dags, processors):  # about 7 lines
    """[(name, P, low, measured, high)] for each DAG of {name: dag} and each P."""
    ### BEGIN SOLUTION
    rows = []
    for name, dag in dags.items():
        for P in processors:
            low, high = predict_band(len(dag), depth(dag), P)
            rows.append((name, P, low, max(greedy_schedule(dag, P)) + 1, high))
    return rows
    ### END SOLUTION


def verdict(rows):  # about 2 lines
    """Is measured in the band, in every row?"""
    ### BEGIN SOLUTION
    holds = rows and all(low <= measured <= high for _, _, low, measured, high in rows)
    return "CONFIRMED" if holds else "REFUTED"
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_experiment_band", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
rows = experiment_band(DAGS, list(range(1, 65)))
asked = [(name, P) for name in DAGS for P in range(1, 65)]
assert [row[:2] for row in rows] == asked, f"1.14: rows should begin with {asked[:2]}"
outside = [row for row in rows if not row[2] <= row[3] <= row[4]]
assert not outside, f"1.14: {outside[0]} is outside of its band: revisit 1.6 and 1.9"
assert verdict(rows) == "CONFIRMED", "1.14: all rows are in their bands: CONFIRMED"
check("1.14", verdict)
### BEGIN HIDDEN TESTS
for name, P, low, measured, high in rows:
    W, D = len(DAGS[name]), depth(DAGS[name])
    band = max(-(-W // P), D), (W - D) // P + D
    assert (low, high) == band, f"1.14: {name} on {P}: {low} to {high}, not {band}"
    assert low <= measured <= high, f"1.14: {name} on {P}: {measured} is not in {band}"
    if P in (1, 4, 5, 64):
        T = max(greedy_schedule(DAGS[name], P)) + 1
        assert measured == T, f"1.14: {name} on {P}: not {measured}, it takes {T}"
other = {"skew": [[i // 3] if i else [] for i in range(40)], "one": [[]]}
(skew, one) = experiment_band(other, [3])
T = max(greedy_schedule(other["skew"], 3)) + 1
assert skew == ("skew", 3, 14, T, 16), f"1.14: {skew} for 40 tasks of depth 5 on 3"
assert one == ("one", 3, 1, 1, 1), f"1.14: {one} for a single task"
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** The lines are the upper ends, the points your measurements; `chains` and
# `funnel` have almost the same line. Which DAGs stay at their line, which leave it, and at
# which $P$ do they jump?

# %%
from cme323.course.plots import curves

found = {row[:2]: row for row in rows}
curves(
    predict={name: lambda P, name=name: found[name, P][4] for name in DAGS},
    run={name: lambda P, name=name: found[name, P][3] for name in DAGS},
    over=[1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 25, 32, 50, 64],
    title="250 tasks on P processors: greedy time below its bound",
    xlabel="processors P",
    ylabel="T_P (steps)",
    log="xy",
)

# %% [markdown]
# ## 1.15 Graham's families (4 points)
#
# Hold your prediction of 1.8 against your schedules of 1.11 and 1.12. For each $P$ three
# rows, `("list", P, said, measured, said)`, then the same for `"best"` and `"lpt"`, in the
# order of `predict_jobs`. The band is a single number, so your `verdict` reads these too.


# %% nbgrader={"grade": false, "grade_id": "experiment_jobs", "locked": false, "schema_version": 3, "solution": true, "task": false}
def experiment_jobs(processors):  # about 9 lines
    """[(name, P, said, measured, said)], for each P a row for list, best and lpt."""
    ### BEGIN SOLUTION
    rows = []
    for P in processors:
        jobs, worse = graham_jobs(P), lpt_jobs(P)
        measured = (
            makespan(jobs, list_schedule(jobs, P)),
            makespan(jobs, lpt(jobs, P)),
            makespan(worse, lpt(worse, P)),
        )
        for name, said, T in zip(("list", "best", "lpt"), predict_jobs(P), measured):
            rows.append((name, P, said, T, said))
    return rows
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_experiment_jobs", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
tight = experiment_jobs(list(range(2, 17)))
outside = [row for row in tight if row[2:] != (row[3],) * 3]
assert not outside, f"1.15: {outside[0]} is not as predicted: revisit 1.8, 1.11, 1.12"
assert verdict(tight) == "CONFIRMED", "1.15: all rows are as predicted: CONFIRMED"
check("1.15", experiment_jobs)
### BEGIN HIDDEN TESTS
check("1.15", experiment_jobs, more=[(list(range(2, 17)),)])
for P in (3, 8):
    jobs, worse = graham_jobs(P), lpt_jobs(P)
    measured = [
        makespan(jobs, list_schedule(jobs, P)),
        makespan(jobs, lpt(jobs, P)),
        makespan(worse, lpt(worse, P)),
    ]
    told = experiment_jobs([P])
    assert [row[3] for row in told] == measured, (
        f"1.15: {told}, but {measured} measured"
    )
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** These are inequalities that hold with equality, for every $P$: the constants
# $2 - 1/P$ and $4/3 - 1/(3P)$ cannot be made smaller. The course holds them, the band and
# the scans against its own code as claims A5, A6, A1 and A8: `cme323 verify A1`.

# %% [markdown]
# ## 1.16 Where you and the machine disagree (5 points, graded by a person)
#
# Take the DAG whose $T_5$ is furthest from your guess of 1.7; if all are right, take
# `chains` on 4 processors. Say what the band allowed, what you expected and what was
# measured. What in the DAG, or in how your schedule chooses among ready tasks, makes the
# difference? What would another choice have measured?

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# The band of `funnel` on 5 processors is 51 to 90. I guessed 60, because $W/P$ is 50 and
# the chain seemed to hide behind it; the machine measured 90. (2 points for the three
# numbers.) The chain waits for *all* of the 200 tasks, so nothing of it can overlap with
# them: 40 full steps, then 50 steps with one task each. (2 points for the cause.) No other
# choice of tasks helps, as every greedy schedule is at the upper end here. (1 point.)
#
# For `chains` on 4 processors: 63 to 100. This schedule prefers the smallest number and
# runs four chains to their ends before it begins the fifth: 100. One that prefers the
# longest path still to go takes turns, and measures 63. With 5 processors both take 50.

# %% [markdown]
# ## What we left out
#
# Who may write to a cell at the same time (EREW, CRCW); the cost of moving data between
# processors; tasks of unknown length, and work stealing. Three questions to end with:
#
# 1. A DAG has $W = 10^6$ and $D = 10^3$. How many processors would you buy?
# 2. Does $T_P$ ever *rise* when a processor is added? (Graham, 1966.)
# 3. Which of your functions would still be right on floats, where `+` is not associative?
