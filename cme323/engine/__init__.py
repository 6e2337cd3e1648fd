"""The dataflow machine: RDDs under PySpark's names, on one machine, with counters.

Read in this order.

What a program sees

    context.py          Context: where RDDs begin, and what the run has cost;
                        context_jobs.py, context_files.py, context_session.py: groups
                        of jobs, files that travel along, the log
    rdd.py              RDD: a recipe (parents and a function), and its lineage
    transformations.py  map, filter, union, distinct, ...: recipes from recipes
    reshaping.py        zip, cartesian, coalesce, ...: partitions put together otherwise
    sampling.py         the random draws of sample, randomSplit and sampleByKey
    pairs.py            reduceByKey, groupByKey, ...: what needs (key, value)
    joins.py            join, cogroup, subtractByKey, ...
    sorting.py          sortBy: sample the keys, cut the range, sort each part
    actions.py          collect, count, reduce, ...: run a job, return a value
    tree.py             treeReduce, treeAggregate: reduce in rounds
    numeric.py          stats, histogram, ...; statcounter.py holds their sums
    approximate.py      countApproxDistinct, ...
    files.py, text.py   saving, and reading files as partitions
    persistence.py      persist, checkpoint; storagelevel.py: in memory, on disk, copies
    shared.py           Broadcast and Accumulator

How it runs

    scheduler.py        cuts the lineage at shuffles into stages and runs them
    task.py             a task, what it counts, and how it can end
    worker.py           runs tasks, keeps what they store
    shuffle.py          the one place where records change partition, and are counted
    blocks.py           ... in columns, in memory or in files
    partitioner.py      which partition a key belongs to
    tracker.py          which worker has which block
    callsite.py         which line of the program made an RDD
    running.py          which jobs run, and stopping them; status.py tells of them

Where it runs

    executor.py         the protocol, and the serial executor
    processes.py        workers in other processes: remote.py is the driver's side of
                        one, worker_process.py the other; recipe.py is what travels,
                        closures.py how functions do
    cluster.py          a simulated cluster and what time costs there; simulation.py
                        runs tasks on its machines, by a clock

When memory is short

    storage.py          the memory of a worker: cached blocks, in it or on disk
    eviction.py         which cached blocks leave when it is full
    external.py         sorting and grouping what does not fit
    sizes.py            how much memory records take
    scratch.py          the folder for what has to be on disk

What it tells

    jobs.py             what ran and what it counted; tables.py shows it as tables
    lineage.py          rdd.show(): stages, partitions, shuffles with their counts,
                        drawn by lineage_text.py, lineage_layout.py, lineage_svg.py

Beside it, `context_pyspark.py` gives a real SparkContext for the same programs.
"""

from cme323.engine.cluster import Cluster
from cme323.engine.context import Context
from cme323.engine.partitioner import Partitioner, portable_hash
from cme323.engine.rdd import RDD
from cme323.engine.running import JobCancelled
from cme323.engine.shared import Accumulator, AccumulatorParam, Broadcast
from cme323.engine.spark_files import SparkFiles
from cme323.engine.storagelevel import StorageLevel
from cme323.engine.task import TaskContext

__all__ = [
    "RDD",
    "Accumulator",
    "AccumulatorParam",
    "Broadcast",
    "Cluster",
    "Context",
    "JobCancelled",
    "Partitioner",
    "SparkFiles",
    "StorageLevel",
    "TaskContext",
    "portable_hash",
]
