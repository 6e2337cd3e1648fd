"""The scheduler: cuts the lineage at shuffles into stages, and runs what is missing.

    textFile -> map -> reduceByKey -> mapValues -> collect
    `---- stage 0 ----'|`-------- stage 1 ---------------'
                     shuffle

A stage is a chain of narrow transformations, run as one task per partition.
Shuffles that do not wait for each other run in one round; each round ends in a
barrier. A shuffle that has run is never run again: its output is reused.
"""

from dataclasses import dataclass

from cme323.cost import Cost

JOB_PROPERTIES = "spark.jobGroup.id", "spark.job.description"


@dataclass(frozen=True)
class Stage:
    """One stage that ran: a task for each partition, and what it wrote."""

    name: str
    tasks: int
    records: int = 0
    bytes: int | None = 0


@dataclass(frozen=True)
class Job:
    """What one action ran: the stages of each round, the result stage last."""

    action: str
    rounds: tuple[tuple[Stage, ...], ...]
    result: Stage
    group: str | None = None
    description: str | None = None

    @property
    def stages(self):
        return [stage for wave in self.rounds for stage in wave] + [self.result]

    @property
    def cost(self):
        sizes = [stage.bytes for stage in self.stages]
        return Cost(
            rounds=len(self.rounds),
            tasks=sum(stage.tasks for stage in self.stages),
            records=sum(stage.records for stage in self.stages),
            bytes=None if None in sizes else sum(sizes),
        )


class Scheduler:
    """Runs jobs for one context.

    NB: Spark's DAGScheduler. Left out: retries, locality, concurrent jobs.
    """

    def __init__(self, executor, storage):
        self.executor = executor
        self.storage = storage
        self.accumulators = []
        self.jobs = []
        self.properties = {}

    def run(self, rdd, task, partitions, action):
        """[task(records of p) for p in partitions], after the shuffles it needs."""
        if self.executor.in_task:
            raise RuntimeError(
                f"{action}() was called inside a task: an RDD can only be used on the "
                "driver, so collect it first, or join the two RDDs"
            )
        rounds = tuple(
            tuple(self._run_shuffle(shuffle) for shuffle in wave)
            for wave in self._missing_shuffles(rdd)
        )
        results = self._run_tasks(rdd, task, partitions)
        result = Stage(rdd._name, len(partitions))
        job = Job(action, rounds, result, *map(self.properties.get, JOB_PROPERTIES))
        self.jobs.append(job)
        return results, job

    def _run_shuffle(self, shuffle):
        """The map side: every partition of the parent, split by key."""
        parent = shuffle.parent
        partitions = range(parent.getNumPartitions())
        outputs = self._run_tasks(parent, shuffle.write, partitions)
        shuffle.outputs = outputs
        sizes = [output.bytes for output in outputs]
        return Stage(
            parent._name,
            tasks=len(outputs),
            records=sum(output.records for output in outputs),
            bytes=None if None in sizes else sum(sizes),
        )

    def _run_tasks(self, rdd, task, partitions):
        tasks = [lambda i=i: task(rdd.iterator(i)) for i in partitions]
        return self.executor.run(tasks, self.accumulators)

    def _missing_shuffles(self, rdd):
        """The shuffles still to run, as rounds: each only needs those before it."""
        level = {}
        for shuffle in self._parents_first(rdd):
            above = self._direct_shuffles(shuffle.parent)
            level[shuffle] = max((level[s] + 1 for s in above), default=0)
        rounds = [[] for _ in range(max(level.values(), default=-1) + 1)]
        for shuffle, number in level.items():
            rounds[number].append(shuffle)
        return rounds

    def _parents_first(self, rdd):
        """Every missing shuffle above `rdd`, ancestors before descendants.

        A loop with its own stack: a lineage can be longer than Python's.
        """
        order, stack = {}, [(s, False) for s in self._direct_shuffles(rdd)[::-1]]
        while stack:
            shuffle, expanded = stack.pop()
            if expanded:
                order.setdefault(shuffle)
            elif shuffle not in order:
                stack.append((shuffle, True))
                above = self._direct_shuffles(shuffle.parent)
                stack += [(s, False) for s in above[::-1]]
        return list(order)

    def _direct_shuffles(self, rdd):
        """The missing shuffles that `rdd` reaches through narrow steps alone."""
        found, seen, stack = {}, set(), [rdd]
        while stack:
            current = stack.pop()
            if current in seen or (current.is_cached and self.storage.holds(current)):
                continue
            seen.add(current)
            if current.shuffle is None:
                stack += current.parents[::-1]
            elif current.shuffle.outputs is None:
                found.setdefault(current.shuffle)
        return list(found)
