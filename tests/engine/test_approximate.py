import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323 import Context

numbers = st.lists(st.integers(-50, 50), max_size=30)
partitions = st.integers(1, 6)


@pytest.mark.parametrize("size", [0, 1, 20, 500, 1000, 3000, 20_000])
@pytest.mark.parametrize("kind", [int, str])
def test_an_approximate_count_is_within_three_deviations(sc, size, kind):
    found = sc.range(size).map(kind).countApproxDistinct(0.05)
    assert abs(found - size) <= 3 * 0.05 * size


@given(numbers, partitions)
def test_repeats_and_partitions_do_not_change_an_approximate_count(data, p):
    once = Context().parallelize(sorted(set(data)), 1).countApproxDistinct()
    assert Context().parallelize(data * 2, p).countApproxDistinct() == once


def test_a_smaller_error_takes_more_registers(sc):
    found = [sc.range(5000).countApproxDistinct(sd) for sd in (0.3, 0.001)]
    assert abs(found[0] - 5000) > abs(found[1] - 5000)
    assert found[1] == pytest.approx(5000, rel=0.003)


def test_an_approximate_count_refuses_no_error_at_all(sc):
    with pytest.raises(ValueError, match=r"greater than 0\.000017"):
        sc.range(3).countApproxDistinct(0.000017)


def test_with_time_approximate_answers_are_exact(sc):
    rdd = sc.range(10)
    assert rdd.countApprox(1000) == 10
    for answer, exact in ((rdd.sumApprox(1000), 45.0), (rdd.meanApprox(1000), 4.5)):
        assert answer == exact == answer.low == answer.high
        assert answer.confidence == 1.0


def test_without_time_nothing_is_known(sc):
    answer = sc.range(10).meanApprox(-5)
    assert (answer, answer.confidence) == (0.0, 0.0)
    assert (answer.low, answer.high) == (-math.inf, math.inf)
    assert sc.cost.tasks == 0


def test_a_confidence_is_a_probability(sc):
    with pytest.raises(ValueError, match="between 0 and 1"):
        sc.range(3).sumApprox(1000, 95)
