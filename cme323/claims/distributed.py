"""Part E, the gradient as a sum over machines: what a step moves (E7).

Words are those that ranks of a simulated network send; records are those that the
engine's treeAggregate writes to shuffles.
"""

from functools import partial

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal, Slope
from cme323.engine import Context
from cme323.measure import run
from cme323.network import Network
from cme323.optimize import logistic
from cme323.optimize.distributed import (
    gradient_descent,
    gradient_descent_cost,
    gradient_step,
    in_blocks,
    step_words,
)

ZAHARIA = "Zaharia et al., Resilient Distributed Datasets, NSDI 2012, 3.1"
BOSAGH = "Bosagh Zadeh et al., Matrix computations and optimization in Spark, KDD 2016"


def examples(n, d):
    rng = np.random.default_rng(0)
    return rng.normal(size=(n, d)), np.where(rng.random(n) < 0.5, -1.0, 1.0)


def stepped(n, d, P):
    """(new weights, network) after one step on P ranks."""
    x, y = examples(n, d)
    network = Network(P)
    blocks = list(zip(np.array_split(x, P), np.array_split(y, P)))
    same = {"gradient": logistic.gradient, "w": np.zeros(d), "step": 1.0}
    return network.run(gradient_step, blocks, **same)[0], network


def words(n, d, P):
    return stepped(n, d, P)[1].cost.records


def away(n, d, P):
    """How far the weights are from those that one machine finds."""
    x, y = examples(n, d)
    alone = -logistic.gradient(np.zeros(d), x, y)
    return round(float(abs(stepped(n, d, P)[0] - alone).max()), 12)


def descended(sc, n, P, steps=3):
    """What three steps cost a machine that runs RDDs, on P partitions."""
    x, y = examples(n, 4)

    def program(sc):
        blocks = in_blocks(sc, x, y, P)
        return gradient_descent(blocks, logistic.gradient, np.zeros(4), 1.0, steps)

    return run(program, sc).cost


def records(n, P):
    return descended(Context(P), n, P).records


ANY = tuple((n, d, P) for n in (100, 3000) for d in (1, 30) for P in (2, 8, 13))
COUNTS = tuple((n, P) for n in (100, 1000) for P in (4, 8, 16, 25))
DATA = tuple(100 * 2**k for k in range(7))
FEATURES = tuple(2**k for k in range(3, 10))


def on_spark(sc):
    """Its shuffles: the same program, as many rounds."""
    return (
        Experiment(
            "Spark: one round a step on more than 4 partitions, else none",
            "rounds",
            "n, P",
            ((50, 4), (200, 16)),
            predict=lambda n, P: gradient_descent_cost(3, P).rounds,
            run=lambda n, P: descended(sc, n, P).rounds,
            verdict=Equal(),
        ),
    )


E7 = Claim(
    id="E7",
    title="A gradient is a sum",
    statement=(
        "A step of gradient descent with $d$ weights on $n$ examples and $P$ "
        "machines is a broadcast and a sum: $(P-1)d$ words out, and $(P-1)(d+1)$ "
        "back, as the count of examples comes along. $n$ does not occur. As Spark's "
        "treeAggregate it writes one record for each partition, of $d+1$ numbers."
    ),
    source=f"{ZAHARIA}; {BOSAGH}",
    experiments=(
        Experiment(
            "(P - 1)(2d + 1) words, whatever n",
            "words",
            "n, d, P",
            ANY,
            predict=lambda n, d, P: step_words(d, P),
            run=words,
            verdict=Equal(),
        ),
        Experiment(
            "flat in n",
            "words",
            "n",
            DATA,
            predict=lambda n: step_words(10, 8),
            run=partial(words, d=10, P=8),
            verdict=Slope(0, 0.001),
        ),
        Experiment(
            "proportional to d",
            "words",
            "d",
            FEATURES,
            predict=lambda d: step_words(d, 8),
            run=lambda d: words(100, d, 8),
            verdict=Slope(1, 0.02),
        ),
        Experiment(
            "the weights that one machine finds",
            "distance",
            "n, d, P",
            ANY,
            predict=lambda n, d, P: 0,
            run=away,
            verdict=Equal(),
        ),
        Experiment(
            "treeAggregate: P records a step, if P > 4, whatever n",
            "records of three steps",
            "n, P",
            COUNTS,
            predict=lambda n, P: gradient_descent_cost(3, P).records,
            run=records,
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "twice the examples, twice the words",
            "words",
            "n",
            DATA,
            predict=lambda n: n / 100 * step_words(10, 8),
            run=partial(words, d=10, P=8),
            verdict=Slope(1, 0.02),
        ),
        Experiment(
            "a tree saves words: 2d log2 P",
            "words",
            "n, d, P",
            tuple(size for size in ANY if size[2] > 2),
            predict=lambda n, d, P: 2 * d * np.log2(P),
            run=words,
            verdict=AtMost(),
        ),
    ),
    on_spark=on_spark,
)

CLAIMS = (E7,)
