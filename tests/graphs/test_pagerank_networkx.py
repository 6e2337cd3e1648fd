import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323.datasets import random_graph, web_graph
from cme323.errors import BadInput
from cme323.graphs.pagerank_networkx import pagerank

SINK = [("a", "b"), ("c", "b")]


def exact(edges, damping, personalization=None):
    """Solve x = damping (P'x + home * rank of sinks) + (1 - damping) home."""
    pages = sorted({page for edge in edges for page in edge})
    index = {page: i for i, page in enumerate(pages)}
    links = np.zeros((len(pages), len(pages)))
    for source, target in edges:
        links[index[source], index[target]] = 1
    weights = personalization or dict.fromkeys(pages, 1)
    home = np.array([weights.get(page, 0) for page in pages]) / sum(weights.values())
    links[links.sum(axis=1) == 0] = home
    steps = (links / links.sum(axis=1, keepdims=True)).T
    ranks = np.linalg.solve(np.eye(len(pages)) - damping * steps, (1 - damping) * home)
    return dict(zip(pages, ranks.tolist()))


def test_a_chain_with_a_sink_has_the_ranks_worked_out_by_hand():
    # a = c = jump, b = jump + 2 (.85) a, where jump = (.15 + .85 b) / 3.
    ranks = pagerank(SINK)
    assert ranks["a"] == pytest.approx(1 / 4.7, abs=1e-9)
    assert ranks["b"] == pytest.approx(2.7 / 4.7, abs=1e-9)


@pytest.mark.parametrize("damping", [0, 0.5, 0.85, 0.99])
@pytest.mark.parametrize(
    "edges",
    [random_graph(100, 300), web_graph(100, 3), [(i, 0) for i in range(1, 300)]],
)
def test_agrees_with_a_linear_solver(edges, damping):
    expected = exact(edges, damping)
    assert pagerank(edges, damping) == pytest.approx(expected, rel=0, abs=1e-9)


def test_sinks_send_their_rank_where_the_jumps_go():
    weights = {"a": 3, "b": 1}
    expected = exact(SINK, 0.85, weights)
    assert pagerank(SINK, personalization=weights) == pytest.approx(expected, abs=1e-9)
    assert expected["c"] == 0


@settings(max_examples=30, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1))
def test_ranks_of_any_graph_sum_to_one(edges):
    assert sum(pagerank(edges).values()) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("n", [2, 1_000, 20_000])
def test_the_hub_of_a_large_star_does_not_keep_it_from_ending(n):
    ranks = pagerank([(i, 0) for i in range(1, n)])
    leaf = 1 / (n + 0.85 * (n - 1))
    assert ranks[0] == pytest.approx(leaf * (1 + 0.85 * (n - 1)), abs=1e-9)


def test_repeated_edges_count_once():
    edges = [("a", "b"), ("a", "c"), ("c", "a")]
    assert pagerank([*edges, ("a", "b")]) == pagerank(edges)


def test_no_edges_have_no_ranks():
    assert pagerank([]) == {}


@pytest.mark.parametrize("damping", [-0.1, 1, 1.5, float("nan")])
def test_a_damping_without_a_limit_is_refused(damping):
    with pytest.raises(BadInput, match="below 1"):
        pagerank(SINK, damping)


@pytest.mark.parametrize("weights", [{}, {"z": 1}, {"a": 0}, {"a": 2, "b": -1}])
def test_weights_that_lead_nowhere_are_refused(weights):
    with pytest.raises(BadInput, match="personalization must map pages"):
        pagerank(SINK, personalization=weights)
