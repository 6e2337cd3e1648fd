"""One child process of the student's: start it, ask it, and end it in time.

    session = Session(server, Limits(seconds=20, memory=2 * 2**30))
    session.ask("run", 20, text="x = 1", name="cell 1")
    session.close()

The child is in the sandbox, and ends with all processes that it has started. One that
is late, breaks off or breaks the protocol is killed, and that is Stopped, with a
sentence that says how.
"""

import json
import queue
import signal
import threading
from contextlib import suppress
from dataclasses import dataclass

from cme323.course.grade.child import OUT_OF_MEMORY
from cme323.course.grade.process import STARTUP, named, talk
from cme323.course.grade.wire import LIMIT
from cme323.errors import BadInput

SHORT = 2**20  # bytes of an answer that has no data of a student's


@dataclass(frozen=True)
class Limits:
    """What a task may use: seconds, bytes of memory, processes; and of modules, which
    it may not. Beyond `seconds`, no more processors than these are busy at a time.

    total: seconds for all cells and tasks of a submission together, so that cells which
    run again whenever a process has ended do not take hours.
    """

    seconds: float = 20.0
    memory: int = 2 * 2**30
    hidden: tuple[str, ...] = ()
    processes: int = 32
    processors: float = 2.0
    total: float = 1200.0


class Stopped(BaseException):
    """The process had to end, or did; no test's `except Exception` may hide it."""


class Session:
    """A running child; `ask` it until it is Stopped, then start another."""

    def __init__(self, server, limits):
        self._limits = limits
        self._number = 0
        self._talk = None
        self._closed = False
        self._process = server.start(limits)
        try:
            self.ask("imports", STARTUP, text="", modules=[])
        except Stopped as stopped:
            raise BadInput(
                f"a student's process must start within {STARTUP} s and "
                f"{limits.memory} bytes of memory, but it {stopped}: "
                "raise the limit of memory, or reinstall cme323"
            ) from stopped

    @property
    def alive(self):
        return self._process.poll() is None

    def ask(self, do, seconds, **details):
        """The child's answer, a dict whose values are not to be trusted."""
        self._number += 1
        request = {"number": self._number, "do": do, "seconds": seconds, **details}
        most = LIMIT if do in ("look", "operate") else SHORT
        try:
            line = self._exchange(json.dumps(request).encode() + b"\n", seconds, most)
        except BaseException:  # whoever asks next would be given this answer
            self.close()
            raise
        if line.endswith(b"\n"):
            return self._parsed(line)
        if len(line) > most:
            raise self.stop(f"sent more than {most >> 20} MiB")
        raise self.stop(self._ending())

    def stop_liar(self):
        """End the child, because what it sent is no answer."""
        return self.stop("did not answer in the format of the grader")

    def close(self):
        """End the child and all that it started; remove its folder."""
        if not self._closed:
            self._closed = True
            self._process.kill()
            self._hang_up()

    def _exchange(self, line, seconds, most):
        # In a thread: neither a full pipe nor a silent child can hold us, on any OS.
        heard = queue.SimpleQueue()
        self._talk = threading.Thread(
            target=talk, args=(self._process, line, heard, most), daemon=True
        )
        self._talk.start()
        try:
            return heard.get(timeout=max(seconds, 0))
        except queue.Empty:
            raise self.stop(self._too_late()) from None

    def _parsed(self, line):
        try:
            answer = json.loads(line)
        except (ValueError, RecursionError):
            raise self.stop_liar() from None
        if type(answer) is not dict or answer.get("number") != self._number:
            raise self.stop_liar()
        return answer

    def stop(self, reason):
        self.close()
        return Stopped(reason)

    def _ending(self):
        """How a child that fell silent came to its end."""
        status = self._process.wait(1)
        if status is None:
            return "ended its process"
        if self._process.why:
            return self._process.why
        if status == OUT_OF_MEMORY:
            return f"ran out of memory ({self._limits.memory / 2**30:.3g} GiB)"
        if status == -getattr(signal, "SIGXCPU", -1000):
            return self._too_late()
        return f"ended its process ({named(status)})"

    def _too_late(self):
        return f"took longer than {self._limits.seconds:g} s"

    def _hang_up(self):
        # A process that escaped may hold the pipe open: then its reader stays behind.
        if self._talk is not None:
            self._talk.join(1)
            if self._talk.is_alive():
                return
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was not sent before the child ended
                pipe.close()
