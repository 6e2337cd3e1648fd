"""GraphX's ranks against networkx's in the limit, and a plain loop before it."""

import tempfile

import networkx as nx
import pytest

from cme323.datasets import import_graph
from cme323.errors import BadInput
from cme323.graphs import pagerank_networkx

graphx = pytest.importorskip("cme323.graphs.pagerank_graphx", reason="needs pyspark")

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]

SINKS = nx.gnp_random_graph(40, 0.05, seed=3, directed=True)
NO_SINKS = nx.compose(
    nx.gnp_random_graph(40, 0.1, seed=2, directed=True),
    nx.cycle_graph(40, create_using=nx.DiGraph),
)


def limit(edges, damping=0.85):
    """networkx's ranks."""
    return nx.pagerank(nx.DiGraph(edges), damping, tol=1e-14, max_iter=10_000)


def by_loop(edges, damping, iterations):
    """The recurrence of the docstring, one edge after another."""
    ranks = {node: 1 for edge in edges for node in edge}
    links = {node: [v for u, v in edges if u == node] for node in ranks}
    for _ in range(iterations):
        received = dict.fromkeys(ranks, 0)
        for u in ranks:
            for v in links[u]:
                received[v] += ranks[u] / len(links[u])
        ranks = {v: 1 - damping + damping * sum_ for v, sum_ in received.items()}
    total = sum(ranks.values())
    return {node: rank / total for node, rank in ranks.items()}


def test_a_cycle_shares_evenly(spark):
    third = pytest.approx(1 / 3)
    ranks = graphx.pagerank(spark, [("a", "b"), ("b", "c"), ("c", "a")], iterations=2)
    assert ranks == {"a": third, "b": third, "c": third}


def test_no_edges_no_ranks(spark):
    assert graphx.pagerank(spark, []) == {}


@pytest.mark.parametrize(("graph", "iterations"), [(NO_SINKS, 30), (SINKS, 60)])
def test_agrees_with_networkx_in_the_limit(spark, graph, iterations):
    edges = list(graph.edges)
    assert any(d == 0 for _, d in nx.DiGraph(edges).out_degree) == (graph is SINKS)
    ranks = graphx.pagerank(spark, edges, iterations=iterations, partitions=1)
    assert sum(ranks.values()) == pytest.approx(1, abs=1e-12)
    assert ranks == pytest.approx(limit(edges), abs=1e-9)


def test_a_repeated_pair_counts_once(spark):
    edges = [("a", "b"), ("a", "b"), ["a", "b"], ("a", "c"), ("b", "a"), ("c", "c")]
    ranks = graphx.pagerank(spark, edges, damping=0.3, iterations=20, partitions=1)
    assert ranks == pytest.approx(limit(edges, 0.3), abs=1e-9)


@pytest.mark.parametrize("damping", [0.85, 0, 1])
def test_before_the_limit_it_is_the_recurrence(spark, damping):
    edges = list(NO_SINKS.edges if damping == 1 else SINKS.edges)
    ranks = graphx.pagerank(spark, edges, damping=damping, iterations=3)
    assert ranks == pytest.approx(by_loop(edges, damping, 3), abs=1e-12)


def test_an_iteration_is_two_rounds(spark):
    def rounds(iterations):
        before = spark.cost
        graphx.pagerank(spark, list(SINKS.edges), iterations=iterations)
        return (spark.cost - before).rounds

    assert rounds(5) - rounds(2) == 2 * 3


def test_makes_no_call_to_java_for_each_edge(spark, monkeypatch):
    edges = [(i, 7 * i % 500) for i in range(500)]
    sent, client = [], spark._gateway._gateway_client
    send = client.send_command
    monkeypatch.setattr(
        client, "send_command", lambda c, *a, **k: sent.append(c) or send(c, *a, **k)
    )
    assert len(graphx.pagerank(spark, edges, iterations=1)) == 500
    assert 0 < len(sent) < 200


def test_leaves_no_file(spark, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    graphx.pagerank(spark, [(1, 2)], iterations=1)
    assert list(tmp_path.iterdir()) == []


def test_needs_a_spark_context():
    with pytest.raises(BadInput, match="got a NoneType: make one"):
        graphx.pagerank(None, [(1, 2)])


@pytest.mark.parametrize("bad", [{"damping": 1.5}, {"damping": -1}, {"iterations": 0}])
def test_refuses_a_damping_or_iterations_out_of_range(spark, bad):
    with pytest.raises(BadInput, match="damping from 0 to 1 and at least 1 iteration"):
        graphx.pagerank(spark, [(1, 2)], **bad)


@pytest.mark.parametrize("edge", [(1, 2, 3), (1,), "ab", 5])
def test_refuses_what_is_no_edge(spark, edge):
    with pytest.raises(BadInput, match="each edge as a pair"):
        graphx.pagerank(spark, [(1, 2), edge])


def test_agrees_with_networkx_on_a_real_graph(spark):
    edges = import_graph()
    assert graphx.pagerank(spark, edges, iterations=50, partitions=1) == pytest.approx(
        pagerank_networkx.pagerank(edges), abs=1e-9
    )
