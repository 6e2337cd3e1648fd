"""Executors: take tasks, give outcomes.

    submit(task, worker)   run this task, on that worker if it lives
    next()                 wait for an outcome: Done, Failed or WorkerLost
    cancel()               forget the tasks that have not begun; how many
    abort()                forget all tasks; those that run are interrupted
    lost()                 WorkerLost for each worker that died since the last job
    kill(worker)           make one die: WorkerLost
    forget(rdd id)         the cached blocks of an RDD are needed no more
    close()                the end of every worker, and of what they kept
    broadcast(value)       the driver tells all workers something
    workers                how many there are
    clock, timeline        seconds simulated, and what happened since the last job

`SerialExecutor` has one worker, in this process. `processes.py` has one in each
of several processes, `cluster.py` one for each machine of a simulated cluster.
"""

from collections import deque

from cme323.engine.worker import Worker
from cme323.errors import BadInput


class Unclocked:
    """An executor that simulates no time, and hands broadcasts over with the tasks."""

    clock = None
    timeline = ()

    def broadcast(self, value):
        pass


class SerialExecutor(Unclocked):
    """The tasks one after another, in this process.

    Deterministic, nothing is pickled, and the student's debugger works.
    """

    workers = 1

    def __init__(self, worker=None):
        self.worker = worker or Worker()
        self._queue = deque()

    def submit(self, task, worker):
        self._queue.append(task)

    def next(self):
        return self.worker.run(self._queue.popleft())

    def cancel(self):
        forgotten = len(self._queue)
        self._queue.clear()
        return forgotten

    abort = cancel

    def lost(self):
        return ()

    def kill(self, worker):
        raise BadInput(
            "the serial executor has no worker that could die: use "
            "Context(executor='processes') or Context(cluster=Cluster(...))"
        )

    def forget(self, rdd_id):
        self.worker.storage.drop(rdd_id)

    def close(self):
        self.worker.storage.clear()
