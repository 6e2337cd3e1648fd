"""Blocks on the engine, on Spark and in MLlib, against numpy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323 import Context
from cme323.errors import BadInput
from cme323.linalg.block_matrix import BlockMatrix, multiply_cost, multiply_words


def array(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def check_all(matrix, sc):
    """The product, the sum and the transpose of a class are numpy's."""
    x, y = array(5, 7), array(7, 4, seed=1)
    a, b = matrix.of(sc, x, size=3), matrix.of(sc, y, size=3)
    product = a.multiply(b)
    assert (product.numRows(), product.numCols()) == (5, 4)
    np.testing.assert_allclose(product.toLocalMatrix(), x @ y, atol=1e-12)
    np.testing.assert_allclose(a.add(a).toLocalMatrix(), 2 * x)
    np.testing.assert_array_equal(a.transpose().toLocalMatrix(), x.T)


def test_on_the_engine(sc):
    check_all(BlockMatrix, sc)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_on_spark(spark):
    check_all(BlockMatrix, spark)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_in_mllib(spark):
    mllib = pytest.importorskip("cme323.linalg.block_matrix_pyspark")
    x, y = array(5, 7), array(7, 4, seed=1)
    a, b = (mllib.BlockMatrix.of(spark, matrix, size=3) for matrix in (x, y))
    np.testing.assert_allclose(a.multiply(b).toLocalMatrix(), x @ y, atol=1e-12)
    assert (a.transpose().numRows(), a.add(a).numCols()) == (7, 7)


def test_mllib_needs_a_spark_context(sc):
    mllib = pytest.importorskip("cme323.linalg.block_matrix_pyspark")
    with pytest.raises(BadInput, match="got a Context: make one with"):
        mllib.BlockMatrix.of(sc, np.eye(2))


@settings(max_examples=15)
@given(*[st.integers(1, 6)] * 4)
def test_agrees_with_numpy(m, k, n, size):
    sc = Context(partitions=2)
    x, y = array(m, k), array(k, n, seed=1)
    product = BlockMatrix.of(sc, x, size).multiply(BlockMatrix.of(sc, y, size))
    np.testing.assert_allclose(product.toLocalMatrix(), x @ y, atol=1e-12)


def test_absent_blocks_are_zero(sc):
    diagonal = [((i, i), np.eye(2) * (i + 1)) for i in range(2)]
    a = BlockMatrix(sc.parallelize(diagonal), (4, 4), 2)
    product = a.multiply(a)
    np.testing.assert_array_equal(product.toLocalMatrix(), np.diag([1, 1, 4, 4]))
    assert product.blocks.count() == 2


def test_the_blocks_that_were_given_stay_as_they_are(sc):
    x = array(4, 4)
    a = BlockMatrix.of(sc, x.copy(), 2)
    a.multiply(a).toLocalMatrix()
    np.testing.assert_array_equal(a.toLocalMatrix(), x)


@pytest.mark.parametrize("size", [2, 3, 8])
def test_moves_the_blocks_that_are_predicted(sc, size):
    a = BlockMatrix.of(sc, np.eye(8), size)
    a.multiply(a).toLocalMatrix()
    assert sc.cost.records == multiply_cost(8, size).records


def test_fewer_and_larger_blocks_move_fewer_words():
    assert [multiply_words(8, size) for size in (1, 2, 4, 8)] == [1024, 512, 256, 128]


def test_refuses_blocks_that_do_not_meet(sc):
    a = BlockMatrix.of(sc, array(4, 3), 2)
    with pytest.raises(BadInput, match=r"cannot multiply .*4x3, blocks of 2.* by"):
        a.multiply(a)
    with pytest.raises(BadInput, match="cannot add"):
        a.add(BlockMatrix.of(sc, array(4, 3), 3))
