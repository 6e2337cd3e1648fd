import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323 import Context
from cme323.errors import BadInput
from cme323.measure import run
from cme323.network import Network
from cme323.optimize import descent, logistic
from cme323.optimize.distributed import (
    gradient_descent,
    gradient_descent_cost,
    gradient_step,
    in_blocks,
    step_words,
)

RIDGE = 0.1


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(0)
    return rng.normal(size=(100, 3)), rng.choice([-1.0, 1.0], 100)


def alone(x, y, steps):
    def slope(w):
        return logistic.gradient(w, x, y, RIDGE)

    return [*descent.gradient_descent(slope, np.zeros(3), 1.0, steps)][-1]


def together(sc, x, y, steps, partitions):
    blocks = in_blocks(sc, x, y, partitions)
    return gradient_descent(blocks, logistic.gradient, np.zeros(3), 1.0, steps, RIDGE)


@settings(max_examples=10)
@given(st.integers(1, 20))
def test_is_gradient_descent_on_all_examples(data, partitions):
    w = together(Context(), *data, 5, partitions)
    np.testing.assert_allclose(w, alone(*data, 5), atol=1e-12)


def test_finds_the_minimum(data):
    w = together(Context(), *data, 200, 8)
    np.testing.assert_allclose(w, logistic.fit(*data, RIDGE), atol=1e-8)


@pytest.mark.parametrize("partitions", [1, 4, 5, 16])
def test_costs_what_is_predicted(data, partitions):
    cost = run(together, Context(), *data, 3, partitions).cost
    predicted = gradient_descent_cost(3, partitions)
    assert (cost.rounds, cost.records) == (predicted.rounds, predicted.records)


@pytest.mark.parametrize("P", [1, 2, 7])
def test_ranks_take_the_same_step_for_so_many_words(data, P):
    x, y = data
    network, start = Network(P), np.zeros(3)
    blocks = list(zip(np.array_split(x, P), np.array_split(y, P)))
    w, *others = network.run(
        gradient_step, blocks, gradient=logistic.gradient, w=start, step=1.0
    )
    np.testing.assert_allclose(w, -logistic.gradient(start, x, y))
    assert others == [None] * (P - 1)
    assert (network.cost.records or 0) == step_words(3, P)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_the_same_program_on_spark_gives_the_same_weights(spark, data):
    theirs = run(together, spark, *data, 3, 8)
    np.testing.assert_allclose(theirs.value, alone(*data, 3), atol=1e-12)
    assert theirs.cost.rounds == gradient_descent_cost(3, 8).rounds


@pytest.mark.parametrize(("labels", "partitions"), [(5, 2), (100, 0), (100, 101)])
def test_refuses_a_partition_without_examples_and_examples_without_labels(
    data, labels, partitions
):
    x, y = data
    with pytest.raises(BadInput, match=f"{labels} labels, {partitions} partitions"):
        in_blocks(Context(), x, y[:labels], partitions)
