import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.parallel.filter_by_scan import (
    filter_by_scan,
    filter_by_scan_cost,
    split,
    split_cost,
)
from cme323.pram import PRAM, plain

numbers = st.lists(st.integers(-9, 9), max_size=60)


def test_the_lectures_example_by_hand():
    pram = PRAM()
    x = pram.array([5, -2, 7, -1])
    assert plain(filter_by_scan(pram, lambda v: v > 0, x)) == [5, 7]
    assert pram.operations == {">": 4, "+": 6}


@given(numbers)
def test_agrees_with_filter(x):
    pram = PRAM()
    kept = filter_by_scan(pram, lambda v: v < 3, pram.array(x))
    assert plain(kept) == [v for v in x if v < 3]


@given(st.lists(st.tuples(st.integers(), st.booleans()), max_size=60))
def test_split_loses_nothing_and_keeps_both_orders(items):
    kept, others = split(PRAM(), items, [flag for _, flag in items])
    assert kept == [item for item in items if item[1]]
    assert others == [item for item in items if not item[1]]


@given(numbers)
def test_costs_exactly_what_is_predicted(x):
    pram = PRAM()
    filter_by_scan(pram, lambda v: v < 3, pram.array(x))
    assert pram.cost == filter_by_scan_cost(len(x))
    again = PRAM()
    split(again, x, [True] * len(x))
    assert again.cost == split_cost(len(x))


def test_refuses_a_predicate_that_cannot_be_asked():
    pram = PRAM()
    with pytest.raises(TypeError, match="not supported between"):
        filter_by_scan(pram, lambda v: v < 3, pram.array(["a"]))
