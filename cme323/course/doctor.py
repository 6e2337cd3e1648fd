"""doctor: what this machine has, and one line on how to get what it lacks.

Nothing is required but what pip installed with this package; each line says what goes
without. A line is a fact that was tried, not a guess from a version number.
"""

import importlib.util
import platform
import shutil
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import psutil
from rich.table import Table
from rich.text import Text

from cme323.course.checking import cores
from cme323.course.grade.sandbox import find
from cme323.errors import BadInput


@dataclass(frozen=True)
class Line:
    """One thing: is it here, what was found, and else how to get it."""

    what: str
    here: bool
    found: str
    fix: str = ""


def examine():
    """A Line for each thing that the course can use."""
    return [
        Line("Python", sys.version_info >= (3, 11), python(), "install 3.11 or newer"),
        Line("cores, memory", True, machine()),
        java(),
        package("Spark", "pyspark", 'pip install "cme323[spark]"'),
        package("torch", "torch", 'pip install "cme323[torch]"'),
        gpu(),
        sandbox(),
        browser(),
        package("nbgrader", "nbgrader", "pip install nbgrader"),
    ]


def table(lines):
    """The lines, for a terminal."""
    shown = Table(box=None, pad_edge=False, show_header=False)
    for line in lines:
        mark = Text("yes", "bold green") if line.here else Text("no", "bold yellow")
        told = Text(line.found if line.here else f"{line.found}: {line.fix}")
        shown.add_row(line.what, mark, told)
    return shown


def python():
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def machine():
    return f"{cores()}, {psutil.virtual_memory().total / 2**30:.0f} GiB"


def package(what, name, fix):
    """Whether a package can be imported; without importing it."""
    if importlib.util.find_spec(name) is None:
        return Line(what, False, "not installed", fix)
    try:
        return Line(what, True, version(name))
    except PackageNotFoundError:  # not by pip
        return Line(what, True, "of an unknown version")


def java():
    """The Java that Spark would start."""
    try:
        from cme323.engine.java_pyspark import find_java

        path, number = find_java()
        return Line("Java", True, f"{number}, {path}")
    except ImportError:
        return Line("Java", False, "no Spark to use it", 'pip install "cme323[spark]"')
    except BadInput as error:
        return Line("Java", False, str(error), 'pip install "cme323[spark]"')


def gpu():
    """An NVIDIA card, as its driver sees it; torch brings what else it takes."""
    if shutil.which("nvidia-smi"):
        return Line("GPU", True, "an NVIDIA driver is here")
    return Line("GPU", False, "none", "lectures show recorded runs instead")


def sandbox():
    """What would keep in the code of students."""
    best = find()
    fix = "apt-get install bubblewrap, or grade in a virtual machine"
    return Line("sandbox", best.sealed, str(best), fix)


def browser():
    """A Chromium, which only the tests of pages drive."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    for name in names:
        if path := shutil.which(name):
            return Line("browser", True, path)
    return Line("browser", False, "no Chromium", "apt-get install chromium")
