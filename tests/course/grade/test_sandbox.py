import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from cme323.course.grade import calls, sandbox
from cme323.course.grade.decode import decode
from cme323.course.grade.process import ForkServer
from cme323.course.grade.sandbox import KINDS, Sandbox, find
from cme323.course.grade.session import Limits, Session
from cme323.errors import BadInput

LIMITS = Limits(seconds=20, memory=2 * 2**30)


@pytest.fixture
def sealed(server):
    if not server.sandbox.sealed:
        pytest.skip("limits keep nothing apart")
    return server


def seen(server, text, name="x"):
    """What a student's cell finds out."""
    session = Session(server, LIMITS)
    try:
        answer = session.ask("run", 20, text=text, name="cell 1")
        assert answer["outcome"] == "value", answer
        return decode(session.ask("look", 20, name=name)["value"])
    finally:
        session.close()


def test_the_best_that_works_is_found():
    best = find()
    assert best.kind in KINDS
    assert best.sealed == (best.kind != "limits")
    assert find(best.kind).kind == best.kind


def test_why_it_is_no_better_is_told(monkeypatch):
    find.cache_clear()
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    try:
        assert find().why.startswith("no bubblewrap: bwrap is not installed")
        with pytest.raises(BadInput, match="no bubblewrap on this machine"):
            find("bubblewrap")
    finally:
        find.cache_clear()


def test_a_sandbox_whose_calls_are_forbidden_is_not_believed(monkeypatch):
    program = "import sys; sys.exit('Operation not permitted')"
    forbidden = [sys.executable, "-c", program]
    monkeypatch.setattr(Sandbox, "command", lambda self, program: forbidden)
    assert sandbox.tried(Sandbox("namespaces")) == (
        "Operation not permitted" if sys.platform == "linux" else "it needs Linux"
    )


FORBIDDEN = """
import sys
sys.path.insert(0, {root!r})
from cme323.course.grade import calls, namespaces
from cme323.course.grade.sandbox import find
namespaces.surrender()
print(find())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_a_system_without_namespaces_has_limits_and_says_why():
    """As in a container without CAP_SYS_ADMIN, or where Ubuntu forbids them."""
    program = FORBIDDEN.format(root=str(sandbox.PACKAGE.parent))
    command = [sys.executable, "-c", program]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert told.stdout.startswith("limits (no bubblewrap: "), told.stderr
    assert "; no namespaces: " in told.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_a_bubblewrap_that_fails_is_told_of_and_not_used(tmp_path, monkeypatch):
    words = "bwrap: setting up uid map: Permission denied"
    (tmp_path / "bwrap").write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    find.cache_clear()
    try:
        best = find()
    finally:
        find.cache_clear()
    assert best.kind in ("namespaces", "limits")
    assert best.why.startswith(f"no bubblewrap: {words}")


def test_calls_that_leave_something_behind_are_refused(sealed):
    text = """
import ctypes, errno, os
libc = ctypes.CDLL(None, use_errno=True)
def refused(result):
    return result == -1 and ctypes.get_errno() == errno.ENOSYS
x = [
    refused(libc.shmget(5, 4096, 0o1666)),
    refused(libc.unshare(1 << 28)),
    refused(libc.syscall(NUMBER, -3, 0)),
    os.waitstatus_to_exitcode(os.system("true")),
]
"""
    number = calls.REFUSED[os.uname().machine]["keyctl"]
    assert seen(sealed, text.replace("NUMBER", str(number))) == [True, True, True, 0]


def test_its_own_network_leads_to_itself(server):
    text = """
import socket
with socket.create_server(("127.0.0.1", 0)) as listening:
    socket.create_connection(listening.getsockname(), timeout=5).sendall(b"hello")
    x = listening.accept()[0].recv(5)
"""
    assert seen(server, text) == b"hello"


def test_no_descriptor_of_others_is_open(sealed):
    text = """
import os, stat
def kind(fd):
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        return ""
    return "pipe" if stat.S_ISFIFO(mode) else "null" if stat.S_ISCHR(mode) else "?"
x = list(filter(None, map(kind, range(256))))
"""
    assert seen(sealed, text) == ["null", "null", "null", "pipe", "pipe"]


def test_an_unknown_kind_is_bad_input():
    with pytest.raises(BadInput, match="must be one of bubblewrap"):
        find("jail")


def test_a_sandbox_that_does_not_start_says_why(monkeypatch):
    broken = [sys.executable, "-c", "import sys; sys.exit('no room')"]
    monkeypatch.setattr(Sandbox, "command", lambda self, program: broken)
    with pytest.raises(BadInput, match="sandbox limits does not start: no room"):
        ForkServer(Sandbox("limits"))


def test_the_course_and_the_user_are_not_there(sealed, tmp_path):
    secret = tmp_path / "solution"
    secret.write_text("42")
    paths = [str(secret), *map(str, (Path.home() / ".ssh", Path.cwd() / "solutions"))]
    paths += ["/etc/group", "/etc/shadow", "/root/.bashrc", "/home", "/var", "/sys"]
    text = f"import os\nx = [p for p in {paths} if os.path.exists(p)]"
    assert seen(sealed, text) == []


def test_the_user_has_a_name_and_is_the_only_one(sealed):
    text = "import getpass, os, pwd\n"
    text += "x = getpass.getuser(), os.path.expanduser('~'), len(pwd.getpwall())"
    assert seen(sealed, text) == ("student", "/student", 1)


def test_nothing_can_be_written_but_in_a_folder_of_ones_own(sealed):
    folders = ["/", "/usr", "/usr/lib", "/etc", "/dev", sys.prefix, sys.base_prefix]
    folders.append(str(sandbox.PACKAGE / "course"))
    text = f"""
import os, tempfile
x = []
for folder in {folders}:
    try:
        open(os.path.join(folder, "planted"), "w").close()
        x.append(folder)
    except OSError:
        pass
for mine in (os.getcwd(), os.path.expanduser("~"), tempfile.gettempdir()):
    open(os.path.join(mine, "mine"), "w").close()
"""
    assert seen(sealed, text) == []
    assert seen(sealed, "import os\nx = os.listdir()") == [], "nor is it there later"


def test_there_is_no_network(sealed):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        text = f"""
import socket
def reached(*address):
    try:
        return bool(socket.create_connection(address, timeout=2))
    except OSError:
        return False
x = reached("127.0.0.1", {port}), reached("1.1.1.1", 53)
"""
        assert seen(sealed, text) == (False, False)


def test_no_process_of_others_can_be_seen_or_hurt(sealed):
    text = f"""
import os
def signalled(pid):
    try:
        os.kill(pid, 0)
        return True
    except OSError:
        return False
def itself(pid):
    # Also where /proc is that of all, and has another number for it.
    status = open(f"/proc/{{pid}}/status").read()
    return status.split("NSpid:")[1].split("\\n")[0].split()[-1] == str(os.getpid())
readable = []
for pid in filter(str.isdigit, os.listdir("/proc") if os.path.isdir("/proc") else []):
    for name, mode in (("environ", "r"), ("mem", "rb+")):
        try:
            open(f"/proc/{{pid}}/{{name}}", mode).close()
            itself(pid) or readable.append((pid, name))
        except OSError:
            pass
x = os.getpid(), signalled({os.getpid()}), signalled(os.getppid() or 2), readable
"""
    assert seen(sealed, text) == (1, False, False, [])


def test_there_are_no_rights_to_win(sealed):
    text = """
import ctypes, os, subprocess
libc = ctypes.CDLL(None, use_errno=True)
status = open("/proc/self/status").read() if os.path.exists("/proc/self/status") else ""
held = [line for line in status.splitlines() if line.startswith(("CapEff", "CapPrm"))]
x = (
    libc.mount(b"tmpfs", b"/usr", b"tmpfs", 0, None),
    libc.umount2(b"/student", 2),
    libc.chroot(b"/student"),
    all(int(line.split()[1], 16) == 0 for line in held),
    libc.prctl(39, 0, 0, 0, 0),
)
"""
    assert seen(sealed, text) == (-1, -1, -1, True, 1)


def test_what_one_leaves_in_memory_is_not_there_for_the_next(server):
    planted = "import builtins, math\nmath.sqrt = builtins.sum = None\nx = 1"
    assert seen(server, planted) == 1
    assert seen(server, "import math\nx = math.sqrt(4), sum([1, 2])") == (2.0, 3)


def test_large_files_and_many_open_ones_are_refused(server):
    text = """
import os, resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    os.truncate(os.open("big", os.O_CREAT | os.O_RDWR), 2**31)
    x = ["a big file"]
except OSError:
    x = []
try:
    files = [open(os.devnull) for _ in range(2000)]
    x.append("many files")
except OSError:
    pass
"""
    assert seen(server, text) == []


def test_the_grader_s_end_is_the_end_of_all(server, tmp_path):
    program = f"""
import os, sys, time
sys.path.insert(0, {str(sandbox.PACKAGE.parent)!r})
from cme323.course.grade.process import ForkServer
from cme323.course.grade.sandbox import find
from cme323.course.grade.session import Limits, Session
session = Session(ForkServer(find({server.sandbox.kind!r})), Limits())
text = "import subprocess; subprocess.Popen(['sleep', '61.5'])"
session.ask("run", 9, text=text, name="cell 1")
print("started", flush=True)
time.sleep(60)
"""
    grader = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert grader.stdout.readline() == b"started\n"
    below = started_below(grader.pid, "sleep")
    grader.kill()
    grader.wait()
    grader.stdout.close()
    _, left = psutil.wait_procs(below, timeout=10)
    assert not left


def started_below(pid, name):
    """All processes below this one, once one of this name is there: it may take time
    until the system has its name."""
    for _ in range(200):
        below = psutil.Process(pid).children(recursive=True)
        if any(process.name() == name for process in below):
            return below
        time.sleep(0.05)
    raise AssertionError(f"no {name} in {below}")
