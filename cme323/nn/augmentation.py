"""Augmentation: the same image, moved a little, is a new example with the old label.

    moved(i) = (1 - |t|) image(i) + |t| image(i - 1 or i + 1),   t from -most to most

Each image of a batch is moved by its own t, down and across, in each epoch anew. So a
net never sees quite the same image twice, and cannot learn the images by heart. Only
what is learnt from is moved, never what is tested.

Left out: turning, stretching, noise. Source: LeCun, Bottou, Bengio, Haffner,
Gradient-based learning applied to document recognition, 1998, section III.
"""

import numpy as np

from cme323.errors import BadInput


def nudged(images, rng, most=0.6):
    """Images (N, C, H, W), each moved by up to `most` of a pixel, at most one.

    >>> image = np.array([[[[0.0, 8.0, 0.0]]]])
    >>> bool(nudged(image, np.random.default_rng(0)).sum() <= image.sum())
    True
    """
    if not 0 <= most <= 1:
        raise BadInput(f"an image is moved by 0 to 1 pixels, not by {most}: try 0.6")
    for axis in (2, 3):
        t = rng.uniform(-most, most, (len(images), 1, 1, 1)).astype(images.dtype)
        images = moved(images, t, axis)
    return images


def moved(images, t, axis):
    """Along an axis, to higher indices if t is above 0; what leaves the frame is lost.

    >>> moved(np.array([[[[0.0, 8.0, 0.0]]]]), np.array([[[[0.25]]]]), axis=3)
    array([[[[0., 6., 2.]]]])
    """
    before, after = neighbours(images, axis)
    return (1 - abs(t)) * images + np.maximum(t, 0) * before + np.maximum(-t, 0) * after


def neighbours(images, axis):
    """At each place what is one index below, and what is one above; 0 at the edge."""
    frame = [(0, 0)] * images.ndim
    frame[axis] = (1, 1)
    padded, length = np.pad(images, frame), images.shape[axis]
    places = np.arange(length)
    return padded.take(places, axis), padded.take(places + 2, axis)
