"""A real Spark beside the engine: the same RDD program, and Spark's own counters.

    with spark_context(partitions=4) as sc:
        before = sc.cost
        sc.parallelize(pairs).reduceByKey(add).collect()
        sc.cost - before                     # Cost(rounds=1, tasks=8, bytes=...)

Seen through these counters, a join in PySpark is one round: it tags both sides, makes
a union of them and groups it. Where both sides have the same partitioner, and as
many partitions, the join is no round at all; where only one has, both move.
"""

import atexit
import json
import sys

from pyspark import SparkConf, SparkContext

from cme323.cost import Cost
from cme323.engine.java_pyspark import end_java, start_java
from cme323.errors import BadInput

# Spark's status store forgets older stages, skipped ones first. It keeps 1,000 by
# default; more than this fills the heap, as one stage of a long lineage takes 30 kB.
RETAINED = "5000"

QUIET_AND_LOCAL = {
    "spark.app.name": "cme323",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.ui.retainedJobs": RETAINED,
    "spark.ui.retainedStages": RETAINED,
}


def spark_context(partitions=4, cores=2, memory="1g"):
    """A `pyspark.SparkContext` on this machine that can tell its `cost`.

    `partitions` is the default of a parallelize and of a shuffle, `cores` the tasks
    that run at once, `memory` the heap of the one JVM that holds driver and executor.
    While a context is active, the same call returns it; after `stop()` a new one
    can be made. The JVM starts with the first context (some seconds), serves the
    later ones of the same memory, and ends with Python. Raises BadInput where there
    is no Java (see `java_pyspark.find_java`) or where another context is active.
    """
    if min(partitions, cores) < 1:
        raise BadInput(
            f"expected at least 1 partition and 1 core, got partitions={partitions} "
            f"and cores={cores}: give positive integers"
        )
    settings = {
        "spark.master": f"local[{cores}]",
        "spark.default.parallelism": str(partitions),
        "spark.driver.memory": memory,
    }
    active = SparkContext._active_spark_context
    if active is not None:
        return same(active, settings)
    java = gateway(memory)
    conf = SparkConf().setAll((settings | QUIET_AND_LOCAL).items())
    return CountingSparkContext(conf=conf, gateway=java)


def same(active, settings):
    """The active context, if it is one of ours with these settings."""
    has = {name: active.getConf().get(name) for name in settings}
    if isinstance(active, CountingSparkContext) and has == settings:
        return active
    raise BadInput(
        f"expected no active Spark context or one with {settings}, got a "
        f"{type(active).__name__} with {has}: call its stop() first"
    )


def gateway(memory):
    """The gateway to this process's JVM; to a new one if none runs with this memory."""
    old = SparkContext._gateway
    if old is not None and runs_with(old, memory):
        return old
    if old is not None:
        SparkContext._gateway = SparkContext._jvm = None
        old.shutdown()
        end_java(old.proc)
    return start_java(memory)


def runs_with(old, memory):
    """Whether a gateway's JVM is alive and has the heap that we ask for."""
    alive = old.proc.poll() is None
    return alive and old.jvm.System.getProperty("spark.driver.memory") == memory


class CountingSparkContext(SparkContext):
    """A SparkContext that knows its cost and runs this very Python in its workers."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.pythonExec = sys.executable  # else PYSPARK_PYTHON, or a python3 on PATH
        self.setLogLevel("ERROR")
        # Where Java ends first, pyspark's accumulator thread prints a traceback.
        atexit.register(self.stop)

    def stop(self):
        """Stop this context, but not the JVM: the next context will use it."""
        super().stop()
        atexit.unregister(self.stop)

    @property
    def cost(self):
        """What Spark has counted since this context started: rounds, tasks, bytes.

        A round is a shuffle map stage that ran; one that Spark skips, because its
        output is still there, is none. Bytes are those written to shuffles, after
        compression. The rest is None: Spark's count of shuffled records is of pickled
        batches, not of the user's pairs. Sorting and `take` run jobs of their own,
        and their tasks are counted.

        It takes some ten calls to the JVM, however many stages there were. Raises
        BadInput after `stop()`, and where Spark has forgotten a stage (after 5,000).
        """
        if self._jsc is None:
            raise BadInput(
                "expected an active Spark context, but this one was stopped: "
                "read its cost before stop()"
            )
        stages, jobs, completed = self._status()
        if len(stages) < completed:
            raise BadInput(
                f"expected all {completed:,} completed stages in Spark's status store, "
                f"but it keeps {len(stages):,}: stop() the context and make a new one"
            )
        return cost_of(stages, jobs)

    def _status(self):
        """Spark's completed stages, its jobs, and how many stages it has completed."""
        self._jsc.sc().listenerBus().waitUntilEmpty()
        store = self._jsc.sc().statusStore()
        api = self._jvm.org.apache.spark.status.api.v1
        quantiles = getattr(store, "stageList$default$4")()  # Scala's default argument
        complete = [api.StageStatus.COMPLETE]
        stages = store.stageList(complete, False, False, quantiles, None)
        # One string for a whole list, else each field would be a call.
        write = api.JacksonMessageWriter().mapper().writeValueAsString
        jobs = json.loads(write(store.jobsList(None)))
        return json.loads(write(stages)), jobs, store.appSummary().numCompletedStages()


def cost_of(stages, jobs):
    """The Cost of completed stages and their jobs, as Spark's status API tells them.

    Spark numbers the last stage of a job last. Any other is a shuffle map stage,
    even if it found nothing to write; the last is one only if it wrote (in SQL).
    """
    last = {max(job["stageIds"], default=None) for job in jobs}
    rounds = [s for s in stages if s["stageId"] not in last or s["shuffleWriteBytes"]]
    return Cost(
        rounds=len(rounds),
        tasks=sum(stage["numCompleteTasks"] for stage in stages),
        bytes=sum(stage["shuffleWriteBytes"] for stage in stages),
    )
