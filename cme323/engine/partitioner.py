"""Partitioner: which partition a key belongs to.

    partition(key) = partitionFunc(key) mod numPartitions

Two RDDs whose partitioners are equal keep equal keys in partitions with equal
numbers, so that joining them moves nothing.
"""

import zlib
from bisect import bisect_left
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from numbers import Number


def portable_hash(key: Hashable) -> int:
    """A hash that is the same in every process and on every day.

    Python salts its own hash of a string in each process, so a shuffle by it
    could not be repeated. Keys: None, numbers, str, bytes, and tuples and
    frozensets of these. Raises TypeError for any other.

    >>> portable_hash(7), portable_hash("spark")
    (7, 2635321133)
    """
    if isinstance(key, str):
        return zlib.crc32(key.encode("utf-8", "surrogatepass"))
    if isinstance(key, Number):
        return hash(key)  # not salted, and 1 == 1.0 == True hash alike
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


def range_partitioner(bounds, numPartitions, keyfunc, ascending):
    """Partition i gets the keys between bounds[i - 1] and bounds[i]."""

    def place(key):
        rank = bisect_left(bounds, keyfunc(key))
        return rank if ascending else numPartitions - 1 - rank

    return Partitioner(numPartitions, place)


def _hash_sequence(hashes):
    """Order matters; 32 bits, so that long tuples stay cheap."""
    total = 0x345678
    for value in hashes:
        total = ((total ^ value) * 1000003 + 97531) & 0xFFFFFFFF
    return total
