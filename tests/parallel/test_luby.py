from fractions import Fraction
from itertools import permutations
from statistics import fmean

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.datasets import complete, cycle, erdos_renyi, grid, path, star
from cme323.errors import BadInput
from cme323.parallel.luby import first_of_neighbours, luby, luby_cost, without
from cme323.pram import PRAM


def independent(n, edges, seed=0):
    pram = PRAM()
    return luby(pram, n, edges, np.random.default_rng(seed)), pram.cost


class Order:
    """Gives the order that it was made of."""

    def __init__(self, order):
        self.order = order

    def permutation(self, n):
        return np.array(self.order)


def test_the_first_of_its_neighbours_is_in_and_they_are_gone():
    pram, edges = PRAM(), path(5)
    chosen = first_of_neighbours(pram, range(5), edges, Order([3, 0, 2, 4, 1]))
    assert chosen == [1, 4]
    assert without(pram, chosen, range(5), edges) == ([], [])
    assert without(pram, [0], range(5), edges) == ([2, 3, 4], [(2, 3), (3, 4)])


@given(st.integers(1, 25), st.floats(0, 1), st.integers(0, 999))
def test_is_independent_and_maximal(n, share, seed):
    edges = erdos_renyi(n, round(share * n * (n - 1) / 2), seed)
    graph = nx.Graph(edges)
    graph.add_nodes_from(range(n))
    found, _ = independent(n, edges, seed)
    assert graph.subgraph(found).number_of_edges() == 0
    assert nx.is_dominating_set(graph, found)
    assert found == sorted(set(found))


@pytest.mark.parametrize("edges", [path(5), star(5), cycle(5), complete(5)])
def test_a_node_is_in_for_one_order_of_d_plus_1(edges):
    degrees = dict(nx.Graph(edges).degree)
    found = [
        len(first_of_neighbours(PRAM(), range(5), edges, Order(order)))
        for order in permutations(range(5))
    ]
    assert Fraction(sum(found), len(found)) == sum(
        Fraction(1, d + 1) for d in degrees.values()
    )


@pytest.mark.parametrize("n", [6, 7])
def test_of_a_cycle_two_edges_in_45_are_left(n):
    left = []
    for order in permutations(range(n)):
        chosen = first_of_neighbours(PRAM(), range(n), cycle(n), Order(order))
        left.append(len(without(PRAM(), chosen, range(n), cycle(n))[1]))
    assert Fraction(sum(left), len(left) * n) == Fraction(2, 45)


def test_all_nodes_without_edges_are_in_after_one_round():
    found, cost = independent(4, [])
    assert found == [0, 1, 2, 3]
    assert cost.rounds == 1
    assert independent(0, [])[0] == []


def test_one_node_of_a_complete_graph_is_in():
    assert len(independent(9, complete(9))[0]) == 1


@pytest.mark.parametrize("edges", [path(36), star(36), grid(6, 6), complete(9)])
def test_costs_on_average_at_most_what_is_predicted(edges):
    n = max(max(edge) for edge in edges) + 1
    costs = [independent(n, edges, seed)[1] for seed in range(40)]
    predicted = luby_cost(n, len(edges))
    assert fmean(cost.work for cost in costs) <= predicted.work
    assert fmean(cost.rounds for cost in costs) <= predicted.rounds


def test_a_seed_decides_the_set():
    assert independent(36, grid(6, 6), 1) == independent(36, grid(6, 6), 1)
    assert independent(36, grid(6, 6), 1) != independent(36, grid(6, 6), 2)


def test_refuses_an_edge_that_is_none():
    with pytest.raises(BadInput, match="two different nodes"):
        independent(3, [(2, 2)])
