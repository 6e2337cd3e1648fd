"""Nothing that was graded is lost: a kill at any write, a full disk, a closed folder.

The disks are real ones, of some pages of memory, in namespaces of their own.
"""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from cme323.course.grade import results
from cme323.course.grade.results import Result, Results
from cme323.course.grade.scores import Score
from cme323.errors import BadInput

NAMES = ("ada", "bob", "carl")


class Killed(BaseException):
    pass


def result(student):
    return Result(student, "a1", "k", (Score(student, "a1", "f1", 2, 2, "", 0.5),))


def test_whoever_is_killed_at_any_step_of_a_resumption_has_lost_nothing(
    tmp_path, monkeypatch
):
    """Before and after each fsync and each rename."""
    with Results(tmp_path) as first:
        for name in NAMES[:2]:
            first.add(result(name))
    for steps in range(1, 20):
        with monkeypatch.context() as patched:
            left = [steps]
            for step in ("fsync", "replace"):
                patched.setattr(results.os, step, killing(getattr(os, step), left))
            try:
                with Results(tmp_path, resume=True) as again:
                    again.add(result("carl"))
                break
            except Killed:
                pass
        with Results(tmp_path, resume=True) as last:
            assert {name for name, _ in last.known} >= {"ada", "bob"}
    assert steps > 6


def killing(step, left):
    """The step, but for a kill before or after it, once so many have been."""

    def killed(*args):
        for act in (lambda: None, lambda: step(*args)):
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            act()

    return killed


def test_whoever_is_killed_within_a_rewriting_has_lost_nothing(tmp_path):
    """When half of the lines have been written."""
    with Results(tmp_path) as first:
        for name in NAMES:
            first.add(result(name))

    class Half(Result):
        def as_line(self):
            raise Killed

    again = Results(tmp_path, resume=True)
    again.known["bob", "a1"] = Half("bob", "a1", "k", ())
    with pytest.raises(Killed):
        again._begin()
    again.close()
    with Results(tmp_path, resume=True) as last:
        assert len(last.known) == 3


@cache
def alone():
    """The command that runs another with a file system of its own; or skips."""
    command = ["unshare", "--user", "--map-root-user", "--mount"]
    try:
        done = subprocess.run([*command, "true"], capture_output=True)
    except OSError:
        done = None
    if done is None or done.returncode:
        pytest.skip("needs namespaces")
    return command


def on_a_small_disk(folder, program):
    """What a Python program prints, run in a folder that is a disk of 32 KiB."""
    script = f"""
import os, shutil, subprocess, sys
from pathlib import Path
from cme323.errors import BadInput
DISK = Path({str(folder)!r})
def mount(*options):
    subprocess.run(["mount", *options, str(DISK)], check=True)
mount("-t", "tmpfs", "-o", "size=32k", "tmpfs")
{program}
"""
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [*alone(), sys.executable, "-c", script]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


RESULTS = """
from cme323.course.grade.results import Result, Results, read
from cme323.course.grade.scores import Score, write_scores
def result(n):
    scores = [Score(f"s{n}", "a1", "f1", 2, 2, "so" * 100, 0.5)]
    return Result(f"s{n}", "a1", "k", tuple(scores))
out, added = DISK / "out", 0
try:
    with Results(out) as file:
        for n in range(1000):
            file.add(result(n))
            added += 1
except BadInput as error:
    print(error)
print(added, len(read(out / "results.jsonl")))
try:  # the disk is still full
    Results(out, resume=True)
except BadInput as error:
    print(error)
print(len(read(out / "results.jsonl")))
before = b"the scores of yesterday"
(out / ".grading").unlink()
try:
    write_scores([result(n).scores[0] for n in range(400)], out)
except BadInput as error:
    print(error)
print(sorted(path.name for path in out.iterdir()))
mount("-o", "remount,size=4m")
with Results(out, resume=True) as file:
    for n in range(len(file.known), 1000):
        file.add(result(n))
print(len(read(out / "results.jsonl")))
mount("-o", "remount,ro")
for act in (lambda: Results(out, resume=True), lambda: write_scores([], out)):
    try:
        act()
    except BadInput as error:
        print(error)
print(len(read(out / "results.jsonl")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
def test_on_a_full_disk_and_on_a_closed_one_all_that_was_added_stays(tmp_path):
    full, counts, again, still, table, there, whole, *closed, last = on_a_small_disk(
        tmp_path, RESULTS
    )
    added, kept = map(int, counts.split())
    assert "No space left on device" in full
    assert "go on with --resume" in full
    assert 10 < added <= kept
    assert "No space left on device" in again
    assert int(still) == kept
    assert "No space left on device" in table
    assert "scores.csv" not in there
    assert whole == last == "1000"
    assert len(closed) == 2
    assert all("Read-only file system" in sentence for sentence in closed)


@pytest.mark.skipif(os.name != "posix", reason="needs flock")
def test_of_two_graders_at_once_one_is_told_to_wait(tmp_path):
    program = (
        "import sys, time\n"
        "from cme323.course.grade.results import Results\n"
        "with Results(sys.argv[1]):\n"
        "    print('in', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", program, str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe) as other:
        assert other.stdout.readline() == b"in\n"
        with pytest.raises(BadInput, match="another grader is writing into"):
            Results(tmp_path, resume=True)
        other.kill()
        other.wait()
        Results(Path(tmp_path), resume=True).close()
