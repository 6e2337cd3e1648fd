"""Convolution: the same small window of weights at each place of an image.

    y[n, o, i, j] = sum over c, u, v of  w[o, c, u, v] x[n, c, s i + u, s j + v]

Copy what the window sees at each place into a column: (C K K, places) for each image.
Then all sums are one matrix product, w (O, C K K) by the columns, and a fast product
is a fast convolution ("im2col"). It costs memory: about K² times the image. The way
back is a product too; the columns' gradients are added up where they came from.

    2 N O C K² Ho Wo flops forward,     Ho = (H + 2 padding - K) // stride + 1

NB: mathematicians call it correlation; their convolution turns the window round.
Left out: dilation, groups. Source: Chellapilla, Puri, Simard, High performance
convolutional neural networks for document processing, 2006.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.nn.tensor import Tensor, lift


def conv2d(x, w, stride=1, padding=0):
    """Images x (N, C, H, W) under windows w (O, C, K, L): (N, O, Ho, Wo).

    >>> x, w = np.arange(9.0).reshape(1, 1, 3, 3), np.ones((1, 1, 2, 2))
    >>> conv2d(x, w).value[0, 0]
    array([[ 8., 12.],
           [20., 24.]])
    """
    x, w = lift(x), lift(w)
    _check(x.shape, w.shape, stride, padding)
    padded = pad(x.value, padding)
    columns, places = im2col(padded, w.shape[2:], stride)
    weights = w.value.reshape(len(w.value), -1)
    y = (weights @ columns).reshape(len(x.value), len(weights), *places)

    def to_images(g):
        gradients = weights.T @ g.reshape(*g.shape[:2], -1)
        return col2im(gradients, padded, w.shape[2:], places, stride, padding)

    def to_weights(g):
        products = g.reshape(*g.shape[:2], -1) @ columns.swapaxes(1, 2)
        return products.sum(axis=0).reshape(w.shape)

    ways = (x, to_images), (w, to_weights)
    return Tensor(y, "conv2d", ways, x.constant and w.constant)


def _check(images, windows, stride, padding):
    fits = len(images) == len(windows) == 4 and images[1] == windows[1]
    if not fits or min(stride, padding + 1) < 1:
        raise BadInput(
            "conv2d needs images (N, C, H, W), windows (O, C, K, L) of as many "
            f"channels, stride from 1 and padding from 0, not shapes {images} and "
            f"{windows}, stride {stride}, padding {padding}"
        )
    if any(w > x + 2 * padding for x, w in zip(images[2:], windows[2:])):
        raise BadInput(
            f"conv2d cannot fit the window of shape {windows} into images of shape "
            f"{images} with padding {padding}"
        )


def pad(x, padding):
    """With so many rows and columns of zeros around each image."""
    if not padding:
        return x
    N, C, H, W = x.shape
    padded = np.zeros_like(x, shape=(N, C, H + 2 * padding, W + 2 * padding))
    padded[:, :, padding:-padding, padding:-padding] = x
    return padded


def im2col(x, window, stride):
    """((N, C K L, places): a column for each place; (Ho, Wo)).

    >>> im2col(np.arange(9.0).reshape(1, 1, 3, 3), (2, 2), 1)[0][0].T[0]
    array([0., 1., 3., 4.])
    """
    seen = sliding_window_view(x, window, axis=(2, 3), subok=True)
    seen = seen[:, :, ::stride, ::stride].transpose(0, 1, 4, 5, 2, 3)
    N, C, K, L, *places = seen.shape
    return seen.reshape(N, C * K * L, -1), places


def col2im(columns, like, window, places, stride, padding):
    """Add the columns up where im2col took them from, and cut the padding off."""
    (N, C, H, W), (K, L), (Ho, Wo) = like.shape, window, places
    columns = columns.reshape(N, C, K, L, Ho, Wo)
    total = np.zeros_like(like)
    for u in range(K):
        for v in range(L):
            rows, across = (
                slice(u, u + stride * Ho, stride),
                slice(v, v + stride * Wo, stride),
            )
            total[:, :, rows, across] += columns[:, :, u, v]
    return total[:, :, padding : H - padding, padding : W - padding]


def direct_convolution(x, w, stride=1, padding=0):
    """The formula above as it stands, for arrays: slow, and right by reading."""
    x = pad(x, padding)
    (N, _, H, W), (outputs, _, K, L) = x.shape, w.shape
    places = (H - K) // stride + 1, (W - L) // stride + 1
    y = np.zeros_like(x, shape=(N, outputs, *places))
    for n, o, i, j in np.ndindex(y.shape):
        seen = x[n, :, stride * i : stride * i + K, stride * j : stride * j + L]
        y[n, o, i, j] = (w[o] * seen).sum()
    return y


def conv2d_cost(images, windows, stride=1, padding=0):
    """Flops forward, exactly, a multiplication with its addition being two."""
    (N, C, H, W), (outputs, _, K, L) = images, windows
    rows, across = H + 2 * padding - K, W + 2 * padding - L
    places = (rows // stride + 1) * (across // stride + 1)
    return Cost(flops=2 * N * outputs * C * K * L * places)
