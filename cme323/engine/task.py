"""Tasks: one partition's share of a stage, what it counts, and how it can end.

TaskSet       the tasks of one stage: one function over partitions of one RDD
Task          one of them, in its first or a later attempt
TaskContext   what a running task knows of itself; PySpark's, with its names
Counts        what it counted: partitions computed, records read and written

Done, Failed, WorkerLost      the outcomes that an executor reports
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(eq=False)
class TaskSet:
    """The tasks of one stage: body(records of a partition) for each partition.

    failures: by partition, how many attempts have failed, in earlier runs of the
    same stage too.
    """

    stage: int
    rdd: object
    body: Callable
    properties: dict
    ids: Iterator
    failures: dict
    packed: bytes | None = None  # as it travels to another process

    def task(self, partition):
        """An attempt at one partition, the next after those that failed."""
        return Task(self, partition, self.failures.get(partition, 0), next(self.ids))


@dataclass(eq=False, slots=True)
class Task:
    """One attempt at one partition."""

    set: TaskSet
    partition: int
    attempt: int
    id: int


@dataclass(slots=True)
class Counts:
    """What one task counted.

    computed            (RDD id, partition) of each partition that it computed
    stored, evicted     (RDD id, partition) of blocks that it cached or pushed out
    sizes               (key, worker, bytes in memory, on disk) of each block that came,
                        moved or went; the worker is None where it is its own
    hits                blocks that it found in the cache
    records_in          records from the driver's data, from files and from the cache
    *_read, *_written   records and bytes from and to shuffles
    fetches             messages that brought blocks of shuffles from other workers
    bytes_fetched       their bytes, where known
    spilled             bytes written to disk because memory was full
    replicated          bytes of the copies of blocks that went to other workers
    """

    computed: list = field(default_factory=list)
    stored: list = field(default_factory=list)
    evicted: list = field(default_factory=list)
    sizes: list = field(default_factory=list)
    hits: int = 0
    records_in: int = 0
    records_read: int = 0
    bytes_read: int | None = 0
    records_written: int = 0
    bytes_written: int | None = 0
    fetches: int = 0
    bytes_fetched: int = 0
    spilled: int = 0
    replicated: int = 0


@dataclass(eq=False, slots=True)
class Done:
    """The task succeeded: its value, counts, and terms for accumulators by id.

    start, end: seconds of a simulated clock, if there is one.
    """

    task: Task
    value: object
    counts: Counts
    terms: dict
    worker: int
    start: float | None = None
    end: float | None = None


@dataclass(eq=False, slots=True)
class Failed:
    """The task raised `error`, in the function of the RDD with id `culprit`.

    Of its counts, only what became of blocks counts.
    """

    task: Task
    error: BaseException
    culprit: int | None
    worker: int
    counts: Counts = field(default_factory=Counts)

    @property
    def blamed(self):
        return self.task, self.error, self.culprit


@dataclass(eq=False, slots=True)
class WorkerLost:
    """A worker died, and with it what it stored and the tasks that it ran."""

    worker: int
    tasks: list
    reason: str


class LostOutput(Exception):
    """A block of a shuffle is gone: map task `partition` has to run again."""

    def __init__(self, shuffle_id, partition):
        super().__init__(shuffle_id, partition)
        self.shuffle_id, self.partition = shuffle_id, partition

    def __str__(self):
        return f"the output of map task {self.partition} of a shuffle cannot be read"


class TaskContext:
    """What a task knows of itself; `TaskContext.get()` gives it, inside a task.

    It can be a task's result; then it only knows the numbers.

    >>> from cme323 import Context
    >>> Context().range(3, numSlices=3).map(
    ...     lambda x: TaskContext.get().partitionId()).collect()
    [0, 1, 2]
    """

    _running = threading.local()

    def __init__(self, task, worker):
        self._about = {
            "stageId": task.set.stage,
            "partitionId": task.partition,
            "attemptNumber": task.attempt,
            "taskAttemptId": task.id,
            "localProperties": task.set.properties,
        }
        self.task = task
        self.worker = worker
        self.counts = Counts()
        self.terms = {}  # by accumulator

    @classmethod
    def get(cls):
        """The context of the task that runs in this thread; None on the driver."""
        return getattr(cls._running, "context", None)

    @classmethod
    def from_json(cls, json):
        """The context of a task with these numbers, by the names of the methods."""
        context = object.__new__(cls)
        context._about = {"localProperties": {}} | json
        return context

    def __enter__(self):
        TaskContext._running.context = self
        return self

    def __exit__(self, *error):
        TaskContext._running.context = None

    def __reduce__(self):
        return TaskContext.from_json, (self._about,)

    def stageId(self):
        return self._about["stageId"]

    def partitionId(self):
        return self._about["partitionId"]

    def attemptNumber(self):
        """0 for the first attempt at this partition, then 1, ..."""
        return self._about["attemptNumber"]

    def taskAttemptId(self):
        """A number that no other attempt has in this Context."""
        return self._about["taskAttemptId"]

    def getLocalProperty(self, key):
        """What setLocalProperty had set when the job began, or None."""
        return self._about["localProperties"].get(key)

    def cpus(self):
        """The cores of a task: 1."""
        return 1

    def cpuAmount(self):
        """The same, as a Decimal; Spark can give a task a part of a core."""
        return Decimal(1)

    def resources(self):
        """Other resources of a task, by name: none."""
        return {}
