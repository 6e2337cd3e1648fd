from heapq import merge as heap_merge

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.parallel.merge import (
    merge,
    merge_by_rank,
    merge_by_rank_cost,
    merge_cost,
)
from cme323.pram import PRAM, plain

both = pytest.mark.parametrize("merging", [merge, merge_by_rank])
ascending = st.lists(st.integers(-9, 9), max_size=40).map(sorted)


class Tagged(int):
    """A number that equals others and yet is another object."""


def merged(merging, a, b):
    pram = PRAM()
    return plain(merging(pram, pram.array(a), pram.array(b))), pram.cost


@both
def test_two_lists_by_hand(merging):
    assert merged(merging, [1, 4, 6], [2, 3, 9, 10])[0] == [1, 2, 3, 4, 6, 9, 10]


@both
@given(ascending, ascending)
def test_agrees_with_heapq(merging, a, b):
    assert merged(merging, a, b)[0] == list(heap_merge(a, b))


@both
@given(ascending, ascending)
def test_equal_items_of_the_first_list_come_first(merging, a, b):
    first, second = [Tagged(x) for x in a], [Tagged(x) for x in b]
    expected = list(map(id, heap_merge(first, second)))
    assert list(map(id, merged(merging, first, second)[0])) == expected


@given(ascending, ascending)
def test_neither_costs_more_than_predicted(a, b):
    assert merged(merge, a, b)[1] <= merge_cost(len(a), len(b))
    assert merged(merge_by_rank, a, b)[1] <= merge_by_rank_cost(len(a), len(b))


@pytest.mark.parametrize("n", [1, 2, 3, 10, 64])
def test_the_bound_of_the_loop_is_attained_where_the_lists_alternate(n):
    even, odd = range(0, 2 * n, 2), range(1, 2 * n, 2)
    assert merged(merge, even, odd)[1] == merge_cost(n, n)


@given(ascending)
def test_the_depth_by_rank_is_exact_for_lists_of_one_length(a):
    b = [x + 1 for x in a]
    predicted = merge_by_rank_cost(len(a), len(a))
    assert merged(merge_by_rank, a, b)[1].depth == predicted.depth
    assert merged(merge_by_rank, b, a)[1].depth == predicted.depth


@pytest.mark.parametrize("k", range(6))
def test_the_work_by_rank_is_exact_for_lists_of_2_to_the_k_less_1(k):
    n = 2**k - 1
    cost = merged(merge_by_rank, range(n), range(n, 2 * n))[1]
    assert cost == merge_by_rank_cost(n, n)


@both
def test_refuses_items_that_have_no_order(merging):
    with pytest.raises(TypeError, match="not supported between"):
        merged(merging, [1], ["a"])
