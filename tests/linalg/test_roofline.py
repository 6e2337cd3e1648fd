import pytest

from cme323.linalg.roofline import (
    Roofline,
    axpy,
    axpy_intensity,
    blocked_intensity,
    columns_intensity,
    gemm_intensity,
    on_this_machine,
    rates,
)


def test_below_the_knee_memory_is_the_limit_and_above_it_arithmetic():
    roof = Roofline(peak=12, bandwidth=3)
    assert roof.knee == 4
    assert [roof.at(intensity) for intensity in (1, 4, 100)] == [3, 12, 12]


def test_intensities_are_those_of_float32():
    assert axpy_intensity() == pytest.approx(1 / 6)
    assert gemm_intensity(60) == pytest.approx(10)
    assert blocked_intensity(1000, 8) == pytest.approx(2, rel=0.01)


def test_axpy_is_in_place():
    y = [1, 2]
    axpy(3, [10, 20], y)
    assert y == [31, 62]


def test_a_machine_has_a_peak_and_a_bandwidth():
    roof = on_this_machine(gemm=64, words=2**12, runs=1)
    assert roof.peak > 0
    assert roof.bandwidth > 0


def test_a_matrix_times_few_columns_has_half_a_flop_for_a_byte_and_column():
    assert columns_intensity(10**6, 1) == pytest.approx(1 / 2, rel=1e-4)
    assert columns_intensity(10**6, 8) == pytest.approx(4, rel=1e-4)
    assert columns_intensity(60, 60) == gemm_intensity(60)


def test_a_rate_is_measured_for_each_number_of_columns():
    found = rates([1, 4], n=64, runs=1)
    assert [i for i, _ in found] == [columns_intensity(64, k) for k in (1, 4)]
    assert all(rate > 0 for _, rate in found)
