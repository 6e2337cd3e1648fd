"""The engine's public names and signatures are PySpark's, but for what is listed."""

import inspect

import pytest

from cme323 import Context
from cme323.engine import (
    AccumulatorParam,
    Broadcast,
    SparkFiles,
    StorageLevel,
    TaskContext,
)

pyspark = pytest.importorskip("pyspark", reason="needs pyspark")

LEFT_OUT = {
    "SparkContext": {
        # They need the JVM and its configuration.
        "getConf",
        "getSystemProperty",
        "setSystemProperty",
        # Hadoop and sequence files.
        "hadoopFile",
        "hadoopRDD",
        "newAPIHadoopFile",
        "newAPIHadoopRDD",
        "sequenceFile",
        # Job tags.
        "addJobTag",
        "cancelJobsWithTag",
        "clearJobTags",
        "getJobTags",
        "removeJobTag",
    },
    "RDD": {
        # Hadoop and sequence files.
        "saveAsHadoopDataset",
        "saveAsHadoopFile",
        "saveAsNewAPIHadoopDataset",
        "saveAsNewAPIHadoopFile",
        "saveAsSequenceFile",
        "toDF",  # DataFrames
        "barrier",  # tasks that start together
        # Resource profiles.
        "getResourceProfile",
        "withResources",
    },
    "Broadcast": set(),
    "Accumulator": set(),
    "AccumulatorParam": set(),
    "SparkFiles": set(),
    "TaskContext": set(),
    "StorageLevel": set(),
    "StatusTracker": {"getExecutorInfos"},  # no executors apart from the driver
}

# (class, method): why its parameters are others.
OTHERWISE = {
    ("RDD", "partitionBy"): "numPartitions may be left out, or be a Partitioner",
    ("SparkContext", "getOrCreate"): "there is no SparkConf",
}


def sides(sc):
    """(PySpark's class, something of ours that has all its public names)."""
    return [
        (pyspark.SparkContext, sc),
        (pyspark.RDD, sc.range(1)),
        (pyspark.Broadcast, Broadcast(sc, 0, [])),
        (pyspark.Accumulator, sc.accumulator(0)),
        (pyspark.accumulators.AccumulatorParam, AccumulatorParam()),
        (pyspark.SparkFiles, SparkFiles),
        (pyspark.StatusTracker, sc.statusTracker()),
        (pyspark.TaskContext, sc.range(1).map(lambda _: TaskContext.get()).first()),
        (pyspark.StorageLevel, StorageLevel),
    ]


SIDES = {theirs.__name__: (theirs, ours) for theirs, ours in sides(Context())}


def public(thing):
    return {name for name in dir(thing) if not name.startswith("_")}


def parameters(method):
    """[(name, kind, default)]; a function is its name, other things are their text."""
    return [
        (p.name, p.kind, getattr(p.default, "__name__", repr(p.default)))
        for p in inspect.signature(method).parameters.values()
        if p.name != "self"
    ]


@pytest.mark.parametrize("name", SIDES)
def test_has_every_public_name_that_is_not_left_out(name):
    theirs, ours = SIDES[name]
    assert public(theirs) - public(ours) == LEFT_OUT[name]


@pytest.mark.parametrize("name", SIDES)
def test_every_shared_method_has_the_same_parameters_and_defaults(name):
    theirs, ours = SIDES[name]
    shared = public(theirs) & public(ours)
    differ = {
        (name, method)
        for method in shared
        if callable(getattr(theirs, method))
        and parameters(getattr(theirs, method)) != parameters(getattr(ours, method))
    }
    assert differ == {key for key in OTHERWISE if key[0] == name}
