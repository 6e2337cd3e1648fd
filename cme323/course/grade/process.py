"""A child process of the operating system: start it, talk to it, kill it."""

import os
import signal
import subprocess
import sys

from cme323.course.grade.wire import LIMIT

KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT")


def start(limits, home):
    """The child as a process of its own session, at work in the folder `home`."""
    program = ["-I", "-X", "utf8", "-m", "cme323.course.grade.child"]
    return subprocess.Popen(
        [sys.executable, *program, str(int(limits.memory)), *limits.hidden],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=home,
        env=environment(home),
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def environment(home):
    """What Python needs to run, with every folder of the user's led to `home`."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    folders = dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP"), home)
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return kept | folders | threads | {"MPLBACKEND": "Agg"}


def talk(process, line, heard):
    """Send a line and hear one; b"" if the child is gone."""
    try:
        process.stdin.write(line)
        process.stdin.flush()
        heard.put(process.stdout.readline(LIMIT + 2))
    except (OSError, ValueError):
        heard.put(b"")


def kill_group(process):
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except OSError:  # nobody is left
        pass


def named(status):
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
