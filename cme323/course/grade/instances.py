"""An instance of a student's class, with all that Python lets one do with an object.

Attributes, items, calls, `len`, `in`, `with` and operators happen in the child. What
an operator makes of an object and of a test's own value is an object, never data: else
`abs(f(x) - 2) < 1e-9` would be true of an object whose class says so.

Left out: in `with`, the error that ends it.
"""

from cme323.course.grade.answers import StudentError
from cme323.course.grade.handles import (
    Class,
    Dataset,
    Function,
    Generator,
    Handle,
    dunder,
    exact,
    following,
    items,
    lacking,
    operate,
)

LONGEST = 10_000_000  # len(x); Python makes room for so many before it asks for one
BINARY = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and")
BINARY += ("or", "xor", "lshift", "rshift")
UNARY = ("neg", "pos", "invert", "abs")
UFUNCS = {"add": "__add__", "subtract": "__sub__", "multiply": "__mul__"}
UFUNCS |= {"divide": "__truediv__", "power": "__pow__", "matmul": "__matmul__"}


class Instance(Handle):
    """An instance of a class that a test knows."""

    __slots__ = ()

    @property
    def __class__(self):
        """For isinstance: the class that a locked cell defines here, too."""
        told = self.__told__
        return told.student.shared(told.names) or type(self)

    def __eq__(self, other):
        if not isinstance(other, Handle) and isinstance(other, self.__class__):
            return NotImplemented  # it is of the instructor's class, which says
        return super().__eq__(other)

    __hash__ = Handle.__hash__

    def __call__(self, *args, **kwargs):
        return operate("call", self, *args, **kwargs)

    def __getattr__(self, name):
        if dunder(name) and name != "__doc__":
            raise lacking(self, name)
        return operate("getattr", self, name)

    def __setattr__(self, name, value):
        operate("setattr", self, name, value)

    def __delattr__(self, name):
        operate("delattr", self, name)

    def __getitem__(self, key):
        return operate("__getitem__", self, key)

    def __setitem__(self, key, value):
        operate("__setitem__", self, key, value)

    def __delitem__(self, key):
        operate("__delitem__", self, key)

    def __str__(self):
        return exact(self, operate("str", self), str)

    def __repr__(self):
        return exact(self, operate("repr", self), str)

    def __len__(self):
        length = exact(self, operate("len", self), int)
        if 0 <= length <= LONGEST:
            return length
        raise StudentError(f"the length of your {self.__told__.names[0]} is too large")

    def __contains__(self, item):
        return exact(self, operate("__contains__", self, item), bool)

    def __iter__(self):
        return items(exact(self, operate("iter", self), Handle))

    def __next__(self):
        return following(self)

    def __enter__(self):
        return operate("enter", self)

    def __exit__(self, *error):
        operate("leave", self)

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        """numpy's way to ask for an operator, in `array * x`."""
        operation = UFUNCS.get(ufunc.__name__)
        if operation is None or method != "__call__" or options:
            raise self.__told__.no_data()
        return arithmetic(operation, *inputs)


def arithmetic(operation, *operands):
    """What an operator gives; data only if all its operands are the student's."""
    handles = [operand for operand in operands if isinstance(operand, Handle)]
    told = handles[0].__told__
    found = told.student.operate(operation, operands)
    if isinstance(found, Handle) or len(handles) == 2:
        return found
    raise told.no_data()


def forwarded(operation):
    """The method of an operator, such as __neg__ or __add__."""

    def method(self, *others):
        return arithmetic(operation, self, *others)

    return method


def reflected(operation):
    """The method of an operator whose left side is a test's value."""

    def method(self, other):
        return arithmetic(operation, other, self)

    return method


OPERATORS = {f"__{name}__": forwarded(f"__{name}__") for name in (*BINARY, *UNARY)}
OPERATORS |= {f"__i{name}__": forwarded(f"__i{name}__") for name in BINARY}
OPERATORS |= {f"__r{name}__": reflected(f"__{name}__") for name in BINARY}
for operation, method in OPERATORS.items():
    setattr(Handle, operation, Handle._refuse)
    setattr(Instance, operation, method)
for kind in (Handle, Generator, Function, Class, Dataset, Instance):
    # A test that asks for the words of a student's must not read ours.
    kind.__doc__ = property(lambda self: self.__getattr__("__doc__"))


def kind_of(told, classes):
    """The kind of handle that a test may get, where instances of `classes` are due."""
    if told.kind == "class":
        return Class
    if classes & set(told.names):
        return Instance
    if told.kind == "object":
        return Dataset if "RDD" in told.names else Handle
    return Function if told.kind == "function" else Generator
