"""A Context whose workers die in the middle of jobs, by a real signal.

In each of the jobs named, one task does all its work, and then kills the process that
it runs in, before the driver hears of a result. What that worker had kept dies with
it. A power cut does the same; only here it comes in the same jobs each time.
"""

import os
from functools import partial
from pathlib import Path

from cme323.engine import Context

KILL = 9  # SIGKILL, that no process can refuse


class Killing(Context):
    """Workers in processes; in job number j, for each j of `jobs`, one is killed.

    >>> with Killing(jobs={1}, partitions=2) as sc:
    ...     rdd = sc.range(10).cache()
    ...     rdd.sum(), rdd.sum(), [job.failures for job in sc.jobs]
    (45, 45, [0, 1])
    """

    def __init__(self, jobs, partitions=4, workers=2):
        super().__init__(partitions, executor="processes", workers=workers)
        self.doomed = frozenset(jobs)

    def run_one_job(self, rdd, task, partitions, action):
        """As in any Context, but for the kill."""
        number = len(self.jobs)
        if number in self.doomed:
            fuse = self.scratch.path / f"fuse-{number}"
            fuse.touch()
            task = partial(deadly, task, fuse)
        return super().run_one_job(rdd, task, partitions, action)


def deadly(task, fuse: Path, records):
    """What the task gives; but the first to come here dies instead."""
    result = task(records)
    try:
        fuse.unlink()
    except FileNotFoundError:  # another task was the first
        return result
    os.kill(os.getpid(), KILL)
