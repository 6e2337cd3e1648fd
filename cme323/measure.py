"""Measure: what a run gave and cost, predicted against measured, and exponents.

run(f, sc, ...)                   value, Cost and seconds of one run
compare(predict, run, over=sizes) a table: theory beside practice
slope(sizes, costs)               the exponent t of cost = c * size^t
"""

import html
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np

from cme323.cost import Cost


@dataclass(frozen=True)
class Run:
    """What f returned, what its machines counted meanwhile, and how long it took.

    `cost` is None if no argument of f was a machine (anything with a `cost`).
    """

    value: object
    cost: Cost | None
    seconds: float


def run(f: Callable, *args, **kwargs) -> Run:
    """Call f and read the counters of the machines among its arguments.

    >>> from cme323 import Context
    >>> run(lambda sc: sc.range(100).map(lambda x: (x % 5, x)).groupByKey().count(),
    ...     Context(partitions=4)).cost.records
    100
    """
    machines = [arg for arg in (*args, *kwargs.values()) if hasattr(arg, "cost")]
    before = [machine.cost for machine in machines]
    start = time.perf_counter()
    value = f(*args, **kwargs)
    seconds = time.perf_counter() - start
    costs = [_spent(old, machine.cost) for machine, old in zip(machines, before)]
    return Run(value, reduce(add, costs) if costs else None, seconds)


def compare(predict: Callable, run: Callable, over: Sequence) -> "Comparison":
    """Predicted and measured cost for each size in `over`.

    predict(size) and run(size) each return a Cost; a Run counts as its cost.
    """
    return Comparison(tuple((size, predict(size), _cost(run(size))) for size in over))


@dataclass(frozen=True)
class Comparison:
    """Rows of (size, predicted Cost, measured Cost); prints as a table."""

    rows: tuple[tuple[object, Cost, Cost], ...]

    @property
    def names(self):
        """The fields that both sides know, in every row."""
        known = [
            predicted.known.keys() & measured.known.keys()
            for _, predicted, measured in self.rows
        ]
        return [
            name for name in Cost.__dataclass_fields__ if all(name in k for k in known)
        ]

    @property
    def table(self):
        """The header, then a row of text for each size."""
        header = ["size"]
        for name in self.names:
            header += [f"{name} predicted", f"{name} measured", "ratio"]
        return [header] + [self._cells(*row) for row in self.rows]

    def _cells(self, size, predicted, measured):
        cells = [_number(size)]
        for name in self.names:
            said, done = getattr(predicted, name), getattr(measured, name)
            cells += [
                _number(said),
                _number(done),
                f"{done / said:.3f}" if said else "-",
            ]
        return cells

    def __repr__(self):
        widths = [max(map(len, column)) for column in zip(*self.table)]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths))
            for row in self.table
        ]
        return "\n".join(lines)

    def _repr_html_(self):
        header, *rows = [[html.escape(cell) for cell in row] for row in self.table]
        head = "".join(f'<th scope="col">{cell}</th>' for cell in header)
        body = "".join(
            "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>"
            for row in rows
        )
        return (
            "<table><caption>Predicted and measured cost</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )


@dataclass(frozen=True)
class Fit:
    """cost = constant * size^exponent, and how much of the variance that explains."""

    exponent: float
    constant: float
    r2: float


def slope(sizes: Sequence[float], costs: Sequence[float]) -> Fit:
    """Least squares on log-log axes; raises ValueError below two positive points.

    >>> round(slope([10, 100, 1000], [3e2, 3e4, 3e6]).exponent, 9)
    2.0
    """
    if len(sizes) != len(costs) or len(sizes) < 2 or min(*sizes, *costs) <= 0:
        raise ValueError(
            "an exponent needs at least two sizes, with a cost each, all positive: got "
            f"sizes {list(sizes)} and costs {list(costs)}"
        )
    x, y = np.log(sizes), np.log(costs)
    exponent, intercept = np.polyfit(x, y, 1)
    left = np.sum((y - (exponent * x + intercept)) ** 2)
    spread = np.sum((y - y.mean()) ** 2)
    r2 = 1 - left / spread if spread > 1e-12 else float(left <= 1e-12)
    return Fit(float(exponent), float(np.exp(intercept)), float(r2))


def _spent(before, after):
    """All of it, on a new machine: it may not yet have known that it has rounds."""
    return after - before if any(before.known.values()) else after


def _cost(measured):
    return measured.cost if isinstance(measured, Run) else measured


def _number(value):
    """Counts with thousands separators, the rest as it is."""
    return f"{value:,}" if isinstance(value, int | float) else str(value)
