"""The fork server: it has imported the libraries, and forks a process when asked.

    grader  ->  {"program": [...], "home": ..., "processes": ..., "memory": ...,
                 "hidden": [...], "seconds": ..., "processors": ...}, and two pipes,
                which become the process's standard input and output
    grader  ->  {"kill": true}
                whenever it ends  ->  {"ended": status, "why": "..."}

It runs in the sandbox, once for many submissions, and never runs a student's code: each
of its processes enters namespaces of its own, so that nothing which one of them leaves
behind is there for the next. Where there are none, it kills what is left.

One process at a time. Left out: Windows, where a process cannot fork.
"""

import importlib
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from time import monotonic

import psutil

from cme323.course.grade import child, namespaces
from cme323.course.grade.masks import masked
from cme323.course.grade.sandbox import linked, visible

# None that answers a task: what is in memory here, a student's code can find.
LIBRARIES = ("numpy", "cme323.engine.context", "cme323.pram")
TICK = 0.1  # seconds between two looks at memory and processes
LONGEST = 1 << 16  # bytes of a message


def main(kind):
    """Serve the grader on the socket that is standard input, until it hangs up."""
    control = socket.socket(fileno=os.dup(0))
    child.lead_nowhere()
    for name in LIBRARIES:
        importlib.import_module(name)
    if sys.platform.startswith("linux"):
        namespaces.hide_memory()
        namespaces.adopt()
    Server(kind, control).serve()


class Server:
    """Starts processes in a sandbox of this kind, for the grader behind `control`."""

    def __init__(self, kind, control):
        self._kind = kind
        self._control = control
        self._bell, ring = os.pipe()  # rings when a process ends
        os.set_blocking(ring, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(ring)

    def serve(self):
        self._tell(ready=True)
        while True:
            message, pipes, _, _ = socket.recv_fds(self._control, LONGEST, 2)
            if not message:
                return
            # One that asks to kill what has ended by now may come with the next.
            asked = json.loads(message.splitlines()[-1])
            if "program" in asked:
                status, why = self._attend(*self._start(asked, pipes), asked)
                self._tell(ended=os.waitstatus_to_exitcode(status), why=why)

    def _start(self, asked, pipes):
        """(pid of the process here, pid of the one that runs the program)."""
        heard, told = os.pipe()
        masks = masked(tuple(asked["hidden"]))
        pid = os.fork()
        if pid == 0:
            os.close(signal.set_wakeup_fd(-1))
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._control.close()
            for unused in (heard, self._bell):
                os.close(unused)
            run(self._kind, asked, pipes, told, masks)
        for ours in (*pipes, told):
            os.close(ours)
        with open(heard) as stream:
            return pid, int(stream.read() or pid)

    def _attend(self, pid, inner, limits):
        """Wait for its end, and see to it that it comes in time: (status, why)."""
        why, start = "", monotonic()
        while True:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                clear()
                return status, why
            ready, _, _ = select.select([self._control, self._bell], [], [], TICK)
            if self._bell in ready:
                os.read(self._bell, LONGEST)
            if self._control in ready:
                self._control.recv(LONGEST)  # kill, or the grader is gone
                end(pid, inner)
            elif not why and (why := excess(inner, limits, monotonic() - start)):
                end(pid, inner)

    def _tell(self, **message):
        self._control.sendall(json.dumps(message).encode() + b"\n")


def run(kind, asked, pipes, told, masks):
    """In the new process: enter the sandbox, and become the program of child.py."""
    os.setsid()
    try:
        if kind == "limits":
            os.close(told)
            if sys.platform.startswith("linux"):
                namespaces.end_with_parent()
        else:
            enter(kind, told, masks)
        os.chdir(asked["home"])
        for standard, pipe in enumerate(pipes):
            os.dup2(pipe, standard)
            os.close(pipe)
        folders = dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP"), asked["home"])
        # Java does not ask TMPDIR, and a killed one would leave its files in /tmp.
        java = {"JAVA_TOOL_OPTIONS": f"-Djava.io.tmpdir={asked['home']}"}
        os.environ.update(folders | java)
        child.main(*asked["program"])
    finally:
        os._exit(child.FAILED)


def enter(kind, told, masks):
    """Namespaces, and a first process in them, which goes on; this one waits for it."""
    if kind == "bubblewrap":  # which has shown us the right view already
        namespaces.renew()
    else:
        namespaces.seclude(visible(), linked())
    namespaces.mask(masks)
    namespaces.end_with_parent()
    inner = os.fork()
    if inner:
        os.write(told, str(inner).encode())
        os.close(told)
        die_as(os.waitpid(inner, 0)[1])
    os.close(told)
    namespaces.end_with_parent()
    os.setsid()  # kill(0) reaches a whole group, in other namespaces too
    namespaces.first(covers=kind == "namespaces")
    namespaces.surrender()
    namespaces.hide_memory(False)  # the server counts it


def die_as(status):
    """End as another process did."""
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL) if -code != signal.SIGKILL else None
        os.kill(os.getpid(), -code)
    os._exit(code)


def excess(pid, limits, age):
    """Of what a process and those that it started have too much; or an empty string."""
    with suppress(psutil.Error):
        first = psutil.Process(pid)
        started = first.children(recursive=True)
        if len(started) > limits["processes"]:
            return f"started more than {limits['processes']} processes"
        if started and sum(map(memory, started)) > limits["memory"]:
            return "ran out of memory, with all that it started"
        allowed = limits["processors"] * age + limits["seconds"]
        if sum(map(computed, [first, *started])) > allowed:
            return f"kept more than {limits['processors']:g} processors busy"
    return ""


def computed(process):
    """Seconds of computing, its own and those of children that have ended."""
    try:
        return sum(process.cpu_times()[:4])
    except psutil.Error:
        return 0


def memory(process):
    """Bytes, of what it shares with others its part; 0 if it has ended."""
    try:
        return process.memory_full_info().pss
    except (psutil.Error, AttributeError):
        return 0


def end(*pids):
    """Kill these processes, and their groups."""
    for pid in reversed(pids):
        for kill in (os.killpg, os.kill):
            with suppress(ProcessLookupError, PermissionError):
                kill(pid, signal.SIGKILL)


def clear():
    """Kill what a process left behind, which is a child of this one now."""
    while left := psutil.Process().children(recursive=True):
        for process in left:
            with suppress(psutil.Error):
                process.kill()
        for process in left:
            with suppress(ChildProcessError):
                os.waitpid(process.pid, 0)
