"""The dataflow machine: RDDs under PySpark's names, on one machine, with counters.

    context.py          Context: where RDDs begin, and what the run has cost
    rdd.py              RDD: a recipe (parents and a function), its lineage, its cache
    transformations.py  map, filter, union, distinct, sortBy, ...: recipes from recipes
    pairs.py            reduceByKey, groupByKey, join, ...: the same for (key, value)
    actions.py          collect, count, reduce, ...: run a job, return a value
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
