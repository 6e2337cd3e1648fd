import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.parallel.adders import lookahead, lookahead_cost, ripple, ripple_cost
from cme323.parallel.karatsuba import karatsuba, karatsuba_cost
from cme323.pram import PRAM, plain

COSTS = {ripple: ripple_cost, lookahead: lookahead_cost}
both = pytest.mark.parametrize("adder", COSTS)
numbers = st.integers(0, 2**16 - 1)


def bits(number, length):
    return [number >> place & 1 for place in range(length)]


def multiplied(x, y, length, adder):
    pram = PRAM()
    x, y = pram.array(bits(x, length)), pram.array(bits(y, length))
    return plain(karatsuba(pram, x, y, adder)), pram


@both
def test_eleven_times_thirteen_by_hand(adder):
    assert multiplied(11, 13, 4, adder)[0] == [1, 1, 1, 1, 0, 0, 0, 1]


@both
@pytest.mark.parametrize("n", [1, 2, 4])
def test_all_short_numbers(adder, n):
    for x in range(2**n):
        for y in range(2**n):
            assert multiplied(x, y, n, adder)[0] == bits(x * y, 2 * n)


@both
@settings(max_examples=30)
@given(numbers, numbers)
def test_agrees_with_python(adder, x, y):
    assert multiplied(x, y, 16, adder)[0] == bits(x * y, 32)


@settings(max_examples=20)
@given(numbers, numbers)
def test_the_factors_may_change_places(x, y):
    assert multiplied(x, y, 16, ripple)[0] == multiplied(y, x, 16, ripple)[0]


@both
@pytest.mark.parametrize("k", range(6))
def test_costs_exactly_what_is_predicted_whatever_the_numbers(adder, k):
    for x, y in ((0, 0), (1, 2**2**k - 1), (2**2**k - 1,) * 2):
        _, pram = multiplied(x, y, 2**k, adder)
        assert pram.cost == karatsuba_cost(2**k, COSTS[adder])
        assert pram.operations["*"] == 3**k


@pytest.mark.parametrize("k", range(12))
def test_the_costs_have_a_closed_form(k):
    n = 2**k
    by_loop, by_scan = (
        karatsuba_cost(n, COSTS[adder]) for adder in (ripple, lookahead)
    )
    assert by_loop.work == 66 * 3**k - 61 * n - 4
    assert by_loop.depth == 45 * n + 10 * k - 44
    assert by_scan.work == 98 * 3**k - 105 * n + 8
    assert by_scan.depth == 15 * k**2 + 45 * k + 1


@pytest.mark.parametrize(("m", "n"), [(0, 0), (3, 3), (4, 2), (6, 6)])
def test_refuses_lengths_that_differ_or_do_not_halve(m, n):
    pram = PRAM()
    with pytest.raises(BadInput, match=f"a power of 2, not of {m} and {n}: pad"):
        karatsuba(pram, pram.array([1] * m), pram.array([1] * n))
