"""Context: where RDDs begin, and where a run's cost adds up.

    sc = Context(partitions=4)
    sc.parallelize(words).map(lambda w: (w, 1)).reduceByKey(add).collect()
    sc.cost         # rounds, tasks, records and bytes of all jobs so far
    sc.jobs         # the same, job by job and stage by stage

NB: PySpark's SparkContext, whose names it keeps.
"""

import logging
import time
import weakref
from itertools import pairwise
from pathlib import Path
from weakref import WeakValueDictionary

import cme323
from cme323.cost import Cost
from cme323.engine.context_files import AddedFiles
from cme323.engine.context_jobs import JobControl
from cme323.engine.context_session import Session
from cme323.engine.executor import SerialExecutor
from cme323.engine.files import pickle_slices
from cme323.engine.persistence import write_checkpoints
from cme323.engine.rdd import Slices, Union
from cme323.engine.running import Watched
from cme323.engine.scheduler import JOB_PROPERTIES, Scheduler
from cme323.engine.scratch import Scratch
from cme323.engine.shared import Accumulator, Broadcast, default_param
from cme323.engine.sizes import bytes_in
from cme323.engine.text import read_text, record_slices, text_slices, whole_slices
from cme323.engine.worker import Worker
from cme323.errors import BadInput


class Context(JobControl, AddedFiles, Session):
    """The driver of one engine; `partitions` is how many an RDD gets by default.

    That is 4, or the number of cores of a simulated `cluster`.

    executor: "serial", which is the default, or "processes", with so many `workers`.
    cluster: a Cluster, to simulate its machines instead.
    max_failures: how often a task may fail before its job does; as in Spark, 1 on
    serial, else 4.
    speculation: a task that is much slower than the others gets a copy.
    memory: a limit for each worker, in bytes or in Spark's notation ("256m", "1g"):
    for what it caches and what its tasks hold, as estimated by sizes.py. What does
    not fit goes to disk, or is computed again.
    eviction: which cached blocks leave memory first: "spark", "lru" or "pin".

    Left out, compared with Spark: what needs its JVM (getConf, setSystemProperty,
    getSystemProperty), Hadoop and sequence files, DataFrames, resource profiles,
    barriers, job tags.

    >>> sc = Context(partitions=2)
    >>> sc.parallelize("abab").map(lambda c: (c, 1)).groupByKey().count()
    2
    >>> sc.cost.rounds, sc.cost.records
    (1, 4)
    """

    def __init__(
        self,
        partitions=None,
        *,
        executor=None,
        cluster=None,
        workers=None,
        max_failures=None,
        speculation=False,
        memory=None,
        eviction="spark",
    ):
        if partitions is None:
            partitions = cluster.machines * cluster.cores if cluster else 4
        self.defaultParallelism = _at_least_one(partitions, "partitions")
        super().__init__()
        self.defaultMinPartitions = min(partitions, 2)
        self.startTime = time.time_ns() // 1_000_000  # ms
        self.applicationId = f"local-{self.startTime}"
        self.cost = Cost(rounds=0, tasks=0, records=0, bytes=0)
        self.scratch = Scratch()
        settings = {
            "memory": None if memory is None else bytes_in(memory),
            "eviction": eviction,
        }
        made = self._made(executor, cluster, workers, speculation, settings)
        self._executor = Watched(made, self._running)
        if max_failures is None:
            max_failures = 1 if isinstance(made, SerialExecutor) else 4
        self._scheduler = Scheduler(
            self._executor, _at_least_one(max_failures, "max_failures")
        )
        self._scheduler.properties = self._properties
        self._end = weakref.finalize(self, self._executor.close)
        self.marked_rdds = WeakValueDictionary()  # by id, to be checkpointed
        self._rdds = 0
        self._broadcasts = 0
        self._stopped = False
        self._opened()

    @property
    def jobs(self):
        """The jobs that ran, in order."""
        return self._scheduler.jobs

    @property
    def clock(self):
        """Seconds simulated so far; None where no cluster is simulated."""
        return self._executor.clock

    @property
    def storage(self):
        """A table of what is cached; its length is how many partitions are."""
        return self._scheduler.tracker

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
        self._executor.broadcast(value)
        self._broadcasts += 1
        return Broadcast(self, self._broadcasts - 1, value)

    def accumulator(self, value, accum_param=None):
        """A sum that tasks add to and the driver reads.

        Raises TypeError where `value` is no number and there is no `accum_param`.
        """
        known = self._scheduler.accumulators
        param = accum_param or default_param(value)
        accumulator = Accumulator(len(known), value, param)
        known[accumulator.aid] = accumulator
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

    def stop(self):
        """No job can run any more; the cache and the temporary files are gone."""
        self._stopped = True
        self._running.cancel(self._running.jobs, "because the context was stopped")
        self._end()
        self._scheduler.tracker.clear()
        super().stop()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()

    def register(self, rdd):
        """A number for a new RDD; its cached partitions go when it goes."""
        weakref.finalize(rdd, self._drop, self._rdds).atexit = False
        self._rdds += 1
        return self._rdds - 1

    def keep(self, rdd):
        """An RDD is to be cached."""
        self._scheduler.tracker.cached(rdd)

    def forget(self, rdd_id):
        """The partitions of an RDD are cached no more."""
        self._scheduler.tracker.forget(rdd_id)
        self._executor.forget(rdd_id)

    def _drop(self, rdd_id):
        self._scheduler.tracker.drop(rdd_id)
        self._executor.forget(rdd_id)

    def _made(self, executor, cluster, workers, speculation, settings):
        if cluster is not None:
            # Not at the top: a serial context has no use for it.
            from cme323.engine.simulation import ClusterExecutor

            if executor is not None or workers is not None:
                raise BadInput(
                    "a simulated cluster runs its own machines: give cluster=, or "
                    "executor= and workers=, not both"
                )
            return ClusterExecutor(cluster, speculation, **settings)
        if executor == "processes":
            from cme323.engine.processes import ProcessExecutor

            workers = 2 if workers is None else _at_least_one(workers, "workers")
            return ProcessExecutor(workers, self.scratch, speculation, **settings)
        if executor not in (None, "serial"):
            raise BadInput(
                f"executor must be 'serial' or 'processes', not {executor!r}; a "
                "simulated cluster is Context(cluster=Cluster(machines=8))"
            )
        if workers is not None or speculation:
            raise BadInput(
                "the serial executor has one worker and copies no tasks: workers= and "
                "speculation= need executor='processes' or cluster="
            )
        return SerialExecutor(Worker(**settings))

    def kill(self, worker):
        """Kill a worker, to see what it takes to get back what it had."""
        self._scheduler.kill(worker)

    def __reduce__(self):
        raise RuntimeError(
            "a task uses a Context, but that can only be used on the driver"
        )

    def _minimum(self, minPartitions):
        return _at_least_one(
            minPartitions or self.defaultMinPartitions, "minPartitions"
        )

    def _run_job(self, rdd, task, partitions, action):
        results = self.run_one_job(rdd, task, partitions, action)
        if self.marked_rdds:
            write_checkpoints(rdd, self.marked_rdds)
        return results

    def run_one_job(self, rdd, task, partitions, action):
        """[task(records of p) for p in partitions]; no checkpoint is written."""
        if self._stopped:
            raise RuntimeError(f"{action}() on a stopped context: make a new Context()")
        group = self.getLocalProperty(JOB_PROPERTIES[0])
        with self._running.job(group) as started:
            results, job = self._scheduler.run(rdd, task, partitions, action)
        self.cost += job.cost
        logging.getLogger("cme323").info("job %d, %s: %s", started.id, action, job.cost)
        return results

    def __repr__(self):
        return f"Context(partitions={self.defaultParallelism}): {self.cost}"

    def _repr_html_(self):
        return f"<p>{self!r}</p>{self.jobs._repr_html_()}"


def _at_least_one(number, name):
    if number < 1:
        raise ValueError(f"{name} must be at least 1, not {number}")
    return number
