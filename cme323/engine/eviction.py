"""Eviction: which cached blocks may leave memory when something else needs the room.

    lru      the least recently used first
    spark    the same, but never a block of the RDD that is being stored
    pin      none: what came first stays, until its RDD is unpersisted

Take one RDD in n partitions, a cache for phi * n of them, and scans from 0 to n - 1
again and again. Under `lru` each block leaves just before its turn comes: 0 hits
for any phi < 1. Under the two others, from the second scan on, a fraction phi of the
reads are hits.

A policy gets the keys (RDD id, partition) of the blocks in memory, the least recently
used first, and the id of the RDD being stored, or None when a sort, a grouping or a
shuffle needs room. It gives the keys that may leave, in order.
"""

from cme323.errors import BadInput


def lru(keys, storing):
    return keys


def spark(keys, storing):
    return [key for key in keys if key[0] != storing]


def pin(keys, storing):
    return []


POLICIES = {"lru": lru, "spark": spark, "pin": pin}


def policy(name):
    """The policy of that name; raises BadInput where there is none."""
    if name not in POLICIES:
        raise BadInput(f"eviction must be one of {list(POLICIES)}, not {name!r}")
    return POLICIES[name]
