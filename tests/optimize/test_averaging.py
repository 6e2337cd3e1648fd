import numpy as np
import pytest

from cme323 import Context
from cme323.measure import run
from cme323.optimize.averaging import averaged_runs, averaged_runs_cost, squared_error
from cme323.optimize.sgd import sgd


def pull(w, target):
    return w - target


def halves(t):
    return 0.5


def test_is_the_mean_of_runs_on_each_partition():
    targets = [(float(t),) for t in range(12)]
    runs = [[*sgd(pull, 0.0, targets[i : i + 4], halves)][-1] for i in range(0, 12, 4)]
    ours = averaged_runs(Context().parallelize(targets, 3), pull, 0.0, halves)
    assert ours == pytest.approx(np.mean(runs))


def test_only_the_variance_shrinks():
    assert squared_error(bias=2.0, variance=8.0, k=4) == 6.0


def test_costs_one_job():
    def program(sc):
        return averaged_runs(sc.parallelize([(1.0,)] * 8, 4), pull, 0.0, halves)

    cost = run(program, Context()).cost
    assert cost <= averaged_runs_cost(4)
    assert averaged_runs_cost(4) <= cost


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_runs_on_spark_too(spark):
    rdd = spark.parallelize([(3.0,), (5.0,), (1.0,), (1.0,)], 2)
    assert averaged_runs(rdd, pull, 0.0, lambda t: 1 / t) == 2.5


def test_a_partition_without_a_batch_has_no_say():
    one = Context().parallelize([(1.0,)], 3)
    assert averaged_runs(one, pull, 0.0, lambda t: 1 / t) == 1
