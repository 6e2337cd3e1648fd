"""The scheduler: cuts the lineage at shuffles into stages, and runs what is missing.

    textFile -> map -> reduceByKey -> mapValues -> collect
    `---- stage 0 ----'|`-------- stage 1 ---------------'
                     shuffle

A stage is a chain of narrow transformations, run as one task per partition.
Shuffles that do not wait for each other run in one round; each round ends in a
barrier. The output of a shuffle is kept, so that it runs once. When a worker is
lost, the outputs it had are missing again, and the rest of the job is planned anew.

NB: Spark's DAGScheduler and TaskScheduler. Left out: concurrent jobs.
"""

import threading
from collections import defaultdict
from itertools import count

from cme323.engine.callsite import blame
from cme323.engine.jobs import Job, Jobs, Stage, TaskReport
from cme323.engine.task import (
    Done,
    Failed,
    LostOutput,
    TaskContext,
    TaskSet,
    WorkerLost,
)
from cme323.engine.tracker import Tracker

JOB_PROPERTIES = "spark.jobGroup.id", "spark.job.description"


class Scheduler:
    """Runs jobs for one context; a task may be begun `max_failures` times."""

    def __init__(self, executor, max_failures):
        self.executor = executor
        self.max_failures = max_failures
        self.tracker = Tracker()
        self.accumulators = {}
        self.jobs = Jobs()
        self.properties = {}
        self._stages = count()
        self._attempts = count()
        self._one_at_a_time = threading.RLock()

    def run(self, rdd, body, partitions, action):
        """[body(records of p) for p in partitions], after the shuffles it needs."""
        if TaskContext.get():
            raise RuntimeError(
                f"{action}() was called inside a task: an RDD can only be used on the "
                "driver, so collect it first, or join the two RDDs"
            )
        with self._one_at_a_time:
            for outcome in self.executor.lost():
                self.tracker.lose(outcome.worker)
            return self._run(rdd, body, partitions, action)

    def kill(self, worker):
        """Kill a worker; the tracker knows at once what is lost."""
        if TaskContext.get():
            raise RuntimeError("kill() was called inside a task: only the driver can")
        with self._one_at_a_time:
            self.tracker.lose(self.executor.kill(worker).worker)

    def _run(self, rdd, body, partitions, action):
        failures = defaultdict(dict)  # by shuffle, of its tasks by partition
        final, rounds = _StageRun(rdd), []
        start = self.executor.clock
        while missing := [p for p in partitions if p not in final.results]:
            for wave in self._waves(rdd, missing):
                stages = [_StageRun(s.parent, s) for s in wave]
                rounds.append(stages)
                for stage, s in zip(stages, wave):
                    stage.tasks = self._tasks(s.parent, s.write, failures[s])
                if not self._attempt([(s, s.shuffle.missing()) for s in stages]):
                    break  # a worker was lost, and perhaps what this wave needs
            else:
                # New tasks each time, as they know where the outputs are.
                final.tasks = self._tasks(rdd, body, failures[None])
                self._attempt([(final, missing)])
        job = Job(
            action,
            tuple(tuple(stage.report() for stage in wave) for wave in rounds),
            final.report(),
            *map(self.properties.get, JOB_PROPERTIES),
            start,
            self.executor.clock,
            tuple(self.executor.timeline),
        )
        self.jobs.append(job)
        return [final.results[p] for p in partitions], job

    def _attempt(self, stages):
        """Run tasks of these (stage, partitions); False if anything was lost."""
        running = {}
        for stage, partitions in stages:
            running[stage.tasks] = stage
            for partition in partitions:
                self._submit(stage.tasks, partition)
        try:
            return self._wait(running, sum(len(some) for _, some in stages))
        except BaseException:
            self.executor.abort()
            raise

    def _wait(self, running, left):
        """Until no task is left: take outcomes, try again what failed."""
        lost = False
        while left:
            outcome = self.executor.next()
            if isinstance(outcome, Failed):
                self.tracker.note_blocks(outcome.counts, outcome.worker)
            if isinstance(outcome, Done):
                left -= 1
                self._finish(running[outcome.task.set], outcome)
            elif isinstance(outcome, WorkerLost):
                left -= len(outcome.tasks) + self.executor.cancel()
                lost = True
                self.tracker.lose(outcome.worker)
                for task in outcome.tasks:
                    self._failed(running, task, RuntimeError(outcome.reason), None)
            elif isinstance(outcome.error, LostOutput):
                left -= 1 + self.executor.cancel()
                lost = True
                if self.tracker.lose_output(*outcome.error.args):
                    self._failed(running, *outcome.blamed)
                else:
                    self._doubt(outcome.task)
            else:
                self._failed(running, *outcome.blamed)
                self._submit(outcome.task.set, outcome.task.partition)
        return not lost

    def _doubt(self, task):
        """A task missed a shuffle that was skipped, as a block behind it was thought
        to be cached: it is on another worker, or it was dropped by a copy of a task
        that nobody waited for. So plan it as if such blocks were lost."""
        stack = [(task.set.rdd, task.partition)]
        while stack:
            rdd, partition = stack.pop()
            self.tracker.forget_block(rdd, partition)
            stack += rdd.needs(partition)

    def _submit(self, tasks, partition):
        self.executor.submit(tasks.task(partition), self._worker(tasks.rdd, partition))

    def _failed(self, running, task, error, culprit):
        """Count it; raise the error if the task has failed too often."""
        running[task.set].failures += 1
        failures = task.set.failures
        failures[task.partition] = failures.get(task.partition, 0) + 1
        if failures[task.partition] >= self.max_failures:
            raise blame(error, task, culprit)

    def _finish(self, stage, done):
        """A task succeeded: its output is there, what it added counts."""
        recomputed = self.tracker.note(done)
        if stage.shuffle:
            self.tracker.output(stage.shuffle, done.task.partition, done.value)
        else:
            stage.results[done.task.partition] = done.value
        for number, term in done.terms.items():
            self.accumulators[number].commit(term)
        task = done.task
        stage.reports.append(
            TaskReport(
                task.partition,
                task.attempt,
                done.worker,
                recomputed,
                done.counts,
                done.start,
                done.end,
            )
        )

    def _tasks(self, rdd, body, failures):
        properties = dict(self.properties)
        return TaskSet(
            next(self._stages), rdd, body, properties, self._attempts, failures
        )

    def _worker(self, rdd, partition):
        """Where a task should run: where a block that it needs is, else in turn."""
        if self.executor.workers > 1:
            stack = [(rdd, partition)]
            while stack:
                current, i = stack.pop()
                if found := self.tracker.workers(current, i):
                    return found[0]
                stack += current.needs(i)[::-1]
        return partition % self.executor.workers

    def _waves(self, rdd, partitions):
        """The shuffles still to run, as rounds: each only needs those before it."""
        level = {}
        for shuffle in self._parents_first(rdd, partitions):
            above = self._direct_shuffles(shuffle.parent, shuffle.missing())
            level[shuffle] = max((level[s] + 1 for s in above), default=0)
        rounds = [[] for _ in range(max(level.values(), default=-1) + 1)]
        for shuffle, number in level.items():
            rounds[number].append(shuffle)
        return rounds

    def _parents_first(self, rdd, partitions):
        """Every missing shuffle above `rdd`, ancestors before descendants.

        A loop with its own stack: a lineage can be longer than Python's.
        """
        direct = self._direct_shuffles(rdd, partitions)
        order, stack = {}, [(s, False) for s in direct[::-1]]
        while stack:
            shuffle, expanded = stack.pop()
            if expanded:
                order.setdefault(shuffle)
            elif shuffle not in order:
                stack.append((shuffle, True))
                above = self._direct_shuffles(shuffle.parent, shuffle.missing())
                stack += [(s, False) for s in above[::-1]]
        return list(order)

    def _direct_shuffles(self, rdd, partitions):
        """The shuffles with a missing output that these partitions read, through
        narrow steps alone, and not behind a cached block."""
        found, seen = {}, set()
        stack = [(rdd, partition) for partition in partitions[::-1]]
        while stack:
            at = current, partition = stack.pop()
            if at in seen or self.tracker.holds(current, partition):
                continue
            seen.add(at)
            if current.shuffle is None:
                stack += current.needs(partition)[::-1]
            elif current.shuffle.missing():
                found.setdefault(current.shuffle)
        return list(found)


class _StageRun:
    """A stage while it runs: what came of its tasks so far."""

    def __init__(self, rdd, shuffle=None):
        self.rdd = rdd
        self.shuffle = shuffle
        self.tasks = None  # for one attempt after the other
        self.results = {}
        self.reports = []
        self.failures = 0

    def report(self):
        self.reports.sort(key=lambda report: report.partition)
        number = self.tasks.stage if self.tasks else None
        return Stage(
            self.rdd._name, number, self.rdd._id, tuple(self.reports), self.failures
        )
