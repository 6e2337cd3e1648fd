"""Ranks against a plain loop, networkx in the limit, the engine, and GraphX."""

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323 import Context
from cme323.errors import BadInput
from cme323.graphs import pagerank as on_rdds
from cme323.mapreduce import MapReduce
from cme323.mapreduce.pagerank import pagerank, pagerank_cost

SINKS = list(nx.gnp_random_graph(40, 0.05, seed=3, directed=True).edges)
RING = [(i, (i + hop) % 12) for i in range(12) for hop in (1, 2, 5)]

links = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1)


def ranks(edges, partitions=3, **options):
    with MapReduce(partitions) as machine:
        return pagerank(machine, machine.write(edges), **options)


def by_loop(edges, damping, iterations):
    """The recurrence of the docstring, one edge after another."""
    edges = set(edges)
    found = {page: 1.0 for edge in edges for page in edge}
    for _ in range(iterations):
        received = dict.fromkeys(found, 0.0)
        for u, v in edges:
            received[v] += found[u] / sum(u == w for w, _ in edges)
        found = {v: 1 - damping + damping * r for v, r in received.items()}
    total = sum(found.values())
    return {page: rank / total for page, rank in found.items()}


def test_a_cycle_shares_evenly():
    found = ranks([("a", "b"), ("b", "c"), ("c", "a")], iterations=2)
    assert found == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})


@given(links, st.floats(0, 0.99), st.integers(0, 3))
@settings(max_examples=30)
def test_is_the_recurrence(edges, damping, iterations):
    found = ranks(edges, damping=damping, iterations=iterations)
    assert found == pytest.approx(by_loop(edges, damping, iterations), abs=1e-12)


def test_agrees_with_networkx_in_the_limit():
    limit = nx.pagerank(nx.DiGraph(SINKS), tol=1e-14, max_iter=10_000)
    assert ranks(SINKS, iterations=60) == pytest.approx(limit, abs=1e-9)


def test_agrees_with_the_engine_after_each_step_if_no_page_is_a_sink():
    for k in (1, 4):
        expected = dict(on_rdds.pagerank(Context(), RING, iterations=k))
        assert ranks(RING, iterations=k) == pytest.approx(expected, abs=1e-12)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_agrees_with_graphx_after_each_step(spark):
    from cme323.graphs import pagerank_graphx

    for k in (1, 4):
        expected = pagerank_graphx.pagerank(spark, SINKS, iterations=k)
        assert ranks(SINKS, iterations=k) == pytest.approx(expected, abs=1e-12)


def test_costs_no_more_than_predicted_and_reads_all_in_each_iteration():
    def machine_after(k):
        machine = MapReduce(partitions=4)
        pagerank(machine, machine.write(RING), iterations=k)
        return machine

    n, m = 12, len(RING)
    for k in (0, 1, 5):
        predicted = pagerank_cost(n, m, k, 4)
        assert machine_after(k).cost <= predicted
        assert machine_after(k).cost.rounds == predicted.rounds
    jobs = machine_after(5).jobs
    assert len({(job.cost.disk_read, job.cost.disk_written) for job in jobs[1:]}) == 1
    assert all(job.counters.map_output_records == n + m for job in jobs[1:])


def test_keeps_the_files_of_the_last_iteration_alone(tmp_path):
    machine = MapReduce(2, tmp_path)
    pagerank(machine, machine.write(RING), iterations=5)
    assert [path.name for path in sorted(tmp_path.iterdir())] == [
        "0000-data",
        "0006-job",
    ]


@pytest.mark.parametrize("bad", [{"damping": 1.5}, {"iterations": -1}])
def test_refuses_a_damping_or_iterations_out_of_range(bad):
    with pytest.raises(BadInput, match="damping from 0 to 1"):
        ranks(RING, **bad)
