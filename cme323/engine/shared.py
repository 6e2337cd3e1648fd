"""Shared variables: a Broadcast goes to every task, an Accumulator comes back."""

from copy import deepcopy


class Broadcast:
    """A read-only value that tasks use by `.value`."""

    def __init__(self, value):
        self.value = value


class AccumulatorParam:
    """How to add up values of one type; this one adds whatever has `+`.

    Subclass it for others, as in PySpark: `zero(value)` is the neutral element
    that fits `value`, `addInPlace(a, b)` the sum.
    """

    def zero(self, value):
        return type(value)()

    def addInPlace(self, a, b):
        return a + b


class Accumulator:
    """A sum that tasks add to and only the driver reads.

    What a task adds counts once the task succeeds. Raises RuntimeError when a
    task reads it.
    """

    def __init__(self, value, param, executor):
        self._value = value
        self._param = param
        self._executor = executor
        self.discard()

    @property
    def value(self):
        if self._executor.in_task:
            raise RuntimeError("only the driver can read an accumulator's value")
        return self._value

    def add(self, term):
        """Add `term`, in a task or on the driver."""
        self._pending = self._param.addInPlace(self._pending, term)
        if not self._executor.in_task:
            self.commit()

    def __iadd__(self, term):
        self.add(term)
        return self

    def commit(self):
        """The task succeeded: its sum joins the value."""
        self._value = self._param.addInPlace(self._value, self._pending)
        self.discard()

    def discard(self):
        """Start a task's sum from zero."""
        self._pending = self._param.zero(deepcopy(self._value))
