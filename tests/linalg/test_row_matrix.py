import numpy as np
import pytest

from cme323.errors import BadInput
from cme323.linalg.row_matrix import RowMatrix

X = np.random.default_rng(0).standard_normal((20, 3))
EVERYWHERE = [
    "sc",
    pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.xdist_group("spark")]),
]


@pytest.fixture(params=EVERYWHERE)
def a(request):
    return RowMatrix(request.getfixturevalue(request.param).parallelize(X))


def test_knows_its_size(a):
    assert (a.numRows(), a.numCols()) == (20, 3)


def test_product_and_gram_matrix_are_numpys(a):
    b = np.arange(6.0).reshape(3, 2)
    np.testing.assert_allclose(a.multiply(b).toLocalMatrix(), X @ b)
    np.testing.assert_allclose(a.computeGramianMatrix(), X.T @ X)


def test_qr_is_numpys_up_to_signs(a):
    q, r = a.tallSkinnyQR()
    np.testing.assert_allclose(abs(r), abs(np.linalg.qr(X).R), atol=1e-12)
    np.testing.assert_allclose(q.toLocalMatrix() @ r, X, atol=1e-12)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_mllib_has_the_same(spark):
    distributed = pytest.importorskip("pyspark.mllib.linalg.distributed")
    from pyspark.sql import SparkSession

    SparkSession(spark)  # MLlib turns RDDs into tables by it
    theirs = distributed.RowMatrix(spark.parallelize([list(row) for row in X]))
    ours = RowMatrix(spark.parallelize(X))
    np.testing.assert_allclose(
        theirs.computeGramianMatrix().toArray(), ours.computeGramianMatrix()
    )
    np.testing.assert_allclose(
        abs(theirs.tallSkinnyQR().R.toArray()), abs(ours.tallSkinnyQR()[1]), atol=1e-12
    )


def test_refuses_a_matrix_of_other_rows(sc):
    with pytest.raises(BadInput, match="an array of 3 rows, not by one of shape"):
        RowMatrix(sc.parallelize(X)).multiply(np.eye(2))
