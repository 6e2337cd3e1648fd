"""What a function did to its arguments, for a test that has the line `### IN PLACE`.

    x = [3, 1, 2]
    sort(x)
    assert x == [1, 2, 3]

Arguments travel by copy, so in other tests x stays [3, 1, 2]: there `f(x) == slow(x)`
holds for the x that the test made, whatever f does to it. In a test with that line the
child sends the new value of each list, dict, set, bytearray and array, and the test's
own object gets it. It can be anything then: such a test must know what it expects
before the call, or from a copy.

Only the argument itself changes. What was in it is replaced: who holds an inner list
by another name has the old one.
"""

import json
import sys

from cme323.course.grade import arrays, wire
from cme323.course.grade.answers import StudentError
from cme323.course.grade.decode import Malformed, decode
from cme323.course.grade.refusal import Refused

LINE = "### IN PLACE"
CONTAINERS = (list, dict, set, bytearray)


def asked(text):
    """Whether a test cell has the line."""
    return any(line.strip() == LINE for line in text.splitlines())


def lent(values, nodes):
    """Those of the arguments that a function may change, as the test has them."""
    return {
        place: value
        for place, value in values.items()
        if changeable(value) and plain(value, nodes[place])
    }


def changeable(value):
    if type(value) is tuple:
        return any(map(changeable, value))
    if arrays.is_array(type(value)):
        return value.flags.writeable
    return type(value) in CONTAINERS


def plain(value, node):
    """Whether `node` is the value itself, without a handle or a machine in it."""
    try:
        return wire.encode(value) == node
    except Refused:
        return False


def written(values):
    """In the child: arguments as text, by place."""
    return {place: json.dumps(wire.encode(value)) for place, value in values.items()}


def changed(values, before):
    """In the child: [place, JSON] of those that are not as they were written before."""
    now = [(place, wire.encode(value)) for place, value in values.items()]
    return [[place, node] for place, node in now if json.dumps(node) != before[place]]


def take(told, lent):
    """Give each argument its new value; raises Malformed if none can have it."""
    try:
        pairs = [(lent[place], decode(node)) for place, node in told]
    except (TypeError, ValueError, KeyError) as error:
        raise Malformed("no change of an argument") from error
    for mine, value in pairs:
        put(mine, value)


def put(mine, value):
    """Make `mine` equal to `value`, if it can be changed at all."""
    if type(mine) is not type(value):
        raise Malformed("an argument of another type than it was")
    if type(mine) is tuple:
        if len(mine) != len(value):
            raise Malformed("a tuple of another length than it was")
        for inner, new in zip(mine, value):
            if changeable(inner):
                put(inner, new)
    elif type(mine) in (list, bytearray):
        mine[:] = value
    elif type(mine) in (dict, set):
        mine.clear()
        mine.update(value)
    elif (mine.shape, mine.dtype) == (value.shape, value.dtype):
        sys.modules["numpy"].copyto(mine, value)
    else:
        raise StudentError("your function changed the shape or dtype of an argument")
