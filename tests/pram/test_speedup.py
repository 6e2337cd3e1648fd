import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.pram.speedup import amdahl, gustafson, serial_fraction

shares = st.floats(0.001, 1)
processors = st.integers(1, 10_000)


def test_a_tenth_that_is_serial_by_hand():
    assert amdahl(0.1, 9) == pytest.approx(5)
    assert gustafson(0.1, 11) == pytest.approx(10)


@given(shares, processors)
def test_amdahl_is_at_most_both_P_and_one_by_f(f, P):
    assert amdahl(f, P) <= min(P, 1 / f) * (1 + 1e-12)


@given(st.integers(1, 99), st.integers(1, 99), processors)
def test_both_laws_say_the_same_of_one_run(serial, share, P):
    of_all, of_time = serial / (serial + share * P), serial / (serial + share)
    assert amdahl(of_all, P) == pytest.approx(gustafson(of_time, P))


@given(shares, st.sets(st.integers(2, 99), min_size=1, max_size=5))
def test_the_fit_finds_the_f_that_made_the_speedups(f, many):
    assert serial_fraction({P: amdahl(f, P) for P in many}) == pytest.approx(f)


def test_the_fit_is_numpys_least_squares():
    speedups = {2: 1.7, 4: 3.1, 8: 4.2, 64: 7.7}
    P, S = (np.array(list(x)) for x in zip(*speedups.items()))
    (f,), *_ = np.linalg.lstsq((1 - 1 / P)[:, None], 1 / S - 1 / P, rcond=None)
    assert serial_fraction(speedups) == pytest.approx(f)


@pytest.mark.parametrize("speedups", [{}, {1: 1.0}])
def test_refuses_to_fit_one_processor(speedups):
    with pytest.raises(BadInput, match="give the speedup for a P above 1"):
        serial_fraction(speedups)
