"""The process executor: one worker in each of several operating-system processes.

    driver  -- recipe of a stage, then its tasks -->  worker 0   blocks, files
            <-- outcomes -------------------------    worker 1   blocks, files

Workers live as long as the context. Each keeps the blocks that it cached, and the
shuffle outputs that it wrote, as files in a folder of its own. A task that reads a
shuffle reads the files of all workers, so no record passes through the driver. Kill
a worker and what it kept is gone: a new one takes its place, with a new number, and
the scheduler computes again what is needed.

Left out, compared with Spark: blocks are not fetched from other workers. A task runs
where its block is, and computes again what is cached elsewhere.
"""

import os
import secrets
import shutil
import threading
import time
from collections import defaultdict, deque
from multiprocessing.connection import Listener, wait
from statistics import median

from cme323.engine.executor import Unclocked
from cme323.engine.remote import RemoteWorker, restored
from cme323.engine.task import Done, Failed, WorkerLost

GRACE = 2.0  # seconds that an interrupted task has to end, and a worker to stop
SLOW = 1.5  # how many medians of its stage a task takes before it is a straggler
TICK = 0.05  # seconds between two looks at the clock


class ProcessExecutor(Unclocked):
    """Runs tasks on `workers` processes; see executor.py for what each method does.

    The successor of a dead worker, number n, has number n + workers. So a number
    modulo `workers` is a place, and a task goes to the worker in its place.

    speculation: a task that takes 1.5 times the median of those of its stage that are
    done gets a copy on an idle worker, and the first to end counts.
    """

    def __init__(self, workers, scratch, speculation=False, **settings):
        self.workers = workers
        self.speculation = speculation
        self._driver = os.getpid()
        self._closed = False
        self._scratch = scratch
        self._settings = settings
        self._key = secrets.token_bytes(16)
        address = None if os.name == "nt" else str(scratch.path / "driver")
        self._listener = Listener(address, authkey=self._key)
        self._queues = [deque() for _ in range(workers)]
        self._open = set()  # ids of tasks that have no outcome yet
        self._seconds = defaultdict(list)  # by stage, of tasks that are done
        self._remotes = self._started(range(workers))

    def submit(self, task, worker):
        self._open.add(task.id)
        self._queues[worker % self.workers].append(task)

    def next(self):
        while True:
            self._dispatch()
            by_connection = {remote.connection: remote for remote in self._remotes}
            for connection in wait(by_connection, TICK if self.speculation else None):
                outcome = self._heard(by_connection[connection])
                if outcome:
                    return outcome
            if self.speculation:
                self._copy_stragglers()

    def cancel(self):
        waiting = [task.id for queue in self._queues for task in queue]
        self._open -= set(waiting)
        for queue in self._queues:
            queue.clear()
        return len(waiting)

    def abort(self):
        self.cancel()
        self._open.clear()
        busy = [remote for remote in self._remotes if remote.task]
        for remote in busy:
            remote.interrupt()
        deadline = time.monotonic() + GRACE
        for remote in busy:
            if not remote.connection.poll(max(0, deadline - time.monotonic())):
                remote.process.kill()
        self._seconds.clear()

    def lost(self):
        dead = [r for r in self._remotes if r.process.poll() is not None]
        return [self._replaced(remote) for remote in dead]

    def kill(self, worker):
        """Kill a worker, as a power cut would: WorkerLost."""
        remote = self._remotes[worker % self.workers]
        remote.process.kill()
        return self._replaced(remote)

    def forget(self, rdd_id):
        for remote in self._remotes:
            remote.forgotten.append(rdd_id)

    def close(self):
        if os.getpid() != self._driver:
            return  # a fork of the driver, whose workers these are not
        self._closed = True
        for remote in self._remotes:
            remote.stop()
        for remote in self._remotes:
            remote.end(0 if remote.task else GRACE)
        self._listener.close()
        self._scratch.remove()

    def _dispatch(self):
        """A task to each worker that has nothing to do."""
        for remote, queue in zip(self._remotes, self._queues):
            if queue and not remote.task:
                remote.run(queue.popleft())

    def _heard(self, remote):
        """What a worker has to say, as an outcome; None if it comes too late."""
        try:
            kind, *told = remote.hear()
        except (EOFError, OSError):
            return self._replaced(remote)
        if kind == "need":
            wanted = remote.task.id in self._open
            return remote.bring(*told) if wanted else remote.refuse()
        task, seconds = remote.rest()
        copies = self._running(task)
        if task.id not in self._open or (kind == "failed" and copies):
            return None
        self._open.remove(task.id)
        for copy in copies:
            copy.interrupt()
        if kind == "failed":
            data, frames, culprit, counts = told
            error = restored(data, frames)
            return Failed(task, error, culprit, remote.number, counts)
        self._seconds[task.set.stage].append(seconds)
        return Done(task, *told, remote.number)

    def _replaced(self, remote):
        """A worker has died: WorkerLost, and another one in its place."""
        if self._closed:
            raise RuntimeError("the context was stopped while a job ran")
        remote.end(GRACE)
        shutil.rmtree(remote.folder, ignore_errors=True)
        task, remote.task = remote.task, None
        tasks = []
        if task and task.id in self._open and not self._running(task):
            self._open.remove(task.id)
            tasks = [task]
        (successor,) = self._started([remote.number + self.workers])
        self._remotes[remote.number % self.workers] = successor
        reason = (
            f"worker {remote.number} died ({remote.epitaph}). If it ran out of memory, "
            "use more partitions, or give the Context a memory limit"
        )
        return WorkerLost(remote.number, tasks, reason)

    def _running(self, task):
        """The workers that run this task, or a copy of it."""
        return [remote for remote in self._remotes if remote.task is task]

    def _copy_stragglers(self):
        """Start the slowest task once more on each worker that has nothing to do."""
        for remote in self._remotes:
            if not remote.task and not any(self._queues):
                slow = [other for other in self._remotes if self._straggles(other)]
                if slow:
                    remote.run(min(slow, key=lambda other: other.since).task)

    def _straggles(self, remote):
        if not remote.task or len(self._running(remote.task)) > 1:
            return False
        done = self._seconds.get(remote.task.set.stage)
        age = time.monotonic() - remote.since
        return bool(done) and age > SLOW * median(done) + TICK

    def _started(self, numbers):
        """New workers with these numbers, connected."""
        callers = {}
        accepting = threading.Thread(
            target=_accept, args=(self._listener, len(numbers), callers), daemon=True
        )
        accepting.start()
        remotes = [
            RemoteWorker(
                number,
                self._scratch.folder(f"worker-{number}"),
                self._listener.address,
                self._key,
                self._settings,
            )
            for number in numbers
        ]
        while accepting.is_alive():
            accepting.join(TICK)
            for remote in remotes:
                if remote.process.poll() is not None:
                    raise RuntimeError(
                        f"a worker could not start ({remote.epitaph}): see above what "
                        "it said, or use executor='serial'"
                    )
        for remote in remotes:
            remote.connection = callers[remote.number]
        return remotes


def _accept(listener, size, callers):
    """Take `size` calls; each caller tells its number."""
    for _ in range(size):
        connection = listener.accept()
        callers[connection.recv()] = connection
