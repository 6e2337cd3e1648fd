import json
import os
import sys
import time
from pathlib import Path

import pytest

from cme323.course.grade.session import Limits, Session, Stopped

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX signals and limits")
LIMITS = Limits(seconds=5, memory=2**30, hidden=("cme323.measure",))


@pytest.fixture
def session():
    session = Session(LIMITS)
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


def test_the_environment_is_clean_and_the_folder_goes(session, monkeypatch):
    monkeypatch.setenv("SECRET", "solution")
    other = Session(LIMITS)
    run(other, "import os\nx = os.environ.get('SECRET'), os.getcwd()")
    _, (secret, folder) = look(other, "x")
    assert secret is None
    assert Path(folder).is_dir()
    other.close()
    assert not Path(folder).exists()


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
    run(session, "import subprocess\nx = subprocess.Popen(['sleep', '60']).pid")
    pid = look(session, "x")
    session.close()
    deadline = time.monotonic() + 5
    while running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not running(pid)


def running(pid):
    """Whether a process runs; one that nobody has waited for yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or ") Z " not in stat.read_text()


def test_a_large_request_to_a_process_that_is_gone_is_told(session):
    session._process.kill()
    with pytest.raises(Stopped, match="ended its process"):
        run(session, "#" * 10**6)


def test_requests_are_plain_json(session):
    assert json.loads(json.dumps(session.ask("look", 5, name="x")))["number"] == 2
