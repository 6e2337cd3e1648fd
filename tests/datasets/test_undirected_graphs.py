from collections import Counter

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.datasets import (
    binomial_tree,
    complete,
    cycle,
    erdos_renyi,
    grid,
    hypercube,
    path,
    random_regular,
    relabelled,
    star,
)
from cme323.errors import BadInput

NAMED = {
    "path": (path(7), nx.path_graph(7)),
    "cycle": (cycle(7), nx.cycle_graph(7)),
    "star": (star(7), nx.star_graph(6)),
    "complete": (complete(7), nx.complete_graph(7)),
    "hypercube": (hypercube(4), nx.hypercube_graph(4)),
    "binomial tree": (binomial_tree(4), nx.binomial_tree(4)),
    "grid": (grid(3, 5), nx.grid_2d_graph(3, 5)),
}


def assert_simple(edges, nodes):
    """Sorted, distinct pairs (u, v) of plain ints with u < v."""
    assert edges == sorted(set(edges))
    assert all(0 <= u < v < nodes for u, v in edges)
    assert {type(node) for edge in edges for node in edge} <= {int}


@pytest.mark.parametrize("name", NAMED)
def test_graphs_with_a_name_are_those_of_networkx(name):
    edges, theirs = NAMED[name]
    assert_simple(edges, len(theirs))
    assert nx.is_isomorphic(nx.Graph(edges), theirs)


def test_the_least_graphs_have_no_edges():
    assert path(1) == star(1) == complete(1) == grid(1, 1) == []
    assert hypercube(0) == binomial_tree(0) == []


def test_each_node_of_a_binomial_tree_has_its_mate_as_its_least_neighbour():
    tree = nx.Graph(binomial_tree(4))
    assert all(min(tree[v]) == (v + 8 if v < 8 else v - 8) for v in tree)


@given(st.integers(1, 30), st.floats(0, 1), st.integers(0, 99))
def test_erdos_renyi_graphs_have_the_size_asked_for(nodes, share, seed):
    edges = round(share * nodes * (nodes - 1) / 2)
    graph = erdos_renyi(nodes, edges, seed)
    assert_simple(graph, nodes)
    assert len(graph) == edges


def test_every_edge_is_equally_likely():
    counts = Counter(e for seed in range(2000) for e in erdos_renyi(4, 2, seed))
    expected = 2000 * 2 / 6
    assert set(counts) == set(complete(4))
    chi_square = sum((seen - expected) ** 2 / expected for seen in counts.values())
    assert chi_square < 20.5  # 1 in 1,000, with 5 degrees of freedom


@pytest.mark.parametrize(("n", "d"), [(2, 1), (6, 5), (9, 4), (30, 3), (40, 8), (5, 0)])
def test_regular_graphs_have_as_many_neighbours_everywhere(n, d):
    for seed in range(20):
        edges = random_regular(n, d, seed)
        assert_simple(edges, n)
        degrees = Counter(v for edge in edges for v in edge)
        assert [degrees[v] for v in range(n)] == [d] * n


def test_all_regular_graphs_come():
    # 4 nodes of degree 2: three squares.
    assert len({tuple(random_regular(4, 2, seed)) for seed in range(30)}) == 3


def test_a_seed_decides_the_graph():
    for graph in (
        lambda seed: erdos_renyi(20, 40, seed),
        lambda seed: random_regular(20, 3, seed),
        lambda seed: relabelled(20, path(20), seed),
    ):
        assert graph(5) == graph(5) != graph(6)


def test_new_numbers_leave_the_graph_what_it_is():
    edges = relabelled(15, grid(3, 5), seed=1)
    assert_simple(edges, 15)
    assert edges != grid(3, 5)
    assert nx.is_isomorphic(nx.Graph(edges), nx.Graph(grid(3, 5)))


def test_more_edges_than_exist_are_refused():
    with pytest.raises(BadInput, match="at most 6 edges, but 7"):
        erdos_renyi(4, 7)


@pytest.mark.parametrize(("n", "d"), [(4, 4), (5, 3), (1, 1)])
def test_regular_graphs_that_do_not_exist_are_refused(n, d):
    with pytest.raises(BadInput, match=f"no graph of {n} nodes has {d} neighbours"):
        random_regular(n, d)


@pytest.mark.parametrize(
    "graph", [path, star, complete, lambda n: grid(n, 2), lambda n: erdos_renyi(n, 0)]
)
@pytest.mark.parametrize("size", [0, -1, 2.5, "3"])
def test_sizes_that_are_no_sizes_are_refused(graph, size):
    with pytest.raises(BadInput, match="must be a whole number"):
        graph(size)
