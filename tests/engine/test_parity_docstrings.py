"""PySpark's own docstring examples run on the engine, and give what they say.

The examples come from the PySpark that is installed; no JVM starts for them.
"""

import doctest
import warnings
from types import SimpleNamespace

import pytest

from cme323 import Context

pyspark = pytest.importorskip("pyspark", reason="needs pyspark")

# method: why its example is not run.
OTHERWISE = {
    "SparkContext.emptyRDD": "shows the name of a Java class",
    "SparkContext.getOrCreate": "makes a SparkContext",
    "SparkContext.setJobGroup": "sleeps for 100 s; see test_context_jobs.py",
    "SparkContext.uiWebUrl": "there is no UI",
    "RDD.context": "shows a SparkContext",
    "RDD.foreach": "takes what the workers print for lost",
    "RDD.foreachPartition": "takes what the workers print for lost",
    "RDD.stdev": "written for NumPy 1, whose floats show no type",
    "RDD.sampleStdev": "written for NumPy 1, whose floats show no type",
    "RDD.toDebugString": "shows the names of Java classes",
}

OURS = (
    ("pyspark.accumulators", "cme323.engine"),
    ("from pyspark import", "from cme323.engine import"),
    ("py4j.protocol.Py4JJavaError", "RuntimeError"),
    ("Py4JJavaError", "RuntimeError"),
)


def examples():
    """{name: docstring} of PySpark's methods that are ours too, and have examples."""
    sc = Context()
    classes = (
        (pyspark.SparkContext, sc),
        (pyspark.RDD, sc.range(1)),
        (pyspark.Broadcast, sc.broadcast(0)),
        (pyspark.SparkFiles, pyspark.SparkFiles),
    )
    found = {
        f"{theirs.__name__}.{name}": getattr(theirs, name).__doc__ or ""
        for theirs, ours in classes
        for name in dir(theirs)
        if not name.startswith("_") and hasattr(ours, name)
    }
    shared = (pyspark.Broadcast, pyspark.Accumulator)
    found |= {theirs.__name__: theirs.__doc__ for theirs in shared}
    found["AccumulatorParam"] = pyspark.accumulators.AccumulatorParam.__doc__
    return {name: text for name, text in found.items() if ">>>" in text}


EXAMPLES = examples()


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - OTHERWISE))
def test_gives_what_pysparks_docstring_says(name, tmp_path):
    text = EXAMPLES[name]
    for theirs, ours in OURS:
        text = text.replace(theirs, ours)
    with Context(partitions=4) as sc, warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of what is deprecated
        sc.setCheckpointDir(str(tmp_path))
        known = {"sc": sc, "spark": SimpleNamespace(sparkContext=sc)}
        test = doctest.DocTestParser().get_doctest(text, known, name, None, 0)
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        failures = []
        ran = doctest.DocTestRunner(optionflags=flags).run(test, out=failures.append)
    assert ran.attempted > 0
    assert ran.failed == 0, "".join(failures)


def test_what_is_not_run_is_there():
    assert EXAMPLES.keys() >= OTHERWISE.keys()
