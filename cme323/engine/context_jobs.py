"""Groups of jobs: the properties that jobs carry, and cancelling them."""

import threading
from collections import UserDict

from cme323.engine.running import Running
from cme323.engine.scheduler import JOB_PROPERTIES
from cme323.engine.status import StatusTracker


class LocalProperties(threading.local, UserDict):
    """A dict of its own for each thread, empty at first."""


class JobControl:
    """The part of Context that names jobs, follows them and stops them.

    Left out, compared with Spark: interrupting the task that runs, and job tags.
    """

    def __init__(self):
        super().__init__()
        self._properties = LocalProperties()
        self._running = Running()

    def setLocalProperty(self, key, value):
        """Remember a string for this thread's jobs; None forgets it."""
        if not isinstance(value, str | None):
            raise TypeError(f"a property must be a str, not {type(value).__name__}")
        self._properties[key] = value

    def getLocalProperty(self, key):
        """What setLocalProperty set in this thread, or None."""
        return self._properties.get(key)

    def setJobGroup(self, groupId, description, interruptOnCancel=False):
        """The `group` and `description` of this thread's coming `jobs`.

        cancelJobGroup(groupId) stops them; `interruptOnCancel` must be False.
        """
        self.setInterruptOnCancel(interruptOnCancel)
        for key, value in zip(JOB_PROPERTIES, (groupId, description)):
            self.setLocalProperty(key, value)

    def setJobDescription(self, value):
        """The `description` that this thread's coming `jobs` carry."""
        self.setLocalProperty(JOB_PROPERTIES[1], value)

    def setInterruptOnCancel(self, interruptOnCancel):
        """Refuses True: a job that is cancelled stops when one of its tasks ends."""
        if interruptOnCancel:
            raise NotImplementedError(
                "interruptOnCancel must be False: a job that is cancelled stops when "
                "one of its tasks ends, and none is interrupted for it"
            )
        self.setLocalProperty("spark.job.interruptOnCancel", "false")

    def cancelJobGroup(self, groupId):
        """Stop the jobs of the group that run now, in other threads.

        Each raises JobCancelled in its thread, once a task that it runs has ended.
        A later job of the group runs.
        """
        group = [job for job in self._running.jobs if job.group == groupId]
        self._running.cancel(group, f"part of cancelled job group {groupId}")

    def cancelAllJobs(self):
        """Stop all jobs that run now, as cancelJobGroup does."""
        every = self._running.jobs
        self._running.cancel(every, "as part of cancellation of all jobs")

    def statusTracker(self):
        """A StatusTracker of the jobs and stages of this context."""
        return StatusTracker(self._running)
