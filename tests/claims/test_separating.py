"""F11 and F12 notice what is planted; test_claims.py has them confirmed."""

import numpy as np

from cme323.claims import separating
from cme323.nn.optimizers import Adam
from tests.claims.test_gradients import refuted


def test_F11_notices_thresholds_with_class_1_on_one_side_only(monkeypatch):
    def one_sided(x, y):
        return min(int(np.sum((x > place) != y)) for place in [-1, *x])

    monkeypatch.setattr(separating, "threshold_errors", one_sided)
    assert "the best of all thresholds: min(a, 1 - b, b - a)" in refuted("F11")


def test_both_notice_training_that_does_nothing(monkeypatch):
    monkeypatch.setattr(Adam, "step", lambda self: None)
    assert "sixteen units, trained: below 2 %" in refuted("F11")
    assert "eight hidden units, trained: all corners" in refuted("F12")


def test_F12_notices_half_planes_along_the_axes_only(monkeypatch):
    few = separating.half_plane_errors
    monkeypatch.setattr(
        separating, "half_plane_errors", lambda points, y, angles: few(points, y, 2)
    )
    assert refuted("F12") == ["corners: one wrong", "square: 1/3 wrong, to 1 %"]
