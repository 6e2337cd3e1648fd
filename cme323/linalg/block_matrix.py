"""BlockMatrix: a dense matrix as an RDD of blocks; its product sends blocks to results.

    C_IJ = sum over K of A_IK B_KJ

    A_IK -> ((I, J), (K, A_IK)) for each J     B_KJ -> ((I, J), (K, B_KJ)) for each I
    cogroup; at (I, J) numpy multiplies and adds

With N x N blocks a block goes to N results: 2N³ records of (n/N)² words, so 2N n² words
in one round. Fewer, larger blocks move less and leave fewer results to compute at the
same time. Blocks that are absent are zero.

The RDD may be one of Spark's. Left out, compared with MLlib: a partitioner by which
results that lie together share the copies of a block.
Source: Zadeh et al., Matrix computations and optimization in Apache Spark, KDD 2016.
"""

from operator import add

import numpy as np

from cme323.cost import Cost
from cme323.errors import BadInput


class BlockMatrix:
    """blocks: an RDD of ((I, J), array); arrays are size x size, smaller at the ends.

    >>> from cme323 import Context
    >>> a = BlockMatrix.of(Context(partitions=2), np.arange(9.0).reshape(3, 3), size=2)
    >>> a.multiply(a.transpose()).toLocalMatrix()
    array([[  5.,  14.,  23.],
           [ 14.,  50.,  86.],
           [ 23.,  86., 149.]])
    """

    def __init__(self, blocks, shape, size):
        self.blocks, self.shape, self.size = blocks, shape, size

    @classmethod
    def of(cls, sc, array, size=1024):
        """An array of the driver's, cut into blocks."""
        rows, columns = (range(-(-length // size)) for length in array.shape)
        blocks = [
            # In one piece, as it is copied for each result that it goes to.
            ((i, j), np.ascontiguousarray(array[i * size :, j * size :][:size, :size]))
            for i in rows
            for j in columns
        ]
        return cls(sc.parallelize(blocks), array.shape, size)

    def numRows(self):
        return self.shape[0]

    def numCols(self):
        return self.shape[1]

    def transpose(self):
        """Nothing moves."""
        swapped = self.blocks.map(lambda block: (block[0][::-1], block[1].T))
        return BlockMatrix(swapped, self.shape[::-1], self.size)

    def add(self, other):
        """The sum: one shuffle of the blocks of both."""
        if (self.shape, self.size) != (other.shape, other.size):
            raise BadInput(
                f"cannot add {self!r} and {other!r}: the shapes or the blocks differ"
            )
        both = self.blocks.union(other.blocks)
        return BlockMatrix(both.reduceByKey(add), self.shape, self.size)

    def multiply(self, other):
        """The product: each result fetches its row of A and its column of B."""
        if self.shape[1] != other.shape[0] or self.size != other.size:
            raise BadInput(
                f"cannot multiply {self!r} by {other!r}: the inner sizes or the "
                "blocks differ"
            )
        shape = self.shape[0], other.shape[1]
        rows, columns = (-(-length // self.size) for length in shape)

        def to_its_row(block):
            (i, k), x = block
            return [((i, j), (k, x)) for j in range(columns)]

        def to_its_column(block):
            (k, j), y = block
            return [((i, j), (k, y)) for i in range(rows)]

        left = self.blocks.flatMap(to_its_row)
        right = other.blocks.flatMap(to_its_column)
        met = left.cogroup(right).flatMapValues(_sum_of_products)
        return BlockMatrix(met, shape, self.size)

    def toLocalMatrix(self):
        """All of it as an array at the driver."""
        result = np.zeros(self.shape)
        for (i, j), block in self.blocks.collect():
            top, left = i * self.size, j * self.size
            result[top : top + block.shape[0], left : left + block.shape[1]] = block
        return result

    def __repr__(self):
        return f"BlockMatrix({self.shape[0]}x{self.shape[1]}, blocks of {self.size})"


def _sum_of_products(sides):
    """[sum of A_IK B_KJ], or nothing if no K has both."""
    row, column = map(dict, sides)
    products = (row[k] @ column[k] for k in sorted(row.keys() & column.keys()))
    total = next(products, None)
    for product in products:
        total += product
    return [] if total is None else [total]


def multiply_cost(n, size):
    """Predicted cost for n x n matrices, in blocks moved, exactly."""
    side = -(-n // size)
    return Cost(records=2 * side**3)


def multiply_words(n, size):
    """The same in words, if `size` divides n."""
    return multiply_cost(n, size).records * size**2
