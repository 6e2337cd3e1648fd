import contextlib
import json
import os
import signal
import sys
import threading

import psutil
import pytest

from cme323.course.grade.process import ForkServer
from cme323.course.grade.sandbox import find
from cme323.course.grade.session import Limits, Session, Stopped

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX signals and limits")
LIMITS = Limits(seconds=5, memory=2**30, hidden=("cme323.measure",))


@pytest.fixture
def session(server):
    session = Session(server, LIMITS)
    yield session
    session.close()


def run(session, text, seconds=5):
    return session.ask("run", seconds, text=text, name="cell 1")


def look(session, name):
    return session.ask("look", 5, name=name).get("value")


def test_a_cell_runs_and_its_names_can_be_looked_at(session):
    assert run(session, "x = 6 * 7")["outcome"] == "value"
    assert look(session, "x") == 42
    assert session.ask("look", 5, name="y")["outcome"] == "missing"


def test_prints_warnings_and_other_programs_do_not_disturb_answers(session):
    run(
        session,
        "import os, subprocess, sys, warnings\n"
        "print('{\"number\": 2}' * 10_000, flush=True)\n"
        "print('no', file=sys.stderr)\n"
        "warnings.warn('careful')\n"
        "os.write(1, b'no')\n"
        "subprocess.run([sys.executable, '-c', 'print(1)'])\n"
        "display('no')\n"
        "x = sys.stdin.read()",
    )
    assert look(session, "x") == ""


def test_an_error_is_told_with_its_words(session):
    answer = run(session, "{}['k']")
    assert (answer["type"], answer["text"]) == ("KeyError", "'k'")


def test_the_environment_is_clean_and_the_folder_is_new(server, session, monkeypatch):
    monkeypatch.setenv("SECRET", "solution")
    look_around = "import os\nx = os.environ.get('SECRET'), os.listdir()"
    run(session, f"open('left', 'w').write('behind')\n{look_around}")
    assert look(session, "x") == ["tuple", [None, ["list", ["left"]]]]
    session.close()
    with contextlib.closing(Session(server, LIMITS)) as other:
        run(other, look_around)
        assert look(other, "x") == ["tuple", [None, ["list", []]]]


def test_a_hidden_module_cannot_be_imported(session):
    answer = run(session, "name = 'cme323.mea' + 'sure'\n__import__(name)")
    assert answer["type"] == "ModuleNotFoundError"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("while True: pass", "took longer than 5 s"),
        ("import os; os._exit(3)", r"ended its process \(exit status 3\)"),
        (
            "import gc, io\n"
            "for f in gc.get_objects():\n"
            "    if type(f) is io.BufferedWriter: f.write(b'[1]\\n'); f.flush()",
            "did not answer in the format of the grader",
        ),
    ],
)
def test_what_ends_a_process_is_told(session, text, sentence):
    with pytest.raises(Stopped, match=sentence):
        run(session, text, 0.5)
    assert not session.alive


@posix
def test_a_crash_is_told_by_its_signal(session):
    with pytest.raises(Stopped, match="SIGSEGV"):
        run(session, "import ctypes; ctypes.string_at(0)")


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no RLIMIT_AS")
def test_memory_is_limited(session):
    with pytest.raises(Stopped, match=r"ran out of memory \(1 GiB\)"):
        run(session, "x = bytearray(2**31)")


@posix
def test_what_a_cell_started_ends_with_it(session):
    # In a session of its own, and its parent is gone: kill_group would not find it.
    command = ["sleep", f"60.{os.getpid()}"]
    fork = f"if os.fork() == 0: os.setsid(); subprocess.Popen({command}); os._exit(0)"
    run(session, f"import os, subprocess\n{fork}\nos.wait()")
    assert running(command)
    session.close()
    assert not running(command)


def running(command):
    return any(p.info["cmdline"] == command for p in psutil.process_iter(["cmdline"]))


@posix
def test_processes_are_counted(session):
    bomb = "import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(60)"
    with pytest.raises(Stopped, match="started more than 32 processes"):
        run(session, bomb)
    assert not session.alive


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no RLIMIT_AS")
def test_memory_is_counted_over_all_processes(session):
    eat = "x = bytearray(300 * 2**20); x[:] = b'1' * len(x)"
    fork = f"import os, time\nfor _ in range(6):\n    if os.fork() == 0:\n        {eat}"
    with pytest.raises(Stopped, match="ran out of memory, with all that it started"):
        run(session, f"{fork}\n        time.sleep(60)\ntime.sleep(60)", 20)


@posix
def test_computing_is_counted_over_all_processes(server):
    limits = Limits(seconds=0.3, memory=2**30, processors=0.1)
    busy = "import os\nfor _ in range(3): os.fork()\nwhile True: pass"
    with (
        contextlib.closing(Session(server, limits)) as session,
        pytest.raises(Stopped, match=r"kept more than 0.1 processors busy"),
    ):
        run(session, busy, 20)


def test_the_next_process_starts_although_the_server_was_killed(server, session):
    server._process.kill()
    with pytest.raises(Stopped, match="ended its process"):
        run(session, "import time\ntime.sleep(60)")
    with contextlib.closing(Session(server, LIMITS)) as other:
        run(other, "x = 1")
        assert look(other, "x") == 1


def test_an_interrupted_question_ends_the_process(session, monkeypatch):
    def interrupted(*details):
        raise KeyboardInterrupt

    monkeypatch.setattr(session, "_exchange", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(session, "x = 1")
    assert not session.alive, "or its answer would be taken for the next one"


def test_a_large_request_to_a_process_that_is_gone_is_told(session):
    session._process.kill()
    with pytest.raises(Stopped, match="ended its process"):
        run(session, "#" * 10**6)


def test_requests_are_plain_json(session):
    assert json.loads(json.dumps(session.ask("look", 5, name="x")))["number"] == 2


@posix
def test_a_kill_that_comes_late_does_not_stop_the_next():
    """Both in one message, as a server reads them that has no time for a moment."""
    with ForkServer(find("limits")) as server:
        pid = server._process.pid
        os.kill(pid, signal.SIGSTOP)
        server.ask({"kill": True})
        threading.Timer(0.2, os.kill, (pid, signal.SIGCONT)).start()
        session = Session(server, LIMITS)
        assert session.alive
        session.close()
