import pytest

from cme323.course.plots_linalg import roofline
from cme323.errors import BadInput
from cme323.linalg.roofline import Roofline

ROOF = Roofline(peak=100e9, bandwidth=10e9)


def test_a_roofline_has_a_roof_and_points_below_it():
    picture = roofline(ROOF, [(0.5, 4e9), (100, 90e9)], "Here")
    (axes,) = picture.figure.axes
    roof, measured, _ = axes.lines
    assert max(roof.get_ydata()) == 100
    assert measured.get_ydata().tolist() == [4, 90]
    assert axes.get_xlabel() == "intensity (flops for a byte)"
    assert axes.get_ylabel() == "speed (Gflop/s)"
    assert picture.alt == (
        "Roofline. Here. The roof rises to 100 Gflop/s at 10 flops for a byte, and is "
        "flat from there on. Measured: 4 at 0.5, 90 at 100."
    )
    assert picture.png().startswith(b"\x89PNG")


def test_a_roofline_without_points_is_refused():
    with pytest.raises(BadInput, match="give at least one"):
        roofline(ROOF, [], "Nothing")
