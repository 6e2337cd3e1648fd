"""A student's object, as a test sees it: a handle, and the object stays in the child.

    Handle              can be told apart from others, and no more
      Generator         can also be iterated over
      Function          called
      Dataset           asked for what an RDD has
      Class             called, and asked for isinstance
      Instance          all that Python has: see instances.py

What a handle is asked for happens in the child, and gives plain data or handles. But
`x == y` is the grader's to say: whether both are the same object. With data on the
other side, and for truth, for order and as a number there is no answer but a
StudentError, with a sentence that says what to return instead.

An Instance is of a class that the instructor's notebook has, or that a test has named:
where a test waits for data, no other object gets so far.
"""

from types import GeneratorType

from cme323.course.grade.answers import StudentError, error_like

MOST = 100_000  # items of one iteration
NAMES = ("__name__", "__qualname__", "__doc__")  # of functions
SENDING = ("send", "close", "throw")  # of generators


class Handle:
    """An object of the student's, which can be told apart from others, and no more."""

    __slots__ = ("__told__", "__weakref__")

    def __init__(self, told):
        object.__setattr__(self, "__told__", told)

    def __del__(self):
        self.__told__.student.release(self)

    def __repr__(self):
        told = self.__told__
        return f"<the student's {told.name or (*told.names, told.kind)[0]}>"

    def __eq__(self, other):
        if isinstance(other, Handle):
            return self is other
        raise self.__told__.no_data()

    __hash__ = object.__hash__  # by identity, as equality

    def __getattr__(self, name):
        raise lacking(self, name)

    def __reduce_ex__(self, protocol):
        raise TypeError(
            f"{Handle.__repr__(self)} cannot be copied: "
            "it stays in the student's process"
        )

    def _refuse(self, *others, **options):
        raise self.__told__.no_data()

    def __len__(self):  # list(...) asks too, and goes on after a TypeError
        raise error_like(TypeError, str(self.__told__.no_data()))

    __bool__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __int__ = __float__ = __complex__ = __index__ = __round__ = _refuse
    __trunc__ = __floor__ = __ceil__ = __getitem__ = _refuse
    __array__ = __array_ufunc__ = __array_function__ = _refuse


class Generator(Handle):
    """A generator or another iterator: gives its items, one at a time."""

    __slots__ = ()

    @property
    def __class__(self):  # for isinstance, which is told of no other object
        real = self.__told__.kind == "generator"
        return GeneratorType if real else type(self)

    def __iter__(self):
        return items(self)

    def __next__(self):
        return following(self)

    def __getattr__(self, name):
        if name in SENDING and self.__told__.kind == "generator":
            return operate("getattr", self, name)
        raise lacking(self, name)


class Function(Handle):
    """A function, a method, or what else can be called."""

    __slots__ = ()

    def __call__(self, *args, **kwargs):
        return operate("call", self, *args, **kwargs)

    def __getattr__(self, name):
        # Not of one that a function returned: a test for data would get its answers.
        if self.__told__.name is None or (dunder(name) and name not in NAMES):
            raise lacking(self, name)
        return operate("getattr", self, name)


class Class(Function):
    """A class; what it makes is an Instance."""

    __slots__ = ()

    def __call__(self, *args, **kwargs):
        self.__told__.student.know(self.__told__)
        return super().__call__(*args, **kwargs)

    def __instancecheck__(self, other):
        return (
            isinstance(other, Handle)
            and type(other) is not Class
            and inherits(other, self)
        )

    def __subclasscheck__(self, other):
        return isinstance(other, Class) and inherits(other, self)


class Dataset(Handle):
    """An RDD: has the methods of one."""

    __slots__ = ()

    def __getattr__(self, name):
        from cme323.engine.rdd import RDD

        if name.startswith("_") or not hasattr(RDD, name):
            raise lacking(self, name)
        return operate("getattr", self, name)


def operate(operation, handle, *args, **kwargs):
    """Let the child do something with the object."""
    return handle.__told__.student.operate(operation, (handle, *args), kwargs)


def items(handle):
    """The items, one at a time as a test asks for them."""
    for _ in range(MOST):
        try:
            item = following(handle)
        except StopIteration:
            return
        yield item
    raise StudentError(f"your {handle.__told__.kind} gave more than {MOST:,} items")


def following(handle):
    """The next item of an iterator; raises StopIteration where it ends."""
    found = exact(handle, operate("next", handle), list)
    if not found:
        raise StopIteration
    return found[0]


def exact(handle, answer, kind):
    """`answer`, which only a child that lies gives in another type."""
    if type(answer) is kind or (kind is Handle and isinstance(answer, Handle)):
        return answer
    raise handle.__told__.student.liar()


def inherits(handle, cls):
    mine, other = handle.__told__, cls.__told__
    return mine.generation == other.generation and other.number in mine.classes


def lacking(handle, name):
    """The AttributeError, which is a StudentError too."""
    told = handle.__told__.no_data()
    return error_like(AttributeError, f"a test asks for `{name}`, but {told}")


def dunder(name):
    return name.startswith("__") and name.endswith("__")
