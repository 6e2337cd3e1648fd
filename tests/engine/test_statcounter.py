import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.engine.statcounter import StatCounter

numbers = st.lists(st.integers(-50, 50), max_size=20)


@given(numbers, numbers)
def test_merging_counters_is_counting_both(left, right):
    merged = StatCounter(left).mergeStats(StatCounter(right))
    both = StatCounter(left + right)
    assert merged.asDict() == pytest.approx(both.asDict(), abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("repeats", [1, 50])
def test_numbers_near_a_billion_lose_no_digits(repeats):
    counter = StatCounter()
    for x in (4, 7, 13, 16):
        counter.mergeStats(StatCounter([1e9 + x] * repeats))
    assert counter.variance() == 22.5


@pytest.mark.parametrize(("here", "there"), [(5000, 1), (1, 5000)])
def test_a_large_mean_is_not_multiplied_by_a_large_count(here, there):
    counter = StatCounter([1e305] * here).mergeStats(StatCounter([1e305] * there))
    assert counter.mean() == 1e305


def test_a_counter_can_be_merged_with_itself():
    counter = StatCounter([1, 3])
    assert counter.mergeStats(counter).sum() == 8


def test_a_copy_goes_its_own_way():
    counter = StatCounter([1, 3])
    counter.copy().merge(100)
    assert counter.max() == 3


def test_nan_and_infinity_stay():
    assert math.isnan(StatCounter([1.0, math.nan]).max())
    assert StatCounter().mergeStats(StatCounter([math.inf])).mean() == math.inf


def test_asDict_gives_the_sample_s_statistics_unless_asked_for_the_sample():
    counter = StatCounter([1, 2, 3, 4])
    assert counter.asDict()["variance"] == counter.sampleVariance() == 5 / 3
    assert counter.asDict(sample=True)["stdev"] == counter.stdev()


def test_only_counters_merge():
    with pytest.raises(TypeError, match="Can only merge StatCounter"):
        StatCounter().mergeStats([1])
