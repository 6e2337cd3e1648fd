"""One round and two against numpy, and their records."""

import numpy as np
import pytest

from cme323 import Context
from cme323.errors import BadInput
from cme323.linalg.matmul_mapreduce import (
    cubes,
    one_round,
    one_round_cost,
    two_rounds,
    two_rounds_cost,
)


def integers(n):
    return np.random.default_rng(n).integers(1, 10, size=(2, n, n)).astype(float)


def entries(sc, x):
    return sc.parallelize([(place, float(v)) for place, v in np.ndenumerate(x)])


def dense(n, result):
    x = np.zeros((n, n))
    for place, value in result.collect():
        x[place] += value
    return x


WAYS = [
    (one_round, (1,), one_round_cost),
    (one_round, (3,), one_round_cost),
    (one_round, (6,), one_round_cost),
    (two_rounds, (2, 1), two_rounds_cost),
    (two_rounds, (3, 2), two_rounds_cost),
    (two_rounds, (1, 6), two_rounds_cost),
]


@pytest.mark.parametrize(("multiply", "shape", "cost"), WAYS)
def test_is_numpys_product_at_the_predicted_cost(sc, multiply, shape, cost):
    a, b = integers(6)
    result = multiply(entries(sc, a), entries(sc, b), 6, *shape)
    np.testing.assert_array_equal(dense(6, result), a @ b)
    assert sc.cost.records == cost(6, *shape).records
    assert sc.cost.rounds == cost(6, *shape).rounds


@pytest.mark.parametrize(("s", "t"), [(2, 1), (3, 2), (6, 6)])
def test_a_reducer_holds_2st_entries(s, t):
    sc = Context()
    met = cubes(*(entries(sc, x) for x in integers(6)), 6, s, t)
    assert set(met.mapValues(len).values().collect()) == {2 * s * t}


def test_zeros_need_not_be_there(sc):
    a, b = np.diag([1.0, 2.0, 3.0, 4.0]), integers(4)[0]
    diagonal = entries(sc, a).filter(lambda entry: entry[1])
    result = two_rounds(diagonal, entries(sc, b), 4, 2, 2)
    np.testing.assert_array_equal(dense(4, result), a @ b)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_spark_moves_as_many_records(spark):
    a, b = integers(4)
    before = spark.cost
    result = two_rounds(entries(spark, a), entries(spark, b), 4, 2, 1)
    np.testing.assert_array_equal(dense(4, result), a @ b)
    # NB: Spark counts every record that a shuffle writes.
    assert (spark.cost - before).rounds == 2


def test_refuses_a_shape_that_does_not_divide(sc):
    with pytest.raises(BadInput, match="s and t must divide n=4, and they are s=3"):
        one_round(sc.emptyRDD(), sc.emptyRDD(), 4, 3)
