"""The reduce-side join: both sides travel, and the values of a key meet at a reducer.

    map     (key, v) of the left   ->  (key, (0, v))
            (key, w) of the right  ->  (key, (1, w))
    reduce  key, tagged values     ->  (key, (v, w)) for each v with each w

All of both sides moves, even what finds no partner: |R| + |S| records. The values of
one key have to fit into memory. NB: a secondary sort by the tag would spare one side.

Source: Blanas et al., A comparison of join algorithms for log processing in
MapReduce, SIGMOD 2010: its "standard repartition join".
"""

from cme323.cost import Cost
from cme323.mapreduce.job import Job


def join(machine, left, right):
    """(key, (v, w)) for each pair of values of a key, as a DataSet, from two of pairs.

    >>> from cme323.mapreduce import MapReduce
    >>> machine = MapReduce(partitions=2)
    >>> ages, towns = machine.write([("ann", 41)]), machine.write([("ann", "Bonn")])
    >>> machine.read(join(machine, ages, towns))
    [('ann', (41, 'Bonn'))]
    """
    return machine.run(Job(mapper=(of_left, of_right), reducer=matches), left, right)


def of_left(pair):
    key, value = pair
    yield key, (0, value)


def of_right(pair):
    key, value = pair
    yield key, (1, value)


def matches(key, tagged):
    """(key, (v, w)) for each v of the left and each w of the right."""
    sides = [], []
    for side, value in tagged:
        sides[side].append(value)
    left, right = sides
    return ((key, (v, w)) for v in left for w in right)


def join_cost(left, right):
    """Predicted cost of joining so many records with so many others."""
    return Cost(rounds=1, records=left + right)
