"""check: try a student's function, and tell what is wrong in one sentence.

    check("5.1", pagerank_naive)

compares it with the exercise's spec on every case, in value and in type, then
asks the machine's counters whether the work was done there and within its bound,
or whether it cost exactly what it should.
"""

import reprlib
from math import isclose

import numpy as np

from cme323.course.exercises import SPECS, exercise
from cme323.course.grade.code import imports, parsed
from cme323.course.grade.refusal import a
from cme323.engine import Context
from cme323.network import Network
from cme323.pram import PRAM, plain

LONGEST = 100  # characters of an argument, in a sentence


class Wrong(AssertionError):
    """A wrong answer; a notebook shows its sentence and no traceback."""

    def _render_traceback_(self):
        return [f"Not yet. {self}"]


class Right:
    """What `check` returns; shows itself in a notebook.

    costs: (name, measured, bound) of the largest case, if the exercise has a bound.
    """

    def __init__(self, number, cases, costs=()):
        self.number = number
        self.cases = cases
        self.costs = costs

    def __repr__(self):
        return f"{self.number} is right on all {self.cases} cases."


def check(number, f, more=()):
    """Try `f` on the cases of exercise `number`, and on `more` cases.

    Returns a Right, or raises Wrong with a sentence: the input, what was
    expected, what came, and the idea to revisit. Other errors of `f` are its own.
    """
    asked = exercise(number)
    if not callable(f):
        raise Wrong(f"{number}: check needs your function, but got {_short(f)}.")
    _refuse_imported_answers(asked, f)
    cases = (*asked.cases, *more)
    for case in sorted(cases, key=_size):  # so the smallest that fails is told
        costs = _check_case(asked, f, case)
    return Right(number, len(cases), costs)


def _size(case):
    return len(repr(case))


def _check_case(asked, f, case):
    """What it cost against its bound, if there is one; Wrong if it is wrong."""
    machine, received = _call(asked, f, case)
    if fault := _fault(asked, received, case):
        raise Wrong(f"{_called(asked, f, case)} {fault}: {asked.idea}.")
    if asked.rounds and machine.cost.rounds < asked.rounds(*case):
        raise Wrong(
            f"{_called(asked, f, case)} is right, but was not computed on `sc`, which "
            f"counted {machine.cost.rounds} rounds: use the RDDs of `sc`."
        )
    if asked.step:
        return _check_step(asked, f, case, machine.cost)
    costs = _check_cost(asked, f, case, machine.cost) if asked.cost else ()
    if asked.most:
        costs += _check_most(asked, f, case, machine.cost)
    return costs


def _fault(asked, received, case):
    """What is wrong with an answer, as the end of a sentence; None if nothing is."""
    if asked.spec:
        return _difference(asked.spec(*case), received, asked.rounding)
    fault = asked.fault(received, *case)
    return fault and f"came as {_short(received)}, but {fault}"


def _check_step(asked, f, case, cost):
    """One more iteration may cost at most asked.step."""
    *rest, iterations = case
    sc, _ = _call(asked, f, (*rest, iterations + 1))
    step, bound = sc.cost - cost, asked.step(*case)
    if not step <= bound:
        raise Wrong(
            f"{_called(asked, f, case)} is right, but one step took {step.rounds} "
            f"rounds and moved {step.records} records, above {bound.rounds} and "
            f"{bound.records}: {asked.idea}."
        )
    return (
        ("rounds", step.rounds, bound.rounds),
        ("records", step.records, bound.records),
    )


def _check_cost(asked, f, case, cost):
    """A run costs what asked.cost says, in all that it names, no more and no less."""
    expected = asked.cost(*case).known
    measured = {name: cost.known[name] for name in expected}
    if measured != expected:
        has = _listed(f"{name} {count}" for name, count in measured.items())
        raise Wrong(
            f"{_called(asked, f, case)} is right, but has {has}, not "
            f"{_listed(map(str, expected.values()))}: {asked.idea}."
        )
    return tuple((name, measured[name], bound) for name, bound in expected.items())


def _check_most(asked, f, case, cost):
    """A run costs at most what asked.most says."""
    bounds = asked.most(*case).known
    for name, most in bounds.items():
        if cost.known[name] > most:
            raise Wrong(
                f"{_called(asked, f, case)} is right, but has {name} "
                f"{cost.known[name]}, above {most}: {asked.idea}."
            )
    return tuple((name, cost.known[name], most) for name, most in bounds.items())


def _listed(words):
    """Words as in a sentence: one, two and three."""
    *words, last = words
    return f"{', '.join(words)} and {last}" if words else last


def _call(asked, f, case):
    try:
        if asked.ranks:
            network = Network(case[0])
            return network, f(network, *case[1:])
        if _by_pram(asked):
            return _call_counted(PRAM(), f, case)
        sc = asked.partitions and Context(asked.partitions)
        return sc, f(sc, *case) if sc else f(*case)
    except NotImplementedError as error:
        raise Wrong(
            f"{asked.number}: {f.__name__} is not written yet: put your code in the "
            "place of `raise NotImplementedError()`."
        ) from error


def _by_pram(asked):
    return asked.cost and not asked.ranks and asked.partitions is None


def _call_counted(pram, f, case):
    counted = [pram.array(a) if isinstance(a, list) else a for a in case]
    return pram, plain(f(pram, *counted))


def _refuse_imported_answers(asked, f):
    """In a notebook, `In` is the list of cells that ran; elsewhere there is none."""
    used = {getattr(f, "__module__", None) or ""}
    for source in getattr(f, "__globals__", {}).get("In", []):
        used.update(_imports_of(source))
    for module in (*asked.hide, SPECS):
        if any(name == module or name.startswith(module + ".") for name in used):
            raise Wrong(
                f"{asked.number}: this notebook imports {module}, which answers the "
                "exercise: write it yourself, and restart the kernel."
            )


def _imports_of(source):
    try:
        return imports(parsed(source))
    except SyntaxError:
        return []


def _difference(expected, received, rounding):
    """How `received` differs, as the end of a sentence; None if it does not."""
    if _kind(expected) != _kind(received):
        return (
            f"should be {_short(expected)}, {a(_kind(expected))}, but came as "
            f"{_short(received)}, {a(_kind(received))}"
        )
    if _same(expected, received, rounding):
        return None
    if _short(expected) == _short(received):
        return _place(expected, received, rounding)
    return f"should be {_short(expected)}, but came as {_short(received)}"


def _place(expected, received, rounding):
    """How two values differ that look alike when shortened."""
    if not isinstance(expected, list | tuple):
        return f"should be {_short(expected)}, but differs where that is shortened"
    if len(expected) != len(received):
        return f"should have {len(expected)} items, but came with {len(received)}"
    place = next(
        i
        for i, pair in enumerate(zip(expected, received))
        if not _same(*pair, rounding)
    )
    wanted, came = _short(expected[place]), _short(received[place])
    return f"should have {wanted} at place {place}, but has {came} there"


def _same(expected, received, rounding):
    """Equal in value and in type, floats up to rounding."""
    if _kind(expected) != _kind(received):
        return False
    if isinstance(expected, float):
        return isclose(expected, received, rel_tol=rounding, abs_tol=1e-12)
    if isinstance(expected, dict):
        return _typed(expected) == _typed(received) and all(
            _same(value, received[key], rounding) for key, value in expected.items()
        )
    if isinstance(expected, list | tuple):
        return len(expected) == len(received) and all(
            _same(e, r, rounding) for e, r in zip(expected, received)
        )
    return expected == received


def _typed(keys):
    return {(_kind(key), key) for key in keys}


def _kind(value):
    """The name of the exact type, but a numpy number counts as Python's."""
    if isinstance(value, np.integer | np.floating):
        value = value.item()
    return type(value).__name__


def _short(value):
    """`value` without its middle, and without digits that do not matter."""
    if isinstance(value, dict):
        value = {k: _rounded(v) for k, v in value.items()}
    short = Short()
    short.maxdict = short.maxlist = short.maxtuple = 6
    short.maxother = short.maxstring = 60
    return short.repr(_rounded(value))


class Short(reprlib.Repr):
    """Shortens long arrays to their shapes and functions to their names, too."""

    def repr_ndarray(self, x, level):
        if x.size > 5:
            return f"array{x.shape}"
        inside = np.array2string(x, separator=", ", precision=5, suppress_small=True)
        return f"array({' '.join(inside.split())})"

    def repr_function(self, f, level):
        return f.__name__


def _rounded(value):
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _cut(text):
    """A long text as its beginning."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def _called(asked, f, case):
    """The call as the student would write it, shortened."""
    arguments = [_cut(_short(argument)) for argument in case]
    if asked.partitions is not None:
        arguments.insert(0, "sc")
    if asked.ranks:
        arguments[0] = f"Network({case[0]})"
    if _by_pram(asked):
        arguments.insert(0, "pram")
    return f"{asked.number}: {f.__name__}({', '.join(arguments)})"
