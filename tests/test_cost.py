import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323 import Cost

counts = st.one_of(st.none(), st.integers(0, 10**9))
costs = st.builds(Cost, work=counts, rounds=counts, records=counts, bytes=counts)


def test_adds_and_repeats_every_known_field():
    assert Cost(rounds=1, records=5) + Cost(rounds=2, records=7) * 3 == Cost(
        rounds=7, records=26
    )


def test_unknown_stays_unknown_and_never_becomes_zero():
    assert (Cost(rounds=1) + Cost(rounds=1, records=5)).records is None
    assert Cost(rounds=0).known == {"rounds": 0}


def test_is_at_most_another_if_no_shared_field_is_larger():
    assert Cost(rounds=2, records=9) <= Cost(rounds=2, records=10)
    assert not Cost(rounds=3, records=9) <= Cost(rounds=2, records=10)
    assert Cost(rounds=2, bytes=99) <= Cost(rounds=2, records=1)
    assert Cost(rounds=3) >= Cost(rounds=2)


@given(costs, costs)
def test_subtraction_undoes_addition_where_both_know(a, b):
    shared = a.known.keys() & b.known.keys()
    assert ((a + b) - b).known == {k: v for k, v in a.known.items() if k in shared}


@given(costs, st.integers(0, 5))
def test_times_is_repeated_addition(cost, times):
    total = Cost(**dict.fromkeys(cost.known, 0))
    for _ in range(times):
        total += cost
    assert cost * times == total == times * cost


def test_shows_only_what_it_knows():
    assert repr(Cost(records=1234)) == "Cost(records=1,234)"


def test_refuses_to_compare_what_has_nothing_in_common():
    with pytest.raises(ValueError, match="no field is known to both"):
        Cost(rounds=1) <= Cost(records=1)  # noqa: B015
