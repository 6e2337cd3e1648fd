import pytest

import cme323
from cme323 import Context, Cost


def test_starts_at_no_cost(sc):
    assert sc.cost == Cost(rounds=0, tasks=0, records=0, bytes=0)


def test_range_is_pythons(sc):
    assert sc.range(5).collect() == list(range(5))
    assert sc.range(2, 9, 3).collect() == [2, 5, 8]
    assert sc.range(9, 2, -3).collect() == [9, 6, 3]


def test_parallelize_takes_any_iterable(sc):
    assert sc.parallelize(x for x in "ab").collect() == ["a", "b"]
    assert sc.parallelize([1], 5).getNumPartitions() == 5


def test_union_of_several(sc):
    assert sc.union([sc.range(2), sc.range(1), sc.range(2)]).collect() == [
        0,
        1,
        0,
        0,
        1,
    ]


def test_runJob_on_some_partitions(sc):
    assert sc.runJob(sc.range(9), lambda it: [sum(it)], [0, 2]) == [3, 21]
    assert sc.runJob(sc.range(9), lambda it: it, iter([1]), True) == [3, 4, 5]
    assert sc.runJob(sc.range(9), list, []) == []


@pytest.mark.parametrize("partition", [3, -1])
def test_runJob_refuses_a_partition_that_is_not_there(sc, partition):
    with pytest.raises(ValueError, match=f"no partition {partition} among the 3"):
        sc.runJob(sc.range(9), list, [0, partition])


def test_an_rdd_has_the_name_that_it_was_given(sc):
    rdd = sc.range(3).map(str)
    assert rdd.name() is None
    assert rdd.setName("digits") is rdd
    assert rdd.name() == "digits"
    assert b"digits map RDD[1]" in rdd.toDebugString()
    assert rdd.map(int).name() is rdd.setName(None).name() is None
    with pytest.raises(TypeError, match="must be a str, not int"):
        rdd.setName(3)


def test_a_context_says_what_it_is(sc):
    assert sc.version == cme323.__version__
    assert sc.applicationId == f"local-{sc.startTime}"


def test_an_empty_rdd_has_no_partitions(sc):
    empty = sc.emptyRDD()
    assert empty.getNumPartitions() == empty.count() == 0
    assert empty.union(sc.range(2)).map(str).collect() == ["0", "1"]
    assert empty.reduceByKey(max).sortByKey().collect() == empty.take(2) == []


def test_two_runs_count_the_same():
    def costs():
        sc = Context()
        words = sc.parallelize(["to", "be", "or", "not", "to", "be"])
        words.map(lambda w: (w, len(w))).groupByKey().sortByKey().collect()
        return sc.cost

    assert costs() == costs()
    assert costs().bytes > 0


def test_bytes_that_cannot_be_counted_are_unknown_not_zero(sc):
    sc.parallelize([(1, lambda: 1)]).groupByKey().count()
    assert sc.cost.bytes is None
    assert sc.cost.records == 1


def test_a_stopped_context_says_so():
    with Context() as sc:
        rdd = sc.range(3)
    with pytest.raises(RuntimeError, match="make a new Context"):
        rdd.count()


@pytest.mark.parametrize("partitions", [0, -1])
def test_refuses_no_partitions(partitions):
    with pytest.raises(ValueError, match="at least 1"):
        Context(partitions=partitions)


def test_refuses_no_slices(sc):
    with pytest.raises(ValueError, match="numSlices must be at least 1, not 0"):
        sc.parallelize([1], 0)
