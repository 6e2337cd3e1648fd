"""RowMatrix: a tall, thin matrix as an RDD of its rows.

A row fits into memory, and so does an n x n matrix, n the number of columns; the m rows
do not. So whatever is n x n is computed at the driver, and rows only pass by:

    A B        B is told to all partitions        nothing else moves
    A^T A      a sum over rows                    P n² records
    R of QR    a tree of small QRs                P n² words

The RDD may be one of Spark's. Left out, compared with MLlib: sparse rows, statistics of
columns, SVD, similarities of columns.
Source: Zadeh et al., Matrix computations and optimization in Apache Spark, KDD 2016.
"""

import numpy as np

from cme323.errors import BadInput
from cme323.linalg.gram import gram
from cme323.linalg.tsqr import tsqr_r


class RowMatrix:
    """rows: an RDD of arrays of one length.

    >>> from cme323 import Context
    >>> a = RowMatrix(Context(partitions=2).parallelize(np.eye(3)[:, :2]))
    >>> a.numRows(), a.numCols()
    (3, 2)
    >>> a.computeGramianMatrix()
    array([[1., 0.],
           [0., 1.]])
    """

    def __init__(self, rows):
        self.rows = rows

    def numRows(self):
        return self.rows.count()

    def numCols(self):
        return len(self.rows.first())

    def multiply(self, matrix):
        """A B, for an array B at the driver; the rows stay where they are."""
        n, matrix = self.numCols(), np.asarray(matrix)
        if matrix.ndim != 2 or len(matrix) != n:
            raise BadInput(
                f"a matrix of {n} columns can be multiplied by an array of {n} rows, "
                f"not by one of shape {matrix.shape}"
            )
        told = self.rows.context.broadcast(matrix)

        def multiplied(rows):
            block = np.array(list(rows))  # one product of matrices, not many of rows
            return block @ told.value if len(block) else []

        return RowMatrix(self.rows.mapPartitions(multiplied))

    def computeGramianMatrix(self):
        """A^T A, at the driver."""
        return gram(self.rows)

    def tallSkinnyQR(self):
        """(Q, R): Q = A R^-1 as a RowMatrix, R at the driver.

        NB: MLlib computes this Q too. Its columns are as far from orthogonal as A is
        ill-conditioned; the Q of tsqr.tsqr() is not.
        """
        r = tsqr_r(self.rows)
        return self.multiply(np.linalg.inv(r)), r

    def toLocalMatrix(self):
        """All of it as an array at the driver."""
        return np.array(self.rows.collect())
