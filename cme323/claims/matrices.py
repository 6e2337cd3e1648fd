"""Part C, products of dense matrices on a dataflow: one round (C1), two rounds (C2).

The engine counts the records that its shuffles write. A reducer is a key with all its
values, and its size q the number of these.
"""

from math import isqrt

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Crossover, Equal, Slope
from cme323.engine import Context
from cme323.linalg.matmul_mapreduce import cubes, one_round, two_rounds
from cme323.measure import run

AFRATI = (
    "Afrati, Das Sarma, Salihoglu, Ullman, Upper and lower bounds on the cost of a "
    "map-reduce computation, VLDB 2013"
)
PARTITIONS = 4


def integers(n, seed=0):
    """Two dense matrices, whose products are exact."""
    return np.random.default_rng([n, seed]).integers(1, 10, (2, n, n)).astype(float)


def entries(sc, x):
    """The nonzeros of a matrix as an RDD."""
    places = zip(*(index.tolist() for index in np.nonzero(x)))
    return sc.parallelize([(place, float(x[place])) for place in places])


def dense(n, pairs):
    """The matrix of ((i, j), value)."""
    result = np.zeros((n, n))
    for place, value in pairs:
        result[place] += value
    return result


def product(sc, way, n, *shape):
    """The entries of a product of two n x n matrices."""
    return way(*(entries(sc, x) for x in integers(n)), n, *shape).collect()


def cost(way, n, *shape):
    return run(product, Context(PARTITIONS), way, n, *shape).cost


def largest_reducer(n, s, t):
    """Values of the key that has most."""
    met = cubes(*(entries(Context(PARTITIONS), x) for x in integers(n)), n, s, t)
    return max(met.mapValues(len).values().collect())


def reducers(n, s):
    """How many keys there are."""
    return cubes(
        *(entries(Context(PARTITIONS), x) for x in integers(n)), n, s, n
    ).count()


def wrong_entries(way, n, *shape):
    a, b = integers(n)
    found = dense(n, product(Context(PARTITIONS), way, n, *shape))
    return int(np.sum(found != a @ b))


DIVISORS = (1, 2, 3, 4, 6, 12)
ONCE = tuple((n, s) for n in (6, 12) for s in DIVISORS if n % s == 0)

C1 = Claim(
    id="C1",
    title="Matrix product in one round",
    statement=(
        "Reducers of $q = 2sn$ inputs, $s$ rows of $A$ and $s$ columns of $B$, "
        "multiply two dense $n \\times n$ matrices in one round. Each entry goes to "
        "$n/s = 2n^2/q$ of them, so $4n^4/q$ records move. That is optimal: from "
        "$q$ inputs come at most $q^2/4n^2$ entries of the product, so $4n^4/q^2$ full "
        "reducers are needed."
    ),
    source=AFRATI,
    experiments=(
        Experiment(
            "a reducer has q = 2sn inputs",
            "values of the largest key",
            "n, s",
            ONCE,
            predict=lambda n, s: 2 * s * n,
            run=lambda n, s: largest_reducer(n, s, n),
            verdict=Equal(),
        ),
        Experiment(
            "4n^4/q records move",
            "records",
            "n, s",
            ONCE,
            predict=lambda n, s: 4 * n**4 / (2 * s * n),
            run=lambda n, s: cost(one_round, n, s).records,
            verdict=Equal(),
        ),
        Experiment(
            "they fall as 1/q (n = 12)",
            "records",
            "q",
            tuple(2 * s * 12 for s in DIVISORS),
            predict=lambda q: 4 * 12**4 / q,
            run=lambda q: cost(one_round, 12, q // 24).records,
            verdict=Slope(-1, 0.02),
        ),
        Experiment(
            "4n^4/q^2 reducers suffice: each gives as much as it can",
            "keys",
            "n, s",
            ONCE,
            predict=lambda n, s: 4 * n**4 / (2 * s * n) ** 2,
            run=reducers,
            verdict=Equal(),
        ),
        Experiment(
            "one round",
            "rounds",
            "n, s",
            ONCE,
            predict=lambda n, s: 1,
            run=lambda n, s: cost(one_round, n, s).rounds,
            verdict=Equal(),
        ),
        Experiment(
            "no entry is wrong",
            "wrong entries",
            "n, s",
            ONCE,
            predict=lambda n, s: 0,
            run=lambda n, s: wrong_entries(one_round, n, s),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "to read the input once is enough: 2n^2 records",
            "records",
            "n, s",
            ONCE,
            predict=lambda n, s: 2 * n**2,
            run=lambda n, s: cost(one_round, n, s).records,
            verdict=AtMost(),
        ),
        Experiment(
            "reducers twice as large save three quarters: records fall as 1/q^2",
            "records",
            "q",
            tuple(2 * s * 12 for s in DIVISORS),
            predict=lambda q: 12**2 * 24**2 * 12 / q**2,
            run=lambda q: cost(one_round, 12, q // 24).records,
            verdict=Slope(-2, 0.02),
        ),
    ),
    on_spark=lambda sc: (
        Experiment(
            "on Spark too, one round",
            "rounds",
            "n, s",
            ((6, 2),),
            predict=lambda n, s: 1,
            run=lambda n, s: run(product, sc, one_round, n, s).cost.rounds,
            verdict=Equal(),
        ),
    ),
)

SHAPES = ((6, 2, 1), (6, 3, 2), (6, 1, 6), (12, 4, 2), (12, 3, 4), (12, 12, 6))
BEST = ((8, 16), (8, 64), (16, 64), (16, 256), (12, 144), (24, 144))  # n, q
CROSSING = (32, 64, 128, 256, 512)  # q, for n = 16


def best_shape(q):
    """sqrt(q) x sqrt(q)/2."""
    return isqrt(q), isqrt(q) // 2


def shapes(n, q):
    """All (s, t) with 2st = q, or the next smaller that n allows."""
    return [(s, min(n, q // 2 // s)) for s in range(1, n + 1) if fits(n, q, s)]


def fits(n, q, s):
    t = min(n, q // 2 // s)
    return n % s == 0 and t > 0 and n % t == 0


def moved_least(n, q):
    """Records of the best shape for reducers of at most q inputs."""
    return min(cost(two_rounds, n, *shape).records for shape in shapes(n, q))


def cubes_that_move_least(n, q):
    """s of the shape that moves least."""
    return min(shapes(n, q), key=lambda shape: cost(two_rounds, n, *shape).records)[0]


def lead_of_two_rounds(q, n=16):
    """How many records fewer two rounds move than one, with the same reducers."""
    return cost(one_round, n, q // (2 * n)).records - moved_least(n, q)


C2 = Claim(
    id="C2",
    title="Matrix product in two rounds",
    statement=(
        "Reducers of $s \\times t$ entries of $A$ and $t \\times s$ of $B$, $q = 2st$, "
        "add up $t$ products each; a second round adds their sums. $2n^3/s + n^3/t$ "
        "records move, least for $s = \\sqrt q$, $t = \\sqrt q/2$: then it is "
        "$4n^3/\\sqrt q$. So two rounds move less than one if and only if $q < n^2$."
    ),
    source=AFRATI,
    experiments=(
        Experiment(
            "a reducer has q = 2st inputs",
            "values of the largest key",
            "n, s, t",
            SHAPES,
            predict=lambda n, s, t: 2 * s * t,
            run=largest_reducer,
            verdict=Equal(),
        ),
        Experiment(
            "2n^3/s + n^3/t records move",
            "records",
            "n, s, t",
            SHAPES,
            predict=lambda n, s, t: 2 * n**3 / s + n**3 / t,
            run=lambda n, s, t: cost(two_rounds, n, s, t).records,
            verdict=Equal(),
        ),
        Experiment(
            "of all shapes with 2st = q, s = sqrt(q) moves least",
            "s",
            "n, q",
            BEST[:5],
            predict=lambda n, q: isqrt(q),
            run=cubes_that_move_least,
            verdict=Equal(),
        ),
        Experiment(
            "at best 4n^3/sqrt(q) records",
            "records",
            "n, q",
            BEST,
            predict=lambda n, q: 4 * n**3 / isqrt(q),
            run=lambda n, q: cost(two_rounds, n, *best_shape(q)).records,
            verdict=Equal(),
        ),
        Experiment(
            "one round moves less from q = n^2 on (n = 16)",
            "records that two rounds save",
            "q",
            CROSSING,
            predict=lambda q: 16**2 - q,
            run=lead_of_two_rounds,
            verdict=Crossover(),
        ),
        Experiment(
            "two rounds",
            "rounds",
            "n, s, t",
            SHAPES,
            predict=lambda n, s, t: 2,
            run=lambda n, s, t: cost(two_rounds, n, s, t).rounds,
            verdict=Equal(),
        ),
        Experiment(
            "no entry is wrong",
            "wrong entries",
            "n, s, t",
            SHAPES,
            predict=lambda n, s, t: 0,
            run=lambda n, s, t: wrong_entries(two_rounds, n, s, t),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "cubes with s = t, q = 2s^2, are as good: 4n^3/sqrt(q)",
            "records",
            "n, s",
            ((8, 2), (8, 4), (12, 3), (12, 6)),
            predict=lambda n, s: 4 * n**3 / (2 * s * s) ** 0.5,
            run=lambda n, s: cost(two_rounds, n, s, s).records,
            verdict=AtMost(),
        ),
        Experiment(
            "a second round can only move more",
            "records",
            "q",
            CROSSING,
            predict=lambda q: moved_least(16, q),
            run=lambda q: cost(one_round, 16, q // 32).records,
            verdict=AtMost(),
        ),
    ),
    on_spark=lambda sc: (
        Experiment(
            "on Spark too, two rounds",
            "rounds",
            "n, s, t",
            ((6, 3, 2),),
            predict=lambda n, s, t: 2,
            run=lambda n, s, t: run(product, sc, two_rounds, n, s, t).cost.rounds,
            verdict=Equal(),
        ),
    ),
)

CLAIMS = (C1, C2)
