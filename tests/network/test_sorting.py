from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.network import Network
from cme323.network.sorting import psrs, psrs_cost, sample_sort, sample_sort_cost

programs = pytest.mark.parametrize("program", [sample_sort, psrs])


def parts(n, P, seed=0):
    return np.array_split(np.random.default_rng(seed).permutation(n), P)


@programs
def test_each_rank_has_a_sorted_range(program):
    x = [np.array([5, 2]), np.array([8, 1]), np.array([9, 4])]
    buckets = Network(3).run(program, x)
    assert np.concatenate(buckets).tolist() == [1, 2, 4, 5, 8, 9]
    assert all(len(bucket) for bucket in buckets)


@programs
@given(st.lists(st.lists(st.integers(-9, 9)), min_size=1, max_size=9))
def test_agrees_with_sorted(program, lists):
    arrays = [np.array(part, dtype=int) for part in lists]
    buckets = Network(len(lists)).run(program, arrays)
    assert np.concatenate(buckets).tolist() == sorted(chain(*lists))


@given(st.integers(2, 8), st.integers(2, 4), st.integers(0, 99))
def test_no_bucket_of_psrs_has_more_than_2n_over_P_of_distinct_items(P, block, seed):
    n = block * P * P
    buckets = Network(P).run(psrs, parts(n, P, seed))
    assert max(map(len, buckets)) <= 2 * n / P


def test_the_whole_input_as_a_sample_cuts_it_evenly():
    buckets = Network(4).run(sample_sort, parts(64, 4), samples=16)
    assert [len(bucket) for bucket in buckets] == [16, 16, 16, 16]


@pytest.mark.parametrize("P", [1, 2, 3, 8, 13])
@pytest.mark.parametrize(
    ("program", "predict"), [(sample_sort, sample_sort_cost), (psrs, psrs_cost)]
)
def test_costs_at_most_what_is_predicted(program, predict, P):
    network = Network(P)
    network.run(program, parts(P * 100, P))
    predicted = predict(P * 100, P)
    assert network.cost <= predicted
    assert network.cost.rounds == predicted.rounds
    assert network.cost.messages == predicted.messages
    in_place = predicted.records - network.cost.records
    assert in_place == pytest.approx(100, abs=20)


def test_no_samples_are_refused():
    with pytest.raises(BadInput, match="at least 1 sample, not 0"):
        Network(2).run(sample_sort, parts(9, 2), samples=0)
