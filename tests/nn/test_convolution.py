import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.nn.convolution import conv2d, conv2d_cost, direct_convolution
from cme323.nn.flops import Flops
from tests.nn.oracle_torch import draw, same_as_torch, seeds

small = st.integers(1, 3)


def test_a_window_of_one_number_scales_the_image():
    x = np.arange(4.0).reshape(1, 1, 2, 2)
    assert conv2d(x, np.full((1, 1, 1, 1), 3.0)).value.tolist() == (3 * x).tolist()


@given(
    n=small,
    c=small,
    o=small,
    height=st.integers(3, 6),
    width=st.integers(3, 6),
    K=small,
    L=small,
    stride=small,
    padding=st.integers(0, 2),
    seed=seeds,
)
@settings(max_examples=50)
def test_is_as_in_torch_and_as_the_formula(
    n, c, o, height, width, K, L, stride, padding, seed
):
    torch = pytest.importorskip("torch", reason="the oracle is torch")
    x, w = draw((n, c, height, width), seed), draw((o, c, K, L), seed + 1)
    same_as_torch(
        lambda x, w: conv2d(x, w, stride, padding),
        lambda x, w: torch.conv2d(x, w, stride=stride, padding=padding),
        x,
        w,
    )
    np.testing.assert_allclose(
        conv2d(x, w, stride, padding).value,
        direct_convolution(x, w, stride, padding),
        rtol=1e-10,
        atol=1e-12,
    )


def test_costs_what_is_predicted():
    machine, images, windows = Flops(), (2, 3, 7, 6), (4, 3, 3, 3)
    conv2d(machine.array(np.ones(images)), np.ones(windows), stride=2, padding=1)
    assert machine.cost == conv2d_cost(images, windows, stride=2, padding=1)


@pytest.mark.parametrize(
    ("images", "windows", "says"),
    [
        ((1, 2, 5, 5), (4, 3, 3, 3), r"not shapes \(1, 2, 5, 5\) and \(4, 3, 3, 3\)"),
        ((1, 1, 2, 9), (1, 1, 3, 3), r"the window of shape \(1, 1, 3, 3\) into images"),
    ],
)
def test_an_error_names_both_shapes(images, windows, says):
    with pytest.raises(BadInput, match=says):
        conv2d(np.ones(images), np.ones(windows))
