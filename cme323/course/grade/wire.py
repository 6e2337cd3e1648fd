"""Plain data as JSON that keeps exact types and can run nothing.

    None, bool, str, float, short int      as JSON has them
    a value that a PRAM counts             as the value
    anything else                          [tag, content]

Both sides use this file. A value is encoded only if its type is exactly one of ours:
True is no int, and an object of a subclass, which may answer questions with code of
its own, is refused, or left to whoever encodes: objects.py and arguments.py have tags
of their own. Decoding expects lies: it gives plain data, or raises Malformed.

Left out: objects that share a part come back with two copies of it.
"""

import base64
import io
import math
import sys

from cme323.course.grade.refusal import Refused, a, refusal, within

LIMIT = 64 * 2**20  # bytes of one value, as JSON
DEPTH = 100  # containers within containers
NODE = 8  # bytes that the smallest value counts for
CONTAINER = 64  # and the smallest container


class Malformed(ValueError):
    """What came over the wire is not what `encode` makes."""


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
        if is_array(kind):
            return self.array(value, outer)
        if is_scalar(kind):
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

    def bytes(self, value, outer=()):
        self.spend(len(value) * 4 // 3)
        return ["bytes", base64.b64encode(value).decode()]

    def items(self, value, outer):
        outer = self.deeper(value, outer)
        return [outer[-1], [self.encode(item, outer) for item in value]]

    def pairs(self, value, outer):
        outer = self.deeper(value, outer)
        pairs = [[self.encode(part, outer) for part in pair] for pair in value.items()]
        return ["dict", pairs]

    def array(self, value, outer):
        if value.dtype.hasobject:
            raise Refused(within(outer, "an array of objects"), "an array of numbers")
        self.spend(value.nbytes * 4 // 3)
        file = io.BytesIO()
        sys.modules["numpy"].lib.format.write_array(file, value, allow_pickle=False)
        return ["array", base64.b64encode(file.getvalue()).decode()]

    def scalar(self, value):
        if value.dtype.names or value.dtype.hasobject:
            raise Refused("a numpy record", "tuple(...)")
        # An empty string has four bytes here, and none in an array.
        data = value.tobytes()[: value.dtype.itemsize]
        return ["scalar", [value.dtype.str, self.bytes(data)[1]]]


ENCODERS = {
    str: Encoder.string,
    int: Encoder.integer,
    complex: Encoder.complex,
    bytes: Encoder.bytes,
    list: Encoder.items,
    tuple: Encoder.items,
    set: Encoder.items,
    frozenset: Encoder.items,
    dict: Encoder.pairs,
}


def is_array(kind):
    """Whether `kind` is numpy's array; if nobody imported numpy, nothing is."""
    return "numpy" in sys.modules and kind is sys.modules["numpy"].ndarray


def is_counted(kind):
    """Whether `kind` is what a PRAM counts; if nobody imported it, nothing is."""
    machine = sys.modules.get("cme323.pram.machine")
    return machine is not None and kind is machine.Counted


def is_scalar(kind):
    return (
        "numpy" in sys.modules
        and issubclass(kind, sys.modules["numpy"].generic)
        and kind.__module__ == "numpy"
    )


def unknown(tag, content):
    raise Malformed("a tag that is not ours")


def decode(node, other=unknown):
    """The plain data that `node` stands for; raises Malformed if it is none.

    other(tag, content) gives what a tag stands for that is not of this file.

    >>> decode(["list", [1, ["tuple", [True, 2.5]]]])
    [1, (True, 2.5)]
    """
    try:
        return Decoder(other).decode(node)
    except Exception as error:  # anything that a lie can make Python or numpy say
        raise Malformed(f"not plain data: {type(error).__name__}") from error


class Decoder:
    """Decodes one value."""

    def __init__(self, other):
        self.other = other

    def decode(self, node):
        if node is None or type(node) in (bool, int, float, str):
            return node
        if type(node) is not list:
            raise Malformed("neither a value nor [tag, content]")
        tag, content = node
        if tag in DECODERS:
            return DECODERS[tag](self, content)
        return self.other(tag, content)

    def items(self, nodes):
        return [self.decode(node) for node in nodes]

    def tuple(self, nodes):
        return tuple(self.items(nodes))

    def set(self, nodes):
        return distinct(set, self.items(nodes))

    def frozenset(self, nodes):
        return distinct(frozenset, self.items(nodes))

    def dict(self, pairs):
        made = {self.decode(key): self.decode(value) for key, value in pairs}
        if len(made) != len(pairs):
            raise Malformed("a key twice")
        return made

    def integer(self, digits):
        return int(digits, 16)

    def complex(self, parts):
        return complex(*parts)

    def bytes(self, text):
        return bytes_of(text)

    def array(self, text):
        return array_of(text)

    def scalar(self, content):
        return scalar_of(content)


DECODERS = {
    "int": Decoder.integer,
    "complex": Decoder.complex,
    "bytes": Decoder.bytes,
    "list": Decoder.items,
    "tuple": Decoder.tuple,
    "set": Decoder.set,
    "frozenset": Decoder.frozenset,
    "dict": Decoder.dict,
    "array": Decoder.array,
    "scalar": Decoder.scalar,
}


def distinct(kind, items):
    """A set of these: one that lists a member twice is a lie."""
    made = kind(items)
    if len(made) != len(items):
        raise Malformed("a member twice")
    return made


def bytes_of(text):
    return base64.b64decode(text, validate=True)


def array_of(text):
    """The array in an npy file, whose header must agree with its length."""
    from numpy.lib import format as npy

    file = io.BytesIO(bytes_of(text))
    version = npy.read_magic(file)
    header = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
    shape, _, dtype = header[version](file)
    rest = len(file.getvalue()) - file.tell()
    if dtype.hasobject or math.prod(shape) * dtype.itemsize != rest:
        raise Malformed("an array of another size than it says")
    file.seek(0)
    return npy.read_array(file, allow_pickle=False)


def scalar_of(content):
    import numpy as np

    dtype, data = np.dtype(content[0]), bytes_of(content[1])
    if dtype.hasobject or dtype.names or dtype.subdtype or dtype.itemsize != len(data):
        raise Malformed("a scalar of another size than it says")
    return np.ndarray((), dtype, data)[()]
