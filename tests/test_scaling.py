"""Predicted, simulated and compared: seconds of programs on 1 to 1,024 machines."""

import numpy as np
import pytest

from cme323 import Cluster, Context, scaling

# Powers of two, so that sums of times are exact; results have no size.
EXACT = {"overhead": 2**-7, "alpha": 2**-10, "beta": 0.0, "gamma": 2**-20}
EVEN = [1, 4, 16, 64, 256, 1024]
UNEVEN = [2, 3, 5, 7, 10, 31, 32, 33, 100, 500, 512, 1000, 1023]
PROGRAMS = {
    "total": (scaling.total, scaling.total_seconds),
    "tree": (scaling.tree_total, scaling.tree_total_seconds),
}


def simulated(program, machines, n, **parameters):
    sc = Context(cluster=Cluster(machines, **{**EXACT, **parameters}))
    assert program(sc, n) == n * (n - 1) // 2
    return sc.clock


@pytest.mark.parametrize(("program", "predict"), PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.parametrize("machines", EVEN)
def test_strong_scaling_is_as_predicted(program, predict, machines):
    predicted = predict(Cluster(machines, **EXACT), 2**16)
    assert simulated(program, machines, 2**16) == predicted


@pytest.mark.parametrize(("program", "predict"), PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.parametrize("machines", EVEN)
def test_weak_scaling_is_as_predicted(program, predict, machines):
    n = 32 * machines
    assert simulated(program, machines, n) == predict(Cluster(machines, **EXACT), n)


@pytest.mark.parametrize(("program", "predict"), PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.parametrize("machines", UNEVEN)
def test_uneven_parts_take_at_most_what_is_predicted(program, predict, machines):
    """And less by no more than one record for each task, and one branch of the tree."""
    cluster = Cluster(machines, **EXACT)
    slack = 2 * cluster.gamma + cluster.message(0) * (program is scaling.tree_total)
    predicted = predict(cluster, 10_000)
    assert predicted - slack <= simulated(program, machines, 10_000) <= predicted


def test_bytes_take_as_long_as_predicted():
    """A vector of 500 floats, in 4,000 bytes and less than 300 around them."""
    cluster = Cluster(64, **{**EXACT, "beta": 2**-20})
    sc = Context(cluster=cluster)
    points = sc.parallelize([(np.ones(500), 1.0)] * 640).cache()
    points.count()
    before = sc.clock
    scaling.gradient_step(points, np.zeros(500), 0.1)
    low, high = (
        scaling.gradient_step_seconds(cluster, 640, size) for size in (4000, 4300)
    )
    assert low <= sc.clock - before <= high


@pytest.mark.parametrize("machines", [1, 16, 1024])
def test_a_gradient_step_is_as_predicted(machines):
    cluster = Cluster(machines, **EXACT)
    sc = Context(cluster=cluster)
    points = sc.range(2048).map(lambda i: (np.array([1.0, i % 2]), float(i))).cache()
    points.count()
    before = sc.clock
    scaling.gradient_step(points, np.zeros(2), 0.1)
    assert sc.clock - before == scaling.gradient_step_seconds(cluster, 2048, 0)


def test_gradient_steps_reach_least_squares():
    rng = np.random.default_rng(0)
    x, truth = rng.normal(size=(100, 3)), np.array([1.0, -2.0, 0.5])
    points = Context().parallelize([(row, row @ truth) for row in x]).cache()
    w = np.zeros(3)
    for _ in range(60):
        w = scaling.gradient_step(points, w, 0.01)
    assert w == pytest.approx(truth, abs=1e-6)


def test_past_the_best_number_of_machines_a_sum_takes_longer():
    """n gamma / alpha = 2^12: the best are 2^6 machines for the sum, 2^8 for a tree."""

    def best(predict):
        return min(EVEN, key=lambda P: predict(Cluster(P, **EXACT), 2**22))

    assert best(scaling.total_seconds) == 64
    assert best(scaling.tree_total_seconds) == 256
