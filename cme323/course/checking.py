"""Check claims in processes, one for each core.

    in_processes   each claim by the first worker that is free
    Worker         a process, as it is seen from here

An error ends the check of its claim alone, and so does the death of a worker. What a
worker does stands in checking_worker.py.
"""

import multiprocessing
import os
import signal
import time
from collections import deque
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from tempfile import TemporaryDirectory

from cme323.claims.claim import Report
from cme323.course.checking_worker import STEP, restored, serve


def in_processes(chosen, jobs, graph=None, progress=lambda experiment: None):
    """The reports of claims, in the order in which they end.

    Whatever ends this generator, Ctrl-C too, ends the workers.
    """
    waiting, workers = deque(chosen), []
    # A killed worker leaves files behind, so they have a folder that we delete.
    with TemporaryDirectory(prefix="cme323-", ignore_cleanup_errors=True) as scratch:
        try:
            while waiting and len(workers) < jobs:
                workers.append(Worker(graph, scratch))
                workers[-1].take(waiting.popleft())
            while busy := {w.connection: w for w in workers if w.claim}:
                for connection in wait(busy):
                    worker = busy[connection]
                    message = worker.hear()
                    if message == STEP:
                        progress(worker.claim)
                        continue
                    worker.claim = None
                    if waiting:
                        worker.take(waiting.popleft())
                    yield message
        finally:
            for worker in workers:
                worker.end()


class Worker:
    """A process that checks claims, seen from here; `claim` is what it is at."""

    def __init__(self, graph, scratch):
        self.settings = graph, scratch
        self.claim = None
        self._start()

    def _start(self):
        # Spawned on every system: a fork would share the threads of a progress bar.
        spawning = multiprocessing.get_context("spawn")
        self.connection, theirs = spawning.Pipe()
        self.process = spawning.Process(
            target=serve, args=(theirs, *self.settings), daemon=True
        )
        with held_back_interrupts():  # until `serve` ignores them
            self.process.start()
        theirs.close()  # else its death would not be heard

    def take(self, claim):
        """Give it a claim to check."""
        if not self.process.is_alive():
            self.end()
            self._start()
        self.claim, self.since = claim, time.perf_counter()
        with suppress(OSError):  # it died just now, and `hear` will say so
            self.connection.send(claim.id)

    def hear(self):
        """STEP, or the report of its claim."""
        try:
            message = self.connection.recv()
        except (EOFError, OSError):
            self.process.join()
            seconds = time.perf_counter() - self.since
            died = f"its process ended, with exit code {self.process.exitcode}"
            return Report(self.claim, (), (), seconds, died)
        return message if message == STEP else restored(self.claim, message)

    def end(self):
        """Kill it, whatever it is doing."""
        self.process.kill()
        self.process.join()
        self.connection.close()


@contextmanager
def held_back_interrupts():
    """Ctrl-C waits, here and in a process that is started now; Windows cannot."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # to start it later would undo the next line
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def cores():
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux: a container may have fewer
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
