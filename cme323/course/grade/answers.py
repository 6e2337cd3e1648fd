"""Reads what a child answers, none of which is to be trusted."""

import builtins
import math

from cme323.cost import Cost


class StudentError(Exception):
    """The student's side gave no usable answer; the message is the reason."""

    def __init__(self, reason):
        self.reason = reason

    def __str__(self):
        return self.reason


def raised(answer):
    """The type of the error that an answer tells of, and the words for it."""
    kind, message = text(answer, "type"), text(answer, "text")
    return kind, f"raised {kind}: {message}" if message else f"raised {kind}"


def error_like(kind, reason):
    """A StudentError that `except ValueError` catches if the student raised one."""
    base = getattr(builtins, kind, None)
    if not isinstance(base, type) or not issubclass(base, Exception):
        return StudentError(reason)
    if base is Exception or issubclass(base, UNSAFE):
        return StudentError(reason)
    return type(kind, (StudentError, base), {})(reason)


# StopIteration would end a test's own loop, `all(map(...))`, as if it had passed.
UNSAFE = (StopIteration, StopAsyncIteration, BaseExceptionGroup)


def text(answer, key):
    return answer[key] if type(answer.get(key)) is str else "something unknown"


def cost_of(known):
    """The Cost with these fields; ValueError for a count that none can have."""
    if not all(type(n) in (int, float) and 0 <= n < math.inf for n in known.values()):
        raise ValueError("a cost must be a number, at least 0")
    return Cost(**known)
