"""Arguments on their way to the child: the only pickles there are, and only that way.

    plain data             as the wire has it
    a handle               as its number
    a machine              as the number of its twin in the child
    a class that a locked cell defines on both sides    by its name
    anything else          by cloudpickle: functions, generators, objects of a test's

So a function that a test passes runs in the child, and so does what it calls: whatever
it knows can be read there. What it changes there does not change here.
"""

import base64
import io

from cme323.course.grade import wire
from cme323.course.grade.answers import StudentError
from cme323.course.grade.handles import Handle
from cme323.course.grade.refusal import Refused, a, refusal
from cme323.engine import closures
from cme323.engine.context import Context
from cme323.network import Network
from cme323.pram import PRAM, Counted, plain


def sendable(value, student, place):
    """`value` as JSON; raises TypeError, with its place, if it cannot be sent."""
    try:
        if type(value) is list and value and all(type(v) is Counted for v in value):
            number = student.machine_number(value[0].machine)
            return ["counted", [number, wire.encode(plain(value))]]
        return wire.encode(value, lambda other, _: packed(other, student))
    except Refused:  # what only the wire has no words for, such as records
        return attempt(value, student, place)
    except StudentError:
        raise
    except Exception:
        raise unsendable(value, place) from None


def attempt(value, student, place):
    try:
        return packed(value, student)
    except StudentError:
        raise
    except Exception:
        raise unsendable(value, place) from None


def unsendable(value, place):
    told = refusal(type(value), ())
    return TypeError(
        f"{place} is {a(type(value).__name__)} that cannot be sent to the student's "
        f"process: give {told.instead}"
    )


def packed(value, student):
    """An object that is no plain data."""
    named = name_of(value, student)
    if named:
        return list(named)
    stream = io.BytesIO()
    Pickler(stream, student).dump(value)
    data = base64.b64encode(stream.getvalue()).decode()
    if len(data) > wire.LIMIT:
        raise ValueError("too large")
    return ["pickled", data]


def name_of(value, student):
    """(tag, number or name) of what the child has already, or None."""
    if isinstance(value, Handle):
        return "handle", student.number(value)
    if isinstance(value, Context | Network | PRAM):
        return "machine", student.machine_number(value)
    if isinstance(value, type) and student.shares(value):
        return "class", value.__qualname__
    return None


class Pickler(closures.Pickler):
    """cloudpickle's, but that what the child has already is only named."""

    def __init__(self, stream, student):
        super().__init__(stream, protocol=5)
        self._student = student

    def persistent_id(self, value):
        return name_of(value, self._student)
