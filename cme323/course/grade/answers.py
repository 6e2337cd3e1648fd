"""Reads what a child answers, none of which is to be trusted."""

import builtins
import math

from cme323.cost import Cost


class StudentError(Exception):
    """The student's side gave no usable answer, for a reason that reports show.

    words: what a test reads that has caught it; the reason if there are none.
    """

    def __init__(self, reason, words=None):
        self.reason = reason
        self.words = reason if words is None else words
        self.args = (self.words,)

    def __str__(self):
        return self.words


def raised(answer):
    """The words for the error that an answer tells of."""
    kind, message = text(answer, "type"), text(answer, "text")
    return f"raised {kind}: {message}" if message else f"raised {kind}"


def names(answer):
    """What the class of that error is called, and all that it inherits from."""
    told = answer.get("types")
    return [name for name in told if type(name) is str] if type(told) is list else []


def error_like(base, reason, words=None):
    """A StudentError that `except base` catches too, where that can do no harm."""
    if base in (None, Exception) or issubclass(base, UNSAFE):
        return StudentError(reason, words)
    return type(base.__name__, (StudentError, base), {})(reason, words)


def known_error(names, known):
    """The first class of errors of these names, of Python's or in `known`; or None."""
    for name in names:
        found = known.get(name, getattr(builtins, name, None))
        if isinstance(found, type) and issubclass(found, Exception):
            return found
    return None


# StopIteration would end a test's own loop, `all(map(...))`, as if it had passed.
UNSAFE = (StopIteration, StopAsyncIteration, BaseExceptionGroup)


def text(answer, key):
    return answer[key] if type(answer.get(key)) is str else "something unknown"


def cost_of(known):
    """The Cost with these fields; ValueError for a count that none can have."""
    if not all(type(n) in (int, float) and 0 <= n < math.inf for n in known.values()):
        raise ValueError("a cost must be a number, at least 0")
    return Cost(**known)
