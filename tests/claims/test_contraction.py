"""A14 to A16 notice what is planted; test_claims.py has them confirmed."""

import networkx as nx
import pytest

from cme323.claims import claim
from cme323.claims import contraction as claims
from cme323.claims.claim import REFUTED
from cme323.claims.families import family
from cme323.errors import BadInput
from cme323.parallel import boruvka, contraction, label_propagation, random_mate
from cme323.parallel.undirected import both_ways
from cme323.pram import PRAM


def fails(name, says):
    """Is this experiment of a claim refuted?"""
    (experiment,) = [e for e in claim(name).experiments if e.says == says]
    return experiment.perform().verdict == REFUTED


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


@pytest.mark.parametrize("name", ["path", "star", "grid", "Erdos-Renyi"])
def test_kruskal_and_the_searches_agree_with_networkx(name):
    edges = family(name, 25)[::2]
    graph = nx.Graph(edges)
    graph.add_nodes_from(range(25))
    parts = list(nx.connected_components(graph))
    labels = claims.least_labels(25, edges)
    assert all({labels[v] for v in part} == {min(part)} for part in parts)
    assert claims.eccentricity(25, edges) == max(
        nx.eccentricity(graph.subgraph(part), min(part)) for part in parts
    )
    weights = claims.few_weights(edges)
    graph.add_weighted_edges_from((u, v, w) for (u, v), w in zip(edges, weights))
    lightest = nx.minimum_spanning_tree(graph).size("weight")
    assert claims.kruskal(25, edges, weights) == lightest


def test_labels_that_join_or_split_components_are_mislabelled():
    edges = [(0, 1), (2, 3)]
    assert claims.mislabelled(4, edges, [1, 1, 0, 0]) == 0
    assert claims.mislabelled(4, edges, [1, 1, 1, 1]) > 0
    assert claims.mislabelled(4, edges, [1, 1, 2, 3]) > 0


def test_A14_notices_edges_that_are_not_the_lightest(monkeypatch):
    lightest = boruvka.lightest_edges

    def first(pram, crossing):
        return lightest(pram, [(u, v, 0, i) for u, v, _, i in crossing])

    monkeypatch.setattr(boruvka, "lightest_edges", first)
    assert fails("A14", "as heavy as Kruskal's, with many equal weights")


def test_equal_weights_without_a_number_close_a_cycle(monkeypatch):
    def without_number(pram, crossing):
        """All edges are equal, and each component takes one that names it first."""
        return {u: (w, i, v) for u, v, w, i in crossing}

    triangle = [(0, 1), (1, 2), (2, 0)]
    assert boruvka.boruvka(PRAM(), 3, triangle, [1, 1, 1]) == [0, 1]
    monkeypatch.setattr(boruvka, "lightest_edges", without_number)
    with pytest.raises(BadInput, match="form a cycle"):
        boruvka.boruvka(PRAM(), 3, triangle, [1, 1, 1])


def test_A14_notices_a_round_too_many(monkeypatch):
    contract = boruvka.contract

    def slow(pram, parent, edges):
        pram.round()
        return contract(pram, parent, edges)

    monkeypatch.setattr(boruvka, "contract", slow)
    assert fails("A14", "a hypercube takes log2 n rounds")


def test_A14_notices_hooks_that_are_not_counted(monkeypatch):
    hook = boruvka.hook

    def uncounted(pram, parent, chosen):
        hook(pram, parent, {v: int(other) for v, other in chosen.items()})

    monkeypatch.setattr(boruvka, "hook", uncounted)
    assert refuted("A14") == [
        "a hypercube takes 5/2 m(log2 n + 1) + 4(n - 1) - 2 log2 n operations"
    ]


def test_A14_notices_edges_that_are_scanned_twice(monkeypatch):
    contract = boruvka.contract

    def twice(pram, parent, edges):
        contract(pram, parent, edges)
        return contract(pram, parent, edges)

    monkeypatch.setattr(boruvka, "contract", twice)
    assert refuted("A14")


def test_A15_notices_a_coin_that_is_not_fair(monkeypatch):
    def unfair(pram, n, rng):
        return pram.array(int(x < 0.4) for x in rng.random(n))

    monkeypatch.setattr(claims, "toss", unfair)
    assert fails("A15", "d-regular: n(1/2 + 2^-(d+1)) stay")


def test_A15_notices_that_an_edge_is_seen_from_one_end_only(monkeypatch):
    def one_way(pram, parent, edges, heads):
        def meet(edge):
            u, v = edge
            if heads[u] < heads[v]:
                parent[u] = parent[v]

        pram.map(meet, edges)

    monkeypatch.setattr(claims, "mate", one_way)
    assert refuted("A15") == [
        "d-regular: n(1/2 + 2^-(d+1)) stay",
        "any graph: the sum of 1/2 + 2^-(d+1) over its nodes",
    ]


def test_A15_notices_stars_that_do_not_learn_their_last_centre(monkeypatch):
    monkeypatch.setattr(random_mate, "jump_to_roots", lambda pram, parent, nodes: None)
    assert refuted("A15") == ["labels are equal in a component, and only there"]


def test_A15_notices_edges_along_which_nobody_mates(monkeypatch):
    mate = random_mate.mate

    def every_fourth(pram, parent, edges, heads):
        mate(pram, parent, edges[::4], heads)

    monkeypatch.setattr(random_mate, "mate", every_fourth)
    assert fails("A15", "on average at most log_4/3(n/2) + 4 rounds")


def test_A16_notices_labels_that_run_ahead(monkeypatch):
    def at_once(pram, label, near):
        """Each node reads what the one before it has just written."""
        new = list(label)
        for v in range(len(new)):
            new[v] = label_propagation.least(pram, [new[v], *(new[u] for u in near[v])])
        return new, any(a != b for a, b in zip(new, label))

    monkeypatch.setattr(label_propagation, "flood", at_once)
    assert fails("A16", "label propagation: eccentricity + 1 rounds")


def test_A16_notices_a_neighbour_that_is_not_asked(monkeypatch):
    flood = label_propagation.flood

    def deaf(pram, label, near):
        return flood(pram, label, [others[1:] for others in near])

    monkeypatch.setattr(label_propagation, "flood", deaf)
    assert fails("A16", "label propagation: eccentricity + 1 rounds")


def test_A16_notices_components_that_wait(monkeypatch):
    hook = contraction.hook

    def half(pram, parent, chosen):
        """Only the first half of the components join another."""
        first = sorted(chosen)[: len(chosen) // 2]
        first += [int(chosen[v]) for v in first]
        hook(pram, parent, {v: chosen[v] for v in first})

    monkeypatch.setattr(contraction, "hook", half)
    assert fails("A16", "contraction: at most floor(log2 n) rounds")


def test_A16_notices_that_the_greatest_neighbour_is_chosen(monkeypatch):
    def greatest(pram, edges):
        chosen = {}
        for u, v in both_ways(edges):
            chosen[u] = max(v, chosen.get(u, v))
        return dict(zip(chosen, pram.array(chosen.values())))

    monkeypatch.setattr(contraction, "least_neighbours", greatest)
    assert any("the least node of its component" in says for says in refuted("A16"))
