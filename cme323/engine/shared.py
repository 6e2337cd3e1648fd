"""Shared variables: a Broadcast goes to every task, an Accumulator comes back."""

import os
import pickle
import tempfile
from copy import deepcopy
from typing import ClassVar

from cme323.engine.task import TaskContext

UNREAD = object()


class Broadcast:
    """A read-only value that tasks use by `.value`; sc.broadcast makes it.

    In this process it is the object itself. Where it travels in a pickle, only the
    path of a file goes along: the value is dumped there once, and each process that
    receives it loads it once, when a task first asks.
    """

    _copies: ClassVar = {}  # those that came to this process, by the path of their file

    def __init__(self, sc, number, value=UNREAD, path=None):
        self._sc = sc  # None in a process that received it
        self._number = number
        self._value = value
        self._path = path
        self._destroyed = False

    @property
    def value(self):
        """The value; raises RuntimeError after destroy()."""
        self._refuse_if_destroyed()
        if self._value is UNREAD:
            self._value = self.load_from_path(self._path)
        return self._value

    def unpersist(self, blocking=False):
        """Delete the copies for other processes; the next task that needs one gets it.

        NB: `blocking` has no meaning here, as the file is gone when this returns.
        """
        self._refuse_outside_driver("unpersisted")
        self._refuse_if_destroyed()
        self._delete_file()

    def destroy(self, blocking=False):
        """Delete it everywhere: using it afterwards raises RuntimeError.

        NB: `blocking` has no meaning here, as all is gone when this returns.
        """
        self._refuse_outside_driver("destroyed")
        self._refuse_if_destroyed()
        self._delete_file()
        self._destroyed, self._value = True, UNREAD

    def dump(self, value, f):
        """Pickle `value` into an open binary file, and close it."""
        try:
            pickle.dump(value, f, pickle.HIGHEST_PROTOCOL)
        except pickle.PickleError:
            raise
        except Exception as error:
            raise pickle.PicklingError(
                f"Could not serialize broadcast: {type(error).__name__}: {error}"
            ) from error
        f.close()

    def load_from_path(self, path):
        """The value that was dumped into the file at `path`."""
        with open(path, "rb") as f:
            return self.load(f)

    def load(self, file):
        """The value that was dumped into an open binary file."""
        return pickle.load(file)

    def __reduce__(self):
        if self._sc is None:
            self._refuse_outside_driver("serialized")
        self._refuse_if_destroyed()
        if self._path is None:
            handle, path = tempfile.mkstemp("", "broadcast-", self._sc.scratch.path)
            with open(handle, "wb") as f:
                self.dump(self._value, f)
            self._path = path
        return _received, (self._number, self._path)

    def _delete_file(self):
        if self._path is not None:
            os.unlink(self._path)
            self._path = None

    def _refuse_outside_driver(self, operation):
        if self._sc is None or TaskContext.get():
            raise RuntimeError(f"Broadcast can only be {operation} in driver.")

    def _refuse_if_destroyed(self):
        unread = self._sc is None and self._value is UNREAD
        if self._destroyed or (unread and not os.path.exists(self._path)):
            raise RuntimeError(
                f"Attempted to use Broadcast({self._number}) after it was destroyed"
            )


def _received(number, path):
    """This process's one copy; those whose file is gone are forgotten."""
    copies = Broadcast._copies
    if path not in copies:
        for gone in [old for old in copies if not os.path.exists(old)]:
            del copies[gone]
        copies[path] = Broadcast(None, number, path=path)
    return copies[path]


class AccumulatorParam:
    """How to add up values of one type; a subclass says it for a type.

    >>> class Vectors(AccumulatorParam):
    ...     def zero(self, value):
    ...         return [0.0] * len(value)
    ...
    ...     def addInPlace(self, value1, value2):
    ...         return [a + b for a, b in zip(value1, value2)]
    >>> from cme323.engine import Context
    >>> sc = Context(partitions=2)
    >>> total = sc.accumulator([1.0, 2.0], Vectors())
    >>> sc.parallelize([1, 2, 3]).foreach(lambda x: total.add([x, 10 * x]))
    >>> total.value
    [7.0, 62.0]
    """

    def zero(self, value):
        """The neutral element that fits `value`: as many zeros, for a vector."""
        raise NotImplementedError

    def addInPlace(self, value1, value2):
        """The sum; it may change `value1` and return it."""
        raise NotImplementedError


class AddingAccumulatorParam(AccumulatorParam):
    """Adds with `+=`, from the given zero."""

    def __init__(self, zero_value):
        self.zero_value = zero_value

    def zero(self, value):
        return self.zero_value

    def addInPlace(self, value1, value2):
        value1 += value2
        return value1


def default_param(value):
    """For int, float and complex; raises TypeError for another type, as Spark does."""
    for number in (int, float, complex):
        if isinstance(value, number):
            return AddingAccumulatorParam(number())
    raise TypeError(
        f"No default accumulator param for type {type(value)}: pass an AccumulatorParam"
    )


class Accumulator:
    """A sum that tasks add to and only the driver reads or sets.

    What a task adds counts once the task succeeds. Raises RuntimeError when a
    task reads or sets its value.
    """

    def __init__(self, aid, value, accum_param):
        self.aid = aid
        self.accum_param = accum_param
        self._value = value

    @property
    def value(self):
        _refuse_in_task()
        return self._value

    @value.setter
    def value(self, value):
        _refuse_in_task()
        self._value = value

    def add(self, term):
        """Add `term`, in a task or on the driver."""
        task = TaskContext.get()
        if task is None:
            return self.commit(term)
        task.terms[self.aid] = self.accum_param.addInPlace(self._term(task), term)

    def __iadd__(self, term):
        self.add(term)
        return self

    def commit(self, term):
        """What a task added joins the value, as the task has succeeded."""
        self._value = self.accum_param.addInPlace(self._value, term)

    def __getstate__(self):
        """What travels to a worker: how to add, from zero."""
        zero = self.accum_param.zero(deepcopy(self._value))
        return {"aid": self.aid, "_value": zero, "accum_param": self.accum_param}

    def _term(self, task):
        """What the task has added so far; zero at first."""
        if self.aid not in task.terms:
            task.terms[self.aid] = self.accum_param.zero(deepcopy(self._value))
        return task.terms[self.aid]

    def __str__(self):
        task = TaskContext.get()
        return str(self._term(task) if task else self._value)

    def __repr__(self):
        return f"Accumulator<id={self.aid}, value={self}>"


def _refuse_in_task():
    if TaskContext.get():
        raise RuntimeError(
            "Value `Accumulator.value` cannot be accessed inside tasks: "
            "only the driver can read or set it"
        )
