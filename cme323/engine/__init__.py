"""The dataflow machine: RDDs under PySpark's names, on one machine, with counters.

    context.py          Context: where RDDs begin, and what the run has cost
    rdd.py              RDD: a recipe (parents and a function), its lineage, its cache

    transformations.py  map, filter, union, distinct, sortBy, ...: recipes from recipes
    reshaping.py        zip, cartesian, coalesce, ...: partitions put together otherwise
    sampling.py         the random draws of sample, randomSplit and sampleByKey
    pairs.py            reduceByKey, groupByKey, ...: what needs (key, value)
    joins.py            join, cogroup, subtractByKey, ...
    sorting.py          sortByKey: sample the keys, cut the range, sort each part

    actions.py          collect, count, reduce, ...: run a job, return a value
    tree.py             treeReduce, treeAggregate: reduce in rounds
    numeric.py          stats, histogram, ...; statcounter.py holds their sums
    approximate.py      countApproxDistinct, ...
    files.py, text.py   saving, and reading files as partitions

    scheduler.py        cuts the lineage at shuffles into stages and runs them
    shuffle.py          the one place where records change partition, and are counted
    partitioner.py      which partition a key belongs to
    storage.py          cached partitions
    executor.py         runs the tasks of a stage, here one after another
    shared.py           Broadcast and Accumulator

Beside it, `context_pyspark.py` gives a real SparkContext for the same programs.
"""

from cme323.engine.context import Context
from cme323.engine.partitioner import Partitioner, portable_hash
from cme323.engine.rdd import RDD
from cme323.engine.shared import Accumulator, AccumulatorParam, Broadcast

__all__ = [
    "RDD",
    "Accumulator",
    "AccumulatorParam",
    "Broadcast",
    "Context",
    "Partitioner",
    "portable_hash",
]
