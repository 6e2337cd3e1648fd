"""CoordinateMatrix: a sparse matrix as an RDD of its nonzeros; its product is a join.

    C_ij = sum over k of A_ik B_kj

    A_ik -> (k, (i, A_ik))    B_kj -> (k, (j, B_kj))       they meet at the inner index
    ((i, j), A_ik B_kj)       reduceByKey(+)               and the products are added

The join moves the nonzeros of both. It gives a product for each way through an inner
index: sum over k of (nonzeros in column k of A)(nonzeros in row k of B), n³ for dense
matrices. The combiner of reduceByKey leaves one for each (i, j) in each partition.

The RDD may be one of Spark's. Left out: dropping sums that cancel to 0. NB: MLlib has
no such product; its CoordinateMatrix has to become a BlockMatrix, which is dense.
Source: Zadeh et al., Matrix computations and optimization in Apache Spark, KDD 2016.
"""

from collections import Counter
from operator import add

import numpy as np

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.linalg.block_matrix import BlockMatrix


class CoordinateMatrix:
    """entries: an RDD of ((i, j), value), each place at most once.

    >>> from cme323 import Context
    >>> sc = Context(partitions=2)
    >>> a = CoordinateMatrix(sc.parallelize([((0, 0), 2.0), ((0, 2), 3.0)]), (1, 3))
    >>> a.multiply(a.transpose()).toLocalMatrix()
    array([[13.]])
    """

    def __init__(self, entries, shape):
        self.entries, self.shape = entries, shape

    def numRows(self):
        return self.shape[0]

    def numCols(self):
        return self.shape[1]

    def transpose(self):
        """Nothing moves."""
        swapped = self.entries.map(lambda entry: (entry[0][::-1], entry[1]))
        return CoordinateMatrix(swapped, self.shape[::-1])

    def add(self, other):
        """The sum: one shuffle of the entries of both."""
        if self.shape != other.shape:
            raise BadInput(f"cannot add {self.shape} and {other.shape}: shapes differ")
        both = self.entries.union(other.entries)
        return CoordinateMatrix(both.reduceByKey(add), self.shape)

    def multiply(self, other):
        """The product: a join on the inner index, then sums."""
        sums = self.products(other).reduceByKey(add)
        return CoordinateMatrix(sums, (self.shape[0], other.shape[1]))

    def products(self, other):
        """((i, j), A_ik B_kj) for all i, k, j with both."""
        if self.shape[1] != other.shape[0]:
            raise BadInput(
                f"cannot multiply {self.shape} by {other.shape}: the inner sizes "
                f"{self.shape[1]} and {other.shape[0]} differ"
            )
        left, right = self.entries.map(_by_column), other.entries.map(_by_row)
        return left.join(right).values().map(_product)

    def toBlockMatrix(self, size=1024):
        """The same in blocks of size x size; those without a nonzero are left out."""
        rows, columns = self.shape

        def placed(entry):
            (i, j), value = entry
            return (i // size, j // size), (i % size, j % size, value)

        def dense(place, inside):
            block = np.zeros(
                (
                    min(size, rows - place[0] * size),
                    min(size, columns - place[1] * size),
                )
            )
            for i, j, value in inside:
                block[i, j] = value
            return block

        blocks = self.entries.map(placed).groupByKey()
        return BlockMatrix(
            blocks.map(lambda group: (group[0], dense(*group))), self.shape, size
        )

    def toLocalMatrix(self):
        """All of it as an array at the driver."""
        result = np.zeros(self.shape)
        for place, value in self.entries.collect():
            result[place] = value
        return result


def _by_column(entry):
    (i, k), value = entry
    return k, (i, value)


def _by_row(entry):
    (k, j), value = entry
    return k, (j, value)


def _product(pair):
    (i, x), (j, y) = pair
    return (i, j), x * y


def multiply_cost(a, b):
    """Predicted cost from the places (row, column) of the nonzeros; an upper bound.

    Exact if the sums have no combiner: a record for each product.
    """
    columns, rows = Counter(k for _, k in a), Counter(k for k, _ in b)
    products = sum(columns[k] * rows[k] for k in columns)
    return Cost(records=len(a) + len(b) + products)
