import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.parallel.concurrent_write import least, write_least, write_least_cost
from cme323.pram import PRAM, plain

writes = st.lists(st.tuples(st.integers(0, 5), st.integers(-9, 9)), max_size=40)


def written(pairs):
    pram = PRAM()
    cells = [cell for cell, _ in pairs]
    values = pram.array(value for _, value in pairs)
    return write_least(pram, zip(cells, values)), pram


def test_three_writes_to_one_cell_and_one_to_another():
    cells, pram = written([("a", 2), ("b", 9), ("a", 1), ("a", 3)])
    assert {cell: plain(value) for cell, value in cells.items()} == {"a": 1, "b": 9}
    assert pram.operations == {"<": 2}


@given(writes)
def test_agrees_with_min(pairs):
    cells, _ = written(pairs)
    assert {cell: plain(value) for cell, value in cells.items()} == {
        cell: min(value for c, value in pairs if c == cell) for cell, _ in pairs
    }


@given(writes)
def test_costs_exactly_what_is_predicted(pairs):
    _, pram = written(pairs)
    cells = [cell for cell, _ in pairs]
    most = max(map(cells.count, cells), default=0)
    assert pram.cost == write_least_cost(len(pairs), len(set(cells)), most)


def test_of_equal_values_the_first_stays():
    pram = PRAM()
    first, second = pram.array([(1, "x"), (1, "x")])
    assert least(pram, [first, second]) is first


def test_refuses_values_that_have_no_order():
    with pytest.raises(TypeError, match="not supported between"):
        written([(0, 1), (0, "a")])
