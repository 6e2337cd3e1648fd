"""What a test sees of a student: data by name, and handles of objects.

    student.run(cell)                           run a student's cell, in their process
    student.look("ranks")                       plain data, or a Handle
    student.operate("call", (handle, 1), {})    the same

The process may have been renewed since a test got a handle. One of what a test has
named is of the new object then; others are of none.

What a function does to its arguments stays in the child: the test's own lists keep
their items, but for a test that says otherwise; see changes.py. Only a machine, a
Context or a PRAM, is told what it cost.
"""

from types import MappingProxyType

from cme323.course.grade import changes
from cme323.course.grade.answers import (
    StudentError,
    error_like,
    known_error,
    names,
    raised,
    text,
)
from cme323.course.grade.arguments import sendable
from cme323.course.grade.code import classes
from cme323.course.grade.decode import Malformed, decode
from cme323.course.grade.handles import Class, Handle
from cme323.course.grade.held import Held
from cme323.course.grade.instances import kind_of
from cme323.course.grade.lastcall import Call
from cme323.course.grade.places import argument, placed, subject
from cme323.course.grade.prints import listening, show
from cme323.course.grade.renewed import Renewed
from cme323.course.grade.session import Stopped
from cme323.course.grade.told import told
from cme323.course.grade.twins import Twins, charge

TESTS = "tests"  # the module of the instructor's classes, where a test runs
MOST = 10_000  # objects in one answer


class Student:
    """One student's cells and functions, in a process that is renewed as needed.

    classes: the names of those whose instances a test may get.
    """

    def __init__(self, server, limits, classes=()):
        self._process = Renewed(server, limits)
        self._classes = set(classes)
        self._shared = set()
        self.tests = {}  # the namespace of the instructor's cells
        self.last = None  # the Call that a test made last in this task

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._process.end()

    @property
    def generation(self):
        """How many processes there have been."""
        return self._process.generation

    def begin(self, in_place=False):
        """A new task, with all its seconds; in_place: it sees its arguments change."""
        before = self.generation
        self._process.begin()
        if self.generation > before:
            self._held, self._twins = Held(), Twins()
        self._in_place, self.last = in_place, None

    def imports(self, cell, modules):
        """Those of the modules that a cell imports; all, if its reader breaks on it."""
        self.begin()
        try:
            found = self._process.ask("imports", text=cell.text, modules=modules)
            theirs = self._value(found)
        except (StudentError, Stopped):
            return modules
        known = theirs if type(theirs) is list else modules
        return [name for name in modules if name in known]

    def run(self, cell):
        """Run a cell; returns how it failed, or an empty string."""
        self.begin()
        try:
            answer = self._process.run(cell)
        except Stopped as stopped:
            return str(stopped)
        if cell.kind == "locked":
            self._shared.update(classes(cell.text))
        return "" if answer.get("outcome") == "value" else raised(answer)

    def look(self, name):
        """The data or the Handle that `name` stands for; KeyError if there is none."""
        answer = self._process.ask("look", name=name)
        if answer.get("outcome") == "missing":
            raise KeyError(name)
        found = self._value(answer, f"`{name}` is {{what}}; make it {{instead}}", name)
        if type(found) is Class:
            self.know(found.__told__)
        return found

    def know(self, told):
        """From now on instances of this class are what a test may get."""
        self._classes.update(told.names[:1])

    def operate(self, operation, operands, kwargs=MappingProxyType({})):
        """What comes of an operation on a handle, such as a call or an addition."""
        if operation == "call":
            self.last = Call.of(subject(operands), operands[1:], kwargs)
        place = placed(operation, operands)
        given = {**dict(enumerate(operands)), **kwargs}
        nodes = {
            key: sendable(value, self, argument(key, operands))
            for key, value in given.items()
        }
        lent = changes.lent(given, nodes) if self._in_place else {}
        machines = self._twins.all()
        answer = self._process.ask(
            "operate",
            operation=operation,
            args=[nodes[i] for i in range(len(operands))],
            kwargs={key: nodes[key] for key in kwargs},
            machines=[twin.made(machine) for machine, twin in machines],
            forget=self._held.forgotten(),
            watch=list(lent),
            hear=listening(),
        )
        show(answer)
        self._change(lent, answer)
        value = self._value(answer, place)
        self._charge(machines, answer)
        if operation == "call":
            self.last.returned(value)
        return value

    def number(self, handle):
        """The number of a handle's object, in the process that runs now."""
        told = handle.__told__
        if told.generation == self.generation:
            return told.number
        if told.name is None:
            raise StudentError(
                f"{told.what} that an earlier cell made was lost when your process "
                "ended; it would have to be made anew"
            )
        try:
            return self.number(self.look(told.name))
        except (KeyError, AttributeError):
            raise StudentError(f"`{told.name}` is not defined any more") from None

    def machine_number(self, machine):
        """The number of a machine's twin, which stays as long as the machine."""
        return self._twins.number(machine)

    def shares(self, cls):
        """Whether a locked cell has defined this class, in the child too."""
        return cls.__module__ == TESTS and self.shared([cls.__qualname__]) is cls

    def shared(self, names):
        """The first class of these names that a locked cell has defined, or None."""
        here = (self.tests.get(name) for name in names if name in self._shared)
        return next((cls for cls in here if isinstance(cls, type)), None)

    def _errors(self):
        """The instructor's classes of errors that are known to the child too."""
        return {name: self.tests[name] for name in self._shared if name in self.tests}

    def release(self, handle):
        """No test holds this object any more, unless by another handle."""
        if handle.__told__.generation == self.generation:
            self._held.release(handle)

    def liar(self):
        """End the child, because what it sent is no answer."""
        return self._process.stop_liar()

    def _value(self, answer, place="", name=None):
        """The data in an answer; StudentError if the student's code raised."""
        if answer.get("outcome") == "raised":
            theirs = known_error(names(answer), self._errors())
            told = f"your function {raised(answer)}"
            raise error_like(theirs, told, text(answer, "text"))
        if answer.get("outcome") == "refused":
            what, instead = text(answer, "what"), text(answer, "instead")
            raise StudentError(place.format(what=what, instead=instead))
        if answer.get("outcome") == "misfit":
            what, instead = text(answer, "what"), text(answer, "instead")
            raise StudentError(f"your function made an argument {what}; give {instead}")
        if answer.get("outcome") == "unreadable":
            why = text(answer, "text")
            raise StudentError(f"an argument cannot be made in your process: {why}")
        try:
            return self._decoded(answer["value"], place, name)
        except (KeyError, Malformed):
            raise self.liar() from None

    def _decoded(self, node, place, name):
        made = []

        def handle(tag, content):
            named = name if content is node[1] else None
            found = told(tag, content, self, place, named)
            made.append(self._held.handle(found, kind_of(found, self._classes)))
            if len(made) > MOST:
                raise Malformed("too many objects")
            return made[-1]

        value = decode(node, handle)
        for refused in (handle for handle in made if type(handle) is Handle):
            raise refused.__told__.no_data()
        return value

    def _change(self, lent, answer):
        """Give the arguments their new values, where a test wants to see those."""
        try:
            changes.take(answer.get("changed", ()) if lent else (), lent)
        except Malformed:
            raise self.liar() from None

    def _charge(self, machines, answer):
        """Add to each machine what the child says that its twin has cost since."""
        try:
            charge(machines, answer["costs"])
        except (AttributeError, KeyError, TypeError, ValueError):
            raise self.liar() from None
