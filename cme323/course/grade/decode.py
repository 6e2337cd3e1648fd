"""Plain data from the wire's JSON, where whoever wrote it may lie.

What is decoded is plain data of exact types, and takes no longer than its size allows;
anything else is Malformed. See wire.py for what stands for what.
"""

import base64

from cme323.course.grade import arrays
from cme323.course.grade.collisions import collide


class Malformed(ValueError):
    """What came over the wire is not what `encode` makes."""


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
        return distinct(set(apart(self.items(nodes))), nodes)

    def frozenset(self, nodes):
        return distinct(frozenset(apart(self.items(nodes))), nodes)

    def dict(self, pairs):
        keys = apart([self.decode(key) for key, _ in pairs])
        values = [self.decode(value) for _, value in pairs]
        return distinct(dict(zip(keys, values)), pairs)

    def integer(self, digits):
        return int(digits, 16)

    def complex(self, parts):
        return complex(*parts)

    def bytes(self, text):
        return bytes_of(text)

    def bytearray(self, text):
        return bytearray(bytes_of(text))

    def array(self, text):
        return arrays.array_of(bytes_of(text))

    def scalar(self, content):
        return arrays.scalar_of(content[0], bytes_of(content[1]))


DECODERS = {
    "int": Decoder.integer,
    "complex": Decoder.complex,
    "bytes": Decoder.bytes,
    "bytearray": Decoder.bytearray,
    "list": Decoder.items,
    "tuple": Decoder.tuple,
    "set": Decoder.set,
    "frozenset": Decoder.frozenset,
    "dict": Decoder.dict,
    "array": Decoder.array,
    "scalar": Decoder.scalar,
}


def apart(members):
    if collide(members):
        raise Malformed("members whose hashes collide")
    return members


def distinct(made, nodes):
    """A set or a dict of these: one that lists a member twice is a lie."""
    if len(made) != len(nodes):
        raise Malformed("a member twice")
    return made


def bytes_of(text):
    return base64.b64decode(text, validate=True)
