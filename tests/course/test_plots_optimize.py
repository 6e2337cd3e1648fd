import numpy as np
import pytest

from cme323.course.plots_optimize import paths, race
from cme323.errors import BadInput


def test_paths_have_a_line_each_and_say_where_they_go():
    walks = {"gradient": [np.ones(2), np.zeros(2)], "other": [np.ones(2)] * 3}
    picture = paths(lambda w: w @ w, walks, "A bowl", (-1, 1))
    assert len(picture.figure.axes[0].lines) == 2
    assert picture.alt == (
        "Contours of f with paths. A bowl. gradient from (1, 1) to (0, 0); "
        "other from (1, 1) to (1, 1)."
    )
    assert picture.png().startswith(b"\x89PNG")


def test_paths_refuse_more_than_a_plane():
    with pytest.raises(BadInput, match="two items"):
        paths(sum, {"a": [np.ones(3)]}, "t", (0, 1))


def test_a_race_has_logarithmic_axes_and_tells_its_ends():
    picture = race({"a": [(1, 4.0), (10, 0.5)]}, "Race", "work", "gap")
    axes = picture.figure.axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert picture.alt == "Line chart. Race. gap against work: a from 4 to 0.5."
    assert picture.png().startswith(b"\x89PNG")
