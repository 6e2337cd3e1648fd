"""A remote worker, as the driver sees it: a process, a connection, a folder."""

import os
import pickle
import signal
import subprocess
import sys
import time
import traceback
from contextlib import suppress

from cme323.engine.packing import apart, pickled, receive, send, together
from cme323.engine.recipe import packed, packed_slice, small_slices

START = "import sys; sys.path[:] = {}; from cme323.engine.worker_process import main; "


class RemoteWorker:
    """A worker process, started at once; `connection` is set once it has called.

    It is started as a plain program, in the same way on every system, so that the
    driver's script is not run again in it.
    """

    def __init__(self, number, folder, address, key, settings):
        self.number = number
        self.folder = folder
        self.connection = None
        self.task = None  # what it runs, if it runs anything
        self.since = 0.0
        self.forgotten = []  # ids of RDDs whose blocks it can drop
        self._stages = set()  # whose recipes it has
        self.process = subprocess.Popen(
            [sys.executable, "-c", START.format(sys.path) + "main()"],
            stdin=subprocess.PIPE,
            # Salted hashes would order sets differently in each process.
            env=os.environ | {"PYTHONHASHSEED": "0"},
            # A Ctrl-C in the terminal is the driver's to handle.
            start_new_session=True,
        )
        hello = address, key, number, str(folder), settings
        self.process.stdin.write(pickle.dumps(hello))
        self.process.stdin.flush()

    def run(self, task):
        """Send a task, with its stage's recipe if that is new here."""
        tasks, recipe = task.set, None
        if tasks.stage not in self._stages:
            tasks.packed = recipe = tasks.packed or packed(tasks)
            self._stages.add(tasks.stage)
        slices = pickled(small_slices(tasks.rdd, task.partition))
        forgotten, self.forgotten = self.forgotten, []
        self.task, self.since = task, time.monotonic()
        attempt = task.id, task.partition, task.attempt
        self._say("run", tasks.stage, recipe, attempt, slices, forgotten)

    def hear(self):
        """(kind, *what it says); raises EOFError if it is dead."""
        return together(receive(self.connection))

    def bring(self, rdd_id, partition):
        """Send the slice of the driver's data that its task asks for."""
        try:
            self._say("slice", packed_slice(self.task.set.rdd, rdd_id, partition))
        except BaseException:
            self.refuse()
            raise

    def refuse(self):
        """Send no slice: nobody waits for the task any more."""
        self._say("slice", None)

    def rest(self):
        """Its task has ended: the task, and how many seconds it took."""
        task, self.task = self.task, None
        return task, time.monotonic() - self.since

    def interrupt(self):
        """Make its task raise KeyboardInterrupt, where a system has such signals."""
        if os.name == "posix":
            self.process.send_signal(signal.SIGINT)
        else:
            self.process.kill()

    def stop(self):
        """Ask it to end, once its task has."""
        self._say("stop")

    def end(self, seconds):
        """Wait so long for its end, then kill it; what it kept stays in its folder."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        if self.connection:
            self.connection.close()

    @property
    def epitaph(self):
        """How it ended, in words."""
        code = self.process.returncode
        if code is None or code >= 0:
            return f"exit code {code}"
        return f"killed by signal {-code}, {signal.Signals(-code).name}"

    def _say(self, *message):
        with suppress(OSError):  # it is dead, and who listens to it will hear so
            send(self.connection, apart(message, elsewhere=False))


class RemoteTraceback(Exception):
    """Where, in a worker, an error was raised."""

    def __str__(self):
        return f"in a worker:\n{self.args[0]}"


def restored(data, frames):
    """A worker's error, with its traceback as cause.

    The lines are looked up here, as only the driver knows a notebook's cells.
    """
    error = pickle.loads(data)
    summary = traceback.StackSummary.from_list([(*frame, None) for frame in frames])
    error.__cause__ = RemoteTraceback("".join(summary.format()))
    return error
