"""Running: every job from its start to its end, and which of them are to stop.

A job runs in the thread that called the action, so another thread can cancel it.
Nothing interrupts a task: the job stops when the next outcome of a task is there,
and raises JobCancelled in its own thread.
"""

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field

from cme323.engine.task import Done, Failed


class JobCancelled(RuntimeError):
    """Another thread cancelled the job; the context can still be used."""


@dataclass
class StartedStage:
    """A stage that has tasks, and how far it is."""

    id: int
    name: str
    job: "StartedJob" = field(repr=False)
    partitions: set = field(default_factory=set)
    completed: int = 0
    failed: int = 0

    @property
    def active(self):
        """How many tasks are still to end."""
        return len(self.partitions) - self.completed if self.job.active else 0


@dataclass
class StartedJob:
    """A job that has begun: RUNNING, then SUCCEEDED or FAILED."""

    id: int
    group: str | None
    stages: list[StartedStage] = field(default_factory=list)
    status: str = "RUNNING"
    cancelled: str | None = None  # why

    @property
    def active(self):
        return self.status == "RUNNING"

    def raise_if_cancelled(self):
        if self.cancelled:
            raise JobCancelled(f"Job {self.id} cancelled {self.cancelled}")


class Running:
    """All jobs of one context, its stages by number, and which job a thread runs."""

    def __init__(self):
        self.jobs = []
        self.stages = {}
        self._here = threading.local()
        self._lock = threading.Lock()

    @property
    def here(self):
        """The job that this thread runs, or None."""
        return getattr(self._here, "job", None)

    @contextmanager
    def job(self, group):
        """What this thread runs inside is one job."""
        around = self.here
        with self._lock:
            job = self._here.job = StartedJob(len(self.jobs), group)
            self.jobs.append(job)
        try:
            yield job
            job.status = "SUCCEEDED"
        except BaseException:
            job.status = "FAILED"
            raise
        finally:
            self._here.job = around

    def stage(self, tasks):
        """The stage of a TaskSet, which this thread's job runs."""
        if tasks.stage not in self.stages:
            stage = StartedStage(tasks.stage, tasks.rdd._name, self.here)
            self.stages[tasks.stage] = stage
            self.here.stages.append(stage)
        return self.stages[tasks.stage]

    def cancel(self, jobs, why):
        """Ask the jobs to stop; those that have ended do not notice."""
        for job in jobs:
            job.cancelled = why


class Watched:
    """Any executor, whose jobs `running` can follow and stop."""

    def __init__(self, executor, running):
        self._executor = executor
        self._running = running

    def __getattr__(self, name):
        """All else is the executor's own."""
        return getattr(self._executor, name)

    def submit(self, task, worker):
        self._running.stage(task.set).partitions.add(task.partition)
        self._executor.submit(task, worker)

    def next(self):
        # Before: it may have waited for another job. After: it may have been the last.
        self._running.here.raise_if_cancelled()
        outcome = self._executor.next()
        if isinstance(outcome, Done | Failed):
            stage = self._running.stage(outcome.task.set)
            stage.completed += isinstance(outcome, Done)
            stage.failed += isinstance(outcome, Failed)
        self._running.here.raise_if_cancelled()
        return outcome
