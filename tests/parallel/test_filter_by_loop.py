import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.parallel.filter_by_loop import filter_by_loop, filter_by_loop_cost
from cme323.parallel.filter_by_scan import filter_by_scan
from cme323.pram import PRAM, greedy, plain

numbers = st.lists(st.integers(0, 9), max_size=40)


def is_low(value):
    return value < 5


def test_keeps_the_order():
    pram = PRAM()
    assert plain(filter_by_loop(pram, is_low, pram.array([4, 7, 1, 3]))) == [4, 1, 3]


@given(numbers)
def test_keeps_what_a_filter_by_scan_keeps(x):
    for by in (filter_by_loop, filter_by_scan):
        pram = PRAM()
        kept = plain(by(pram, is_low, pram.array(x)))
        assert kept == [value for value in x if value < 5]


@given(numbers)
def test_costs_exactly_what_is_predicted(x):
    pram = PRAM()
    filter_by_loop(pram, is_low, pram.array(x))
    assert pram.cost == filter_by_loop_cost(len(x))


def test_a_dearer_test_makes_the_loop_a_smaller_share():
    pram = PRAM()
    filter_by_loop(pram, lambda v: is_low(v * 3 % 7), pram.array(range(20)))
    assert pram.cost == filter_by_loop_cost(20, k=3)


@pytest.mark.parametrize(("P", "steps"), [(1, 16), (2, 12), (4, 10), (8, 9), (99, 9)])
def test_processors_share_the_tests_and_wait_for_the_loop(P, steps):
    pram = PRAM(record=True)
    filter_by_loop(pram, is_low, pram.array(range(8)))
    assert greedy(pram.dag, P).makespan == steps


def test_refuses_a_test_that_does_not_fit_the_items():
    pram = PRAM()
    with pytest.raises(TypeError, match="not supported"):
        filter_by_loop(pram, is_low, pram.array(["a"]))
