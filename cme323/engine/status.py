"""StatusTracker: what ran and what runs, by the ids of jobs and stages.

NB: as in PySpark, a job that failed has an id too; `sc.jobs` has those that succeeded.
Left out: the stages that a job skips, as their shuffle has run; getExecutorInfos.
"""

from typing import NamedTuple


class SparkJobInfo(NamedTuple):
    """A job: its `status` is RUNNING, SUCCEEDED or FAILED."""

    jobId: int
    stageIds: list[int]
    status: str


class SparkStageInfo(NamedTuple):
    """A stage and its tasks; those that wait for their turn count as active."""

    stageId: int
    currentAttemptId: int
    name: str
    numTasks: int
    numActiveTasks: int
    numCompletedTasks: int
    numFailedTasks: int


class StatusTracker:
    """Asks a context's `running`; `sc.statusTracker()` makes it.

    >>> from cme323.engine import Context
    >>> sc = Context(partitions=2)
    >>> sc.parallelize("ab").map(lambda c: (c, 1)).groupByKey().count()
    2
    >>> sc.statusTracker().getJobInfo(0)
    SparkJobInfo(jobId=0, stageIds=[0, 1], status='SUCCEEDED')
    """

    def __init__(self, running):
        self._running = running

    def getJobIdsForGroup(self, jobGroup=None):
        """The jobs of the group; without one, those that have no group."""
        return [job.id for job in self._running.jobs if job.group == jobGroup]

    def getActiveJobsIds(self):
        return [job.id for job in self._running.jobs if job.active]

    def getActiveStageIds(self):
        return sorted(
            stage.id
            for job in self._running.jobs
            for stage in job.stages
            if stage.active
        )

    def getJobInfo(self, jobId):
        """A SparkJobInfo; None if there is no such job."""
        if not 0 <= jobId < len(self._running.jobs):
            return None
        job = self._running.jobs[jobId]
        return SparkJobInfo(jobId, sorted(stage.id for stage in job.stages), job.status)

    def getStageInfo(self, stageId):
        """A SparkStageInfo; None if there is no such stage."""
        stage = self._running.stages.get(stageId)
        return stage and SparkStageInfo(
            stageId,
            currentAttemptId=0,
            name=stage.name,
            numTasks=len(stage.partitions),
            numActiveTasks=stage.active,
            numCompletedTasks=stage.completed,
            numFailedTasks=stage.failed,
        )
