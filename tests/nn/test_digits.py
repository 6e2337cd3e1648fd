"""A CNN from scratch reads 98 of 100 digits that it has not seen."""

from importlib import import_module
from math import cos, pi

import pytest

from cme323.nn.digits import cooled, digit_reader
from cme323.nn.losses import accuracy
from cme323.nn.optimizers import SGD


def test_a_small_one_reads_98_of_100():
    pytest.importorskip("sklearn", reason="the digits are scikit-learn's")
    data = import_module("cme323.datasets.labelled_sklearn").digits()
    net, losses = digit_reader(data.x, data.y, channels=(32, 64))
    assert accuracy(net(data.test_x), data.test_y) >= 0.98
    assert losses[-1] < losses[0] / 20


def test_steps_get_shorter_as_a_cosine_and_are_long_again_in_the_end():
    optimizer, rates = SGD([], rate=4.0), []
    for _ in cooled(iter([1.0] * 4), optimizer, 4):
        rates.append(optimizer.rate)
    assert rates == pytest.approx([2 + 2 * cos(pi * e / 4) for e in (1, 2, 3, 4)])
    assert optimizer.rate == 4
