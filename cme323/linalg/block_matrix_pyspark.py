"""MLlib's BlockMatrix, in Scala, under the signature of block_matrix.py.

Its blocks are kept by columns in Java; numpy's arrays are converted there and back.
"""

import numpy as np
from pyspark import SparkContext
from pyspark.mllib.linalg import DenseMatrix
from pyspark.mllib.linalg.distributed import BlockMatrix as Scala
from pyspark.sql import SparkSession

from cme323.errors import BadInput


class BlockMatrix:
    """A matrix of MLlib's; make one by `of`, with a SparkContext."""

    def __init__(self, scala):
        self._scala = scala

    @classmethod
    def of(cls, sc, array, size=1024):
        """An array of the driver's, cut into blocks."""
        if not isinstance(sc, SparkContext):
            raise BadInput(
                f"expected a Spark context for MLlib, got a {type(sc).__name__}: make "
                "one with cme323.engine.context_pyspark.spark_context()"
            )
        SparkSession(sc)  # MLlib turns RDDs into tables by it
        rows, columns = (range(-(-length // size)) for length in array.shape)
        blocks = [
            ((i, j), _dense(array[i * size :, j * size :][:size, :size]))
            for i in rows
            for j in columns
        ]
        return cls(Scala(sc.parallelize(blocks), size, size, *array.shape))

    def numRows(self):
        return self._scala.numRows()

    def numCols(self):
        return self._scala.numCols()

    def transpose(self):
        return BlockMatrix(self._scala.transpose())

    def add(self, other):
        return BlockMatrix(self._scala.add(other._scala))

    def multiply(self, other):
        return BlockMatrix(self._scala.multiply(other._scala))

    def toLocalMatrix(self):
        """All of it as an array at the driver."""
        return np.asarray(self._scala.toLocalMatrix().toArray())


def _dense(block):
    return DenseMatrix(*block.shape, block.ravel(order="F"))
