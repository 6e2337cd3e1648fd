import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.parallel.merge import merge, merge_by_rank
from cme323.parallel.mergesort import (
    mergesort,
    mergesort_by_rank_cost,
    mergesort_cost,
)
from cme323.pram import PRAM, plain

both = pytest.mark.parametrize("merging", [merge, merge_by_rank])
few = st.lists(st.integers(-5, 5), max_size=60)
COSTS = ((merge, mergesort_cost), (merge_by_rank, mergesort_by_rank_cost))


def sort(x, merging):
    pram = PRAM()
    return plain(mergesort(pram, pram.array(x), merging)), pram.cost


@both
def test_eight_numbers_by_hand(merging):
    assert sort([3, 1, 4, 1, 5, 9, 2, 6], merging)[0] == [1, 1, 2, 3, 4, 5, 6, 9]


@both
@given(few | st.lists(st.text(max_size=3), max_size=30))
def test_agrees_with_sorted(merging, x):
    assert sort(x, merging)[0] == sorted(x)


@both
@given(few)
def test_equal_items_keep_their_order(merging, x):
    class Tagged(int):
        pass

    x = list(map(Tagged, x))
    assert list(map(id, sort(x, merging)[0])) == list(map(id, sorted(x)))


@given(few)
def test_costs_at_most_what_is_predicted(x):
    for merging, predict in COSTS:
        assert sort(x, merging)[1] <= predict(len(x))


@pytest.mark.parametrize("k", range(8))
def test_for_a_power_of_2_the_bounds_have_a_closed_form(k):
    n = 2**k
    by_loop, by_rank = mergesort_cost(n), mergesort_by_rank_cost(n)
    assert (by_loop.work, by_loop.depth) == (n * k - n + 1, 2 * n - 2 - k)
    assert (by_rank.work, by_rank.depth) == (n * k * (k + 1) / 2, k * (k + 1) / 2)


@given(st.integers(0, 6), st.randoms(use_true_random=False))
def test_the_depth_by_rank_is_exact_for_a_power_of_2(k, random):
    x = random.choices(range(50), k=2**k)
    assert sort(x, merge_by_rank)[1].depth == k * (k + 1) / 2


@both
def test_refuses_items_that_have_no_order(merging):
    with pytest.raises(TypeError, match="not supported between"):
        sort([1, "a"], merging)
