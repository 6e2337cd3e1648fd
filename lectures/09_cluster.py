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
# # Lecture 9. A cluster: machines that can only talk
#
# Eight friends know a number each, and all eight want the sum. They can only telephone:
# a call takes a second, and nobody can listen to two at once. How long does it take?
# One of them could call the others, 7 seconds, and call them again, 14. It can be done
# in **3**. Before you go on, find out how: much of this lecture follows from it.
#
# **Words.**
#
# - **rank**: one of $P$ machines that share nothing, an `int` from 0 to $P - 1$.
# - **message**: what one rank sends to another: numbers, texts, arrays. Its length is
#   counted in **words**; a number is one, 8 bytes.
# - **link**: the wire from one rank to another, a pair `(source, to)`.
# - **rank program**: a generator function, which all ranks run. It *yields* what it
#   wants of the machine, and is given the answer; what it returns is its rank's result.
# - **round**: messages that are under way at the same time.
# - **collective**: a pattern of messages in which all ranks take part.
# - $\alpha$, $\beta$, $\gamma$: seconds for a message, for a word in it, and to compute
#   with a word; three `float`s.
# - **`Network`**: the machine. `network.run(program, values)` gives a list of results,
#   `network.clock` the seconds, `network.cost` a **`Cost`**: rounds, words (as
#   `records`), messages, work.

# %%
from functools import partial

import numpy as np

from cme323 import Cost
from cme323.claims import claim
from cme323.claims.claim import Experiment
from cme323.claims.sampling import EVEN, PAIRS, UNEVEN, by_shares, has, parts_of
from cme323.claims.verdicts import AtMost
from cme323.course.plots import bars, curves, lines, spacetime
from cme323.course.plots_network import traffic
from cme323.course.show import Code, GlooRun, on_gloo
from cme323.measure import compare, run
from cme323.network import Deadlock, Link, Network, allreduce, gather, sampling, tree
from cme323.network.all_to_all import all_to_all, all_to_all_cost
from cme323.network.barrier import barrier, superstep_seconds
from cme323.network.distributed_sum import distributed_sum, distributed_sum_seconds
from cme323.network.sorting import psrs, psrs_cost, sample_sort
from cme323.parallel.sample_sort import relative_deviation

# %% [markdown]
# ## One program, many ranks
#
# Every rank gives its value to the next, and the last one gives it to rank 0. One
# function says that for all; `rank.number` is who I am, `rank.size` is $P$.


# %%
def pass_on(rank, value):
    """The value of the rank before this one."""
    right, left = (rank.number + 1) % rank.size, (rank.number - 1) % rank.size
    return (yield rank.exchange(right, value, left))


# %% [markdown]
# Besides `exchange` there are `yield rank.send(to, value)`, `yield
# rank.receive(source)` and `yield rank.compute(f, ...)`. Each is a request, and the
# machine decides when it is done.
#
# **Claim.** $w$ words take $\alpha + w\beta$ seconds, and a rank can send and receive
# at the same time. **Prediction** for five ranks, letters, $\alpha = 1$, $\beta =
# \frac14$: 1.25 seconds, one round, 5 messages.

# %%
network = Network(5, alpha=1, beta=0.25)
network.run(pass_on, list("abcde")), network.clock, network.cost

# %% [markdown]
# The clock is simulated: it shows what it should on every laptop. Now a network as it
# might be, with $\alpha$ = 10 µs and $\beta$ = 1 ns, which are `Network`'s own. A word
# that travels alone takes as long as ten thousand that share a message. **Prediction**
# for 10,000 words: 20 µs in one message, 100 ms one by one, **5,000 times as long**.


# %%
def send_in(rank, words, messages):
    """Rank 0 sends so many words to rank 1, in so many messages."""
    for _ in range(messages):
        if rank.number == 0:
            yield rank.send(1, np.zeros(words // messages))
        else:
            yield rank.receive(0)


def seconds(network, program, *each, **same):
    """How long a program takes on a new network."""
    network.run(program, *each, **same)
    return network.clock


alone = seconds(Network(2), send_in, words=10_000, messages=10_000)
alone / seconds(Network(2), send_in, words=10_000, messages=1)

# %% [markdown]
# That is the first law of clusters: **send few messages, and long ones**.

# %% [markdown]
# ## One tells all
#
# Rank 0 has news. It can tell the seven others itself; or each that knows it tells one
# that does not, so that 1, 2, 4, 8 know: a **binomial tree**. **Prediction**, at a
# second for a message: $P - 1 = 7$ seconds, and $\log_2 P = 3$.

# %%
told = Network(8, alpha=1, beta=0)
told.run(tree.broadcast_by_driver, ["news"] * 8)
spacetime(told)

# %% [markdown]
# A **space-time diagram**: a line for each rank, time from left to right, an arrow for
# each message from where and when it leaves to where and when it arrives. Above, rank 0
# talks all the time, and six others wait. And now the tree:

# %%
told = Network(8, alpha=1, beta=0)
told.run(tree.broadcast, ["news"] * 8)
spacetime(told)

# %%
Code(tree.broadcast)

# %% [markdown]
# Three seconds, as predicted. Seven messages too: a tree sends **not one word less**,
# it only sends them at the same time. With a thousand ranks, 10 seconds or 1,023:

# %%
UNIT = {"alpha": 1, "beta": 0, "gamma": 0}
curves(
    {"driver": lambda P: P - 1, "tree": np.log2},
    {
        "driver": lambda P: seconds(
            Network(P, **UNIT), tree.broadcast_by_driver, ["news"] * P
        ),
        "tree": lambda P: seconds(Network(P, **UNIT), tree.broadcast, ["news"] * P),
    },
    [2**i for i in range(11)],
    "How long it takes until all know",
    "ranks (number)",
    "time (messages one after another)",
    log="x",
)

# %% [markdown]
# **Claim B1** is about the way back, all to one: each rank has $n$ words, and rank 0
# wants their sum. The driver receives $(P-1)n$ words; in a tree nobody receives more
# than $n$ in a round. Between them is Spark's `treeAggregate`, in two levels: about
# $2\sqrt P$ messages come to the driver.

# %%
claim("B1").check()

# %% [markdown]
# The last lines are **falsehoods**, which must be refuted: an experiment that could not
# fail would prove nothing.

# %% [markdown]
# ## Six patterns
#
# Most parallel programs are made of six collectives. Here each rank has, or shall get,
# blocks of 4 words, $P = 8$.
#
# | pattern | before | after |
# |:--|:--|:--|
# | broadcast | rank 0 has a block | all have it |
# | reduce | each has a block | rank 0 has the sum |
# | gather | each has a block | rank 0 has all 8 |
# | scatter | rank 0 has 8 blocks | each has its own |
# | all-gather | each has a block | all have all 8 |
# | all-to-all | each has a block for each | each has what is meant for it |
#
# **Prediction.** A gather along a tree takes 3 rounds, not 7, but a block from rank 7
# travels three times: 48 words instead of 28. All-to-all cannot be helped: each pair
# has something to say, $4 \cdot 8 \cdot 7 = 224$ words. It is the **shuffle** of
# lecture 11.

# %%
block = [1.0] * 4
PATTERNS = {
    "broadcast": (tree.broadcast, block, tree.broadcast_cost),
    "reduce": (tree.reduce, np.ones(4), tree.reduce_cost),
    "gather": (gather.gather, block, gather.gather_cost),
    "scatter": (gather.scatter, [block] * 8, gather.gather_cost),
    "all-gather": (gather.all_gather, block, gather.all_gather_cost),
    "all-to-all": (all_to_all, [block] * 8, all_to_all_cost),
}


# %%
def predicted(name):
    """Rounds and words of a pattern, by its formula."""
    cost = PATTERNS[name][2](4, 8)
    return Cost(rounds=cost.rounds, records=cost.records)


def counted(name):
    """All that a pattern costs eight ranks."""
    program, has_each, _ = PATTERNS[name]
    return run(Network.run, Network(8), program, [has_each] * 8)


compare(predicted, counted, over=list(PATTERNS))

# %% [markdown]
# Every ratio is 1: these are counts, not bounds.

# %% [markdown]
# ## After you!
#
# Two polite people at a door can wait for ever. So can ranks: a send is done when it is
# received. In this program all give first, and then take. **Before you go on**: which
# of four ranks is the first to get its present?


# %%
def give_then_take(rank):
    """Give a present to the next rank, and then take one."""
    right, left = (rank.number + 1) % rank.size, (rank.number - 1) % rank.size
    yield rank.send(right, "a present")
    return (yield rank.receive(left))


def stuck(network, program, *each):
    """The deadlock that the program runs into."""
    try:
        network.run(program, *each)
    except Deadlock as deadlock:
        return deadlock


stuck(Network(4), give_then_take)

# %% [markdown]
# None. Read the machine's answer as a graph: an arrow from each rank to the one that it
# waits for. **A circle of arrows is a deadlock**, and the machine looks for one when
# nobody can go on.
#
# NB: real networks have buffers, in which a short message can wait for its receiver.
# There this program works in every test, and stops on the day when its messages are
# longer. Ours has none, so it stops at once.
#
# The advice has two halves. **Prediction** for eight ranks: if rank 0 receives first,
# there is no circle any more, but everybody waits for the one before, 8 seconds. If all
# exchange, 1.


# %%
def one_takes_first(rank):
    """The same, but rank 0 takes first."""
    right, left = (rank.number + 1) % rank.size, (rank.number - 1) % rank.size
    if rank.number:
        return (yield from give_then_take(rank))
    present = yield rank.receive(left)
    yield rank.send(right, "a present")
    return present


polite = Network(8, **UNIT)
polite.run(one_takes_first)
spacetime(polite)

# %% [markdown]
# A staircase: correct, and as slow as can be. Compare `pass_on`, the first program of
# this lecture:

# %%
seconds(Network(8, **UNIT), pass_on, ["a present"] * 8)

# %% [markdown]
# ## Slow, lossy, cut
#
# Links are not alike. Say the one from rank 2 to 3 is **four times slower**, and all
# eight want a sum, in one of two ways: round a **ring**, 14 messages one after another
# (we shall see why), or by **doubling**, 3 messages. **Prediction**: doubling uses the
# link once, $3 + 3 = 6$ seconds. The ring uses it 14 times: 56.


# %%
def sum_over_slow_link(program):
    """Seconds for a sum over eight ranks, one link of which is slow."""
    network = Network(8, **UNIT, links={(2, 3): Link(slow=4)})
    return seconds(network, program, list(np.ones((8, 8))))


[
    sum_over_slow_link(program)
    for program in (allreduce.doubling_allreduce, allreduce.ring_allreduce)
]

# %% [markdown]
# One slow link of 56, and the ring is four times slower: a ring is as fast as its
# slowest link. Here are four ranks, so that we can see it. The long flat arrows go from
# 2 to 3, and soon all wait for them.

# %%
slow = Network(4, **UNIT, links={(2, 3): Link(slow=4)})
slow.run(allreduce.ring_allreduce, list(np.ones((4, 4))))
spacetime(slow)

# %% [markdown]
# A **lossy** link loses a message with probability $p$, and its sender does not notice.
# A link may send again by itself, or the program asks again when no answer comes, by a
# timeout. **Prediction**: either way $1/(1-p)$ tries, on average.


# %%
def insist(rank, times):
    """Rank 0 asks, again and again, until rank 1 has answered; so many questions."""
    for _ in range(times):
        if rank.number == 1:
            yield rank.send(0, (yield rank.receive(0)))
            continue
        answer = None
        while answer is None:
            yield rank.send(1, "a question")
            try:
                answer = yield rank.receive(1, timeout=3)
            except TimeoutError:
                continue


# %% [markdown]
# Each loss costs its message and the timeout, $1 + 3$ seconds here. With $l$ losses the
# answer is there at second $4l + 2$. This seed has two: **prediction**, 10.

# %%
lossy = Network(2, **UNIT, seed=0, links={(0, 1): Link(loss=0.5)})
lossy.run(insist, times=1)
spacetime(lossy)


# %%
def tries(program, p, **sizes):
    """Messages from 0 to 1 for each of 1,000 that have to arrive."""
    again = Link(loss=p, resend=program is send_in)
    network = Network(2, seed=int(1000 * p) + again.resend, links={(0, 1): again})
    network.run(program, **sizes)
    return sum(message.to for message in network.messages) / 1000


curves(
    {"link sends again": lambda p: 1 / (1 - p), "program asks": lambda p: 1 / (1 - p)},
    {
        "link sends again": partial(tries, send_in, words=1000, messages=1000),
        "program asks": partial(tries, insist, times=1000),
    },
    [0.1 * i for i in range(9)],
    "How often a message must be sent until it arrives",
    "probability of a loss (per try)",
    "tries (per message)",
)

# %% [markdown]
# What is lost is drawn by a seed, so the points lie about the line, not on it.
#
# And a link that is **cut** brings nothing. Rank 0 tells its news along the tree, but
# the link to rank 4 is cut. **Prediction**, from the picture of the tree: half of the
# ranks never hear of it; and rank 0 ends, content.

# %%
cut = Network(8, **UNIT, links={(0, 4): Link(cut=0)})
stuck(cut, tree.broadcast, ["news"] * 8)

# %%
spacetime(cut)

# %% [markdown]
# No circle this time. They wait for one who waits for one who has gone. In an MPI
# program you would see a cursor that blinks.

# %% [markdown]
# ## All wait for the slowest
#
# Deadlocks come from everybody's own order of sends and receives. **BSP** (bulk
# synchronous parallel) allows one order only: all compute, all exchange, all meet at a
# **barrier**, which nobody leaves before all have come. That is a **superstep**; if all
# take the same ones, nobody can deadlock.
#
# **Claim.** A superstep takes $w + hg + l$: the *longest* computation $w$, the most
# words of a rank $h$ at $g = \beta$ each, and $l$ for its $1 + \log_2 P$ alphas. Here
# 400 words of work take 4 seconds, 10 words on the link 1. **Prediction**: $4 + 1 + 4 =
# 9$ seconds; if rank 5 has 4 times as much to do, $16 + 1 + 4 = 21$.


# %%
def superstep(rank, work, h):
    """Compute with so many words, give h words to the next rank, wait for all."""
    yield rank.compute(np.sum, np.ones(work))
    yield from pass_on(rank, np.zeros(h))
    yield from barrier(rank)


SECONDS = {"alpha": 1, "beta": 0.1, "gamma": 0.01}
balanced, straggling = Network(8, **SECONDS), Network(8, **SECONDS)
balanced.run(superstep, [400] * 8, h=10)
straggling.run(superstep, [400] * 5 + [1600] + [400] * 2, h=10)
formula = [superstep_seconds(w, 10, 8, **SECONDS) for w in (400, 1600)]
formula, [balanced.clock, straggling.clock]

# %%
spacetime(straggling)

# %% [markdown]
# The green bar of rank 5 is the clock of the whole cluster; the time that the others
# have left is lost. In a superstep it does not help to be even *on average*.

# %% [markdown]
# ## The sum for all, in four ways
#
# Back to the eight friends. They want an **allreduce**: all have $n$ words, and all
# shall have the sum. You found it, perhaps: call in pairs, where *both* tell what they
# know, then in pairs of pairs. It is called **recursive doubling**, since what one
# knows doubles.

# %%
friends = Network(8, **UNIT)
assert friends.run(allreduce.doubling_allreduce, range(8)) == [28] * 8
spacetime(friends)

# %% [markdown]
# A butterfly, in 3 seconds. But each of its messages is a whole vector. What if $n$ is
# a million? A **ring** cuts it into $P$ chunks, which go round: once to be added up,
# once to be told. Many messages, all short.

# %%
Code(allreduce.ring_allreduce)

# %% [markdown]
# **Rabenseifner's** way takes both ideas: pairs exchange *halves*, add them up, then
# quarters, eighths; and the same way back. And a **tree** reduces to rank 0, which then
# broadcasts. On the clock:
#
# | way | seconds |
# |:--|:--|
# | tree | $2\log_2 P\,(\alpha + n\beta)$ |
# | doubling | $\log_2 P\,(\alpha + n\beta)$ |
# | ring | $2(P-1)\,\alpha + 2\frac{P-1}{P}\,n\beta$ |
# | Rabenseifner | $2\log_2 P\,\alpha + 2\frac{P-1}{P}\,n\beta$ |
#
# **Prediction** for $P = 8$: set the first equal to the third, and the ring beats the
# tree from this many words on:

# %%
allreduce.crossover(8, alpha=1e-5, beta=1e-9)

# %%
WAYS = {
    "tree": allreduce.tree_allreduce,
    "doubling": allreduce.doubling_allreduce,
    "ring": allreduce.ring_allreduce,
    "Rabenseifner": allreduce.rabenseifner_allreduce,
}
FORMULAS = {
    "tree": allreduce.tree_seconds,
    "doubling": allreduce.doubling_seconds,
    "ring": allreduce.ring_seconds,
    "Rabenseifner": allreduce.rabenseifner_seconds,
}
MODEL = {"alpha": 1e-5, "beta": 1e-9, "gamma": 0}


# %%
def allreduce_seconds(way, n):
    """On the clock of eight ranks, with n words each."""
    return seconds(Network(8, **MODEL), WAYS[way], list(np.ones((8, n))))


curves(
    {way: partial(f, P=8, **MODEL) for way, f in FORMULAS.items()},
    {way: partial(allreduce_seconds, way) for way in WAYS},
    [2**i for i in range(8, 19)],
    "An allreduce on 8 ranks",
    "words at each rank (number)",
    "time (simulated seconds)",
    log="xy",
)

# %% [markdown]
# Every point is on its line. The ring (green) is the worst for short vectors, since 14
# alphas add up, and crosses the tree between $2^{14}$ and $2^{15}$, as predicted. For
# short ones take doubling, for long ones Rabenseifner.

# %%
claim("B2").check()

# %% [markdown]
# ## Who carries the load?
#
# The claim says that tree, ring and Rabenseifner send the *same number* of words,
# $2n(P-1)$. How can one be three times faster? Count the words of each rank.
# **Prediction** for $n = 64$: in a ring each rank sends $2 \cdot 64 \cdot \frac78 =
# 112$; in a tree rank 0 sends $64 \cdot 3 = 192$, and ranks 1, 3, 5, 7 only 64.


# %%
def after(way, n=64):
    """A network of eight ranks after an allreduce of n words."""
    network = Network(8)
    network.run(WAYS[way], list(np.ones((8, n))))
    return network


def sent_in_a_tree(rank):
    """64 words to each child, when it tells; and 64 to its parent, before."""
    return 64 * (len(tree.children(rank, 8)) + (rank > 0))


each = {"doubling": 192, "ring": 112, "Rabenseifner": 112}
curves(
    {"tree": sent_in_a_tree} | {way: lambda rank, w=w: w for way, w in each.items()},
    {way: after(way).sent.__getitem__ for way in WAYS},
    range(8),
    "What each rank sends in an allreduce of 64 words",
    "rank (number)",
    "words (number)",
)

# %% [markdown]
# Ring and Rabenseifner lie on each other, at 112. And over **links**: the tree has few
# that carry much, the ring eight that carry all, Rabenseifner's way long ones and
# short ones. **Prediction**: the fullest link has 64, 112 and 64 words.

# %%
traffic(**{way: after(way) for way in ("tree", "ring", "Rabenseifner")})

# %% [markdown]
# The ring uses 8 of 56 links, each to a neighbour. Hold that against the table above:
# if ranks sit in a row and share wires, those of Rabenseifner's that cross the middle
# would have to share one. Our clock knows nothing of that, and flatters it.
#
# **Claim B3.** Could a cleverer way do with less than 112? Each of the $n$ sums is made
# of $P$ numbers, so $P - 1$ words must move to make it, and $P - 1$ to tell the others:
# $2n(P-1)$ in all. **Then some rank sends at least the average, $2n(P-1)/P$.** The ring
# attains it, so nothing of this kind can beat it by words; doubling tells everything to
# everybody, and moves more.

# %%
claim("B3").check()

# %% [markdown]
# ## A sum of a million numbers
#
# Each of $P$ ranks adds up its own $n/P$ numbers; then they double: $\gamma n/P +
# \log_2 P\,(\alpha + \beta + \gamma)$ seconds. More ranks help until the calls take as
# long as the numbers. **Prediction**, by the derivative: $P = \gamma n \ln 2/(\alpha +
# \beta + \gamma) = 73$ ranks are best for $n = 2^{20}$, and nobody needs 1,024.

# %%
BASE = {"alpha": 1e-5, "beta": 1e-9, "gamma": 1e-9}
curves(
    {"sum": lambda P: distributed_sum_seconds(2**20, P, **BASE)},
    {
        "sum": lambda P: seconds(
            Network(P, **BASE), distributed_sum, np.array_split(np.ones(2**20), P)
        )
    },
    [2**i for i in range(11)],
    "A sum of a million numbers on more and more ranks",
    "ranks (number)",
    "time (simulated seconds)",
    log="xy",
)

# %% [markdown]
# Past 64 it turns, but gently: the driver of lecture 11 drowns in $P$ answers, these
# only have to double once more.

# %% [markdown]
# ## A step of learning, on 1,024 ranks
#
# In data-parallel learning all ranks have the weights, and some of the rows; each
# computes the gradient of its own rows, and an allreduce adds them up, in every step.
# How does that scale, with 1,024 rows of 1,024 numbers? **Prediction** by the same
# derivative: 7 ranks are best with a ring, 36 with Rabenseifner, 60 with doubling.


# %%
def residuals(x, y, w):
    """The gradient of the sum of (x.w - y)^2 / 2."""
    return x.T @ (x @ w - y)


def gradient_step(rank, x, y, w, total):
    """The gradient over all ranks' rows, at every rank."""
    own = yield rank.compute(residuals, x, y, w)
    return (yield from total(rank, own))


# %%
rng = np.random.default_rng(seed=9)
x, y, w = rng.normal(size=(1024, 1024)), rng.normal(size=1024), np.zeros(1024)


def step_seconds(way, P):
    """Of a gradient step on the clock of P ranks."""
    rows = np.array_split(x, P), np.array_split(y, P)
    return seconds(Network(P, **BASE), gradient_step, *rows, w=w, total=WAYS[way])


def predicted_step(way, P):
    """The longest computation, which is that with x, and the allreduce."""
    return BASE["gamma"] * x.size / P + FORMULAS[way](1024, P, **BASE)


# %%
curves(
    {way: partial(predicted_step, way) for way in WAYS},
    {way: partial(step_seconds, way) for way in WAYS},
    [2**i for i in range(8)],
    "A gradient step of 1,024 weights",
    "ranks (number)",
    "time (simulated seconds)",
    log="xy",
)

# %% [markdown]
# As predicted: 8, 32, 64 are the lowest points. With 128 ranks, a ring takes more than
# twice as long as a single rank that has all the rows! How much faster are 1,024 ranks
# at their best, by doubling? **Prediction**: 1.0 µs of work and 10 rounds of 12 µs, 121
# instead of 1,049 µs, so **8.6 times**.

# %%
step_seconds("doubling", 1) / step_seconds("doubling", 1024)

# %% [markdown]
# A thousand machines, and less than nine times the speed. Amdahl's law again (lecture
# 2), with the network as its serial part. The way out is more rows for each rank.

# %% [markdown]
# ## A fair sample
#
# Each rank has some items, and we want $k$ of all of them, so that **every set of $k$
# is as likely as every other**. The trick: each item draws a key, uniform in $[0, 1]$,
# where it is. The $k$ items with the smallest keys are the sample.

# %%
Code(sampling.random_sample, sampling._keyed, sampling._smallest, sampling._merged)

# %% [markdown]
# Which items win does not depend on where they are, so merging is easy. But many an
# item travels for nothing. `bernoulli_sample` lets only keys below a threshold travel,
# of which there are a little more than $k$. **Prediction** for $k = 100$: $200(P-1)$
# words, or about $133\log_2 P$ and some to count: at 64 ranks 12,600 or 1,245.


# %%
def sampled(program, P):
    """Words sent for a sample of 100, from 200 items at each of P ranks."""
    return run(Network.run, Network(P), program, parts_of(200 * P, P), k=100)


# %%
curves(
    {
        "all k keys": lambda P: 200 * (P - 1),
        "threshold": lambda P: (
            sampling.bernoulli_words(100, P) + P * np.log2(P) + P - 1
        ),
    },
    {
        "all k keys": lambda P: sampled(sampling.random_sample, P).cost.records,
        "threshold": lambda P: sampled(sampling.bernoulli_sample, P).cost.records,
    },
    [2**i for i in range(1, 8)],
    "A sample of 100 items",
    "ranks (number)",
    "words (number)",
    log="xy",
)

# %% [markdown]
# Could it be easier still: each rank draws its share, $k/P$ of its own items? Take four
# items on two ranks, $k = 2$. Each *item* has the chance $\frac12$, as it should. But a
# fair sample gives each of the six *pairs* the chance $\frac16$. **Before you go on**:
# which pairs do you never get?

# %%
shares = {f"{a} and {b}": np.mean(has((a, b), by_shares, EVEN)) for a, b in PAIRS}
bars(shares, "Each rank draws its share: how often each pair comes", "share of 5,500")

# %%
keys = partial(has, program=sampling.random_sample, parts=UNEVEN)
fair = {f"{a} and {b}": np.mean(keys((a, b))) for a, b in PAIRS}
bars(fair, "The smallest keys: how often each pair comes", "share of 5,500")

# %% [markdown]
# Those that live together: 0 and 1, 2 and 3. With the smallest keys all six come,
# though here item 0 lives alone, and the others together.

# %%
claim("B18").check()

# %% [markdown]
# ## Sort what fits on nobody
#
# Sorted means here: rank 0 has the smallest, sorted, then rank 1, and so on. Samples
# tell where to cut; an all-to-all brings each item to its bucket; each rank sorts what
# came. Every item travels **once**, and only the cuts can go wrong: all wait for the
# rank with the fullest bucket.
#
# **Sample sort** takes $a$ random items of each rank. **PSRS** (parallel sorting by
# regular sampling) sorts first, and takes every $n/P^2$-th item. **Prediction** for $n$
# = 4,096, $P = 8$, so 512 for each on average: with 2 samples buckets are off by about
# 64 percent, with 32 by 16; and by PSRS none has more than $2n/P = 1024$, ever.


# %%
def loads(program, seed=1, n=4096, P=8, **settings):
    """How many items each rank has in the end."""
    items = np.array_split(np.random.default_rng(seed).permutation(n), P)
    buckets = Network(P, seed=seed).run(program, items, **settings)
    assert np.array_equal(np.concatenate(buckets), np.arange(n))
    return [len(bucket) for bucket in buckets]


lines(
    {
        "sample sort, 2 samples each": loads(sample_sort, samples=2),
        "sample sort, 32 samples each": loads(sample_sort, samples=32),
        "PSRS": loads(psrs),
        "PSRS at most": [1024] * 8,
    },
    "How many items each bucket gets",
    "rank (number)",
    "items (number)",
)

# %% [markdown]
# One run is an anecdote. A hundred runs for each number of samples, against claim B15's
# formula, about $1/\sqrt a$:


# %%
def deviation(samples):
    """Of the load of a bucket from 512, relative, over a hundred seeds."""
    every = [loads(sample_sort, seed, samples=samples) for seed in range(100)]
    return np.sqrt(np.mean((np.array(every) / 512 - 1) ** 2))


curves(
    {"sample sort": lambda a: relative_deviation(4096, a, 8)},
    {"sample sort": deviation},
    [2**i for i in range(1, 8)],
    "How far buckets are from even, on 8 ranks",
    "samples of each rank (number)",
    "relative deviation (1 is all of the mean)",
    log="xy",
)

# %% [markdown]
# The claims themselves count buckets of the engine's partitions, of which lecture 11
# tells. The theorem is about the cuts, and does not care who carries the items.

# %%
claim("B15").check()

# %%
claim("B16").check()

# %% [markdown]
# Its falsehood is worth a thought: where most items are *equal*, no cut can separate
# them, and regular sampling fails too. On the network, PSRS costs its samples, its cuts
# and one all-to-all. `records` is a bound, since a share $1/P$ of the items is in its
# place already. **Prediction** for its ratio: $1 - 1/P$, so 0.5, 0.75, 0.875, 0.94.

# %%
compare(
    lambda P: psrs_cost(4096, P),
    lambda P: run(
        Network.run,
        Network(P),
        psrs,
        np.array_split(np.random.default_rng(1).permutation(4096), P),
    ),
    over=[2, 4, 8, 16],
)

# %% [markdown]
# ## For real
#
# Everything above was simulated. A rank program does not know that: the same generators
# run on processes of this machine, which talk by `torch.distributed` and its library
# gloo. **Prediction** for twelve programs on four processes: not one answer differs, to
# the last bit, and each rank sends as many words as on the simulation.

# %%
PROGRAMS = [
    *WAYS.values(),
    tree.reduce,
    tree.broadcast,
    gather.gather,
    gather.all_gather,
    distributed_sum,
    all_to_all,
    sample_sort,
    psrs,
]
vectors = list(np.random.default_rng(0).normal(size=(4, 4)))


# %%
def all_of_them(rank, vector):
    """A list with each program's answer, in bytes."""
    answers = []
    for program in PROGRAMS:
        answer = yield from program(rank, vector)
        answers.append(None if answer is None else np.asarray(answer).tobytes())
    return answers


# %% tags=["varies"]
def differences(processes):
    """How many answers differ from the simulation's, and how many ranks' words do."""
    simulated = Network(4)
    ours, theirs = (m.run(all_of_them, vectors) for m in (simulated, processes))
    answers = sum(a != b for mine, its in zip(ours, theirs) for a, b in zip(mine, its))
    return answers, sum(map(int.__ne__, simulated.sent, processes.sent))


cost = Cost(work=200, records=307, messages=125)
recorded = GlooRun((0, 0), cost, "on 2026-11-25 with torch 2.13.0")
on_gloo(differences, recorded, ranks=4)

# %% [markdown]
# Floating-point sums too, since every rank adds in the order that the program says. The
# processes have no simulated clock, though, and we do not time them: four processes on
# one laptop say little of four machines.

# %% [markdown]
# ## A falsehood
#
# The ring attains the lower bound, and the famous libraries for GPUs use rings. So you
# will hear: *for long vectors nothing beats the ring.* We predict that with it eight
# ranks need at most the time of Rabenseifner's way, if only $n$ is large enough.

# %%
falsehood = Experiment(
    says="for long vectors the ring takes no longer than Rabenseifner's way",
    unit="simulated seconds",
    axes="n",
    sweep=tuple(2**i for i in range(16, 20)),
    predict=partial(allreduce_seconds, "Rabenseifner"),
    run=partial(allreduce_seconds, "ring"),
    verdict=AtMost(),
).perform()
falsehood.verdict, falsehood.remark

# %% [markdown]
# Refuted. Both send the fewest words, but 14 alphas are more than 6: the ring comes as
# near as you like, and is never ahead. Then why do libraries use it? For what our model
# leaves out: it only needs links between neighbours, and its chunks can flow.

# %% [markdown]
# ## What we left out
#
# Wires that are shared (a real network has fewer than $P(P-1)$), buffers, messages that
# travel while a rank computes, receiving from whoever comes first, and ranks that die:
# lecture 11 has a cure for those.
#
# **Questions.**
#
# 1. $P = 6$ is no power of 2. How many rounds does doubling take now, and who has to
#    wait? Predict `allreduce.doubling_allreduce_cost(1, 6)`, then look at the picture.
# 2. From how many rows on are 1,024 ranks used to four fifths in the step of learning,
#    by doubling? (Work must take four times as long as talk.)
# 3. In `insist` only questions could be lost. Now answers can, too. Which rank can ever
#    be sure that the other knows? Break the program first; the machine will explain.
