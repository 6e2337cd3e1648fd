"""The same programs on the engine and on Spark give the same results."""

from operator import add

import pytest

from cme323 import Context

# name: (program, does Spark promise the order of the records?)
PROGRAMS = {
    "narrow": (
        lambda sc: sc.range(9).map(str).filter(lambda s: s > "3").collect(),
        True,
    ),
    "flatMap": (
        lambda sc: sc.parallelize(["a b", "c"]).flatMap(str.split).collect(),
        True,
    ),
    "glom": (lambda sc: sc.parallelize(range(10), 4).glom().collect(), True),
    "range": (lambda sc: sc.range(2, 20, 3, 3).glom().collect(), True),
    "withIndex": (
        lambda sc: (
            sc.range(6, numSlices=3)
            .mapPartitionsWithIndex(lambda i, it: [(i, sum(it))])
            .collect()
        ),
        True,
    ),
    "union": (lambda sc: sc.range(3).union(sc.range(2)).getNumPartitions(), True),
    "distinct": (
        lambda sc: sc.parallelize([1, 2, 1, 3, 3]).distinct().collect(),
        False,
    ),
    "sortBy": (
        lambda sc: sc.parallelize([3, 1, 2]).sortBy(lambda x: -x).collect(),
        True,
    ),
    "sortByKey": (
        lambda sc: sc.parallelize([("b", 1), ("a", 2)]).sortByKey(False).collect(),
        True,
    ),
    "reduceByKey": (
        lambda sc: (
            sc.parallelize([("a", 1), ("b", 2), ("a", 3)]).reduceByKey(add).collect()
        ),
        False,
    ),
    "groupByKey": (
        lambda sc: (
            sc.parallelize([(1, 2), (1, 3)]).groupByKey().mapValues(list).collect()
        ),
        False,
    ),
    "aggregateByKey": (
        lambda sc: (
            sc.parallelize([(1, 2), (2, 5), (1, 3)])
            .aggregateByKey(1, lambda a, v: a * v, add, 2)
            .collect()
        ),
        False,
    ),
    "joins": (
        lambda sc: [
            sorted(
                getattr(sc.parallelize([(1, "a"), (1, "b"), (2, "c")]), how)(
                    sc.parallelize([(1, "x"), (3, "y")])
                ).collect(),
                key=repr,
            )
            for how in ("join", "leftOuterJoin", "rightOuterJoin", "fullOuterJoin")
        ],
        True,
    ),
    "cogroup": (
        lambda sc: (
            sc.parallelize([(1, 2), (1, 3)])
            .cogroup(sc.parallelize([(1, 4), (2, 5)]))
            .mapValues(lambda sides: tuple(sorted(side) for side in sides))
            .collect()
        ),
        False,
    ),
    "zipWithIndex": (
        lambda sc: sc.parallelize("abcd", 3).zipWithIndex().collect(),
        True,
    ),
    "fold": (lambda sc: sc.parallelize([1, 2, 3], 2).fold(1, add), True),
    "aggregate": (
        lambda sc: sc.range(5, numSlices=2).aggregate(2, lambda a, x: a + x, add),
        True,
    ),
    "take": (lambda sc: sc.range(50, numSlices=9).take(7), True),
    "countByKey": (
        lambda sc: dict(sc.parallelize([(1, 2), (1, 3)]).countByKey()),
        True,
    ),
    "lookup": (lambda sc: sc.parallelize([(1, 2), (1, 3), (2, 4)]).lookup(1), True),
    "partitionFunc": (
        lambda sc: (
            sc.parallelize([(k, k) for k in range(8)])
            .partitionBy(3, lambda k: k // 2)
            .keys()
            .glom()
            .collect()
        ),
        True,
    ),
}


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
@pytest.mark.parametrize("name", PROGRAMS)
def test_gives_what_spark_gives(name, spark):
    program, ordered = PROGRAMS[name]
    ours, theirs = program(Context(partitions=4)), program(spark)
    if not ordered:
        ours, theirs = sorted(ours), sorted(theirs)
    assert ours == theirs


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_an_accumulator_and_a_broadcast_mean_the_same(spark):
    def summed(sc):
        table, total = sc.broadcast({1: 10, 2: 20}), sc.accumulator(0)
        sc.parallelize([1, 2, 2]).foreach(lambda key: total.add(table.value[key]))
        return total.value

    assert summed(Context()) == summed(spark) == 50


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_text_files_have_the_same_lines(spark, tmp_path):
    path = tmp_path / "lines.txt"
    path.write_bytes(b"one\r\n\ntwo\nthree")
    ours = Context(partitions=4).textFile(path, 3).collect()
    assert ours == spark.textFile(path.as_uri(), 3).collect()
