"""A17 and A18 notice what is planted; test_claims.py has them confirmed."""

from math import log2

from cme323.claims import claim, symmetry
from cme323.claims.claim import REFUTED
from cme323.parallel import list_ranking, luby
from cme323.parallel.list_ranking import _check_list


def fails(name, says):
    """Is this experiment of a claim refuted?"""
    (experiment,) = [e for e in claim(name).experiments if e.says == says]
    return experiment.perform().verdict == REFUTED


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def planted(monkeypatch, name, function):
    """In the algorithm, and where the claims have it from there."""
    for module in (luby, list_ranking, symmetry):
        if hasattr(module, name):
            monkeypatch.setattr(module, name, function)


def test_a_linked_list_is_one():
    _check_list(symmetry.linked_list(50))
    assert symmetry.linked_list(50) != symmetry.linked_list(50, seed=1)


def test_a_rank_is_wrong_where_it_is_not_one_more_than_the_next():
    assert symmetry.wrong_ranks([2, 1, 0], [1, 2, 2]) == 0
    assert symmetry.wrong_ranks([2, 1, 1], [1, 2, 2]) == 2


def test_what_is_no_maximal_independent_set_is_counted(monkeypatch):
    monkeypatch.setattr(symmetry, "luby", lambda pram, n, edges, rng: [0, 1])
    assert symmetry.not_maximal_or_not_independent(4, [(0, 1), (1, 2), (2, 3)], 0) == 2


def test_A17_notices_edges_that_are_not_compared(monkeypatch):
    first = luby.first_of_neighbours

    def every_other(pram, nodes, edges, rng):
        return first(pram, nodes, edges[::2], rng)

    planted(monkeypatch, "first_of_neighbours", every_other)
    assert fails("A17", "the first round brings in the sum of 1/(d + 1)")
    assert fails("A17", "no edge inside, no node outside that could come in")


def test_A17_notices_an_order_that_is_not_random(monkeypatch):
    first = luby.first_of_neighbours

    def in_order(pram, nodes, edges, rng):
        return first(pram, nodes, edges, symmetry.InOrder)

    planted(monkeypatch, "first_of_neighbours", in_order)
    assert fails("A17", "43/45 of the edges of a cycle go in the first round")


def test_A17_notices_neighbours_that_are_left(monkeypatch):
    def only_chosen(pram, chosen, nodes, edges):
        left = [v for v in nodes if v not in chosen]
        return left, [e for e in edges if not set(chosen) & set(e)]

    planted(monkeypatch, "without", only_chosen)
    assert fails("A17", "no edge inside, no node outside that could come in")
    assert fails("A17", "43/45 of the edges of a cycle go in the first round")


def test_A17_notices_rounds_with_one_node_each(monkeypatch):
    first = luby.first_of_neighbours

    def one(pram, nodes, edges, rng):
        return first(pram, nodes, edges, rng)[:1]

    planted(monkeypatch, "first_of_neighbours", one)
    assert fails("A17", "on average at most log2 m + 3 rounds")
    assert fails("A17", "each round leaves at most half of the edges on average")


def test_A18_notices_a_jump_too_many(monkeypatch):
    jumps = list_ranking.jumps
    monkeypatch.setattr(list_ranking, "jumps", lambda n: jumps(n) + 1)
    assert refuted("A18") == ["Wyllie: log2 n operations one after another"]


def test_A18_notices_a_jump_too_few(monkeypatch):
    jumps = list_ranking.jumps
    monkeypatch.setattr(list_ranking, "jumps", lambda n: max(jumps(n) - 1, 0))
    assert fails("A18", "no rank is wrong")


def test_A18_notices_a_sample_of_half_of_the_nodes(monkeypatch):
    monkeypatch.setattr(list_ranking, "log2", lambda n: 2)
    assert fails("A18", "sampling: operations as n^1")


def test_A18_notices_a_sample_that_is_too_small(monkeypatch):
    monkeypatch.setattr(list_ranking, "log2", lambda n: log2(n) ** 2)
    assert fails("A18", "the longest walk of 20 lists is at most 2 log2² n steps")


def test_A18_notices_a_sample_that_clusters(monkeypatch):
    sample = list_ranking.sample

    def clustered(pram, after, rng):
        """As many as there should be, but all at the start, and the end."""
        order = list(set(range(len(after))) - set(after))
        while after[order[-1]] != order[-1]:
            order.append(after[order[-1]])
        return [*order[: len(sample(pram, after, rng)) - 1], order[-1]]

    planted(monkeypatch, "sample", clustered)
    assert fails("A18", "the longest walk of 20 lists is at most 2 log2² n steps")


def test_A18_notices_ranks_that_a_walk_gets_wrong(monkeypatch):
    expand = list_ranking.expand

    def off_by_one(pram, after, ranks):
        return [
            rank + (v not in ranks) for v, rank in enumerate(expand(pram, after, ranks))
        ]

    monkeypatch.setattr(list_ranking, "expand", off_by_one)
    assert fails("A18", "no rank is wrong")
