import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.network import Network
from cme323.network.distributed_sum import (
    distributed_sum,
    distributed_sum_cost,
    distributed_sum_seconds,
)


def test_three_ranks_learn_the_sum():
    assert Network(3).run(distributed_sum, [[1], [2, 3], [4]]) == [10, 10, 10]


@given(st.lists(st.lists(st.integers(-99, 99)), min_size=1, max_size=12))
def test_agrees_with_numpy_however_the_numbers_are_spread(parts):
    expected = np.concatenate(parts).sum()
    assert Network(len(parts)).run(distributed_sum, parts) == [expected] * len(parts)


@pytest.mark.parametrize("P", [1, 2, 3, 8, 13])
def test_costs_what_is_predicted(P):
    network = Network(P)
    network.run(distributed_sum, np.array_split(np.ones(100), P))
    assert network.cost == distributed_sum_cost(100, P)


@pytest.mark.parametrize("P", [1, 2, 8, 32])
def test_takes_the_seconds_that_are_predicted(P):
    model = {"alpha": 1, "beta": 0.5, "gamma": 0.25}
    network = Network(P, **model)
    network.run(distributed_sum, np.array_split(np.ones(64), P))
    assert network.clock == distributed_sum_seconds(64, P, **model)


def test_a_part_is_needed_for_each_rank():
    with pytest.raises(BadInput, match="an item for each of 3 ranks, not 1"):
        Network(3).run(distributed_sum, [[1]])
