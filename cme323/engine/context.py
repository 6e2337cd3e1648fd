"""Context: where RDDs begin, and where a run's cost adds up.

    sc = Context(partitions=4)
    sc.parallelize(words).map(lambda w: (w, 1)).reduceByKey(add).collect()
    sc.cost         # rounds, tasks, records and bytes of all jobs so far
    sc.jobs         # the same, job by job and stage by stage

NB: PySpark's SparkContext, whose names it keeps.
"""

import time
import weakref
from itertools import pairwise
from pathlib import Path

import cme323
from cme323.cost import Cost
from cme323.engine.executor import SerialExecutor
from cme323.engine.files import pickle_slices
from cme323.engine.rdd import Slices, Union
from cme323.engine.scheduler import JOB_PROPERTIES, Scheduler
from cme323.engine.shared import Accumulator, AccumulatorParam, Broadcast
from cme323.engine.storage import Storage
from cme323.engine.text import read_text, record_slices, text_slices, whole_slices


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
        self.startTime = time.time_ns() // 1_000_000  # ms
        self.applicationId = f"local-{self.startTime}"
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

    @property
    def version(self):
        """Of this package. NB: in PySpark, of Spark."""
        return cme323.__version__

    def parallelize(self, c, numSlices=None):
        """The items of `c`, in order, cut into numSlices even partitions."""
        items = c if isinstance(c, range) else list(c)
        asked = self.defaultParallelism if numSlices is None else numSlices
        size = _at_least_one(asked, "numSlices")
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
        minPartitions, each at the end of a line. Raises FileNotFoundError, at once.
        """
        slices = text_slices(name, self._minimum(minPartitions), use_unicode)
        return Slices(self, slices, "textFile").setName(str(name))

    def wholeTextFiles(self, path, minPartitions=None, use_unicode=True):
        """(path, content) of each file; without use_unicode, both as bytes."""
        slices = whole_slices(path, self._minimum(minPartitions), read_text)
        files = Slices(self, slices, "wholeTextFiles")
        if not use_unicode:
            files = files.map(lambda pair: (pair[0].encode(), pair[1].encode()))
        return files.setName(str(path))

    def binaryFiles(self, path, minPartitions=None):
        """(path, content as bytes) of each file."""
        slices = whole_slices(path, self._minimum(minPartitions), Path.read_bytes)
        return Slices(self, slices, "binaryFiles").setName(str(path))

    def binaryRecords(self, path, recordLength):
        """The records of recordLength bytes that the files are made of."""
        return Slices(self, record_slices(path, recordLength), "binaryRecords")

    def pickleFile(self, name, minPartitions=None):
        """The records that saveAsPickleFile wrote, in order."""
        slices = pickle_slices(name, self._minimum(minPartitions))
        return Slices(self, slices, "pickleFile")

    def emptyRDD(self):
        """No records, in no partitions."""
        return Slices(self, [], "emptyRDD")

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

    def runJob(self, rdd, partitionFunc, partitions=None, allowLocal=False):
        """All that partitionFunc(iterator over a partition) gives, as one list.

        NB: `allowLocal` has no meaning since Spark 1.4, and older programs pass it.
        """
        size = rdd.getNumPartitions()
        chosen = range(size) if partitions is None else list(partitions)
        for missing in (i for i in chosen if not 0 <= i < size):
            raise ValueError(f"there is no partition {missing} among the {size}")
        results = self._run_job(
            rdd, lambda it: list(partitionFunc(it)), chosen, "runJob"
        )
        return [record for result in results for record in result]

    def setLocalProperty(self, key, value):
        """Remember a string for getLocalProperty; None forgets it."""
        if not isinstance(value, str | None):
            raise TypeError(f"a property must be a str, not {type(value).__name__}")
        self._scheduler.properties[key] = value

    def getLocalProperty(self, key):
        """What setLocalProperty set, or None."""
        return self._scheduler.properties.get(key)

    def setJobGroup(self, groupId, description, interruptOnCancel=False):
        """The `group` and `description` that the coming `jobs` carry."""
        if interruptOnCancel:
            raise NotImplementedError("interruptOnCancel: no job can be cancelled here")
        for key, value in zip(JOB_PROPERTIES, (groupId, description)):
            self.setLocalProperty(key, value)

    def setJobDescription(self, value):
        """The `description` that the coming `jobs` carry."""
        self.setLocalProperty(JOB_PROPERTIES[1], value)

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

    def _minimum(self, minPartitions):
        return _at_least_one(
            minPartitions or self.defaultMinPartitions, "minPartitions"
        )

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
