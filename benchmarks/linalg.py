"""Matrices: a product in blocks on our two executors, on PySpark, and by MLlib; torch.

The unit is numpy's product, its BLAS on one thread, as all others are too. Blocks are
as large as leave a result to each of four partitions.
"""

import numpy as np

from benchmarks.engine import processes, pyspark, serial
from benchmarks.engine_targets import Table
from benchmarks.suite import Engine, Suite, Target, Workload
from cme323.linalg.block_matrix import BlockMatrix


def suite():
    return Suite(
        title="matrices",
        workloads={workload.name: workload for workload in workloads()},
        engines={
            "numpy": Engine("numpy"),
            "torch": Engine("torch"),
            "serial": Engine("rdd", serial),
            "processes": Engine("rdd", processes),
            "pyspark": Engine("rdd", pyspark),
            "mllib": Engine("mllib", pyspark),
        },
        reference="numpy",
        targets=targets,
    )


def workloads():
    """The size is the number of rows and of columns."""
    programs = {
        "numpy": np_product,
        "torch": torch_product,
        "rdd": product,
        "mllib": mllib_product,
    }
    says = "product of 2048 x 2048 matrices"
    return [Workload("matmul", says, 2048, matrices, programs, compared=some_entries)]


def matrices(size):
    return np.random.default_rng(0).random((2, size, size))


def some_entries(c):
    return c[::41, ::37].ravel().tolist()


# The programs


def np_product(pair):
    return pair[0] @ pair[1]


def torch_product(pair):
    from cme323.linalg.matmul_torch import matmul

    return matmul(*pair)


def product(sc, pair):
    return in_blocks(BlockMatrix, sc, pair)


def mllib_product(sc, pair):
    from cme323.linalg.block_matrix_pyspark import BlockMatrix as Scala

    return in_blocks(Scala, sc, pair)


def in_blocks(matrix, sc, pair):
    size = -(-len(pair[0]) // 2)
    a, b = (matrix.of(sc, x, size) for x in pair)
    return a.multiply(b).toLocalMatrix()


def targets(results, growth):
    at = Table(results)
    ours, numpy = at.better("matmul"), at.seconds("matmul", "numpy")
    mllib = at.seconds("matmul", "mllib")
    rate = numpy / ours if ours and numpy else None
    ahead = mllib / ours if ours and mllib else None
    says = "better of our two: share of numpy's rate"
    return [
        Target(says, rate, 0.7, at_least=True),
        Target("MLlib / better of our two", ahead, 1, at_least=True),
    ]


SUITE = suite()
