from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.datasets import random_graph, web_graph
from cme323.errors import BadInput

sizes = st.integers(1, 40)


def in_degrees(edges):
    return Counter(target for _, target in edges)


def assert_simple(edges, nodes):
    """Sorted, distinct, without self-loops, between plain ints from 0 to n - 1."""
    assert edges == sorted(set(edges))
    assert all(source != target for source, target in edges)
    assert {node for edge in edges for node in edge} <= set(range(nodes))
    assert {type(node) for edge in edges for node in edge} <= {int}


def test_all_edges_make_the_complete_graph():
    complete = [(a, b) for a in range(5) for b in range(5) if a != b]
    assert random_graph(5, 20) == complete


@given(nodes=sizes, share=st.floats(0, 1), seed=st.integers(0, 99))
def test_random_graphs_are_simple_and_have_the_size_asked_for(nodes, share, seed):
    edges = round(share * nodes * (nodes - 1))
    graph = random_graph(nodes, edges, seed)
    assert_simple(graph, nodes)
    assert len(graph) == edges


def test_every_edge_is_equally_likely():
    counts = Counter(e for seed in range(3000) for e in random_graph(4, 3, seed))
    expected = 3000 * 3 / 12
    chi_square = sum((seen - expected) ** 2 / expected for seen in counts.values())
    assert len(counts) == 12
    assert chi_square < 31.3  # 1 in 1,000, with 11 degrees of freedom


def test_a_large_sparse_graph_takes_memory_for_its_edges_only():
    assert len(random_graph(10**9, 1000)) == 1000


@given(nodes=sizes, share=st.floats(0, 0.99), seed=st.integers(0, 99))
def test_web_graphs_are_simple_and_keep_to_their_out_degree(nodes, share, seed):
    out_degree = int(share * nodes)
    graph = web_graph(nodes, out_degree, seed)
    assert_simple(graph, nodes)
    assert max(Counter(a for a, _ in graph).values(), default=0) <= out_degree


def test_web_graphs_have_the_sinks_asked_for():
    sources = {source for source, _ in web_graph(1000, 10, sinks=0.25)}
    assert len(sources) == 750
    assert web_graph(1000, 10, sinks=1) == []


def test_links_that_are_never_copied_are_uniform():
    degrees = in_degrees(web_graph(2000, 10, copying=0, sinks=0))
    assert np.mean(list(degrees.values())) == pytest.approx(10, rel=0.01)
    assert max(degrees.values()) < 30


@pytest.mark.parametrize("copying", [0.4, 0.6, 0.8])
def test_in_degrees_fall_with_the_power_of_the_copying_model(copying):
    degrees = in_degrees(web_graph(200_000, 1, copying=copying, sinks=0)).values()
    tail = np.sort(list(degrees))[-500:]
    hill = 1 / np.mean(np.log(tail / tail[0]))  # estimates the exponent, less 1
    assert hill == pytest.approx(1 / copying, rel=0.15)


def test_links_always_copied_are_those_of_the_first_page():
    graph = web_graph(50, 3, copying=1, sinks=0)
    assert set(in_degrees(graph)) <= set(in_degrees(graph[:3])) | {0}


def test_web_graphs_have_cycles():
    backward = [edge for edge in web_graph(200, 3) if edge[0] > edge[1]]
    assert 0 < len(backward) < len(web_graph(200, 3))


@pytest.mark.parametrize(("graph", "size"), [(random_graph, 40), (web_graph, 4)])
def test_a_seed_decides_the_graph(graph, size):
    assert graph(20, size, seed=5) == graph(20, size, seed=5)
    assert graph(20, size, seed=5) != graph(20, size, seed=6)


def test_more_edges_than_exist_are_refused():
    with pytest.raises(BadInput, match="at most 12 directed edges, but 13"):
        random_graph(4, 13)


def test_an_out_degree_of_all_nodes_is_refused():
    with pytest.raises(BadInput, match="out-degrees of at most 3, but 4"):
        web_graph(4, 4)


@pytest.mark.parametrize("graph", [random_graph, web_graph])
@pytest.mark.parametrize("size", [(0, 0), (-1, 0), (4, -1), (1e3, 3), (4, "3")])
def test_sizes_that_are_no_sizes_are_refused(graph, size):
    with pytest.raises(BadInput, match="must be a whole number"):
        graph(*size)


@pytest.mark.parametrize("share", ["copying", "sinks"])
@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_shares_outside_0_to_1_are_refused(share, value):
    with pytest.raises(BadInput, match=f"{share} must be a share"):
        web_graph(10, 2, **{share: value})
