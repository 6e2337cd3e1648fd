"""Optimization: logistic regression, 2e5 x 50, to the same loss by six ways.

All end within 1e-5 of one loss. Ours is L-BFGS, on one array (alone), and on blocks by
the engine and by Spark, with one function; theirs are scikit-learn's lbfgs and MLlib's.
What a cluster has in memory before it learns, blocks or rows, is there before the runs
that count: the first run, which warms up, makes it.
"""

from functools import partial

import numpy as np

from benchmarks.engine import processes, pyspark, serial
from benchmarks.engine_programs import PARTITIONS
from benchmarks.engine_targets import Table
from benchmarks.suite import Engine, Suite, Target, Workload
from cme323.optimize import logistic
from cme323.optimize.distributed import value_and_gradient
from cme323.optimize.lbfgs import lbfgs

RIDGE, TOLERANCE, BLOCKS = 1e-4, 5e-4, 16


def examples(size, features=50):
    """Rows, labels of -1 and 1, and a place for what a machine keeps of them."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(size, features))
    odds = x @ rng.normal(size=features) + rng.logistic(size=size)
    return x, np.where(odds > 0, 1.0, -1.0), {}


def alone(data):
    x, y, _ = data
    f = partial(logistic.value_and_gradient, x=x, y=y, ridge=RIDGE)
    return loss(lbfgs(f, np.zeros(x.shape[1]), TOLERANCE), data)


def distributed(sc, data):
    x, y, kept = data
    if "blocks" not in kept:
        parts = zip(np.array_split(x, BLOCKS), np.array_split(y, BLOCKS))
        kept["blocks"] = sc.parallelize(list(parts), PARTITIONS).cache()
    f = partial(value_and_gradient, kept["blocks"], logistic, ridge=RIDGE)
    return loss(lbfgs(f, np.zeros(x.shape[1]), TOLERANCE), data)


def sklearn(data):
    from cme323.optimize import logistic_sklearn

    x, y, _ = data
    return loss(logistic_sklearn.fit(x, y, RIDGE, tolerance=1e-4), data)


def mllib(sc, data):
    from cme323.optimize import logistic_pyspark

    x, y, kept = data
    if "frame" not in kept:
        kept["frame"] = logistic_pyspark.frame(sc, x, y).cache()
    return loss(logistic_pyspark.learned(kept["frame"], RIDGE, 1e-6), data)


def loss(w, data):
    x, y, _ = data
    return logistic.objective(w, x, y, RIDGE)


def targets(results, growth):
    at = Table(results)
    ours = _best(at, "alone", "serial")
    cluster = _best(at, "serial", "processes")
    return [
        _ratio("better of alone and serial / scikit-learn", ours, at, "sklearn"),
        _ratio("better of serial and processes / MLlib", cluster, at, "mllib"),
    ]


def _best(at, *engines):
    seconds = [at.seconds("logistic", engine) for engine in engines]
    return min((each for each in seconds if each is not None), default=None)


def _ratio(says, ours, at, engine):
    theirs = at.seconds("logistic", engine)
    return Target(says, ours / theirs if ours and theirs else None, 1)


SUITE = Suite(
    title="optimization",
    workloads={
        "logistic": Workload(
            "logistic",
            "logistic regression, 2e5 x 50",
            2 * 10**5,
            examples,
            {
                "array": alone,
                "rdd": distributed,
                "sklearn": sklearn,
                "frame": mllib,
            },
            rounding=1e-5,
        )
    },
    engines={
        "alone": Engine("array"),
        "serial": Engine("rdd", serial),
        "processes": Engine("rdd", processes),
        "pyspark": Engine("rdd", pyspark),
        "sklearn": Engine("sklearn"),
        "mllib": Engine("frame", pyspark),
    },
    reference="alone",
    targets=targets,
)
