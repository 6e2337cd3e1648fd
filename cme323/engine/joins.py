"""Joins: pairs of two RDDs, or of more, whose keys are equal.

    bring all sides to one partitioner  ->  pair up within each partition

All of them move in one round; a side that has the partitioner does not move.
"""

from operator import itemgetter

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
        return self.cogroup(other, numPartitions).flatMapValues(
            lambda sides: [(v, w) for v in sides[0] for w in sides[1]]
        )

    def leftOuterJoin(self, other, numPartitions=None):
        """As join; a value here without a partner there is paired with None."""
        return self.cogroup(other, numPartitions).flatMapValues(
            lambda sides: [(v, w) for v in sides[0] for w in sides[1] or [None]]
        )

    def rightOuterJoin(self, other, numPartitions=None):
        """As join; a value there without a partner here is paired with None."""
        return self.cogroup(other, numPartitions).flatMapValues(
            lambda sides: [(v, w) for v in sides[0] or [None] for w in sides[1]]
        )

    def fullOuterJoin(self, other, numPartitions=None):
        """As join; a value without a partner on either side is paired with None."""
        return self.cogroup(other, numPartitions).flatMapValues(
            lambda s: [(v, w) for v in s[0] or [None] for w in s[1] or [None]]
        )

    def _cogroup(self, others, numPartitions, name):
        target = self._target(numPartitions, others=others)
        sides = [side._moved_to(target, "shuffle") for side in (self, *others)]
        return cogrouped(sides, name)


class ResultIterable:
    """The values of one key, as Spark hands them out: a loop and a length, no index."""

    def __init__(self, data):
        self.data = data

    def __iter__(self):
        return iter(self.data)

    def __len__(self):
        return len(self.data)

    def __repr__(self):
        return f"ResultIterable({self.data})"


def cogrouped(sides, name):
    """For RDDs with one partitioner: (key, the values of each side). Narrow."""

    def group(partition, *records):
        groups = {}
        for side, pairs in enumerate(records):
            for key, value in pairs:
                if key not in groups:
                    groups[key] = tuple(ResultIterable([]) for _ in records)
                groups[key][side].data.append(value)
        return groups.items()

    return core.Narrow(tuple(sides), group, sides[0].partitioner, name)
