"""Work in processes: the next job is done by the first that is free.

    for result in in_processes(todo, start, lost, jobs=2): ...

If a process dies, or takes longer for a job than it may, `lost` says what becomes of
the job, and a new process goes on with the others. Whatever ends this generator, Ctrl-C
too, ends the processes.
"""

import math
import multiprocessing
import signal
from collections import deque
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from time import monotonic

METHOD = "spawn"  # a fork would copy this process's threads and sockets


@dataclass(frozen=True)
class Again:
    """A result that is none: the job is to be done once more, in this form."""

    job: object


@dataclass(frozen=True)
class Step:
    """No result yet: `what` the process is at."""

    what: object


def in_processes(
    todo, start, lost, *, jobs, patience=math.inf, step=lambda job, what: None
):
    """The results of all that is to do, as they come.

    start    makes, in each process, a context manager of a function: (job, tell) ->
             result, which may tell what it is at
    lost     (job, sentence, what it was at or None) -> result, or Again
    jobs     how many at a time
    patience seconds that a job may take
    step     (job, what), called here when a process tells what it is at
    """
    waiting, busy = deque(todo), {}
    with ExitStack() as stack:
        for _ in range(min(jobs, len(waiting))):
            worker = Worker(start, stack)
            worker.begin(waiting.popleft())
            busy[worker.connection] = worker
        while busy:
            ready = wait(busy, soonest(busy.values(), patience))
            for worker in [busy[c] for c in ready] or late(busy.values(), patience):
                found = worker.hear(lost)
                if isinstance(found, Step):
                    step(worker.job, found.what)
                    continue
                del busy[worker.connection]
                if isinstance(found, Again):
                    waiting.appendleft(found.job)
                else:
                    yield found
                if waiting:
                    worker = worker if worker.alive else Worker(start, stack)
                    worker.begin(waiting.popleft())
                    busy[worker.connection] = worker


def soonest(workers, patience):
    """Seconds until somebody may be late; None if nobody ever is."""
    if patience == math.inf:
        return None
    return max(0, min(worker.since for worker in workers) + patience - monotonic())


def late(workers, patience):
    return [w for w in workers if monotonic() - w.since >= patience]


class Worker:
    """A process that does one job at a time, as this one sees it."""

    def __init__(self, start, stack):
        context = multiprocessing.get_context(METHOD)
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, start), daemon=True)
        with held_back_interrupts():  # until `serve` ignores them
            self._process.start()
        theirs.close()  # else its death would not be heard
        stack.callback(self.end)
        self.job, self.at, self.since = None, None, monotonic()

    @property
    def alive(self):
        return self._process.is_alive()

    def begin(self, job):
        self.job, self.at, self.since = job, None, monotonic()
        with suppress(OSError):  # it is dead, which its connection tells
            self.connection.send(job)

    def hear(self, lost):
        """A Step, or what it found, or what `lost` says."""
        if not self.connection.poll():
            self.end()
            return lost(self.job, "it took too long and was stopped", None)
        try:
            told = self.connection.recv()
        except (EOFError, OSError):
            self.end()
            code = self._process.exitcode
            return lost(self.job, f"its process ended (exit code {code})", self.at)
        if isinstance(told, BaseException):
            raise told
        if isinstance(told, Step):
            self.at = told.what
        return told

    def end(self):
        """Kill it, whatever it is doing."""
        self._process.kill()
        self._process.join()
        self.connection.close()


def serve(connection, start):
    """In a process of its own: do what is asked."""
    # A Ctrl-C in the terminal is for the first process, which ends us. Not SIG_IGN,
    # which a program that we start would inherit.
    signal.signal(signal.SIGINT, lambda *_: None)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    try:
        with start() as do:
            while True:
                job = connection.recv()
                connection.send(do(job, lambda what: connection.send(Step(what))))
    except (EOFError, ConnectionError):  # the parent is gone
        pass
    except Exception as error:  # such as BadInput: the sandbox does not start
        connection.send(error)


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
