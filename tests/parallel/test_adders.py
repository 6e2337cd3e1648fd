import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.parallel.adders import lookahead, lookahead_cost, ripple, ripple_cost
from cme323.pram import PRAM, plain

COSTS = {ripple: ripple_cost, lookahead: lookahead_cost}
both = pytest.mark.parametrize("adder", COSTS)
numbers = st.integers(0, 2**20 - 1)


def bits(number, length):
    return [number >> place & 1 for place in range(length)]


def added(adder, a, b, carry, length):
    pram = PRAM()
    x, y = pram.array(bits(a, length)), pram.array(bits(b, length))
    return plain(adder(pram, x, y, carry)), pram.cost


@both
def test_seven_and_one_by_hand(adder):
    assert added(adder, 7, 1, 0, 3)[0] == [0, 0, 0, 1]


@both
@given(numbers, numbers, st.integers(0, 1), st.integers(20, 40))
def test_agrees_with_python(adder, a, b, carry, length):
    assert added(adder, a, b, carry, length)[0] == bits(a + b + carry, length + 1)


@given(numbers, numbers, st.integers(0, 1))
def test_both_give_the_same(a, b, carry):
    by_loop, by_scan = (added(adder, a, b, carry, 20)[0] for adder in COSTS)
    assert by_loop == by_scan


@both
@pytest.mark.parametrize("n", [1, 2, 3, 7, 8, 33])
def test_costs_exactly_what_is_predicted(adder, n):
    assert added(adder, 2**n - 1, 1, 1, n)[1] == COSTS[adder](n)


def test_looking_ahead_costs_less_than_twice_the_work_and_much_less_depth():
    ahead, loop = lookahead_cost(1024), ripple_cost(1024)
    assert (ahead.work, ahead.depth) == (9 * 1024 - 4, 65)
    assert ahead.work < 2 * loop.work
    assert ahead.depth < loop.depth / 70


@both
def test_refuses_what_has_no_bits(adder):
    pram = PRAM()
    with pytest.raises(TypeError, match="unsupported operand"):
        adder(pram, pram.array(["a"]), pram.array([1]))
