"""Jobs: what an action ran, stage by stage and task by task, as it was counted.

    sc.jobs                          Jobs: a list, shown as a table
    sc.jobs[-1]                      Job: a table of its stages
    sc.jobs[-1].stages[0]            Stage: a table of its tasks
    sc.jobs[-1].stages[0].reports    a TaskReport of each

Nothing here counts: the tasks did, and these add up.
"""

from dataclasses import dataclass, field
from html import escape

from cme323.cost import Cost
from cme323.engine.tables import Table
from cme323.engine.task import Counts

TOTALS = "cached", "recomputed", "spilled", "failures"


@dataclass(frozen=True)
class TaskReport:
    """One task that succeeded: where, at which attempt, and what it counted.

    recomputed: the partitions that it computed though they had been before.
    start, end: seconds of a simulated clock; None without one.
    """

    partition: int
    attempt: int
    worker: int
    recomputed: int
    counts: Counts = field(repr=False)
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """What a machine of a simulated cluster did, or did not, from `start` to `end`.

    fate    "done"; "failed": it raised; "lost": its machine died; "dropped": another
            attempt at the task ended first, or the job failed; "down": no task, as the
            machine was dead
    copy    is it the copy of a straggler?
    """

    machine: int
    start: float
    end: float
    fate: str
    stage: int | None = None
    partition: int | None = None
    copy: bool = False


@dataclass(frozen=True, repr=False)
class Stage:
    """One stage that ran: a report of each of its tasks, and how often one failed.

    records, bytes    written to its shuffle
    cached, evicted   partitions that went to the cache, or were pushed out of it
    recomputed        partitions of RDDs that were computed again
    spilled           bytes written to disk because memory was full
    replicated        bytes of the copies of cached blocks
    seconds           from its first start to its last end on a simulated clock
    """

    name: str
    number: int | None = None  # None if it had no task
    rdd_id: int = 0
    reports: tuple[TaskReport, ...] = ()
    failures: int = 0

    @property
    def tasks(self):
        return len(self.reports)

    @property
    def records(self):
        return self._total("records_written")

    @property
    def bytes(self):
        return self._total("bytes_written")

    @property
    def records_read(self):
        return self._total("records_read")

    @property
    def cached(self):
        return sum(len(report.counts.stored) for report in self.reports)

    @property
    def evicted(self):
        return sum(len(report.counts.evicted) for report in self.reports)

    @property
    def hits(self):
        return self._total("hits")

    @property
    def computed(self):
        return sum(len(report.counts.computed) for report in self.reports)

    @property
    def recomputed(self):
        return sum(report.recomputed for report in self.reports)

    @property
    def spilled(self):
        return self._total("spilled")

    @property
    def replicated(self):
        return self._total("replicated")

    @property
    def seconds(self):
        if not self.reports or self.reports[0].start is None:
            return None
        return max(r.end for r in self.reports) - min(r.start for r in self.reports)

    @property
    def skew(self):
        """The largest task's share of records, read or else written, over the mean.

        1 is even; None where no task moved any.
        """
        moved = [
            r.counts.records_read or r.counts.records_written for r in self.reports
        ]
        return max(moved) * len(moved) / sum(moved) if any(moved) else None

    def _total(self, name):
        counted = [getattr(report.counts, name) for report in self.reports]
        return None if None in counted else sum(counted)

    def __repr__(self):
        return f"{self._title}\n{Tasks(self.reports)!r}"

    def _repr_html_(self):
        return f"<p>{escape(self._title)}</p>{Tasks(self.reports)._repr_html_()}"

    @property
    def _title(self):
        number = "not run" if self.number is None else self.number
        return f"Stage {number}, {self.name} RDD[{self.rdd_id}]"


@dataclass(frozen=True, repr=False)
class Job:
    """What one action ran: the stages of each round, the result stage last.

    start, end    seconds of a simulated clock; None without one
    timeline      what the machines of a simulated cluster did
    """

    action: str
    rounds: tuple[tuple[Stage, ...], ...]
    result: Stage
    group: str | None = None
    description: str | None = None
    start: float | None = None
    end: float | None = None
    timeline: tuple[Span, ...] = field(default=(), repr=False)

    @property
    def seconds(self):
        """From the action until the driver had the last result, on a simulated clock;
        None without one."""
        return None if self.start is None else self.end - self.start

    @property
    def copies(self):
        """Copies of stragglers that were started on a simulated cluster."""
        return sum(span.copy for span in self.timeline)

    @property
    def stages(self):
        """All, in the order of the rounds, the result stage last."""
        waves = [*enumerate(self.rounds, start=1), ("result", [self.result])]
        placed = [(place, stage) for place, wave in waves for stage in wave]
        return Stages([stage for _, stage in placed], [place for place, _ in placed])

    @property
    def cost(self):
        sizes = [stage.bytes for stage in self.stages]
        return Cost(
            rounds=len(self.rounds),
            tasks=self.total("tasks"),
            records=self.total("records"),
            bytes=None if None in sizes else sum(sizes),
        )

    @property
    def recomputed(self):
        """Partitions of RDDs that were computed though they had been before."""
        return self.total("recomputed")

    @property
    def skew(self):
        """Of the stage where it is worst; None where no record moved."""
        skews = [stage.skew for stage in self.stages if stage.skew is not None]
        return max(skews, default=None)

    @property
    def failures(self):
        """Attempts at tasks that failed, or that died with their worker."""
        return self.total("failures")

    def total(self, counter):
        """A counter of Stage, over all stages."""
        return sum(getattr(stage, counter) for stage in self.stages)

    def __repr__(self):
        return f"{self._title}\n{self.stages!r}"

    def _repr_html_(self):
        return f"<p>{escape(self._title)}</p>{self.stages._repr_html_()}"

    @property
    def _title(self):
        named = [words for words in (self.group, self.description) if words]
        told = f" ({', '.join(named)})" if named else ""
        return f"Job {self.action}{told}: {self.cost}"


class Jobs(Table):
    """The jobs of a context, a row a job.

    >>> from cme323.engine import Context
    >>> sc = Context(partitions=2)
    >>> sc.parallelize("abab").map(lambda c: (c, 1)).groupByKey().count()
    2
    >>> sc.jobs
    job  action  rounds  tasks  records  bytes  cached  recomputed  spilled ...
      0  count        1      4        4     ...      0           0        0 ...
    """

    caption = "Jobs"

    def cells(self, place, job):
        """The counters of Stage, over all stages."""
        named = {"job": place, "action": job.action, "rounds": len(job.rounds)}
        cost = {"tasks": job.cost.tasks, "records": job.cost.records}
        kept = {name: job.total(name) for name in TOTALS}
        timed = {} if job.seconds is None else {"seconds": job.seconds}
        counted = named | cost | {"bytes": job.cost.bytes} | kept
        return counted | {"skew": job.skew} | timed


class Stages(Table):
    """The stages of a job, a row a stage; those of one round ran together."""

    caption = "Stages"

    def cells(self, place, stage):
        counted = "tasks", "records", "bytes", *TOTALS, "skew"
        named = {"round": place, "stage": stage.number}
        named["RDD"] = f"{stage.name} RDD[{stage.rdd_id}]"
        return named | {name: getattr(stage, name) for name in counted}


class Tasks(Table):
    """The tasks of a stage, a row a task."""

    caption = "Tasks"

    def cells(self, place, task):
        counts = task.counts
        return {
            "partition": task.partition,
            "attempt": task.attempt,
            "worker": task.worker,
            "read": counts.records_read,
            "records": counts.records_written,
            "bytes": counts.bytes_written,
            "cached": len(counts.stored),
            "hits": counts.hits,
            "recomputed": task.recomputed,
            "spilled": counts.spilled,
        }
