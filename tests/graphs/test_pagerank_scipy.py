import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323.datasets import import_graph, random_graph, web_graph
from cme323.errors import BadInput
from cme323.graphs import pagerank_networkx
from cme323.graphs.pagerank_scipy import link_matrix, pagerank, stationary

graphs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1)


def test_a_page_without_links_sends_everyone_home():
    # b = d a + (1 - d a - d 0)/2 and a + b = 1, so a = 1/(2 + d).
    assert pagerank([("a", "b")]) == pytest.approx({"a": 1 / 2.85, "b": 1.85 / 2.85})


@pytest.mark.parametrize("damping", [0.0, 0.5, 0.85, 0.99])
@pytest.mark.parametrize(
    "edges",
    [random_graph(100, 400, seed=1), web_graph(150, 4, seed=2), import_graph()],
    ids=["random", "web", "real"],
)
def test_agrees_with_networkx(edges, damping):
    expected = pagerank_networkx.pagerank(edges, damping)
    assert pagerank(edges, damping) == pytest.approx(expected, abs=1e-9)


def test_agrees_with_networkx_personalised():
    edges, home = web_graph(100, 3, seed=3), {0: 1.0, 5: 3.0}
    expected = pagerank_networkx.pagerank(edges, 0.7, personalization=home)
    assert pagerank(edges, 0.7, home) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=50)
@given(graphs, st.floats(0, 0.95))
def test_the_ranks_are_a_fixed_point_and_sum_to_one(edges, damping):
    places = sorted({page for edge in edges for page in edge})
    sources, targets = np.searchsorted(places, sorted(set(edges))).T
    links = link_matrix(sources, targets, len(places))
    ranks = stationary(links, damping)
    received = damping * (links @ ranks)
    assert ranks.sum() == pytest.approx(1)
    assert received + (1 - received.sum()) / len(places) == pytest.approx(ranks)


def test_links_that_lead_nowhere_are_bad_input():
    with pytest.raises(BadInput, match="damping must be"):
        pagerank([(0, 1)], damping=1)
    with pytest.raises(BadInput, match="personalization must map pages"):
        pagerank([(0, 1)], personalization={2: 1})
