import numpy as np
import pytest

from cme323 import Context
from cme323.linalg.gram import gram, gram_cost, gram_naive, gram_naive_cost


def rows(m, n, density=1.0):
    rng = np.random.default_rng(m)
    return rng.integers(1, 10, size=(m, n)) * (rng.random((m, n)) < density)


@pytest.mark.parametrize("way", [gram, gram_naive])
@pytest.mark.parametrize("density", [1.0, 0.3])
def test_is_numpys(sc, way, density):
    a = rows(17, 4, density)
    np.testing.assert_array_equal(way(sc.parallelize(a)), a.T @ a)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
@pytest.mark.parametrize("way", [gram, gram_naive])
def test_is_the_same_on_spark(spark, way):
    a = rows(17, 4, 0.5)
    np.testing.assert_array_equal(way(spark.parallelize(a)), a.T @ a)


@pytest.mark.parametrize("m", [10, 50])
def test_with_local_sums_the_rows_do_not_matter(m):
    sc = Context(partitions=4)
    gram(sc.parallelize(rows(m, 3)))
    assert (sc.cost.rounds, sc.cost.records) == (1, gram_cost(3, 4).records)


@pytest.mark.parametrize("density", [1.0, 0.3])
def test_naive_moves_a_record_for_each_two_nonzeros_of_a_row(sc, density):
    a = rows(20, 4, density)
    gram_naive(sc.parallelize(a))
    assert sc.cost.records == gram_naive_cost((a != 0).sum(axis=1)).records


def test_partitions_without_rows_send_nothing():
    sc = Context(partitions=8)
    np.testing.assert_array_equal(gram(sc.parallelize(np.eye(2))), np.eye(2))
    assert sc.cost.records == gram_cost(2, 2).records
