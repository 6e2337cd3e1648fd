import math
import statistics
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323 import Context

numbers = st.lists(st.integers(-50, 50), max_size=30)
partitions = st.integers(1, 6)
close = pytest.approx


def test_the_statistics_of_four_numbers(sc):
    stats = sc.range(1, 5).stats()
    assert repr(stats) == (
        "(count: 4, mean: 2.5, stdev: 1.118033988749895, max: 4.0, min: 1.0)"
    )


@given(numbers.filter(lambda data: len(data) > 1), partitions)
def test_statistics_are_their_plain_python_meaning(data, p):
    rdd = Context().parallelize(data, p)
    assert rdd.mean() == close(statistics.mean(data), abs=1e-12)
    assert rdd.variance() == close(statistics.pvariance(data), abs=1e-12)
    assert rdd.stdev() == close(statistics.pstdev(data), abs=1e-12)
    assert rdd.sampleVariance() == close(statistics.variance(data), abs=1e-12)
    assert rdd.sampleStdev() == close(statistics.stdev(data), abs=1e-12)
    stats = rdd.stats()
    assert (stats.count(), stats.max(), stats.min()) == (
        len(data),
        max(data),
        min(data),
    )


def test_the_statistics_of_arrays_are_element_by_element(sc):
    rows = np.arange(12.0).reshape(4, 3)
    stats = sc.parallelize(rows).stats()
    np.testing.assert_allclose(stats.mean(), rows.mean(axis=0))
    np.testing.assert_allclose(stats.stdev(), rows.std(axis=0))
    np.testing.assert_array_equal(stats.max(), rows.max(axis=0))


def test_an_empty_partition_has_no_variance(sc):
    assert sc.parallelize([]).mean() == 0
    assert math.isnan(sc.parallelize([]).variance())
    assert math.isnan(sc.parallelize([1]).sampleVariance())


increasing = st.lists(st.integers(-60, 60), min_size=2, unique=True).map(sorted)


@given(numbers, partitions, increasing)
def test_a_histogram_counts_between_its_bounds(data, p, bounds):
    same, counts = Context().parallelize(data, p).histogram(bounds)
    assert same is bounds
    expected = [sum(a <= x < b for x in data) for a, b in pairwise(bounds)]
    expected[-1] += data.count(bounds[-1])
    assert counts == expected


@pytest.mark.parametrize(
    ("data", "bounds", "counts"),
    [
        ([2e-12], [0, 1e-12, 1e-11], [0, 1]),
        ([1e-12], [-1, 1e-11, 1], [1, 0]),
        ([0.3, 0.6, 0.7], [i * 0.1 for i in range(11)], [0, 0, 1, 0, 0, 1, 1, 0, 0, 0]),
    ],
)
def test_a_histogram_is_not_fooled_by_rounding(sc, data, bounds, counts):
    assert sc.parallelize(data).histogram(bounds)[1] == counts


def test_a_histogram_of_large_integers_leaves_nothing_out(sc):
    for low in (-(2**70) - 1, 2**53 + 3, 2**60 + 129):
        _, counts = sc.parallelize([low, low + 4, 2**71]).histogram(2)
        assert sum(counts) == 3


@given(numbers.filter(bool), partitions, st.integers(1, 9))
def test_a_histogram_of_even_buckets_leaves_nothing_out(data, p, size):
    bounds, counts = Context().parallelize(data, p).histogram(size)
    assert (bounds[0], bounds[-1]) == (min(data), max(data))
    assert sum(counts) == len(data)
    alike = len(set(data)) == 1
    assert len(counts) == len(bounds) - 1 == (1 if alike else size)


# Data, buckets, and what PySpark's rules make of them.
@pytest.mark.parametrize(
    ("data", "buckets", "expected"),
    [
        (range(51), 2, ([0, 25, 50], [25, 26])),
        (range(51), [0, 5, 25, 50], ([0, 5, 25, 50], [5, 20, 26])),
        (range(51), [0, 15, 30, 45, 60], ([0, 15, 30, 45, 60], [15, 15, 15, 6])),
        (["ab", "ac", "b", "bd", "ef"], ("a", "b", "c"), (("a", "b", "c"), [2, 2])),
        (["ab", "b"], 1, (["ab", "b"], [2])),
        ([3, 3], 4, ([3, 3], [2])),
        ([1, 4], 2, ([1.0, 2.5, 4], [1, 1])),
        ([1, math.nan, None, 3.0], 2, ([1, 2, 3.0], [1, 1])),
        ([1, math.nan, None, 3.0], [0, 3], ([0, 3], [2])),
        ([1, 2], True, ([1, 2], [2])),
        ([], [0, 1], ([0, 1], [0])),
        ([1, math.inf], [0, math.inf], ([0, math.inf], [2])),
    ],
)
def test_a_histogram_in_special_cases(sc, data, buckets, expected):
    found = sc.parallelize(data).histogram(buckets)
    assert repr(found) == repr(expected)  # 1 and 1.0 are told apart


@pytest.mark.parametrize(
    ("data", "buckets", "error", "says"),
    [
        ([1], 0, ValueError, "must be >= 1"),
        ([], 2, ValueError, "empty RDD"),
        (["a", "b"], 2, TypeError, "non-number"),
        ([1, math.inf], 2, ValueError, "infinite"),
        ([1], [1], ValueError, "more than one"),
        ([1], [1, None], ValueError, "None or NaN"),
        ([1], [1, math.nan], ValueError, "None or NaN"),
        ([1], [2, 1], ValueError, "sorted"),
        ([1], [1, 1], ValueError, "duplicated"),
        ([1], 1.5, TypeError, "list or tuple or number"),
    ],
)
def test_a_histogram_refuses(sc, data, buckets, error, says):
    with pytest.raises(error, match=says):
        sc.parallelize(data).histogram(buckets)
