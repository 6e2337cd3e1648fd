"""The sandbox of this machine: what a student's code sees, and what keeps it in.

    bubblewrap   a system of its own: it reads Python and its libraries, writes to a
                 folder of its own, and has no network, no other process, nothing of the
                 course and no way to more rights
    namespaces   the same view, made by Linux's own calls, where there is no bwrap
    limits       a process with limits of time and memory, and nothing more

Each is tried before it is believed: a container may have bwrap and forbid its calls.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cme323.course.grade.namespaces import NAMES, PRIVATE
from cme323.errors import BadInput

KINDS = ("bubblewrap", "namespaces", "limits")
# Not all of /usr: a container may have a course in /usr/src.
SYSTEM = (
    *("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"),
    *("/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32"),
    *("/usr/include", "/usr/libexec", "/usr/local", "/usr/share"),
)
# Of /etc, what programs need to start; nobody's names, keys or passwords.
SETTINGS = (
    "alternatives",
    "fonts",
    "java*",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "nsswitch.conf",
)
PACKAGE = Path(__file__).resolve().parents[2]
PYTHON = ("-s", "-P", "-X", "utf8")  # nothing of the user's, nor of this folder
# Then Python still has to find this package.
START = (
    "import sys; root = sys.argv.pop(1); root in sys.path or sys.path.insert(0, root); "
    "from {} import main; main(*sys.argv[1:])"
)
FLAGS = (
    "--unshare-all --die-with-parent --new-session --cap-drop ALL --uid 1000 --gid 1000"
)


@dataclass(frozen=True)
class Sandbox:
    """What keeps a student's code in; `kind` is one of KINDS."""

    kind: str
    why: str = ""  # it is no better one

    @property
    def sealed(self):
        """Does it keep files, network and processes apart?"""
        return self.kind != "limits"

    def command(self, program):
        """The command line that runs a Python module in it."""
        module, *arguments = program
        command = [sys.executable, *PYTHON, "-c", START.format(module)]
        python = [*command, str(PACKAGE.parent), *arguments]
        return bubblewrap(python) if self.kind == "bubblewrap" else python

    def __str__(self):
        return f"{self.kind} ({self.why})" if self.why else self.kind


@cache
def find(kind=None):
    """The best Sandbox that works here, or the one of this kind; else BadInput."""
    reasons = {}
    for name in KINDS if kind is None else (kind,):
        if name not in KINDS:
            raise BadInput(f"the sandbox must be one of {', '.join(KINDS)}, not {name}")
        reasons[name] = tried(Sandbox(name))
        if not reasons[name]:
            better = [f"no {n}: {why}" for n, why in reasons.items() if why]
            return Sandbox(name, "; ".join(better))
    raise BadInput(f"there is no {kind} on this machine: {reasons[kind]}")


def tried(sandbox):
    """Why this sandbox does not work here; an empty string if it does."""
    if sandbox.kind == "limits":
        return ""
    if not sys.platform.startswith("linux"):
        return "it needs Linux"
    if sandbox.kind == "bubblewrap" and not shutil.which("bwrap"):
        return "bwrap is not installed (apt-get install bubblewrap)"
    try:
        done = subprocess.run(
            sandbox.command(["cme323.course.grade.namespaces", sandbox.kind]),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"it does not start: {error}"
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return "" if done.returncode == 0 else (lines or ["it does not start"])[-1]


def bubblewrap(command):
    """The command line that runs `command` in bubblewrap's view of this machine."""
    view = [word for path in visible() for word in ("--ro-bind", path, path)]
    links = [word for path, to in linked() for word in ("--symlink", to, path)]
    places = f"--dev /dev --proc /proc --tmpfs {PRIVATE} --chdir {PRIVATE}".split()
    for name in NAMES:  # a place for a file that comes later
        places += ["--ro-bind", "/dev/null", name]
    locked = ["--remount-ro", "/dev", "--remount-ro", "/"]
    return ["bwrap", *FLAGS.split(), *view, *links, *places, *locked, "--", *command]


def visible():
    """The paths that a student's process can read: Python, libraries, this package."""
    python = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]
    python += [sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib")]
    settings = [path for name in SETTINGS for path in Path("/etc").glob(name)]
    wanted = {Path(p) for p in (*SYSTEM, *python, *settings, PACKAGE)}
    wanted |= {path.resolve() for path in wanted}
    there = sorted(path for path in wanted if path.exists() and not is_link(path))
    return [str(p) for p in there if not any(q in p.parents for q in there)]


def linked():
    """(path, to) for the links at the top of the system, such as /lib; and for /tmp."""
    links = [(path, os.readlink(path)) for path in SYSTEM if os.path.islink(path)]
    taken = any(path.startswith("/tmp/") for path in visible())
    return links if taken else [*links, ("/tmp", PRIVATE)]


def is_link(path):
    return str(path) in SYSTEM and path.is_symlink()
