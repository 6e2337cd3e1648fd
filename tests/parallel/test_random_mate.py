from itertools import product
from statistics import fmean

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.datasets import complete, cycle, erdos_renyi, grid, path, star
from cme323.errors import BadInput
from cme323.parallel.random_mate import (
    mate,
    random_mate,
    random_mate_cost,
    survivors,
    toss,
)
from cme323.parallel.undirected import neighbours
from cme323.pram import PRAM, plain

seeds = st.integers(0, 999)


def labels(n, edges, seed=0):
    pram = PRAM()
    return random_mate(pram, n, edges, np.random.default_rng(seed)), pram.cost


def mated(n, edges, coins):
    pram = PRAM()
    parent = pram.array(range(n))
    mate(pram, parent, edges, pram.array(coins))
    return plain(parent)


def test_tails_join_heads_and_nothing_else_moves():
    assert mated(4, path(4), coins=[0, 1, 0, 0]) == [1, 1, 1, 3]
    assert mated(2, path(2), coins=[1, 1]) == [0, 1]
    assert mated(2, path(2), coins=[0, 0]) == [0, 1]


@pytest.mark.parametrize("edges", [path(5), cycle(5), star(5), complete(5), []])
def test_survivors_are_the_mean_over_all_tosses(edges):
    left = [
        sum(v == above for v, above in enumerate(mated(5, edges, coins)))
        for coins in product([0, 1], repeat=5)
    ]
    assert fmean(left) == survivors(map(len, neighbours(5, edges)))


@given(st.integers(1, 25), st.floats(0, 0.4), seeds)
def test_agrees_with_networkx(n, share, seed):
    edges = erdos_renyi(n, round(share * n * (n - 1) / 2), seed)
    graph = nx.Graph(edges)
    graph.add_nodes_from(range(n))
    found, _ = labels(n, edges, seed)
    components = list(nx.connected_components(graph))
    for component in components:
        (label,) = {found[v] for v in component}
        assert label in component


@pytest.mark.parametrize("edges", [path(36), star(36), grid(6, 6), complete(9)])
def test_costs_on_average_at_most_what_is_predicted(edges):
    n = max(max(edge) for edge in edges) + 1
    costs = [labels(n, edges, seed)[1] for seed in range(40)]
    predicted = random_mate_cost(n, len(edges))
    assert fmean(cost.work for cost in costs) <= predicted.work
    assert fmean(cost.rounds for cost in costs) <= predicted.rounds


def test_coins_are_fair():
    coins = plain(toss(PRAM(), 10_000, np.random.default_rng(0)))
    assert abs(sum(coins) - 5000) < 3 * 50
    assert set(coins) == {0, 1}


def test_a_seed_decides_the_labels():
    assert labels(36, grid(6, 6), 1) == labels(36, grid(6, 6), 1)
    assert labels(36, grid(6, 6), 1) != labels(36, grid(6, 6), 2)


def test_refuses_an_edge_that_is_none():
    with pytest.raises(BadInput, match="two different nodes"):
        labels(3, [(0, 7)])
