import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323 import Context
from cme323.errors import BadInput
from cme323.linalg.coordinate_matrix import CoordinateMatrix, multiply_cost


def sparse(m, n, seed=0):
    """A third of the entries are not 0."""
    rng = np.random.default_rng(seed)
    return rng.integers(1, 10, size=(m, n)) * (rng.random((m, n)) < 1 / 3) * 1.0


def matrix(sc, x):
    places = np.argwhere(x).tolist()
    entries = [((i, j), float(x[i, j])) for i, j in places]
    return CoordinateMatrix(sc.parallelize(entries), x.shape)


def test_a_known_product(sc):
    a, b = np.array([[0.0, 2.0]]), np.array([[5.0], [7.0]])
    assert matrix(sc, a).multiply(matrix(sc, b)).toLocalMatrix() == [[14.0]]


@settings(max_examples=15)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 6), st.integers(0, 99))
def test_agrees_with_numpy(m, k, n, seed):
    sc = Context(partitions=2)
    a, b = sparse(m, k, seed), sparse(k, n, seed + 1)
    product = matrix(sc, a).multiply(matrix(sc, b))
    assert (product.numRows(), product.numCols()) == (m, n)
    np.testing.assert_array_equal(product.toLocalMatrix(), a @ b)


def test_sum_and_transpose_are_numpys(sc):
    a, b = sparse(4, 5), sparse(5, 4, 1)
    result = matrix(sc, a).add(matrix(sc, b).transpose()).toLocalMatrix()
    np.testing.assert_array_equal(result, a + b.T)


def test_as_blocks_it_is_the_same(sc):
    a, b = sparse(5, 7), sparse(7, 3, 1)
    a_blocks, b_blocks = (matrix(sc, x).toBlockMatrix(size=2) for x in (a, b))
    np.testing.assert_array_equal(a_blocks.toLocalMatrix(), a)
    product = a_blocks.multiply(b_blocks).toLocalMatrix()
    np.testing.assert_array_equal(product, a @ b)


@pytest.mark.parametrize("density", ["sparse", "dense"])
def test_moves_no_more_than_predicted(sc, density):
    a, b = (
        (np.ones((6, 6)),) * 2 if density == "dense" else (sparse(6, 6), sparse(6, 6))
    )
    cost = multiply_cost(np.argwhere(a).tolist(), np.argwhere(b).tolist())
    matrix(sc, a).multiply(matrix(sc, b)).toLocalMatrix()
    assert sc.cost.records <= cost.records


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_is_the_same_on_spark(spark):
    a, b = sparse(6, 8), sparse(8, 5, 1)
    product = matrix(spark, a).multiply(matrix(spark, b))
    np.testing.assert_array_equal(product.toLocalMatrix(), a @ b)
    np.testing.assert_array_equal(matrix(spark, a).toBlockMatrix(3).toLocalMatrix(), a)


def test_refuses_shapes_that_do_not_meet(sc):
    a = matrix(sc, np.ones((2, 3)))
    with pytest.raises(BadInput, match=r"cannot multiply \(2, 3\) by \(2, 3\)"):
        a.multiply(a)
    with pytest.raises(BadInput, match=r"cannot add \(2, 3\) and \(3, 2\)"):
        a.add(a.transpose())
