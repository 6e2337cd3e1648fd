import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import minimum_spanning_tree

from cme323.datasets import complete, erdos_renyi, hypercube
from cme323.errors import BadInput
from cme323.parallel.boruvka import boruvka, boruvka_cost, lightest_edges
from cme323.pram import PRAM

sizes = st.integers(1, 20)
shares = st.floats(0, 1)
seeds = st.integers(0, 999)


def forest(n, edges, weights):
    pram = PRAM()
    return boruvka(pram, n, edges, weights), pram.cost


def graph(n, share, seed, kinds):
    """Edges with weights of so many kinds."""
    edges = erdos_renyi(n, round(share * n * (n - 1) / 2), seed)
    weights = np.random.default_rng(seed).integers(1, kinds + 1, size=len(edges))
    return edges, weights.tolist()


def test_a_square_leaves_out_its_heaviest_edge():
    square = [(0, 1), (1, 2), (2, 3), (3, 0)]
    assert forest(4, square, [5, 2, 1, 3])[0] == [1, 2, 3]


def test_a_component_takes_its_lightest_edge_and_of_equal_ones_the_first():
    crossing = [(0, 1, 7, 0), (0, 2, 3, 1), (2, 0, 3, 2)]
    assert lightest_edges(PRAM(), crossing) == {
        0: (3, 1, 2),
        1: (7, 0, 0),
        2: (3, 1, 0),
    }


@given(sizes, shares, seeds, st.sampled_from([1, 3, 1000]))
def test_is_a_forest_as_heavy_as_that_of_networkx(n, share, seed, kinds):
    edges, weights = graph(n, share, seed, kinds)
    theirs = nx.Graph()
    theirs.add_nodes_from(range(n))
    theirs.add_weighted_edges_from((u, v, w) for (u, v), w in zip(edges, weights))
    found, _ = forest(n, edges, weights)
    assert sum(weights[i] for i in found) == nx.minimum_spanning_tree(theirs).size(
        "weight"
    )
    assert len(found) == n - nx.number_connected_components(theirs)
    assert not found or nx.is_forest(nx.Graph(edges[i] for i in found))


def test_agrees_with_scipy():
    edges, weights = graph(40, 0.3, 7, kinds=1000)
    u, v = np.transpose(edges)
    tree = minimum_spanning_tree(csr_array((weights, (u, v)), shape=(40, 40)))
    assert sum(weights[i] for i in forest(40, edges, weights)[0]) == tree.sum()


@given(sizes, shares, seeds, st.sampled_from([1, 3, 1000]))
def test_costs_at_most_what_is_predicted(n, share, seed, kinds):
    edges, weights = graph(n, share, seed, kinds)
    assert forest(n, edges, weights)[1] <= boruvka_cost(n, len(edges))


@pytest.mark.parametrize("k", range(1, 6))
def test_a_hypercube_weighed_by_its_dimensions_takes_them_one_by_one(k):
    edges = hypercube(k)
    cost = forest(2**k, edges, [u ^ v for u, v in edges])[1]
    assert cost.rounds == boruvka_cost(2**k, len(edges)).rounds == k


def test_equal_weights_close_no_cycle():
    assert len(forest(9, complete(9), [1] * 36)[0]) == 8


def test_two_edges_between_the_same_nodes_compete():
    assert forest(2, [(0, 1), (1, 0), (0, 1)], [3, 2, 2])[0] == [1]


def test_a_negative_or_a_broken_weight_is_a_weight():
    assert forest(3, complete(3), [0.5, -2.0, 0.25])[0] == [1, 2]


def test_a_graph_without_edges_has_an_empty_forest():
    assert forest(3, [], [])[0] == forest(0, [], [])[0] == []


def test_refuses_edges_without_a_weight():
    with pytest.raises(BadInput, match="3 edges came with 2 weights"):
        forest(3, complete(3), [1, 2])
