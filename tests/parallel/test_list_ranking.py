from math import log2
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.parallel.list_ranking import (
    expand,
    expected_stops,
    rank_by_sampling,
    rank_by_sampling_cost,
    sample,
    walk_all,
    wyllie,
    wyllie_cost,
)
from cme323.pram import PRAM, plain

orders = st.permutations(range(20)).flatmap(
    lambda order: st.integers(1, 20).map(lambda n: [v for v in order if v < n])
)
seeds = st.integers(0, 999)


def by_sampling(pram, after):
    return rank_by_sampling(pram, after, np.random.default_rng(1))


both = pytest.mark.parametrize("ranking", [wyllie, by_sampling])


def linked(order):
    """after[v], for the nodes in this order."""
    after = [0] * len(order)
    for v, w in zip(order, [*order[1:], order[-1]]):
        after[v] = w
    return after


@both
def test_five_nodes_by_hand(ranking):
    assert plain(ranking(PRAM(), [3, 1, 0, 4, 1])) == [3, 0, 4, 2, 1]


@both
@given(orders)
def test_agrees_with_the_place_from_the_end(ranking, order):
    ranks = plain(ranking(PRAM(), linked(order)))
    assert [ranks[v] for v in order] == [*range(len(order))][::-1]


@both
def test_no_node_or_one(ranking):
    assert plain(ranking(PRAM(), [])) == []
    assert plain(ranking(PRAM(), [0])) == [0]


@given(orders)
def test_wyllie_costs_exactly_what_is_predicted(order):
    pram = PRAM()
    wyllie(pram, linked(order))
    assert pram.cost == wyllie_cost(len(order))


@pytest.mark.parametrize(("n", "depth"), [(2, 0), (3, 1), (5, 2), (6, 3), (1025, 10)])
def test_wyllie_is_as_deep_as_the_logarithm_of_the_longest_way(n, depth):
    assert wyllie_cost(n).depth == depth


@given(orders, seeds)
def test_sampling_costs_exactly_what_its_sample_predicts(order, seed):
    after, pram = linked(order), PRAM()
    stops = sample(PRAM(), after, np.random.default_rng(seed))
    longest = max(plain([gap for _, gap in walk_all(PRAM(), after, stops)]))
    rank_by_sampling(pram, after, np.random.default_rng(seed))
    assert pram.cost == rank_by_sampling_cost(len(order), len(stops), longest)


def test_walks_lead_from_stop_to_stop():
    pram, after = PRAM(), [1, 2, 3, 4, 5, 5]
    assert plain(walk_all(pram, after, [0, 3, 5])) == [(3, 3), (5, 2), (5, 0)]
    assert (pram.cost.work, pram.cost.depth) == (3, 2)


def test_between_stops_ranks_fall_by_one():
    pram = PRAM()
    ranks = dict(zip([0, 3, 5], pram.array([5, 2, 0])))
    assert plain(expand(pram, [1, 2, 3, 4, 5, 5], ranks)) == [5, 4, 3, 2, 1, 0]


def test_a_sample_has_both_ends_and_is_as_large_as_expected():
    after = linked(range(256))
    sizes = []
    for seed in range(100):
        stops = sample(PRAM(), after, np.random.default_rng(seed))
        assert {0, 255} <= set(stops)
        sizes.append(len(stops))
    deviation = (254 / 8 * 7 / 8) ** 0.5
    assert expected_stops(256) == 2 + 254 / log2(256)
    assert abs(fmean(sizes) - expected_stops(256)) < 3 * deviation / 10


@both
@pytest.mark.parametrize(
    "after", [[1, 0], [1, 2, 0], [0, 1], [0, 0, 0], [1, 2], [1, -1, 2], [0, 2, 1]]
)
def test_refuses_what_is_not_one_list(ranking, after):
    with pytest.raises(BadInput, match="must lead through all of its"):
        ranking(PRAM(), after)
