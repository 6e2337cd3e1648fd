"""Grades on all cores: one process for each, with a fork server of its own.

    for result in graded(folders, start, lost, jobs=2, patience=600): ...

Each process gets one folder at a time. If it dies, or hangs longer than a submission
can take, that submission is graded by no one, which `lost` turns into a result; a new
process goes on with the others.
"""

import multiprocessing
from contextlib import ExitStack, suppress
from multiprocessing.connection import wait
from time import monotonic

METHOD = "spawn"  # a fork would copy this process's threads and sockets


def graded(folders, start, lost, *, jobs, patience):
    """The results of all folders, as they come.

    start    makes a context manager of a function: folder -> result
    lost     (folder, sentence) -> result
    patience seconds that a folder may take
    """
    waiting, busy = list(reversed(folders)), {}
    with ExitStack() as stack:
        for _ in range(min(jobs, len(folders))):
            worker = Worker(start, stack)
            worker.begin(waiting.pop())
            busy[worker.connection] = worker
        while busy:
            ready = wait(busy, max(0, soonest(busy.values(), patience)))
            for worker in [busy[c] for c in ready] or late(busy.values(), patience):
                del busy[worker.connection]
                yield worker.result(lost)
                if waiting:
                    worker = worker if worker.alive else Worker(start, stack)
                    worker.begin(waiting.pop())
                    busy[worker.connection] = worker


def soonest(workers, patience):
    return min(worker.since for worker in workers) + patience - monotonic()


def late(workers, patience):
    return [w for w in workers if monotonic() - w.since >= patience]


class Worker:
    """A process that grades, as this one sees it."""

    def __init__(self, start, stack):
        context = multiprocessing.get_context(METHOD)
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, start), daemon=True)
        self._process.start()
        theirs.close()
        stack.callback(self.end)
        self.folder, self.since = None, monotonic()

    @property
    def alive(self):
        return self._process.is_alive()

    def begin(self, folder):
        self.folder, self.since = folder, monotonic()
        with suppress(OSError):  # it is dead, which its connection tells
            self.connection.send(folder)

    def result(self, lost):
        """What it found, or what `lost` says."""
        try:
            if self.connection.poll():
                answer = self.connection.recv()
                if isinstance(answer, BaseException):
                    raise answer
                return answer
            self.end()
            return lost(self.folder, "grading took too long and was stopped")
        except (EOFError, OSError):
            self.end()
            code = self._process.exitcode
            return lost(self.folder, f"the grader's process ended (exit code {code})")

    def end(self):
        self._process.kill()
        self._process.join()
        self.connection.close()


def serve(connection, start):
    """In a process of its own: grade what is asked."""
    try:
        with start() as grade_one:
            while True:
                connection.send(grade_one(connection.recv()))
    except EOFError:
        pass
    except KeyboardInterrupt:  # the terminal tells everyone; the first process says so
        pass
    except Exception as error:  # such as BadInput: the sandbox does not start
        connection.send(error)
