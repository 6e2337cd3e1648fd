"""Joins: pairs of two RDDs, or of more, whose keys are equal.

    bring all sides to one partitioner  ->  pair up within each partition

All of them move in one round; a side that has the partitioner does not move.
"""

from collections import defaultdict
from functools import partial
from itertools import chain
from operator import itemgetter

from cme323.engine import external
from cme323.engine import rdd as core


class Joins:
    """The part of RDD that brings the pairs of several RDDs together."""

    def cogroup(self, other, numPartitions=None):
        """(key, (values here, values there)) for each key of either."""
        return self._cogroup((other,), numPartitions, "cogroup")

    def groupWith(self, other, *others):
        """As cogroup, of two or more: (key, (values in the first, ..., the last))."""
        return self._cogroup((other, *others), None, "groupWith")

    def subtractByKey(self, other, numPartitions=None):
        """The pairs here whose key is not there; both sides move, unless in place."""
        sides = self.cogroup(other, numPartitions)
        return sides.filter(lambda kv: not kv[1][1]).flatMapValues(itemgetter(0))

    def join(self, other, numPartitions=None):
        """(key, (v, w)) for each pair of values of a key in both."""

        def paired(i, here, there):
            found = grouped(there)
            return ((k, (v, w)) for k, v in here if k in found for w in found[k])

        return self._meeting(other, numPartitions, paired, "join")

    def leftOuterJoin(self, other, numPartitions=None):
        """As join; a value here without a partner there is paired with None."""

        def paired(i, here, there):
            found = grouped(there)
            return ((k, (v, w)) for k, v in here for w in found.get(k, (None,)))

        return self._meeting(other, numPartitions, paired, "leftOuterJoin")

    def rightOuterJoin(self, other, numPartitions=None):
        """As join; a value there without a partner here is paired with None."""

        def paired(i, here, there):
            found = grouped(here)
            return ((k, (v, w)) for k, w in there for v in found.get(k, (None,)))

        return self._meeting(other, numPartitions, paired, "rightOuterJoin")

    def fullOuterJoin(self, other, numPartitions=None):
        """As join; a value without a partner on either side is paired with None."""
        return self.cogroup(other, numPartitions).flatMapValues(
            lambda s: [(v, w) for v in s[0] or [None] for w in s[1] or [None]]
        )

    def _cogroup(self, others, numPartitions, name):
        sides = self._in_one_place(others, numPartitions)
        return core.Narrow(sides, _cogrouped, sides[0].partitioner, name)

    def _meeting(self, other, numPartitions, f, name):
        """f(partition, the pairs here, the pairs there): a narrow step."""

        def met(i, here, there):
            if external.limited():
                return external.met(partial(f, i), here, there)
            return f(i, here, there)

        sides = self._in_one_place((other,), numPartitions)
        return core.Narrow(sides, met, sides[0].partitioner, name)

    def _in_one_place(self, others, numPartitions):
        """All sides with one partitioner, so that equal keys are in one partition."""
        target = self._target(numPartitions, others=others)
        return tuple(side._moved_to(target, "shuffle") for side in (self, *others))


class ResultIterable:
    """The values of one key, as Spark hands them out: a loop and a length, no index."""

    __slots__ = ("data",)

    def __init__(self, data):
        self.data = data

    def __iter__(self):
        return iter(self.data)

    def __len__(self):
        return len(self.data)

    def __repr__(self):
        return f"ResultIterable({self.data})"


def grouped(pairs):
    """{key: [its values]}, keys in the order in which they first came."""
    groups = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups


def listed(pairs):
    """(key, its values) for each key."""
    if external.limited():
        groups = ((key, values) for key, (values,) in external.grouped([pairs]))
    else:
        groups = grouped(pairs).items()
    return ((key, ResultIterable(values)) for key, values in groups)


def _cogrouped(partition, *sides):
    """(key, its values in each side) for each key, those of the first side first."""
    if external.limited():
        groups = external.grouped(sides)
        return ((key, tuple(map(ResultIterable, group))) for key, group in groups)
    groups = [grouped(side) for side in sides]
    keys = dict.fromkeys(chain.from_iterable(groups))
    return (
        (key, tuple(ResultIterable(group.get(key, [])) for group in groups))
        for key in keys
    )
