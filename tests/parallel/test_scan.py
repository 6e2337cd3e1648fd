from itertools import accumulate
from operator import add

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.parallel.scan import (
    blelloch,
    blelloch_cost,
    hillis_steele,
    hillis_steele_cost,
)
from cme323.pram import PRAM, plain

both = pytest.mark.parametrize("scan", [blelloch, hillis_steele])


@both
def test_eight_numbers_by_hand(scan):
    pram = PRAM()
    prefixes = scan(pram, pram.array([3, 1, 7, 0, 4, 1, 6, 3]))
    assert plain(prefixes) == [0, 3, 4, 11, 11, 15, 16, 22, 25]


@both
@given(st.lists(st.integers(-9, 9), max_size=70))
def test_agrees_with_numpy(scan, x):
    pram = PRAM()
    assert plain(scan(pram, pram.array(x)))[1:] == np.cumsum(x).astype(int).tolist()


@both
@given(st.lists(st.text(max_size=2), max_size=40))
def test_combines_in_order_what_does_not_commute(scan, x):
    pram = PRAM()
    prefixes = scan(pram, pram.array(x), add, "")
    assert plain(prefixes) == list(accumulate(x, initial=""))


@both
@given(st.lists(st.integers(), max_size=40))
def test_takes_other_operations(scan, x):
    pram = PRAM()
    prefixes = scan(pram, pram.array(x), max, -(10**30))
    assert plain(prefixes) == list(accumulate(x, max, initial=-(10**30)))
    assert set(pram.operations) <= {">"}


@given(st.integers(0, 300))
def test_both_cost_exactly_what_is_predicted(n):
    for scan, predict in (
        (blelloch, blelloch_cost),
        (hillis_steele, hillis_steele_cost),
    ):
        pram = PRAM()
        scan(pram, pram.array([1] * n))
        assert pram.cost == predict(n)


@pytest.mark.parametrize("k", range(1, 10))
def test_for_a_power_of_2_the_costs_are_those_of_the_lecture(k):
    n = 2**k
    assert (blelloch_cost(n).work, blelloch_cost(n).depth) == (2 * (n - 1), 2 * k)
    assert hillis_steele_cost(n).work == n * k - n + 1
    assert hillis_steele_cost(n).depth == k


@both
def test_refuses_what_cannot_be_combined(scan):
    pram = PRAM()
    with pytest.raises(TypeError, match="unsupported operand"):
        scan(pram, pram.array([1, "a"]))
