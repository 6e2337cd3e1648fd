"""What a benchmark is: workloads, the engines that run them, targets to meet.

A suite is a module with a `SUITE`. Its programs are functions of a machine and of
data that is made before the clock starts:

    program(machine, data)        for an engine that opens a machine, as an `sc`
    program(data)                 for one that has none, as a plain loop
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isclose
from numbers import Number
from statistics import median

from cme323.errors import BadInput


@dataclass(frozen=True)
class Workload:
    """`programs` by the language that an engine speaks; data(size) is their input.

    compared: makes of an answer what is compared, where its order means nothing.
    rounding: how far answers may be apart, as floating-point sums in another order are.
    """

    name: str
    says: str
    size: int
    data: Callable
    programs: Mapping[str, Callable | None]
    compared: Callable = lambda answer: answer
    rounding: float = 1e-9

    def wrong(self, answer, expected):
        """In what an answer is wrong, as words; None if it is right."""
        return difference(self.compared(answer), self.compared(expected), self.rounding)


@dataclass(frozen=True)
class Engine:
    """Runs the programs written in the language it speaks.

    open: gives its machine as a context manager; None if it needs none.
    """

    speaks: str
    open: Callable | None = None


@dataclass(frozen=True)
class Suite:
    """Workloads, engines, and targets(results, growth), which judges what came.

    reference: the engine whose answer is right, and whose time is the unit.
    growing: workloads whose time and work are measured at each of `sizes`, on the
    engine `grows`.
    """

    title: str
    workloads: Mapping[str, Workload]
    engines: Mapping[str, Engine]
    reference: str
    targets: Callable
    growing: Mapping[str, Workload] = field(default_factory=dict)
    sizes: tuple[int, ...] = ()
    grows: str = ""

    def only(self, kind, names):
        """These of the `kind` of things it has, in its order; all if none is named."""
        there = getattr(self, kind)
        for name in names:
            if name not in there:
                raise BadInput(
                    f"{name!r} is none of the {kind} of this benchmark: "
                    f"choose from {', '.join(there)}"
                )
        return {name: there[name] for name in there if name in names or not names}


@dataclass
class Result:
    """What one engine did on one workload.

    start     seconds to open its machine
    first     seconds of the first run, which warms up
    seconds   of each run after it
    memory    MB, the most that its processes held
    calls     of functions in a run, where they were counted
    problem   why there is no figure, or what is wrong with the answer
    kind      of problem, as a table says it: none (no program), failed, wrong answer
    """

    workload: str
    engine: str
    size: int
    start: float | None = None
    first: float | None = None
    seconds: list[float] = field(default_factory=list)
    memory: float | None = None
    calls: int | None = None
    problem: str | None = None
    kind: str | None = None

    @property
    def median(self):
        """Seconds of a warm run; None where the answer is wrong or did not come."""
        return median(self.seconds) if self.seconds and not self.problem else None

    @property
    def spread(self):
        """The slowest warm run over the fastest."""
        return max(self.seconds) / min(self.seconds) if self.seconds else None


@dataclass(frozen=True)
class Target:
    """A figure that must be at most, or at least, a limit; None: it was not taken."""

    says: str
    figure: float | None
    limit: float
    at_least: bool = False
    remark: str = ""

    @property
    def verdict(self):
        if self.figure is None:
            return "not judged"
        if self.at_least:
            return "met" if self.figure >= self.limit else "missed"
        return "met" if self.figure <= self.limit else "missed"


def difference(answer, expected, rounding=1e-9):
    """Where an answer differs from the one expected, in words; None if nowhere.

    >>> difference({"a": 1, "b": 2}, {"a": 1, "b": 3})
    "2 instead of 3 at 'b'"
    >>> difference([0.1 + 0.2], [0.3]) is None
    True
    """
    if isinstance(expected, dict) and isinstance(answer, dict):
        if answer.keys() != expected.keys():
            return f"{len(answer)} keys instead of {len(expected)}, or other ones"
        triples = ((answer[key], expected[key], f" at {key!r}") for key in expected)
    elif isinstance(expected, list) and isinstance(answer, list):
        if len(answer) != len(expected):
            return f"{len(answer)} items instead of {len(expected)}"
        triples = zip(answer, expected, (f" at {i}" for i in range(len(expected))))
    else:
        triples = [(answer, expected, "")]
    for got, wanted, place in triples:
        if not _agree(got, wanted, rounding):
            return f"{_short(got)} instead of {_short(wanted)}{place}"
    return None


def _agree(got, wanted, rounding):
    if isinstance(wanted, float) and isinstance(got, Number):
        return isclose(got, wanted, rel_tol=rounding)
    return got == wanted


def _short(value):
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
