"""Context: where RDDs begin, and where a run's cost adds up.

    sc = Context(partitions=4)
    sc.parallelize(words).map(lambda w: (w, 1)).reduceByKey(add).collect()
    sc.cost         # rounds, tasks, records and bytes of all jobs so far
    sc.jobs         # the same, job by job and stage by stage

NB: PySpark's SparkContext, whose names it keeps.
"""

import weakref
from itertools import pairwise

from cme323.cost import Cost
from cme323.engine.executor import SerialExecutor
from cme323.engine.rdd import Slices, Union
from cme323.engine.scheduler import Scheduler
from cme323.engine.shared import Accumulator, AccumulatorParam, Broadcast
from cme323.engine.storage import Storage
from cme323.engine.text import text_slices


class Context:
    """The driver of one engine; `partitions` is how many an RDD gets by default.

    >>> sc = Context(partitions=2)
    >>> sc.parallelize("abab").map(lambda c: (c, 1)).groupByKey().count()
    2
    >>> sc.cost.rounds, sc.cost.records
    (1, 4)
    """

    def __init__(self, partitions=4):
        self.defaultParallelism = _at_least_one(partitions, "partitions")
        self.defaultMinPartitions = min(partitions, 2)
        self.cost = Cost(rounds=0, tasks=0, records=0, bytes=0)
        self.storage = Storage()
        self._executor = SerialExecutor()
        self._scheduler = Scheduler(self._executor, self.storage)
        self._rdds = 0
        self._stopped = False

    @property
    def jobs(self):
        """The jobs that ran, in order."""
        return self._scheduler.jobs

    def parallelize(self, c, numSlices=None):
        """The items of `c`, in order, cut into numSlices even partitions."""
        items = c if isinstance(c, range) else list(c)
        size = _at_least_one(numSlices or self.defaultParallelism, "numSlices")
        cuts = [len(items) * i // size for i in range(size + 1)]
        slices = [items[a:b] for a, b in pairwise(cuts)]
        return Slices(self, slices, "parallelize")

    def range(self, start, end=None, step=1, numSlices=None):
        """The integers of range(start, end, step), or of range(start)."""
        numbers = range(start) if end is None else range(start, end, step)
        return self.parallelize(numbers, numSlices)

    def textFile(self, name, minPartitions=None, use_unicode=True):
        """The lines of a file, of all files of a folder, or of a glob.

        Gzip files (.gz) are one partition each; others are cut into at least
        minPartitions, each at the end of a line. Raises FileNotFoundError.
        """
        size = _at_least_one(
            minPartitions or self.defaultMinPartitions, "minPartitions"
        )
        return Slices(self, text_slices(name, size, use_unicode), "textFile")

    def union(self, rdds):
        """The records of all, repeats kept; 0 records move."""
        return Union(self, tuple(rdds), "union")

    def broadcast(self, value):
        """A value that every task can read, sent to each machine once."""
        return Broadcast(value)

    def accumulator(self, value, accum_param=None):
        """A sum that tasks add to and the driver reads."""
        param = accum_param or AccumulatorParam()
        accumulator = Accumulator(value, param, self._executor)
        self._scheduler.accumulators.append(accumulator)
        return accumulator

    def runJob(self, rdd, partitionFunc, partitions=None):
        """All that partitionFunc(iterator over a partition) gives, as one list."""
        chosen = range(rdd.getNumPartitions()) if partitions is None else partitions
        results = self._run_job(
            rdd, lambda it: list(partitionFunc(it)), chosen, "runJob"
        )
        return [record for result in results for record in result]

    def stop(self):
        """No job can run any more, and the cache is empty."""
        self._stopped = True
        self.storage.clear()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def register(self, rdd):
        """A number for a new RDD; its cached partitions go when it goes."""
        weakref.finalize(rdd, self.storage.drop, self._rdds)
        self._rdds += 1
        return self._rdds - 1

    def _run_job(self, rdd, task, partitions, action):
        if self._stopped:
            raise RuntimeError(f"{action}() on a stopped context: make a new Context()")
        results, job = self._scheduler.run(rdd, task, partitions, action)
        self.cost += job.cost
        return results

    def __repr__(self):
        return f"Context(partitions={self.defaultParallelism}): {self.cost}"


def _at_least_one(number, name):
    if number < 1:
        raise ValueError(f"{name} must be at least 1, not {number}")
    return number
