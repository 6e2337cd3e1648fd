"""What a run of a suite gave, as tables to read and as JSON to keep."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

PACKAGES = "cme323", "numpy", "pyspark", "pysparkling"


def page(outcome):
    """Seconds, ratios, memory, growth, targets; then a line for each problem."""
    parts = [Text(f"{outcome.suite.title}: {described(machine())}")]
    parts += [show(outcome) for show in (workloads, seconds, ratios, memory)]
    if outcome.growth:
        parts.append(growth(outcome))
    parts.append(targets(outcome))
    found = (*outcome.results, *outcome.growth)
    parts += [
        Text(f"{result.workload} on {result.engine}: {result.kind}, {result.problem}")
        for result in found
        if result.problem
    ]
    return Group(*parts)


def machine():
    """Where this ran: cores, Python, versions; nothing that names a place."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        **{name: _version(name) for name in PACKAGES},
    }


def described(machine):
    return ", ".join(f"{name} {value or 'missing'}" for name, value in machine.items())


def workloads(outcome):
    """What the names of the rows below mean."""
    table = _table("workloads")
    table.add_column("")
    table.add_column("")
    for name in dict.fromkeys(result.workload for result in outcome.results):
        table.add_row(name, outcome.suite.workloads[name].says)
    return table


def seconds(outcome):
    """Medians of the warm runs."""
    return _by_engine("seconds", outcome, lambda r, _: _figure(r.median, ".3g"))


def ratios(outcome):
    """How many times as long as the reference; what has no figure says why."""

    def cell(result, reference):
        if result.median is None or not reference.median:
            return Text(result.kind or "-", "red")
        return Text(f"{result.median / reference.median:.2f}")

    return _by_engine(f"times {outcome.suite.reference}", outcome, cell)


def memory(outcome):
    """MB of all processes of an engine, each at its peak."""
    return _by_engine(
        "peak memory, MB", outcome, lambda r, _: _figure(r.memory, ",.0f")
    )


def growth(outcome):
    table = _table("growth")
    for name in ("workload", "size", "seconds", "calls", "memory, MB"):
        table.add_column(name, justify="left" if name == "workload" else "right")
    for result in outcome.growth:
        took = result.kind if result.median is None else f"{result.median:.4g}"
        calls, held = result.calls or 0, result.memory or 0
        table.add_row(
            result.workload, f"{result.size:,}", took, f"{calls:,}", f"{held:,.0f}"
        )
    return table


def targets(outcome):
    """Each target, the figure, and whether it is met."""
    table = _table("targets")
    table.add_column("target", overflow="fold")
    for name in ("figure", "limit", "verdict"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    styles = {"met": "bold green", "missed": "bold red", "not judged": "yellow"}
    for target in outcome.targets:
        figure = "-" if target.figure is None else f"{target.figure:.3g}"
        limit = f"{'>=' if target.at_least else '<='} {target.limit:g}"
        verdict = Text(target.verdict, styles[target.verdict])
        table.add_row(target.says, figure, limit, verdict, target.remark)
    return table


def as_json(outcome, runs):
    return {
        "suite": outcome.suite.title,
        "machine": machine(),
        "runs": runs,
        "results": [_fields(result) for result in outcome.results],
        "growth": [_fields(result) for result in outcome.growth],
        "targets": [
            {**vars(target), "verdict": target.verdict} for target in outcome.targets
        ],
    }


def _fields(result):
    return {**vars(result), "median": result.median, "spread": result.spread}


def _by_engine(title, outcome, cell):
    """A row for each workload, a column for each engine: cell(its result, the
    reference's)."""
    engines = dict.fromkeys(result.engine for result in outcome.results)
    table = _table(title)
    table.add_column("workload", no_wrap=True)
    for engine in engines:
        table.add_column(engine, justify="right", no_wrap=True)
    by_place = {(r.workload, r.engine): r for r in outcome.results}
    for workload in dict.fromkeys(result.workload for result in outcome.results):
        reference = by_place[workload, outcome.suite.reference]
        cells = [cell(by_place[workload, engine], reference) for engine in engines]
        table.add_row(workload, *cells)
    return table


def _figure(value, form):
    return Text("-" if value is None else f"{value:{form}}")


def _table(title):
    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)


def _version(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None
