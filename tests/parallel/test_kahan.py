from fractions import Fraction
from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.parallel.kahan import kahan_sum, kahan_sum_cost
from cme323.pram import PRAM, plain

EPS = 2.0**-53  # of one rounding
positive = st.lists(st.floats(1e-9, 1e9), max_size=50)


def kahan(x):
    pram = PRAM()
    return plain(kahan_sum(pram, pram.array(x))), pram.cost


def test_keeps_what_each_addition_would_lose():
    x = [1.0] + [1e-16] * 1000
    one_by_one = 1.0
    for number in x[1:]:
        one_by_one += number
    assert one_by_one == 1.0
    assert kahan(x)[0] == fsum(x)


@given(positive)
def test_is_wrong_by_two_roundings_at_most(x):
    exact = sum(map(Fraction, x))
    bound = (2 * EPS + 2 * len(x) ** 2 * EPS**2) * exact
    assert abs(Fraction(kahan(x)[0]) - exact) <= bound


@given(st.lists(st.integers(), max_size=30))
def test_loses_nothing_where_nothing_is_rounded(x):
    assert kahan(x)[0] == sum(x)


@given(positive)
def test_costs_exactly_what_is_predicted(x):
    assert kahan(x)[1] == kahan_sum_cost(len(x))


def test_keeps_single_precision():
    total, _ = kahan(np.full(1000, 0.1, np.float32))
    assert type(total) is np.float32
    assert total == np.float32(1000 * float(np.float32(0.1)))


def test_refuses_what_cannot_be_subtracted():
    with pytest.raises(TypeError, match="unsupported operand"):
        kahan(["a", "b"])
