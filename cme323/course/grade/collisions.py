"""Members that would take forever to put into a set or a dict.

Python finds a member by its hash, and compares it with all others of that hash: n of
one hash cost n*n/2 comparisons, in one call that no signal interrupts. The hash of an
int is its rest modulo 2**61 - 1, so anybody can make members that collide.

Left out: hashes that differ, but that lead through the same places of Python's table.
"""

from collections import Counter

PAIRS = 100_000  # of equal hashes: all powers of two below 2**3000 have fewer
FEW = 400  # members can make no more pairs


def collide(members):
    """Whether too many of them have equal hashes.

    >>> collide(range(10**6)), collide([n * (2**61 - 1) for n in range(1000)])
    (False, True)
    """
    hashes = list(map(hash, members))
    if len(hashes) - len(set(hashes)) < FEW:
        return False
    return sum(n * (n - 1) // 2 for n in Counter(hashes).values()) > PAIRS
