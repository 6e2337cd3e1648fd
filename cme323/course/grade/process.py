"""A student's process, as the grader sees it: two pipes, how it ended, and its end.

server = ForkServer(find())
process = server.start(Limits(...))
process.stdin, process.stdout, process.poll(), process.wait(5), process.kill()
"""

import json
import os
import signal
import socket
import subprocess
import tempfile
from contextlib import suppress

from cme323.course.grade.namespaces import PRIVATE
from cme323.errors import BadInput

KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT")
STARTUP = 60  # seconds until Python must have started
LONGEST = 1 << 16  # bytes of a message
ENDING = 10  # seconds until a killed process must be gone


class ForkServer:
    """A process that starts others, in a sandbox; it serves one at a time.

    If it dies, of too little memory say, the next start begins another.
    """

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self._begin()

    def _begin(self):
        sandbox = self.sandbox
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                sandbox.command(["cme323.course.grade.forkserver", sandbox.kind]),
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=environment(),
                start_new_session=True,
            )
        self._heard = b""
        if self.hear() != {"ready": True}:
            self._process.kill()
            reason = self._process.stderr.read().decode(errors="replace").strip()
            self.close()
            raise BadInput(f"the sandbox {sandbox} does not start: {reason[-300:]}")

    def start(self, limits):
        """A new Process, within the limits."""
        if self._process.poll() is not None:
            self.close()
            self._begin()
        return Process(self, limits)

    def ask(self, message, pipes=()):
        line = json.dumps(message).encode() + b"\n"
        with suppress(OSError):  # it is dead, and hear() tells so
            socket.send_fds(self._control, [line], pipes)

    def hear(self, seconds=STARTUP):
        """Its next message, None if none comes in time; {} if it is dead."""
        self._control.settimeout(seconds)
        while b"\n" not in self._heard:
            try:
                more = self._control.recv(LONGEST)
            except (TimeoutError, BlockingIOError):
                return None
            except OSError:
                more = b""
            if not more:
                return {}
            self._heard += more
        line, _, self._heard = self._heard.partition(b"\n")
        return json.loads(line)

    def close(self):
        """End it and all that it started."""
        self._control.close()  # it kills what it has started, and ends
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(ENDING)
        self._process.kill()
        self._process.wait()
        self._process.stderr.close()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()


class Process:
    """A process in the sandbox, with an empty folder of its own.

    stdin, stdout  pipes
    status         its exit status, negative for a signal; None while it runs
    why            of what it had too much, if that was its end; else empty
    """

    def __init__(self, server, limits):
        self._server = server
        self._home = home(server.sandbox)
        self.status, self.why = None, ""
        (asked, ask), (answer, answered) = os.pipe(), os.pipe()
        self.stdin, self.stdout = os.fdopen(ask, "wb"), os.fdopen(answer, "rb")
        message = {
            "program": [str(int(limits.memory)), *limits.hidden],
            "hidden": limits.hidden,
            "home": self._home.name if self._home else PRIVATE,
            "processes": limits.processes,
            "memory": limits.memory,
            "seconds": limits.seconds,
            "processors": limits.processors,
        }
        server.ask(message, [asked, answered])
        for theirs in (asked, answered):
            os.close(theirs)

    def poll(self):
        """Its status, or None while it runs."""
        return self.wait(0)

    def wait(self, seconds=ENDING):
        """Its status, or None if it still runs after so long."""
        if self.status is None:
            told = self._server.hear(seconds)
            if told is not None:
                self.status, self.why = told.get("ended", -9), told.get("why", "")
        return self.status

    def kill(self):
        """End it, and all that it started; its folder goes."""
        if self.poll() is None:
            self._server.ask({"kill": True})
            if self.wait() is None:
                self._server.close()
        if self._home:
            self._home.cleanup()


def home(sandbox):
    """A folder, where the sandbox brings none."""
    if not sandbox.sealed:
        return tempfile.TemporaryDirectory(prefix="cme323-", ignore_cleanup_errors=True)


def environment():
    """What Python needs to run, and nothing that tells of the user."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    # Unsalted hashes: grading twice gives sets of the same order, and the same score.
    return kept | threads | {"MPLBACKEND": "Agg", "PYTHONHASHSEED": "0"}


def talk(process, line, heard, most):
    """Send a line and hear one, or its first bytes; b"" if the child is gone."""
    try:
        process.stdin.write(line)
        process.stdin.flush()
        heard.put(process.stdout.readline(most + 2))
    except (OSError, ValueError):
        heard.put(b"")


def named(status):
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
