"""The Gram matrix A^T A of a tall m x n matrix: a sum of outer products of its rows.

    A^T A = sum over rows a of a a^T

    naive    a -> ((i, j), a_i a_j) for all its nonzeros, groupByKey, sum
             moves the sum of nnz(a)² records: m n² of a dense matrix
    local    each of P partitions adds up its own rows first
             moves at most P n² records, however many rows there are

The RDD of rows may be one of Spark's. Left out: half of it, as A^T A is symmetric.
Source: Zadeh et al., Matrix computations and optimization in Apache Spark, KDD 2016.
"""

from operator import add

import numpy as np

from cme323.cost import Cost


def gram_naive(rows):
    """A^T A as an array; every product of two entries of a row moves.

    >>> from cme323 import Context
    >>> gram_naive(Context().parallelize(np.array([[1.0, 2.0], [0.0, 3.0]])))
    array([[ 1.,  2.],
           [ 2., 13.]])
    """
    n = len(rows.first())
    return _array(n, rows.flatMap(_outer).groupByKey().mapValues(sum))


def gram(rows):
    """A^T A as an array; every partition adds up its rows before anything moves.

    >>> from cme323 import Context
    >>> gram(Context().parallelize(np.array([[1.0, 2.0], [0.0, 3.0]])))
    array([[ 1.,  2.],
           [ 2., 13.]])
    """
    n = len(rows.first())
    return _array(n, rows.mapPartitions(_local).reduceByKey(add))


def _outer(row):
    nonzeros = np.flatnonzero(row).tolist()
    return [((i, j), float(row[i] * row[j])) for i in nonzeros for j in nonzeros]


def _local(rows):
    """The entries of the sum over the rows of one partition, none if it has no rows."""
    block = np.array(list(rows))
    if len(block):
        for place, value in np.ndenumerate(block.T @ block):
            yield place, float(value)


def _array(n, entries):
    result = np.zeros((n, n))
    for place, value in entries.collect():
        result[place] = value
    return result


def gram_naive_cost(nonzeros):
    """Predicted cost from the number of nonzeros of each row, exactly."""
    return Cost(rounds=1, records=sum(count**2 for count in nonzeros))


def gram_cost(n, P):
    """Predicted cost for n columns in P partitions that have rows, exactly."""
    return Cost(rounds=1, records=P * n**2)
