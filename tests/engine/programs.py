"""Random programs: the same seed builds the same lineage on any context.

Every RDD in a program holds pairs of small integers, so that every step fits every
other. `STEPS` are the operations; a program applies some of them to RDDs that it has
made before, caches a few, and collects several.
"""

import os
import random
import signal
from operator import add

from cme323.engine.task import TaskContext


def _folded(pairs):
    """Few keys and small values, so that joins stay small."""
    return pairs.map(lambda kv: (kv[0] % 7, kv[1] % 1009)).reduceByKey(add)


STEPS = {
    "map": lambda a, b, n: a.map(lambda kv: (kv[0] + n, kv[1] * 3 % 1009)),
    "filter": lambda a, b, n: a.filter(lambda kv: (kv[0] + kv[1]) % (n + 2)),
    "flatMap": lambda a, b, n: a.flatMap(lambda kv: [kv] * (kv[1] % 3)),
    "mapValues": lambda a, b, n: a.mapValues(lambda v: v + n),
    "union": lambda a, b, n: a.union(b),
    "distinct": lambda a, b, n: a.distinct(n),
    "reduceByKey": lambda a, b, n: a.reduceByKey(add, n),
    "groupByKey": lambda a, b, n: a.groupByKey(n).mapValues(sum),
    "join": lambda a, b, n: _folded(a).join(_folded(b), n).mapValues(sum),
    "outer": lambda a, b, n: (
        _folded(a).fullOuterJoin(b, n).mapValues(lambda s: (s[0] or 0) + (s[1] or 0))
    ),
    "cogroup": lambda a, b, n: a.cogroup(b, n).mapValues(
        lambda s: sum(s[0]) - sum(s[1])
    ),
    "subtractByKey": lambda a, b, n: a.subtractByKey(b, n),
    "intersection": lambda a, b, n: a.intersection(b),
    "sortByKey": lambda a, b, n: a.sortByKey(n % 2 == 0, n),
    "partitionBy": lambda a, b, n: a.partitionBy(n),
    "coalesce": lambda a, b, n: a.coalesce(n),
    "repartition": lambda a, b, n: a.repartition(n),
    "sample": lambda a, b, n: a.sample(n % 2 == 0, 0.7, seed=n),
    "zipWithIndex": lambda a, b, n: a.zipWithIndex().map(lambda x: (x[0][0], x[1])),
    "treeAggregate": lambda a, b, n: a.ctx.parallelize(
        [a.treeAggregate((0, 0), lambda t, kv: (n, t[1] + kv[1]), max, 2)], n
    ),
}


def run(sc, seed, disturb=lambda rdd, rng: rdd):
    """The answers of program number `seed`: a list of lists of records.

    disturb(rdd, rng): what to do to an RDD besides, such as killing a worker.
    """
    rng, chance = random.Random(seed), random.Random(seed)
    size = rng.randrange(1, 40)
    records = [(rng.randrange(9), rng.randrange(99)) for _ in range(size)]
    made = [sc.parallelize(records, rng.randrange(1, 6))]
    answers = []
    for _ in range(rng.randrange(3, 9)):
        name = rng.choice(list(STEPS))
        a, b = rng.choice(made), rng.choice(made)
        made.append(disturb(STEPS[name](a, b, rng.randrange(1, 6)), chance))
        if rng.random() < 0.3:
            made[-1].cache()
        if rng.random() < 0.4:
            answers.append(made[-1].collect())
    return [*answers, made[-1].collect()]


def deadly(rdd, partition, flag):
    """The same records, but the first worker to compute this partition dies of it."""
    driver = os.getpid()

    def kill_once(i, records):
        first = TaskContext.get().attemptNumber() == 0
        if i == partition and first and os.getpid() != driver and not flag.exists():
            flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return records

    return rdd.mapPartitionsWithIndex(kill_once, preservesPartitioning=True)
