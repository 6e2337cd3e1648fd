"""Transformations give what they give on Spark: reshaping, sets, samples, folds."""

from operator import add

import pytest

from cme323 import Context

LETTERS = [("a", 1), ("b", 2), ("a", 3), ("c", 4), ("b", 5)]
OTHERS = [("a", 7), ("d", 8), ("a", 9)]

# Programs whose records have an order that Spark promises, or that follows from
# the one place they can come from.
ORDERED = {
    "cartesian": lambda sc: (
        sc.parallelize([1, 2, 3], 2).cartesian(sc.parallelize("abc", 2)).glom()
    ),
    "coalesce": lambda sc: sc.parallelize(range(11), 7).coalesce(3).glom(),
    "coalesce to more": lambda sc: sc.parallelize(range(5), 2).coalesce(9).glom(),
    "coalesce a union": lambda sc: (
        sc.parallelize(range(5), 3).union(sc.parallelize("ab", 2)).coalesce(2).glom()
    ),
    "zip": lambda sc: sc.parallelize(range(7), 3).zip(sc.parallelize("abcdefg", 3)),
    "zip with mapped": lambda sc: sc.parallelize(range(7), 3).zip(
        sc.parallelize(range(7), 3).map(lambda x: x * x)
    ),
    "zipWithIndex": lambda sc: sc.parallelize("abcdefg", 3).zipWithIndex(),
    "zipWithUniqueId": lambda sc: sc.parallelize("abcdefg", 3).zipWithUniqueId(),
    "pipe": lambda sc: sc.parallelize(["1", "", "2\n", 3], 2).pipe("cat"),
    "pipe env": lambda sc: sc.parallelize(["x"], 1).pipe("env", {"A": "1"}),
    "pipe no env": lambda sc: sc.parallelize(["x"], 1).pipe("/usr/bin/env"),
    "pipe unchecked": lambda sc: sc.parallelize(["x"], 1).pipe("false"),
    "sample": lambda sc: sc.parallelize(range(300), 3).sample(False, 0.2, 5),
    "sample again and again": lambda sc: sc.parallelize(range(100), 3).sample(
        True, 1.5, 5
    ),
    "sample many": lambda sc: sc.parallelize(range(30), 3).sample(True, 22.0, 5),
    "sampleByKey": lambda sc: sc.parallelize(
        [(x % 2, x) for x in range(198)], 3
    ).sampleByKey(False, {0: 0.1, 1: 0.6}, 3),
    "sampleByKey with replacement": lambda sc: sc.parallelize(
        [(x % 2, x) for x in range(198)], 3
    ).sampleByKey(True, {0: 0.1, 1: 2}, 3),
    "repartitionAndSort": lambda sc: (
        sc.parallelize([(0, 5), (3, 8), (2, 6), (0, 8), (3, 8), (1, 3)], 1)
        .repartitionAndSortWithinPartitions(2, lambda key: key % 2)
        .glom()
    ),
    "repartitionAndSort down": lambda sc: (
        sc.parallelize([(5, 0), (3, 8), (-2, 6), (0, 8), (3, 7), (1, 3)], 1)
        .repartitionAndSortWithinPartitions(ascending=False, keyfunc=abs)
        .glom()
    ),
}

UNORDERED = {
    "repartition": lambda sc: sc.parallelize(range(100), 3).repartition(5),
    "coalesce shuffled": lambda sc: sc.parallelize(range(9), 3).coalesce(2, True),
    "groupBy": lambda sc: (
        sc.parallelize(range(9)).groupBy(lambda x: x % 4).mapValues(sorted)
    ),
    "intersection": lambda sc: sc.parallelize([1, 2, 2, 3, None]).intersection(
        sc.parallelize([2, None, 4, 2])
    ),
    "subtract": lambda sc: sc.parallelize([*LETTERS, ("b", 5)]).subtract(
        sc.parallelize(LETTERS[1:3])
    ),
    "foldByKey": lambda sc: sc.parallelize(LETTERS, 2).foldByKey(10, add),
    "groupWith": lambda sc: (
        sc.parallelize(LETTERS)
        .groupWith(sc.parallelize(OTHERS), sc.parallelize([("b", 0)]))
        .mapValues(lambda sides: tuple(sorted(side) for side in sides))
    ),
    "subtractByKey": lambda sc: sc.parallelize([*LETTERS, ("b", 5)]).subtractByKey(
        sc.parallelize(OTHERS)
    ),
}

VALUES = {
    "randomSplit": lambda sc: [
        part.collect()
        for part in sc.parallelize(range(200), 3).randomSplit([1, 2.5, 0], 11)
    ],
    "reduceByKeyLocally": lambda sc: sc.parallelize(LETTERS).reduceByKeyLocally(add),
    "partitions": lambda sc: [
        rdd.getNumPartitions()
        for rdd in (
            sc.parallelize("ab", 3).cartesian(sc.parallelize("ab", 2)),
            sc.parallelize("ab", 3).repartition(7),
            sc.parallelize("ab", 3).coalesce(7),
            sc.parallelize("ab", 3).coalesce(7, shuffle=True),
            sc.parallelize(LETTERS).subtract(sc.parallelize("ab"), 3),
            sc.parallelize(LETTERS, 2).intersection(sc.parallelize("ab", 3)),
        )
    ],
}

ERRORS = {
    "zip": lambda sc: sc.parallelize("ab", 1).zip(sc.parallelize("ab", 2)),
    "coalesce": lambda sc: sc.parallelize("ab").coalesce(0),
    "repartition": lambda sc: sc.parallelize("ab").repartition(-1),
    "negative weight": lambda sc: sc.parallelize("ab").randomSplit([1, -1]),
    "no weight": lambda sc: sc.parallelize("ab").randomSplit([0]),
    "sampleByKey": lambda sc: sc.parallelize(LETTERS).sampleByKey(True, {"a": -1}),
}

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]


@pytest.mark.parametrize("name", ORDERED)
def test_records_and_their_order_are_sparks(name, spark):
    program = ORDERED[name]
    assert program(Context(partitions=4)).collect() == program(spark).collect()


@pytest.mark.parametrize("name", UNORDERED)
def test_records_are_sparks(name, spark):
    program = UNORDERED[name]
    ours, theirs = program(Context(partitions=4)), program(spark)
    assert sorted(ours.collect(), key=repr) == sorted(theirs.collect(), key=repr)


@pytest.mark.parametrize("name", VALUES)
def test_values_are_sparks(name, spark):
    assert VALUES[name](Context(partitions=4)) == VALUES[name](spark)


@pytest.mark.parametrize("name", ERRORS)
def test_refuses_what_spark_refuses_with_the_same_class(name, spark):
    with pytest.raises((ValueError, AssertionError)) as theirs:
        ERRORS[name](spark)
    with pytest.raises(type(theirs.value)) as ours:
        ERRORS[name](Context(partitions=4))
    assert str(ours.value).startswith(str(theirs.value))


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (
            lambda sc: sc.parallelize("ab", 1).zip(sc.parallelize("abc", 1)),
            "number of (items|elements)",
        ),
        (
            lambda sc: sc.parallelize(["a"], 1).pipe("false", checkCode=True),
            "Pipe function `false` exited with error code 1.",
        ),
    ],
)
def test_a_job_that_fails_on_spark_fails_here_in_the_same_words(program, words, spark):
    for sc in (spark, Context()):
        with pytest.raises(Exception, match=words):
            program(sc).collect()
