import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.mapreduce import MapReduce
from cme323.mapreduce.sort import sampled_cuts, sort, sort_cost

numbers = st.lists(st.integers(-20, 20), max_size=40)


def test_cuts_by_hand(machine):
    ordered = sort(machine, machine.write([5, 3, 9, 3, 7]), cuts=[3, 7])
    assert [list(part.read()) for part in ordered.parts] == [[3, 3], [5, 7], [9]]


@given(numbers, st.lists(st.integers(-25, 25), max_size=5), st.integers(1, 4))
@settings(max_examples=50)
def test_is_sorted_whatever_the_cuts_in_one_round(records, cuts, partitions):
    with MapReduce(partitions, buffer=100, factor=2) as machine:
        ordered = sort(machine, machine.write(records), sorted(cuts))
        assert machine.read(ordered) == sorted(records)
        assert len(ordered.parts) == len(cuts) + 1
        assert machine.cost.records == sort_cost(len(records)).records
        assert machine.cost.rounds == 1


def test_a_larger_sample_makes_parts_more_even(machine):
    data = machine.write([i * 7919 % 100_003 for i in range(8000)])

    def deviation(samples):
        cuts = sampled_cuts(machine, data, parts=8, samples=samples)
        return statistics.pstdev(p.records for p in sort(machine, data, cuts).parts)

    assert deviation(256) < deviation(4) / 3


def test_few_or_equal_records_have_cuts_too(machine):
    for records in ([], [1], [1] * 50):
        data = machine.write(records)
        ordered = sort(machine, data, sampled_cuts(machine, data, parts=4))
        assert machine.read(ordered) == records


def test_refuses_cuts_out_of_order(machine):
    with pytest.raises(BadInput, match="cuts in order"):
        sort(machine, machine.write([1]), cuts=[2, 1])


@pytest.mark.parametrize("sizes", [{"parts": 0}, {"parts": 2, "samples": 0}])
def test_refuses_to_cut_into_nothing(machine, sizes):
    with pytest.raises(BadInput, match="at least 1"):
        sampled_cuts(machine, machine.write([1]), **sizes)
