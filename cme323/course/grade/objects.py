"""The student's objects that are no plain data, as the child keeps them: by number.

    what comes   ["handle", number], ["machine", number], ["counted", [number, values]],
                 ["pickled", bytes]: an argument that only the grader may send
    what goes    ["handle", [number, kind, what, instead, names, classes]]

kind is class, generator, iterator, function or object; what and instead are the words
of refusal.py; names and classes are the names and the numbers of its class and of all
that this inherits from. The student's code is not asked for any of it.

An object keeps its number as long as the grader holds a handle of it, and no number is
given twice. Classes stay for good: other objects are told by their numbers.
"""

import builtins
import importlib
import io
import operator
import pickle
import types

from cme323.course.grade import wire
from cme323.course.grade.decode import bytes_of, decode
from cme323.course.grade.refusal import Refused, bases, gives_items, name_of, refusal

MOST = 10_000  # objects in one answer
CUT = 200  # characters of a name that travel


class Objects:
    """The objects in the student's module and those that come from it."""

    def __init__(self, module):
        self._module = module
        self._kept = {}
        self._numbers = {}  # by id; as the object is kept, no other can have it
        self._next = 0
        self._machines = {}
        self._room = 0

    def encode(self, value):
        """`value` as JSON, with a handle in place of each object."""
        self._room = MOST
        return wire.encode(value, self._handle)

    def decode(self, node):
        """The argument that came from the grader."""
        return decode(node, self._argument)

    def operate(self, operation, args, kwargs):
        """What comes of an operation, such as "call" or "__add__"."""
        act = OPERATIONS.get(operation) or getattr(operator, operation)
        return act(*args, **kwargs)

    def forget(self, numbers):
        """Let go of objects that the grader holds no more."""
        for number in numbers:
            if number in self._kept and not is_class(self._kept[number]):
                del self._numbers[id(self._kept.pop(number))]

    def use(self, machines):
        """Keep the machines that the grader has, and no other: [number, how to make]"""
        known = self._machines
        self._machines = {
            number: known[number] if number in known else fresh(*made)
            for number, *made in machines
        }

    def costs(self):
        """What each machine has cost so far."""
        machines = self._machines.values()
        return [wire.encode(dict(machine.cost.known)) for machine in machines]

    def _handle(self, value, outer):
        self._room -= 1
        if self._room < 0:
            raise Refused(f"more than {MOST:,} objects", "fewer")
        told = refusal(type(value), outer)
        own = value if is_class(value) else type(value)
        classes = [base for base in bases(own) if base is not object]
        names, numbers = map(short, map(name_of, classes)), map(self._number, classes)
        words = short(told.what), told.instead
        content = [self._number(value), kind(value), *words, list(names), list(numbers)]
        return ["handle", content]

    def _number(self, value):
        if id(value) not in self._numbers:
            self._next += 1
            self._numbers[id(value)] = self._next
            self._kept[self._next] = value
        return self._numbers[id(value)]

    def _argument(self, tag, content):
        if tag == "counted":
            number, values = content
            return self._machines[number].array(decode(values))
        if tag == "pickled":
            return Unpickler(self, bytes_of(content)).load()
        return self.named(tag, content)

    def named(self, tag, name):
        """What the grader only names: a handle, a machine, or a class by its name."""
        if tag == "class":
            return getattr(self._module, name)
        return {"handle": self._kept, "machine": self._machines}[tag][name]

    def function(self, code, names, *rest):
        """A function of a test's, which finds the student's names as the test does."""
        names["__builtins__"] = Names(self._module)
        return types.FunctionType(code, names, *rest)


class Unpickler(pickle.Unpickler):
    """Reads what cloudpickle packed in the grader."""

    def __init__(self, objects, data):
        super().__init__(io.BytesIO(data))
        self._objects = objects

    def persistent_load(self, told):
        return self._objects.named(*told)

    def find_class(self, module, name):
        if (module, name) == ("cloudpickle.cloudpickle", "_make_function"):
            return self._objects.function
        return super().find_class(module, name)


class Names(dict):
    """Python's builtins, and whatever else the student has."""

    def __init__(self, module):
        super().__init__(vars(builtins))
        self._module = module

    def __missing__(self, name):
        return vars(self._module)[name]


def fresh(module, name, *options):
    # Imported where a task needs the machine: most have no use for it.
    return getattr(importlib.import_module(module), name)(*options)


def is_class(value):
    """Whether `value` is a class, whatever its `__class__` says."""
    return type in bases(type(value))


def kind(value):
    if is_class(value):
        return "class"
    if type(value) is types.GeneratorType:
        return "generator"
    if gives_items(type(value)):
        return "iterator"
    called = any("__call__" in vars(base) for base in bases(type(value)))
    return "function" if called else "object"


def short(text):
    return text[:CUT]


def call(function, *args, **kwargs):
    return function(*args, **kwargs)


def following(iterator):
    """The next item in a list, which is empty at the end."""
    try:
        return [next(iterator)]
    except StopIteration:
        return []


def enter(manager):
    return type(manager).__enter__(manager)


def leave(manager):
    return type(manager).__exit__(manager, None, None, None)


OPERATIONS = {
    "call": call,
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
    "len": len,
    "str": str,
    "repr": repr,
    "iter": iter,
    "next": following,
    "enter": enter,
    "leave": leave,
}
