import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.datasets import erdos_renyi, path, star
from cme323.errors import BadInput
from cme323.parallel.label_propagation import (
    label_propagation,
    label_propagation_cost,
)
from cme323.pram import PRAM

shares = st.floats(0, 0.4)
seeds = st.integers(0, 999)


def labels(n, edges):
    pram = PRAM()
    return label_propagation(pram, n, edges), pram.cost


def in_networkx(n, edges):
    graph = nx.Graph(edges)
    graph.add_nodes_from(range(n))
    return graph


def test_the_label_of_a_path_goes_one_step_in_a_round():
    assert labels(4, path(4)) == ([0] * 4, label_propagation_cost(4, 3, 3, degree=2))
    assert labels(4, path(4))[1].rounds == 4


@given(st.integers(1, 25), shares, seeds)
def test_agrees_with_networkx_and_costs_exactly_what_is_predicted(n, share, seed):
    edges = erdos_renyi(n, round(share * n * (n - 1) / 2), seed)
    graph = in_networkx(n, edges)
    found, cost = labels(n, edges)
    away = 0
    for component in nx.connected_components(graph):
        assert {found[v] for v in component} == {min(component)}
        steps = nx.single_source_shortest_path_length(graph, min(component))
        away = max(away, *steps.values(), 0)
    degree = max(degree for _, degree in graph.degree)
    assert cost == label_propagation_cost(n, len(edges), away, degree)


def test_a_star_takes_three_rounds_if_its_centre_is_not_the_least():
    edges = [(9 - u, 9 - v) for u, v in star(10)]
    assert labels(10, edges)[1].rounds == 3
    assert labels(10, star(10))[1].rounds == 2


def test_a_graph_without_nodes_has_no_labels():
    assert labels(0, [])[0] == []


def test_refuses_an_edge_that_is_none():
    with pytest.raises(BadInput, match="two different nodes"):
        labels(3, [(0, 3)])
