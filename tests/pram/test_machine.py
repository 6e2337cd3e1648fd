"""Work and depth are exact, whatever the shape of the program."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.measure import run
from cme323.pram import PRAM, Counted, plain

# A program: 1 operation, or parts one after another, or parts at the same time.
programs = st.recursive(
    st.just("op"),
    lambda parts: st.tuples(st.sampled_from(["then", "beside"]), st.lists(parts)),
    max_leaves=40,
)


def perform(pram, one, program):
    """Run a program; (work, depth) as its two recurrences give them."""
    if program == "op":
        _ = one + 1
        return 1, 1
    how, parts = program
    if how == "then":
        costs = [perform(pram, one, part) for part in parts]
    else:
        costs = pram.map(lambda part: perform(pram, one, part), parts)
    works, depths = [work for work, _ in costs], [depth for _, depth in costs]
    return sum(works), (sum if how == "then" else max)([0, *depths])


def test_the_first_lecture_by_hand():
    pram = PRAM(record=True)
    a, b, c, d = pram.array([1, 2, 3, 4])
    left, right = pram.fork(lambda: a + b, lambda: c * d)
    assert (left + right).value == 15
    assert (pram.cost.work, pram.cost.depth) == (3, 2)
    assert pram.operations == {"+": 2, "*": 1}
    assert pram.dag.labels == ("+", "*", "join", "+")
    assert pram.dag.parents == ((), (), (0, 1), (2,))


@given(programs)
def test_work_adds_up_and_depth_is_that_of_the_deepest_branch(program):
    pram = PRAM(record=True)
    work, depth = perform(pram, *pram.array([1]), program)
    assert (pram.cost.work, pram.cost.depth) == (work, depth)
    assert (pram.dag.work, pram.dag.depth) == (work, depth)


@given(programs)
def test_a_record_changes_no_count(program):
    with_it, without = PRAM(record=True), PRAM()
    for pram in (with_it, without):
        perform(pram, *pram.array([1]), program)
    assert with_it.cost == without.cost


@given(st.integers(0, 30), st.integers(0, 30))
def test_edges_add_up_where_one_join_follows_another(n, m):
    pram = PRAM(record=True)
    (x,) = pram.array([1])
    pram.parallel_for(range(n), lambda i: x + i)
    pram.parallel_for(range(m), lambda i: x + i)
    assert sum(map(len, pram.dag.parents)) <= n + 2 * m


BINARY = (
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "&",
    "|",
    "^",
    "<",
    "<=",
    ">",
    ">=",
    "==",
    "!=",
)


@pytest.mark.parametrize("symbol", BINARY)
@pytest.mark.parametrize("counted", ["a", "b", "ab"])
def test_each_operation_is_pythons_and_one_unit_of_work(symbol, counted):
    pram, names = PRAM(), {"a": 7, "b": 2}
    expected = eval(f"a {symbol} b", dict(names))
    names |= {name: Counted(names[name], pram) for name in counted}
    assert plain(eval(f"a {symbol} b", names)) == expected
    assert pram.cost.work == 1


def test_minus_and_absolute_value_are_one_unit_each():
    pram = PRAM()
    (x,) = pram.array([3])
    assert abs(-x).value == 3
    assert pram.operations == {"neg": 1, "abs": 1}


def test_indices_copies_and_reading_are_free():
    pram = PRAM()
    x = pram.array([2, 0, 1])
    assert [10, 20, 30][x[0]] == 30
    assert (float(x[0]), bool(x[1]), plain([x, (x[1],)])) == (
        2,
        False,
        [[2, 0, 1], (0,)],
    )
    assert pram.array(x + x[:1])[0] is x[0]
    assert pram.cost.work == 0


def test_numbers_of_numpy_keep_their_type():
    pram = PRAM()
    (x,) = pram.array([np.float32(0.1)])
    for result in (x + np.float32(0.2), np.float32(0.2) + x):
        assert type(result.value) is np.float32
    assert pram.cost.work == 2


def test_map_takes_several_lists_and_keeps_the_order():
    pram = PRAM()
    sums = pram.map(lambda a, b: a + b, pram.array([1, 2]), [10, 20])
    assert plain(sums) == [11, 22]
    assert pram.fork() == pram.map(abs, []) == []


def test_measure_reads_what_one_run_cost():
    pram = PRAM()
    (x,) = pram.array([1])
    again = [run(lambda pram: x + 1 + 1, pram).cost for _ in "ab"]
    assert [cost.depth for cost in again] == [2, 2]


def test_what_ran_elsewhere_can_be_charged():
    pram = PRAM()
    (one,) = pram.array([1])
    pram.fork(lambda: one + 1, lambda: pram.charge(Cost(work=7, depth=3)))
    assert (pram.cost.work, pram.cost.depth) == (8, 3)


def test_schedules_can_be_hidden_from_those_who_write_them():
    hidden = "import sys; sys.modules['cme323.pram.schedule'] = None\n"
    program = "from cme323.pram import PRAM\nfrom cme323 import pram\npram.greedy"
    done = subprocess.run(
        [sys.executable, "-c", hidden + program], capture_output=True, text=True
    )
    assert "import of cme323.pram.schedule halted" in done.stderr
    assert done.stderr.count("line 4") == 1  # at the last line, and not before


def test_a_branch_that_fails_leaves_a_machine_that_still_counts():
    pram = PRAM()
    (x,) = pram.array([1])
    with pytest.raises(ZeroDivisionError):
        pram.fork(lambda: x + 1, lambda: x // 0)
    before = pram.cost
    _ = x + 1
    assert (pram.cost - before).work == (pram.cost - before).depth == 1


def test_refuses_a_number_where_indices_are_needed():
    with pytest.raises(BadInput, match=r"such as range\(3\), not 3"):
        PRAM().parallel_for(3, print)


def test_refuses_values_that_another_machine_counts():
    (x,), (y,) = PRAM().array([1]), PRAM().array([2])
    with pytest.raises(BadInput, match="2 is counted by another PRAM"):
        x + y


def test_a_dag_must_be_asked_for_before():
    with pytest.raises(BadInput, match="record=True"):
        _ = PRAM().dag


def test_rounds_add_up_and_at_the_same_time_the_most_count():
    def rounds(pram, number):
        for _ in range(number):
            pram.round()

    pram = PRAM()
    pram.round()
    pram.fork(lambda: rounds(pram, 3), lambda: rounds(pram, 2), lambda: None)
    pram.round()
    assert pram.rounds == pram.cost.rounds == 1 + 3 + 1
    assert pram.cost.work == pram.cost.depth == 0


def test_a_program_without_rounds_does_not_say_that_it_has_none():
    assert PRAM().cost.rounds is None
