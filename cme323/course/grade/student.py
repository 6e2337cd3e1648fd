"""What a test sees of a student: data by name, and handles of objects.

    student.run(cell)                           run a student's cell, in their process
    student.look("ranks")                       plain data, or a Handle
    student.operate("call", (handle, 1), {})    the same

Whatever ends the process ends the task, or the cell, that asked. Before the next one
the process is started again, and all cells but those that ended it run again. Handles
of what a test has named are of the new objects then; others are of none.

What a function does to its arguments stays in the child: the test's own lists keep
their items. Only a machine, a Context or a PRAM, is told what it cost.
"""

from time import monotonic
from types import MappingProxyType
from weakref import WeakKeyDictionary, WeakValueDictionary

from cme323.course.grade import wire
from cme323.course.grade.answers import StudentError, error_like, raised, text
from cme323.course.grade.arguments import sendable
from cme323.course.grade.code import classes
from cme323.course.grade.handles import Class, Handle
from cme323.course.grade.instances import kind_of
from cme323.course.grade.session import Session, Stopped
from cme323.course.grade.told import told
from cme323.course.grade.twins import Twin

TESTS = "tests"  # the module of the instructor's classes, where a test runs
MOST = 10_000  # objects in one answer


class Student:
    """One student's cells and functions, in a process that is renewed as needed.

    classes: the names of those whose instances a test may get.
    """

    def __init__(self, server, limits, classes=()):
        self._server = server
        self._limits = limits
        self._classes = set(classes)
        self._shared = set()
        self.tests = {}  # the namespace of the instructor's cells
        self._session = None
        self.generation = 0
        self._numbered = 0
        self._ran = []
        self._left = 0.0
        self._total = limits.total

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
        except (StudentError, Stopped):  # what cannot be read cannot run either
            return []
        names = names if type(names) is list else []
        return [name for name in names if type(name) is str]

    def run(self, cell):
        """Run a cell; returns how it failed, or an empty string."""
        self.begin()
        try:
            answer = self._ask("run", text=cell.text, name=cell.name)
        except Stopped as stopped:
            return str(stopped)
        self._ran.append(cell)
        if cell.kind == "locked":
            self._shared.update(classes(cell.text))
        return "" if answer.get("outcome") == "value" else raised(answer)[1]

    def look(self, name):
        """The data or the Handle that `name` stands for; KeyError if there is none."""
        answer = self._ask("look", name=name)
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
        place = placed(operation, operands)
        argument = f"argument {{}} of `{subject(operands)}`"
        args = [
            sendable(arg, self, argument.format(i)) for i, arg in enumerate(operands)
        ]
        kwargs = {
            key: sendable(arg, self, argument.format(f"`{key}`"))
            for key, arg in kwargs.items()
        }
        forgotten, self._forgotten = self._forgotten, set()
        machines = list(self._machines.items())
        answer = self._ask(
            "operate",
            operation=operation,
            args=args,
            kwargs=kwargs,
            machines=[twin.made(machine) for machine, twin in machines],
            forget=sorted(forgotten),
        )
        value = self._value(answer, place)
        self._charge(machines, answer)
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
        if machine not in self._machines:
            self._numbered += 1
            self._machines[machine] = Twin(self._numbered)
        return self._machines[machine].number

    def shares(self, cls):
        """Whether a locked cell has defined this class, in the child too."""
        return cls.__module__ == TESTS and self.shared([cls.__qualname__]) is cls

    def shared(self, names):
        """The first class of these names that a locked cell has defined, or None."""
        here = (self.tests.get(name) for name in names if name in self._shared)
        return next((cls for cls in here if isinstance(cls, type)), None)

    def release(self, handle):
        """No test holds this object any more, unless by another handle."""
        told = handle.__told__
        holder = self._handles.get(told.number)
        if told.generation == self.generation and (holder is None or holder is handle):
            self._forgotten.add(told.number)

    def liar(self):
        """End the child, because what it sent is no answer."""
        return self._session.stop_liar()

    def _ask(self, do, **details):
        if self._total <= 0:
            raise self._session.stop(
                f"took longer than {self._limits.total:g} s in all"
            )
        start = monotonic()
        try:
            return self._session.ask(do, min(self._left, self._total), **details)
        finally:
            spent = monotonic() - start
            self._left, self._total = self._left - spent, self._total - spent

    def _value(self, answer, place="", name=None):
        """The data in an answer; StudentError if the student's code raised."""
        if answer.get("outcome") == "raised":
            kind, told = raised(answer)
            raise error_like(kind, f"your function {told}")
        if answer.get("outcome") == "refused":
            what, instead = text(answer, "what"), text(answer, "instead")
            raise StudentError(place.format(what=what, instead=instead))
        if answer.get("outcome") == "unreadable":
            why = text(answer, "text")
            raise StudentError(f"an argument cannot be made in your process: {why}")
        try:
            return self._decoded(answer["value"], place, name)
        except (KeyError, wire.Malformed):
            raise self.liar() from None

    def _decoded(self, node, place, name):
        made = []

        def handle(tag, content):
            named = name if content is node[1] else None
            found = told(tag, content, self, place, named)
            made.append(self._handle(found))
            if len(made) > MOST:
                raise wire.Malformed("too many objects")
            return made[-1]

        value = wire.decode(node, handle)
        for refused in (handle for handle in made if type(handle) is Handle):
            raise refused.__told__.no_data()
        return value

    def _handle(self, told):
        """The handle of an object: the same one as long as a test holds it."""
        kind = kind_of(told, self._classes)
        known = self._handles.get(told.number)
        if type(known) is not kind:
            known = self._handles[told.number] = kind(told)
            self._forgotten.discard(told.number)
        elif told.name:
            object.__setattr__(known, "__told__", told)
        return known

    def _charge(self, machines, answer):
        """Add to each machine what the child says that its twin has cost since."""
        try:
            for (machine, twin), node in zip(machines, answer["costs"], strict=True):
                twin.charge(machine, wire.decode(node))
        except (AttributeError, KeyError, TypeError, ValueError):
            raise self.liar() from None

    def _renew(self):
        """A new process, in which all cells run again but those that end it."""
        self._end()
        self.generation += 1
        self._handles, self._machines = WeakValueDictionary(), WeakKeyDictionary()
        self._forgotten = set()
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


def subject(operands):
    """The name of what the first handle stands for."""
    handle = next(operand for operand in operands if isinstance(operand, Handle))
    told = handle.__told__
    return told.name or (*told.names, told.kind)[0]


def placed(operation, operands):
    """Where a value comes from that is no data: a sentence for {what} it is."""
    if operation == "getattr":
        return f"`{operands[1]}` is {{what}}; make it {{instead}}"
    if type(operands[0]) is Class:
        return "your class made {what}, which is no data: ask it for some"
    if operation == "call":
        return "your function returned {what}; return {instead}"
    return "your object gave {what}; give {instead}"
