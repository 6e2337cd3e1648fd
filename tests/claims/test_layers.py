"""F3 and F5 notice what is planted; test_claims.py has them confirmed."""

import numpy as np

from cme323.nn import convolution, tape
from tests.claims.test_gradients import refuted

LAYERS = "layers: error below 1e-6"
NETS = "nets, all their parameters: error below 1e-6"


def test_F3_notices_a_wrong_sign_in_a_convolution(monkeypatch):
    col2im = convolution.col2im
    monkeypatch.setattr(convolution, "col2im", lambda *a: -col2im(*a))
    assert refuted("F3") == [LAYERS, NETS]


def test_F3_notices_copies_whose_gradients_do_not_add_up(monkeypatch):
    def mean(gradient, shape):
        back = unbroadcast(gradient, shape)
        return back * (back.size / gradient.size)

    unbroadcast = tape.unbroadcast
    monkeypatch.setattr(tape, "unbroadcast", mean)
    assert NETS in refuted("F3")


def test_F5_notices_a_window_that_is_turned_round(monkeypatch):
    im2col = convolution.im2col

    def turned(x, window, stride):
        columns, places = im2col(x, window, stride)
        return columns[:, ::-1], places

    monkeypatch.setattr(convolution, "im2col", turned)
    assert refuted("F5") == ["no entry differs by more than rounding"]


def test_F5_notices_a_product_more_on_the_way_back(monkeypatch):
    col2im = convolution.col2im

    def once_more(columns, *rest):
        return col2im(columns @ np.eye(columns.shape[2]), *rest)

    monkeypatch.setattr(convolution, "col2im", once_more)
    assert refuted("F5") == ["backward: twice that"]
