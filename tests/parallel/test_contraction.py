from math import log2

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.datasets import binomial_tree, erdos_renyi, path, relabelled, star
from cme323.errors import BadInput
from cme323.parallel.contraction import (
    contract,
    contraction,
    contraction_cost,
    hook,
    least_neighbours,
)
from cme323.parallel.label_propagation import label_propagation
from cme323.pram import PRAM, plain

sizes = st.integers(1, 30)
shares = st.floats(0, 0.4)
seeds = st.integers(0, 999)


def labels(n, edges):
    pram = PRAM()
    return contraction(pram, n, edges), pram.cost


def test_a_round_by_hand():
    # 2 - 0 - 3 - 1: two pairs that chose each other, (0, 2) and (1, 3).
    pram, edges = PRAM(), [(0, 2), (0, 3), (1, 3)]
    parent = pram.array(range(4))
    chosen = least_neighbours(pram, edges)
    assert {v: int(w) for v, w in chosen.items()} == {0: 2, 2: 0, 1: 3, 3: 0}
    hook(pram, parent, chosen)
    assert plain(parent) == [0, 0, 0, 0]
    assert contract(pram, parent, edges) == []


def test_what_an_edge_carries_stays_with_it():
    pram = PRAM()
    edges = contract(pram, pram.array([0, 0, 2, 2]), [(0, 1, "a"), (1, 3, "b")])
    assert edges == [(0, 2, "b")]


@given(sizes, shares, seeds)
def test_agrees_with_networkx_and_with_label_propagation(n, share, seed):
    edges = erdos_renyi(n, round(share * n * (n - 1) / 2), seed)
    graph = nx.Graph(edges)
    graph.add_nodes_from(range(n))
    found, _ = labels(n, edges)
    for component in nx.connected_components(graph):
        assert {found[v] for v in component} == {min(component)}
    assert found == label_propagation(PRAM(), n, edges)


@given(sizes, shares, seeds)
def test_costs_at_most_what_is_predicted(n, share, seed):
    edges = erdos_renyi(n, round(share * n * (n - 1) / 2), seed)
    assert labels(n, edges)[1] <= contraction_cost(n, len(edges))


@pytest.mark.parametrize("graph", [path, star])
def test_rounds_are_logarithmic_where_nodes_are_numbered_at_random(graph):
    rounds = labels(300, relabelled(300, graph(300)))[1].rounds
    assert rounds <= log2(300)


def test_a_binomial_tree_halves_in_each_round():
    assert [labels(2**k, binomial_tree(k))[1].rounds for k in range(1, 7)] == [
        *range(1, 7)
    ]


def test_edges_that_come_twice_do_no_harm():
    assert labels(3, [(0, 1), (1, 0), (0, 1)])[0] == [0, 0, 2]


def test_a_graph_without_edges_takes_no_round():
    found, cost = labels(3, [])
    assert found == [0, 1, 2]
    assert cost.rounds is None
    assert labels(0, [])[0] == []


def test_refuses_an_edge_that_is_none():
    with pytest.raises(BadInput, match="two different nodes"):
        labels(3, [(1, 1)])
