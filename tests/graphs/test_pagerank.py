import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323 import Context
from cme323.datasets import import_graph, random_graph, web_graph
from cme323.graphs import pagerank_networkx
from cme323.graphs.pagerank import (
    link_lists,
    pagerank,
    pagerank_cost,
    pagerank_textbook,
    pagerank_textbook_cost,
    power_iteration,
)
from cme323.measure import run

ring = [(0, 1), (1, 2), (2, 0), (0, 2)]
graphs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1)


@pytest.fixture
def sc():
    return Context(partitions=3)


def size(edges):
    return len({page for edge in edges for page in edge}), len(set(edges))


def test_one_step_by_hand(sc):
    assert pagerank(sc, [("a", "b"), ("c", "b")], 0.85, 1) == pytest.approx(
        {
            "a": (1 - 0.85 * 2 / 3) / 3,
            "b": 0.85 * 2 / 3 + (1 - 0.85 * 2 / 3) / 3,
            "c": (1 - 0.85 * 2 / 3) / 3,
        }
    )


def test_no_steps_are_the_start(sc):
    assert pagerank(sc, ring, iterations=0) == pytest.approx(
        dict.fromkeys(range(3), 1 / 3)
    )


def test_both_rungs_agree_where_every_page_has_links_both_ways(sc):
    assert pagerank_textbook(sc, ring) == pytest.approx(pagerank(sc, ring), abs=1e-12)


@pytest.mark.parametrize(
    "edges",
    [
        random_graph(100, 400, seed=1),
        web_graph(150, 4, seed=2),
        [(page, 0) for page in range(1, 20)],
    ],
    ids=["random", "web", "sink"],
)
def test_agrees_with_networkx(sc, edges):
    assert pagerank(sc, edges, iterations=150) == pytest.approx(
        pagerank_networkx.pagerank(edges), abs=1e-9
    )


def test_agrees_with_networkx_on_a_real_graph():
    edges = import_graph()
    assert pagerank(Context(), edges, iterations=150) == pytest.approx(
        pagerank_networkx.pagerank(edges), abs=1e-9
    )


def test_agrees_with_networkx_personalised(sc):
    edges, home = web_graph(100, 3, seed=3), {0: 1.0, 5: 3.0}
    assert pagerank(sc, edges, 0.7, 100, home) == pytest.approx(
        pagerank_networkx.pagerank(edges, 0.7, personalization=home), abs=1e-9
    )


@settings(max_examples=25)
@given(graphs, st.floats(0, 1), st.integers(1, 5))
def test_ranks_sum_to_one_after_every_step(edges, damping, partitions):
    steps = power_iteration(Context(partitions), edges, damping)
    for _, ranks in zip(range(4), steps):
        assert ranks.values().sum() == pytest.approx(1, abs=1e-12)


@settings(max_examples=25)
@given(graphs, st.integers(1, 5))
def test_ranks_do_not_depend_on_the_partitions(edges, partitions):
    assert pagerank(Context(partitions), edges, 0.85, 3) == pytest.approx(
        pagerank(Context(1), edges, 0.85, 3)
    )


def test_repeated_links_count_once(sc):
    assert pagerank(sc, [*ring, *ring]) == pytest.approx(pagerank(sc, ring))


def test_a_start_of_ones_own(sc):
    first = next(power_iteration(sc, ring, start={2: 1.0})).collectAsMap()
    assert first == {0: 0.0, 1: 0.0, 2: 1.0}


def test_link_lists_hold_sinks_in_the_place_of_their_key(sc):
    links = link_lists(sc, [("a", "b"), ("a", "c")])
    assert sorted(links.collect()) == [("a", ["b", "c"]), ("b", []), ("c", [])]
    assert links.partitioner.numPartitions == 3


def test_an_empty_graph_has_no_ranks(sc):
    assert pagerank(sc, []) == {}


@pytest.mark.parametrize("partitions", [1, 2, 8])
def test_costs_at_most_what_is_predicted(partitions):
    edges = random_graph(60, 400, seed=4)
    cost = run(pagerank, Context(partitions), edges, iterations=5).cost
    predicted = pagerank_cost(*size(edges), iterations=5, partitions=partitions)
    assert cost.rounds == predicted.rounds
    assert cost <= predicted


@pytest.mark.parametrize("partitions", [1, 2, 8])
def test_the_textbook_costs_what_is_predicted(partitions):
    edges = [(page, (page + hop) % 40) for page in range(40) for hop in range(1, 6)]
    cost = run(pagerank_textbook, Context(partitions), edges, iterations=3).cost
    predicted = pagerank_textbook_cost(
        *size(edges), iterations=3, partitions=partitions
    )
    assert cost.rounds == predicted.rounds
    assert cost <= predicted
    more = run(pagerank_textbook, Context(partitions), edges, iterations=4).cost
    assert (more - cost).records == 2 * len(edges) + 40


@pytest.mark.parametrize("damping", [-0.1, 1.1])
def test_refuses_a_damping_that_is_no_probability(sc, damping):
    with pytest.raises(ValueError, match="between 0 and 1"):
        pagerank(sc, ring, damping)


@pytest.mark.parametrize("home", [{7: 1.0}, {0: 0.0}, {0: 2.0, 1: -1.0}, {}])
def test_refuses_a_home_that_leads_nowhere(sc, home):
    with pytest.raises(ValueError, match="personalization must map pages"):
        pagerank(sc, ring, personalization=home)


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_the_same_program_on_spark_gives_the_same_ranks_in_as_many_rounds(spark):
    edges, home = random_graph(30, 60, seed=5), {0: 1.0, 3: 2.0}
    theirs = run(pagerank, spark, edges, 0.85, 3, home)
    ours = run(pagerank, Context(4), edges, 0.85, 3, home)
    assert theirs.value == pytest.approx(ours.value, abs=1e-12)
    assert theirs.cost.rounds == ours.cost.rounds == 4
    assert theirs.cost.bytes > 0
    assert theirs.cost.records is None


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_the_textbook_runs_on_spark_too(spark):
    assert pagerank_textbook(spark, ring, 0.85, 2) == pytest.approx(
        pagerank_textbook(Context(4), ring, 0.85, 2)
    )
