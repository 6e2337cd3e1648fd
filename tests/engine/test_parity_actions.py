"""The same actions on the engine and on Spark give the same results and errors."""

import math
from operator import add

import pytest

from cme323 import Context

WORDS = ["b", "a", "ccc", "b", "dd", "a", "b"]

PROGRAMS = {
    "isEmpty": lambda sc: [sc.range(3).isEmpty(), sc.parallelize([]).isEmpty()],
    "max": lambda sc: [sc.range(9).max(), sc.parallelize(WORDS).max(len)],
    "min": lambda sc: [sc.range(9).min(), sc.parallelize(WORDS).min(len)],
    "top": lambda sc: [
        sc.parallelize(WORDS, 3).top(4),
        sc.parallelize(WORDS, 3).top(5, key=len),
        sc.range(4).top(-1),
    ],
    "takeOrdered": lambda sc: [
        sc.parallelize(WORDS, 3).takeOrdered(4),
        sc.parallelize(WORDS, 3).takeOrdered(5, key=lambda w: -len(w)),
        sc.range(4).takeOrdered(0),
    ],
    "takeSample of all": lambda sc: sc.range(10).takeSample(False, 20, 3),
    "takeSample sizes": lambda sc: [
        len(sc.range(50).takeSample(True, 60, 3)),
        len(sc.range(50).takeSample(False, 6, 3)),
        sc.range(3).takeSample(True, 0),
        sc.parallelize([]).takeSample(True, 4),
    ],
    "treeAggregate": lambda sc: [
        sc.range(40, numSlices=20).treeAggregate(0, lambda a, x: a + x, add, depth)
        for depth in (1, 2, 4)
    ],
    "treeReduce": lambda sc: sc.range(-5, 9, numSlices=20).treeReduce(add, 3),
    "countByValue": lambda sc: sc.parallelize(WORDS, 3).countByValue(),
    "countByKey": lambda sc: sc.parallelize(WORDS).map(lambda w: (w, 1)).countByKey(),
    "foreachPartition": lambda sc: sc.range(5).foreachPartition(
        lambda it: (x for x in it)
    ),
    "toLocalIterator": lambda sc: [
        list(sc.range(7, numSlices=3).toLocalIterator(prefetch))
        for prefetch in (False, True)
    ],
    "stats": lambda sc: [
        repr(sc.parallelize(data, 3).stats())
        for data in ([1, 2, 3, 4], [0.1, 2.5, -7.25, 1e9], [], [1.0, math.nan])
    ],
    "asDict": lambda sc: [sc.range(9).stats().asDict(sample) for sample in (0, 1)],
    "mean": lambda sc: [sc.range(9).mean(), sc.parallelize([]).mean()],
    "variance": lambda sc: [sc.range(9).variance(), sc.range(9).sampleVariance()],
    "stdev": lambda sc: [sc.range(9).stdev(), sc.range(9).sampleStdev()],
    "histogram": lambda sc: [
        sc.parallelize([0.5, 1, 2, 2.5, 4, 9], 3).histogram(buckets)
        for buckets in (1, 2, 7, [0, 2, 4], [1, 2, 9], (2, 3), [-math.inf, 0, 9])
    ],
    "histogram of others": lambda sc: [
        sc.parallelize(["ab", "ac", "b"]).histogram(["a", "b", "c"]),
        sc.parallelize([1, math.nan, None, 3.0]).histogram(2),
        sc.parallelize([2, 2]).histogram(5),
        sc.parallelize([]).histogram([0, 1]),
    ],
    "approximate": lambda sc: [
        (answer, answer.confidence, answer.low, answer.high)
        for rdd in (sc.range(10), sc.parallelize([]))
        for answer in (rdd.sumApprox(60_000), rdd.meanApprox(60_000))
    ],
    "no time": lambda sc: [
        (answer, answer.confidence, answer.low, answer.high)
        for answer in [sc.range(10).meanApprox(-5)]
    ],
    "countApprox": lambda sc: sc.range(10).countApprox(60_000),
}

REFUSED = {
    "max": lambda sc: sc.parallelize([]).max(),
    "takeOrdered": lambda sc: sc.range(3).takeOrdered(-1),
    "takeSample": lambda sc: sc.range(3).takeSample(False, -1),
    "takeSample of too many": lambda sc: sc.range(3).takeSample(False, 2**63 - 1),
    "depth": lambda sc: sc.range(3).treeReduce(add, 0),
    "treeReduce": lambda sc: sc.parallelize([]).treeReduce(add),
    "few": lambda sc: sc.range(3).histogram(0),
    "fraction": lambda sc: sc.range(3).histogram(1.5),
    "non-number": lambda sc: sc.parallelize(["a", "b"]).histogram(2),
    "infinite": lambda sc: sc.parallelize([1, math.inf]).histogram(2),
    "one bound": lambda sc: sc.range(3).histogram([1]),
    "None": lambda sc: sc.range(3).histogram([1, None]),
    "unsorted": lambda sc: sc.range(3).histogram([2, 1]),
    "twice": lambda sc: sc.range(3).histogram([1, 1]),
    "relativeSD": lambda sc: sc.range(3).countApproxDistinct(0.00001),
    "mergeStats": lambda sc: sc.range(3).stats().mergeStats([1]),
}


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
@pytest.mark.parametrize("name", PROGRAMS)
def test_gives_what_spark_gives(name, spark):
    assert PROGRAMS[name](Context(partitions=4)) == PROGRAMS[name](spark)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
@pytest.mark.parametrize("name", REFUSED)
def test_refuses_as_spark_refuses(name, spark):
    errors = []
    for sc in (Context(partitions=4), spark):
        with pytest.raises((ValueError, TypeError)) as caught:
            REFUSED[name](sc)
        errors.append((caught.type, str(caught.value)))
    assert errors[0] == errors[1]


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
@pytest.mark.parametrize(("partitions", "depth"), [(5, 2), (30, 4), (64, 6), (100, 3)])
def test_a_tree_has_as_many_rounds_and_tasks_as_in_spark(spark, partitions, depth):
    costs = []
    for sc in (Context(), spark):
        before = sc.cost
        sc.range(200, numSlices=partitions).treeReduce(lambda a, b: a + b, depth)
        costs.append(sc.cost - before)
    ours, theirs = costs
    assert (ours.rounds, ours.tasks) == (theirs.rounds, theirs.tasks)
