"""Max pooling: of each window of an image only the largest number is kept.

    y[n, c, i, j] = max over u, v of  x[n, c, s i + u, s j + v]

The image gets smaller, and a small shift of what is on it changes little. All the
gradient goes back to the place that had the largest; to the first of them, as torch
does, if there are several: zeros after a relu often are.

One step for each place in the window, on all windows at once.
"""

from itertools import product

import numpy as np

from cme323.errors import BadInput
from cme323.nn.tensor import lift


def max_pool2d(x, size=2, stride=None):
    """Images (N, C, H, W) of windows of size x size, `stride` apart, as far as `size`.

    >>> max_pool2d(np.arange(16.0).reshape(1, 1, 4, 4)).value[0, 0]
    array([[ 5.,  7.],
           [13., 15.]])
    """
    x, stride = lift(x), stride or size
    if x.value.ndim != 4 or not 1 <= size <= min(x.shape[2:]) or stride < 1:
        raise BadInput(
            "max_pool2d needs images (N, C, H, W) that its window fits into, not "
            f"shape {x.shape} and window {(size, size)}, stride {stride}"
        )
    windows = list(_windows(x.shape, size, stride))
    y = x.value[windows[0]]
    for window in windows[1:]:
        y = np.maximum(y, x.value[window])

    def way_back(g):
        total, left = np.zeros_like(x.value), g
        for window in windows:
            share = left * (x.value[window] == y)
            total[window] += share
            left = left - share
        return total

    return x.then("max_pool2d", y, way_back)


def _windows(shape, size, stride):
    """The places (u, v) of all windows: an index of the images for each."""
    ends = [(length - size) // stride * stride + 1 for length in shape[2:]]
    for corner in product(range(size), repeat=2):
        yield ..., *(slice(u, u + end, stride) for u, end in zip(corner, ends))
