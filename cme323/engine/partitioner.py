"""Partitioner: which partition a key belongs to.

    partition(key) = partitionFunc(key) mod numPartitions

Two RDDs whose partitioners are equal keep equal keys in partitions with equal
numbers, so that joining them moves nothing.
"""

import zlib
from bisect import bisect_left
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from numbers import Number


def portable_hash(key: Hashable) -> int:
    """A hash that is the same in every process and on every day.

    Python salts its own hash of a string in each process, so a shuffle by it
    could not be repeated. Keys: None, numbers, str, bytes, and tuples and
    frozensets of these. Raises TypeError for any other.

    >>> portable_hash(7), portable_hash("spark")
    (7, 2635321133)
    """
    if type(key) is int:  # most keys are: they skip the slow look at Number
        return hash(key)
    if isinstance(key, str):
        return zlib.crc32(key.encode("utf-8", "surrogatepass"))
    if isinstance(key, Number):
        # Not salted, and 1 == 1.0 == True hash alike; but a NaN by its address.
        return hash(key) if key == key else 0
    if isinstance(key, bytes):
        return zlib.crc32(key)
    if isinstance(key, tuple):
        return _hash_sequence(map(portable_hash, key))
    if isinstance(key, frozenset):
        return _hash_sequence(sorted(map(portable_hash, key)))
    if key is None:
        return 0
    raise TypeError(
        f"cannot place a key of type {type(key).__name__}: a key must be None, a "
        "number, str or bytes, or a tuple or frozenset of these"
    )


@dataclass(frozen=True)
class Partitioner:
    """Sends a key to one of `numPartitions` partitions.

    >>> Partitioner(4, portable_hash)(7)
    3
    """

    numPartitions: int
    partitionFunc: Callable[[Hashable], int] = portable_hash

    def __call__(self, key):
        return self.partitionFunc(key) % self.numPartitions


class RangePartitioner(Partitioner):
    """Of a sort. No other operation adopts it: keys need not be comparable there, and
    equal keys, as 1 and True, may be apart if a sort compares something of them."""


def range_partitioner(bounds, numPartitions, keyfunc, ascending):
    """Partition i gets the keys between bounds[i - 1] and bounds[i].

    keyfunc: what is compared of a key; None for the key itself.
    """

    def place_by_keyfunc(key):
        return bisect_left(bounds, keyfunc(key))

    place = partial(bisect_left, bounds) if keyfunc is None else place_by_keyfunc

    def place_from_the_end(key):
        return numPartitions - 1 - place(key)

    return RangePartitioner(numPartitions, place if ascending else place_from_the_end)


def _hash_sequence(hashes):
    """Order matters; 32 bits, so that long tuples stay cheap."""
    total = 0x345678
    for value in hashes:
        total = ((total ^ value) * 1000003 + 97531) & 0xFFFFFFFF
    return total
