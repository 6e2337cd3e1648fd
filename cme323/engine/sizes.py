"""Sizes: how much memory records take, estimated from a sample of them.

    size of n records  =  the container  +  n * mean size of about 100 of them

A record's size is that of all it holds, down to the numbers, each as large as the
allocator makes it. What one sampled record holds is sampled too if it is long.

Overcounted: objects that many records share, if the sample sees them rarely, such
as one large value that two records in a hundred refer to. Undercounted: a few large
records among many small ones, if the sample misses them; free room in the heap.
"""

import re
import sys
from collections import deque
from itertools import islice, pairwise

import numpy as np

from cme323.errors import BadInput

SAMPLE, SAMPLE_INSIDE = 100, 8  # of the records, and of what one of them holds
GOLDEN = 0.6180339887  # its multiples, without the integer part, spread evenly
ENOUGH = 2000  # objects seen; after them one is taken from each container
ROUGH = 100  # the same, where only people read the size
UNITS = {"": 0, "b": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}


def size_of(records, enough=ENOUGH):
    """The bytes that a list (or another container) takes with all that is in it.

    >>> 36_000 < size_of(list(range(1000, 2000))) < 42_000
    True
    """
    total, stack, seen = 0.0, [(records, 1.0)], set()
    while stack:
        thing, times = stack.pop()
        if id(thing) in seen:
            continue
        few = SAMPLE_INSIDE if seen else SAMPLE
        seen.add(id(thing))
        total += times * own_size(thing)
        for parts in _parts(thing):
            sample = _evenly(parts, few if len(seen) < enough else 1)
            times_each = times * len(parts) / max(len(sample), 1)
            stack += [(part, times_each) for part in sample]
    return round(total)


def own_size(thing):
    """Without what it refers to, in the allocator's steps of 16 bytes."""
    if isinstance(thing, np.ndarray):
        return thing.nbytes + 112  # its header
    return sys.getsizeof(thing, 64) + 15 & ~15


def _parts(thing):
    """The containers of what a thing refers to."""
    if isinstance(thing, str | bytes | int | float | type | np.ndarray):
        return []
    if isinstance(thing, dict):
        return [thing.keys(), thing.values()]
    if isinstance(thing, list | tuple | set | frozenset | deque):
        return [thing]
    slots = [getattr(kind, "__slots__", ()) for kind in type(thing).__mro__]
    names = [n for s in slots for n in ([s] if isinstance(s, str) else s)]
    held = [getattr(thing, name) for name in names if hasattr(thing, name)]
    return [held, [thing.__dict__] if hasattr(thing, "__dict__") else []]


def _evenly(parts, size):
    """At most `size` of them, one from each stretch of equal length.

    Not every hundredth, say: records often come in periods that divide a step.
    """
    if len(parts) <= size:
        return list(parts)
    step = len(parts) // size
    places = [i * step + int(i * GOLDEN % 1 * step) for i in range(size)]
    if isinstance(parts, list | tuple):
        return [parts[place] for place in places]
    rest = iter(parts)
    gaps = [place - before - 1 for before, place in pairwise([-1, *places])]
    return [next(islice(rest, gap, None)) for gap in gaps]


def batches(records, size):
    """(a list of the next records, its bytes) again and again, each about `size`."""
    records, count = iter(records), 1
    while batch := list(islice(records, count)):
        taken = size_of(batch)
        yield batch, taken
        count = max(1, min(2 * count, count * size // taken))


def pieces(records, size):
    """A list cut into lists of about `size` bytes each."""
    count = max(1, len(records) * size // max(size_of(records), 1))
    return [records[i : i + count] for i in range(0, len(records), count)]


def bytes_in(text):
    """A number of bytes, or Spark's notation of one: "512k", "256m", "1g".

    >>> bytes_in("256m")
    268435456
    """
    if isinstance(text, int) and not isinstance(text, bool) and text > 0:
        return text
    found = re.fullmatch(r"([1-9]\d*)([kmgtp]?)b?", str(text).strip().lower())
    if not isinstance(text, str) or not found:
        raise BadInput(
            f'memory must be a positive number of bytes, or one like "256m" or "1g", '
            f"not {text!r}"
        )
    return int(found[1]) * 1024 ** UNITS[found[2]]
