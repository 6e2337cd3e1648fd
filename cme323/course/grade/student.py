"""What a test sees of a student: data by name, and functions to call.

    student.run(cell)           run one of the student's cells, in their process
    student.look("ranks")       plain data, or a Proxy for a function
    student.call("f", [1], {})  plain data

Whatever ends the process ends the task, or the cell, that asked. Before the next one
the process is started again, and all cells but those that ended it run again.

What a function does to its arguments stays in the child: the test's own lists keep
their items. Only a machine, a Context or a PRAM, is told what it cost.
"""

from time import monotonic

from cme323.course.grade import wire
from cme323.course.grade.answers import StudentError, cost_of, error_like, raised, text
from cme323.course.grade.session import Session, Stopped
from cme323.engine.context import Context
from cme323.pram import PRAM, Counted, plain


class Student:
    """One student's cells and functions, in a process that is renewed as needed."""

    def __init__(self, server, limits):
        self._server = server
        self._limits = limits
        self._session = None
        self._ran = []
        self._left = 0.0

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._end()

    def begin(self):
        """A new task: the whole budget of seconds, and a process that lives."""
        while self._session is None or not self._session.alive:
            self._renew()
        self._left = self._limits.seconds

    def imports(self, cell):
        """The dotted names of what a cell imports."""
        self.begin()
        try:
            names = self._value(self._ask("imports", text=cell.text))
        except Stopped:  # what cannot be read cannot run either
            return []
        return names if type(names) is list else []

    def run(self, cell):
        """Run a cell; returns how it failed, or an empty string."""
        self.begin()
        try:
            answer = self._ask("run", text=cell.text, name=cell.name)
        except Stopped as stopped:
            return str(stopped)
        self._ran.append(cell)
        return "" if answer.get("outcome") == "value" else raised(answer)[1]

    def look(self, name):
        """The data or the Proxy that `name` stands for; KeyError if there is none."""
        answer = self._ask("look", name=name)
        if answer.get("outcome") == "missing":
            raise KeyError(name)
        if answer.get("outcome") == "callable":
            return Proxy(self, name)
        if answer.get("outcome") == "refused":
            instead = text(answer, "instead")
            raise StudentError(f"`{name}` is {text(answer, 'what')}; make it {instead}")
        return self._value(answer)

    def call(self, name, args, kwargs):
        """What the student's function returns, as plain data."""
        machines = []
        answer = self._ask(
            "call",
            name=name,
            args=[
                sendable(arg, machines, f"argument {i} of `{name}`")
                for i, arg in enumerate(args, 1)
            ],
            kwargs={
                key: sendable(arg, machines, f"argument `{key}` of `{name}`")
                for key, arg in kwargs.items()
            },
            machines=[made(machine) for machine in machines],
        )
        if answer.get("outcome") == "refused":
            what, instead = text(answer, "what"), text(answer, "instead")
            raise StudentError(f"your function returned {what}; return {instead}")
        value = self._value(answer)
        self._charge(machines, answer)
        return value

    def _ask(self, do, **details):
        start = monotonic()
        try:
            return self._session.ask(do, self._left, **details)
        finally:
            self._left -= monotonic() - start

    def _value(self, answer):
        """The data in an answer; StudentError if the student's code raised."""
        if answer.get("outcome") == "raised":
            kind, told = raised(answer)
            raise error_like(kind, f"your function {told}")
        if answer.get("outcome") == "missing":
            raise StudentError("your function is not defined any more")
        try:
            return wire.decode(answer["value"])
        except (KeyError, wire.Malformed):
            raise self._session.stop_liar() from None

    def _charge(self, machines, answer):
        """Add to each machine what the child says that its twin cost."""
        try:
            costs = [cost_of(wire.decode(node)) for node in answer["costs"]]
            for machine, cost in zip(machines, costs, strict=True):
                charge(machine, cost)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise self._session.stop_liar() from None

    def _renew(self):
        """A new process, in which all cells run again but those that end it."""
        self._end()
        self._session = Session(self._server, self._limits)
        for cell in list(self._ran):
            self._left = self._limits.seconds
            try:
                self._ask("run", text=cell.text, name=cell.name)
            except Stopped:
                self._ran.remove(cell)
                return

    def _end(self):
        if self._session is not None:
            self._session.close()


class Proxy:
    """A student's function: a call goes to the child, plain data comes back."""

    def __init__(self, student, name):
        self.__name__ = name
        self._student = student

    def __call__(self, *args, **kwargs):
        return self._student.call(self.__name__, args, kwargs)

    def __repr__(self):
        return f"<the student's {self.__name__}>"


def made(machine):
    """How to make a machine like this one: module, name, options."""
    if isinstance(machine, PRAM):
        return ["cme323.pram.machine", "PRAM"]
    return ["cme323.engine.context", "Context", machine.defaultParallelism]


def charge(machine, cost):
    if isinstance(machine, PRAM):
        machine.charge(cost)
    else:
        machine.cost = machine.cost + cost


def sendable(value, machines, place):
    """An argument for the wire; a machine goes as the number of its twin."""
    if isinstance(value, Context | PRAM):
        return ["machine", numbered(value, machines)]
    if type(value) is list and value and all(type(v) is Counted for v in value):
        number = numbered(value[0].machine, machines)
        return ["counted", number, wire.encode(plain(value))]
    try:
        return wire.encode(value)
    except wire.Refused as refused:
        raise TypeError(
            f"{place} is {refused.what}, but a test can send only plain data "
            f"and a machine: give {refused.instead}"
        ) from None


def numbered(machine, machines):
    if machine not in machines:
        machines.append(machine)
    return machines.index(machine)
