import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import shift

from cme323.errors import BadInput
from cme323.nn.augmentation import moved, nudged
from tests.nn.oracle_torch import seeds

dot = np.zeros((1, 1, 3, 3))
dot[0, 0, 1, 1] = 8


def test_half_a_pixel_down_and_a_quarter_to_the_left():
    down = moved(dot, np.full((1, 1, 1, 1), 0.5), axis=2)
    left = moved(down, np.full((1, 1, 1, 1), -0.25), axis=3)
    assert left[0, 0].tolist() == [[0, 0, 0], [1, 3, 0], [1, 3, 0]]


@given(down=st.floats(-1, 1), right=st.floats(-1, 1), seed=seeds)
@settings(max_examples=20)
def test_moves_as_scipy_does(down, right, seed):
    image = np.random.default_rng(seed).random((5, 6))
    ours = image[None, None]
    for t, axis in (down, 2), (right, 3):
        ours = moved(ours, np.full((1, 1, 1, 1), t), axis)
    oracle = shift(np.pad(image, 1), (down, right), order=1)[1:-1, 1:-1]
    np.testing.assert_allclose(ours[0, 0], oracle, atol=1e-9)


@given(seed=seeds, most=st.floats(0, 1))
@settings(max_examples=20)
def test_no_grey_is_new_and_away_from_the_edge_none_is_lost(seed, most):
    rng = np.random.default_rng(seed)
    images = np.pad(rng.random((4, 1, 3, 3)), ((0, 0), (0, 0), (1, 1), (1, 1)))
    seen = nudged(images, rng, most)
    assert seen.min() >= 0
    assert seen.max() <= images.max() + 1e-12
    np.testing.assert_allclose(seen.sum(axis=(2, 3)), images.sum(axis=(2, 3)))


def test_each_image_is_moved_by_its_own_and_the_old_ones_stay():
    images = np.repeat(dot, 3, axis=0).astype(np.float32)
    seen = nudged(images, np.random.default_rng(0))
    assert len({image.tobytes() for image in seen}) == 3
    assert (images == dot).all()
    assert seen.dtype == np.float32


def test_more_than_a_pixel_is_refused():
    with pytest.raises(BadInput, match=r"0 to 1 pixels, not by 1\.5"):
        nudged(dot, np.random.default_rng(0), most=1.5)
