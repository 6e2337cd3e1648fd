"""Plain data as JSON that keeps exact types and can run nothing.

    None, bool, str, float, short int      as JSON has them
    a value that a PRAM counts             as the value
    anything else                          [tag, content]

Both sides encode by this file, and decode by decode.py. A value is encoded only if its
type is exactly one of ours: True is no int, and an object of a subclass, which may
answer questions with code of its own, is refused, or left to whoever encodes:
objects.py and arguments.py have tags of their own.

Left out: objects that share a part come back with two copies of it.
"""

import base64
import sys

from cme323.course.grade import arrays
from cme323.course.grade.collisions import collide
from cme323.course.grade.refusal import Refused, a, refusal, within

LIMIT = 64 * 2**20  # bytes of one value, as JSON
DEPTH = 100  # containers within containers
NODE = 8  # bytes that the smallest value counts for
CONTAINER = 64  # and the smallest container


def refuse(value, outer):
    raise refusal(type(value), outer)


def encode(value, other=refuse):
    """`value` as JSON can hold it; raises Refused unless it is plain data.

    other(value, outer) gives the JSON of an object that is none, in the containers
    that `outer` names.

    >>> encode([1, (True, 2.5)])
    ['list', [1, ['tuple', [True, 2.5]]]]
    """
    return Encoder(other).encode(value, ())


class Encoder:
    """Encodes one value, and keeps the account of its size."""

    def __init__(self, other):
        self.room = LIMIT
        self.other = other

    def encode(self, value, outer):
        """The JSON of `value`, which lies within the containers named in `outer`."""
        self.spend(NODE)
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind in ENCODERS:
            return ENCODERS[kind](self, value, outer)
        if is_counted(kind):
            return self.encode(value.value, outer)
        if arrays.is_array(kind):
            return self.array(value, outer)
        if arrays.is_scalar(kind):
            return self.scalar(value)
        self.spend(CONTAINER)
        return self.other(value, outer)

    def spend(self, size):
        self.room -= size
        if self.room < 0:
            raise Refused(f"more than {LIMIT >> 20} MiB of data", "less")

    def deeper(self, value, outer):
        self.spend(CONTAINER)
        if len(outer) == DEPTH:
            raise Refused(
                f"{a(outer[0])} nested more than {DEPTH} deep", "a flatter one"
            )
        return (*outer, type(value).__name__)

    def string(self, value, outer):
        self.spend(len(value))
        return value

    def integer(self, value, outer):
        # Decimal digits of long integers take quadratic time, and Python limits them.
        self.spend(value.bit_length() // 4)
        return value if -(2**63) <= value < 2**63 else ["int", hex(value)]

    def complex(self, value, outer):
        return ["complex", [value.real, value.imag]]

    def bytes(self, value, outer):
        self.spend(len(value) * 4 // 3)
        return [type(value).__name__, base64.b64encode(value).decode()]

    def items(self, value, outer):
        outer = self.deeper(value, outer)
        return [outer[-1], [self.encode(item, outer) for item in value]]

    def members(self, value, outer):
        self.distinct(value, outer)
        return self.items(value, outer)

    def pairs(self, value, outer):
        self.distinct(value, outer)
        outer = self.deeper(value, outer)
        pairs = [[self.encode(part, outer) for part in pair] for pair in value.items()]
        return ["dict", pairs]

    def distinct(self, value, outer):
        """Refuse what takes forever to build on the other side."""
        if collide(value):
            what = within(outer, f"{a(type(value).__name__)} of colliding hashes")
            raise Refused(what, "a list, or other members")

    def array(self, value, outer):
        if value.dtype.hasobject:
            raise Refused(within(outer, "an array of objects"), "an array of numbers")
        self.spend(value.nbytes * 4 // 3)
        return ["array", base64.b64encode(arrays.file_of(value)).decode()]

    def scalar(self, value):
        if value.dtype.names or value.dtype.hasobject:
            raise Refused("a numpy record", "tuple(...)")
        self.spend(value.dtype.itemsize * 4 // 3)
        data = base64.b64encode(arrays.bytes_of(value)).decode()
        return ["scalar", [value.dtype.str, data]]


ENCODERS = {
    str: Encoder.string,
    int: Encoder.integer,
    complex: Encoder.complex,
    bytes: Encoder.bytes,
    bytearray: Encoder.bytes,
    list: Encoder.items,
    tuple: Encoder.items,
    set: Encoder.members,
    frozenset: Encoder.members,
    dict: Encoder.pairs,
}


def is_counted(kind):
    """Whether `kind` is what a PRAM counts; if nobody imported it, nothing is."""
    machine = sys.modules.get("cme323.pram.machine")
    return machine is not None and kind is machine.Counted
