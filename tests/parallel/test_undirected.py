import pytest

from cme323.errors import BadInput
from cme323.parallel.undirected import both_ways, check_edges, neighbours


def test_neighbours_are_seen_from_both_ends_and_once_for_each_edge():
    assert neighbours(4, [(0, 1), (2, 1), (0, 1)]) == [[1, 1], [0, 2, 0], [1], []]


def test_each_edge_has_two_ways():
    assert both_ways([(3, 1)]) == [(3, 1), (1, 3)]


def test_a_graph_without_nodes_is_one():
    check_edges(0, [])


@pytest.mark.parametrize("edge", [(0, 3), (-1, 0), (1, 1), (3, 3)])
def test_an_edge_that_does_not_join_two_nodes_is_refused(edge):
    with pytest.raises(BadInput, match="must join two different nodes of 0 to 2"):
        check_edges(3, [(0, 1), edge])
