import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.nn.pooling import max_pool2d
from tests.nn.oracle_torch import draw, same_as_torch, seeds


@given(
    height=st.integers(3, 7),
    width=st.integers(3, 7),
    size=st.integers(1, 3),
    stride=st.integers(1, 4),
    seed=seeds,
    ties=st.booleans(),
)
@settings(max_examples=50)
def test_is_as_in_torch_where_several_are_largest_too(
    height, width, size, stride, seed, ties
):
    torch = pytest.importorskip("torch", reason="the oracle is torch")
    x = draw((2, 2, height, width), seed)
    same_as_torch(
        lambda t: max_pool2d(t, size, stride),
        lambda t: torch.max_pool2d(t, size, stride),
        np.maximum(x, 0).round() if ties else x,
    )


def test_windows_stand_side_by_side_unless_told():
    assert max_pool2d(np.ones((1, 1, 5, 7)), 2).shape == (1, 1, 2, 3)


def test_an_error_names_both_shapes():
    with pytest.raises(BadInput, match=r"shape \(1, 1, 2, 2\) and window \(3, 3\)"):
        max_pool2d(np.ones((1, 1, 2, 2)), 3)
