import ast
import inspect

import numpy as np
import pytest
from scipy.optimize import minimize

from cme323 import Context
from cme323.measure import run
from cme323.optimize import eight_lines
from cme323.optimize.eight_lines import logistic_regression, logistic_regression_cost


@pytest.fixture(scope="module")
def points():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 3))
    y = np.where(x @ [1.0, -2.0, 0.5] + rng.logistic(size=200) > 0, 1.0, -1.0)
    return list(zip(x, y))


def test_is_at_most_eight_logical_lines():
    lines = 0
    for function in (eight_lines.logistic_regression, eight_lines.gradient):
        (tree,) = ast.parse(inspect.getsource(function)).body
        statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
        lines += len(statements) - 1  # the docstring is none
    assert lines <= 8


def test_one_step_by_hand():
    two = Context().parallelize([(np.array([2.0]), 1.0), (np.array([4.0]), -1.0)])
    # At w = 0 the gradients are -1 and 2, so their mean is 1/2.
    assert logistic_regression(two, 1, steps=1, rate=1.0) == [-0.5]


def test_finds_the_minimum_that_scipy_finds(points):
    x, y = (np.array(column) for column in zip(*points))
    oracle = minimize(lambda w: np.log1p(np.exp(-y * (x @ w))).mean(), np.zeros(3))
    ours = logistic_regression(Context().parallelize(points), 3, 400, rate=2.0)
    np.testing.assert_allclose(ours, oracle.x, rtol=1e-4)


def test_killed_workers_change_no_bit_of_the_weights(points):
    calm = logistic_regression(Context(4).parallelize(points), 3, 20, 1.0)
    with Context(4, executor="processes", workers=2) as sc:
        rdd = sc.parallelize(points)
        job = sc._run_job

        def disturbed(*args):
            if len(sc.jobs) % 7 == 3:
                sc.kill(len(sc.jobs) % 2)
            return job(*args)

        sc._run_job = disturbed
        weights = logistic_regression(rdd, 3, 20, 1.0)
        assert sum(job.recomputed for job in sc.jobs) > 0
    assert (weights == calm).all()


def test_costs_what_is_predicted(points):
    def five_steps(sc):
        return logistic_regression(sc.parallelize(points), 3, 5, 1.0)

    measured = run(five_steps, Context(4)).cost
    predicted = logistic_regression_cost(steps=5, partitions=4)
    assert measured <= predicted
    assert predicted <= measured
