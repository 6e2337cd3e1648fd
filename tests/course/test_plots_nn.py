import numpy as np
import pytest

from cme323.course.plots_nn import accuracies, images, losses
from cme323.errors import BadInput


def test_losses_are_lines_over_the_epochs():
    picture = losses(SGD=[2.0, 1.0, 0.5], Adam=[2.0, 0.1])
    (axes,) = picture.figure.axes
    assert [len(line.get_xdata()) for line in axes.lines] == [3, 2]
    assert (axes.get_xlabel(), axes.get_yscale()) == ("epoch (number)", "log")
    assert axes.get_title()
    assert picture.alt == (
        "Line chart. Loss against epoch: SGD from 2 to 0.5 in 3 epochs; Adam from 2 to "
        "0.1 in 2 epochs."
    )
    assert picture.png().startswith(b"\x89PNG")


def test_accuracies_stand_over_sizes_that_are_named():
    found = {"raw": [0.3, 0.9], "codes": [0.4, 0.8]}
    picture = accuracies(found, (5, 500), "Few labels", "labels (number)")
    (axes,) = picture.figure.axes
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["5", "500"]
    assert "raw from 0.300 to 0.900; codes from 0.400 to 0.800" in picture.alt


def test_images_stand_side_by_side_under_their_labels():
    picture = images(np.zeros((3, 8, 8)), [4, 0, 7], "Digits")
    assert [axes.get_title() for axes in picture.figure.axes] == ["4", "0", "7"]
    assert picture.alt == "Images. Digits, from left to right: 4, 0, 7."


@pytest.mark.parametrize("runs", [{}, {"SGD": []}])
def test_losses_need_a_run(runs):
    with pytest.raises(BadInput, match="the losses of one run to four, by name"):
        losses(**runs)
