"""bench: run a suite of benchmarks/, which only a checkout has, with a progress bar."""

import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

import cme323
from cme323.errors import BadInput

SUITES = ("engine", "gpu", "grade", "graphs", "linalg", "nn", "optimize")


def bench(name, *, only=(), engines=(), runs=3, growth=False, console=None):
    """Run a suite and print it: (what goes to JSON, is all of it well)."""
    if name not in SUITES:
        raise BadInput(f"{name!r} is no benchmark: choose from {', '.join(SUITES)}")
    if runs < 3:
        raise BadInput(f"a median needs at least 3 runs, not {runs}")
    report, runner, suite = benchmarks(name)
    console = console or Console()
    # A suite may bring its own way to run.
    runner = suite if hasattr(suite, "run") else runner
    total = runner.steps(suite.SUITE, only, engines, runs, growth)
    with progress(console) as shown:
        bar = shown.add_task("", total=total)
        outcome = runner.run(
            f"benchmarks.{name}",
            only=only,
            engines=engines,
            runs=runs,
            growth=growth,
            tick=lambda says: shown.update(bar, description=says, advance=1),
        )
    console.print(report.page(outcome))
    return report.as_json(outcome, runs), outcome.well


def benchmarks(name):
    """The modules report and runner of the checkout's benchmarks/, and a suite's."""
    sys.path.insert(0, str(checkout()))
    try:
        from importlib import import_module

        from benchmarks import report, runner

        return report, runner, import_module(f"benchmarks.{name}")
    except ModuleNotFoundError as error:
        if error.name != "psutil":
            raise
        raise BadInput(
            'psutil is not installed: run pip install "cme323[bench]"'
        ) from error


def checkout():
    """The folder that holds benchmarks/: where the package is, or else the current."""
    for folder in (Path(cme323.__file__).parents[1], Path.cwd()):
        if (folder / "benchmarks" / "runner.py").is_file():
            return folder
    raise BadInput(
        "cme323 bench needs a checkout of the course, as an installed package has no "
        "benchmarks/: run it in the folder that git cloned"
    )


def progress(console):
    columns = BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}")
    return Progress(*columns, console=console, transient=True)
