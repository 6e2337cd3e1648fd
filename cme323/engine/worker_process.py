"""The other side of `processes.py`: one worker in a process of its own.

It connects to the driver, and then answers each task with its outcome. It ends when
the driver says so, and when the driver is gone, whatever it is doing then.
"""

import os
import pickle
import shutil
import signal
import sys
import threading
import traceback
from functools import partial
from multiprocessing.connection import Client
from pathlib import Path

from cme323.engine.callsite import ENGINE
from cme323.engine.closures import dumps
from cme323.engine.context_files import import_added
from cme323.engine.packing import apart, receive, send, together
from cme323.engine.recipe import unpacked
from cme323.engine.task import Counts, Done, Task, TaskContext
from cme323.engine.worker import Peer, Worker

KEPT = 16  # recipes; those of older stages are not asked for again


def main():
    """Read where the driver is from stdin, connect, serve."""
    address, key, number, folder, settings = pickle.load(sys.stdin.buffer)
    folder = Path(folder)
    threading.Thread(
        target=_end_with_the_driver, args=(folder.parent,), daemon=True
    ).start()
    worker = Worker(number, folder, peers=partial(_others, folder), **settings)
    with Client(address, authkey=key) as connection:
        connection.send(number)
        Service(worker, connection).serve()


class Service:
    """Runs the tasks that come over a connection."""

    def __init__(self, worker, connection):
        self.worker = worker
        self.connection = connection
        self._stages = {}
        self._slices = {}  # by (RDD id, partition), for the task that runs
        self._fetching = self._interrupted = False
        signal.signal(signal.SIGINT, self._interrupt)

    def serve(self):
        while True:
            kind, *message = self._hear()
            if kind == "stop":
                return
            if kind == "run":  # else a slice, which came after its task was given up
                send(self.connection, self._run(*message))

    def _run(self, stage, recipe, attempt, slices, forgotten):
        """The outcome of one task, as parts."""
        for rdd_id in forgotten:
            self.worker.storage.drop(rdd_id)
        counts, self._interrupted = Counts(), False
        try:
            tasks = self._tasks(stage, recipe)
            self._slices = pickle.loads(slices)
            number, partition, again = attempt
            outcome = self.worker.run(Task(tasks, partition, again, number))
            counts = outcome.counts
            if isinstance(outcome, Done):
                return apart(("done", outcome.value, counts, outcome.terms))
            return _failure(outcome.error, outcome.culprit, counts)
        except BaseException as error:  # such as a result that cannot be pickled
            return _failure(error, None, counts)
        finally:
            self._slices = {}

    def _tasks(self, stage, recipe):
        """The TaskSet of a stage; the recipe comes with the first of its tasks."""
        if recipe is not None:
            import_added(self.worker.folder.parent)
            self._stages[stage] = unpacked(recipe, self._fetch)
            for number in sorted(self._stages)[:-KEPT]:
                del self._stages[number]
        return self._stages[stage]

    def _fetch(self, rdd_id, partition):
        """A slice of the driver's data, for the task that runs."""
        key = rdd_id, partition
        if key not in self._slices:
            self._fetching = True
            send(self.connection, apart(("need", *key)))
            _, data = self._hear()
            self._fetching = False
            if data is None or self._interrupted:
                raise KeyboardInterrupt
            self._slices[key] = together(data)
        return self._slices[key]

    def _hear(self):
        return together(receive(self.connection))

    def _interrupt(self, signum, frame):
        """The driver gave up a task; between tasks there is nothing to interrupt, and
        a message must be read to its end."""
        self._interrupted = True
        if TaskContext.get() and not self._fetching:
            raise KeyboardInterrupt


def _others(folder):
    """The workers that have a folder beside this one: those that live."""
    beside = [path for path in folder.parent.glob("worker-*") if path != folder]
    return [Peer(int(path.name.removeprefix("worker-")), path) for path in beside]


def _failure(error, culprit, counts):
    """The error and its traceback, without the engine's own frames."""
    frames = [
        (frame.filename, frame.lineno, frame.name)
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(ENGINE)
    ]
    try:
        data = dumps(error)
        pickle.loads(data)
    except Exception:  # errors with arguments of their own often cannot travel
        told = "".join(traceback.format_exception_only(error)).strip()
        data = dumps(RuntimeError(told))
    return apart(("failed", data, frames, culprit, counts))


def _end_with_the_driver(scratch):
    """stdin ends when the driver does; if that was killed, we clean up for it."""
    os.read(sys.stdin.fileno(), 1)
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(1)
