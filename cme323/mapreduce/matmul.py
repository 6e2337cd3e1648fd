"""Multiply sparse matrices in two rounds: meet on the inner index, then add up.

    C_ik = sum over j of A_ij B_jk

    map      A_ij  ->  (j, (0, i, A_ij))        B_jk  ->  (j, (1, k, B_jk))
    reduce   j     ->  ((i, k), A_ij B_jk)  for each i with each k
    map      as it is
    combine, reduce    (i, k), products  ->  ((i, k), their sum)

The first round moves the nonzeros of both, the second one product for each way through
an inner index: sum over j of (nonzeros in column j of A)(nonzeros in row j of B). A
combiner leaves at most one product for each (i, k) in each part.

Left out: dropping sums that cancel to 0. Source: Leskovec, Rajaraman, Ullman, Mining of
Massive Datasets, section 2.3.9.
"""

from collections import Counter

from cme323.cost import Cost
from cme323.mapreduce.job import Job


def matmul(machine, a, b):
    """The entries ((i, k), value) of A B as a DataSet, from two of such entries.

    >>> from cme323.mapreduce import MapReduce
    >>> machine = MapReduce(partitions=2)
    >>> row = machine.write([((0, 0), 2.0), ((0, 1), 3.0)])
    >>> column = machine.write([((0, 0), 5.0), ((1, 0), 7.0)])
    >>> machine.read(matmul(machine, row, column))
    [((0, 0), 31.0)]
    """
    products = machine.run(Job(mapper=(of_a, of_b), reducer=multiplied), a, b)
    return machine.run(Job(mapper=as_it_is, combiner=added, reducer=added), products)


def of_a(entry):
    (i, j), value = entry
    yield j, (0, i, value)


def of_b(entry):
    (j, k), value = entry
    yield j, (1, k, value)


def multiplied(j, tagged):
    """((i, k), A_ij B_jk) for each entry of column j of A with each of row j of B."""
    sides = [], []
    for side, outer, value in tagged:
        sides[side].append((outer, value))
    column, row = sides
    return (((i, k), x * y) for i, x in column for k, y in row)


def as_it_is(pair):
    yield pair


def added(place, products):
    yield place, sum(products)


def matmul_cost(a, b):
    """Predicted cost from the places (row, column) of the nonzeros; an upper bound."""
    columns, rows = Counter(j for _, j in a), Counter(j for j, _ in b)
    products = sum(columns[j] * rows[j] for j in columns)
    meet = Cost(rounds=1, records=len(a) + len(b))
    return meet + Cost(rounds=1, records=products)
