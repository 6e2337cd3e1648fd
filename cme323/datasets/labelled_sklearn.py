"""Two labelled data sets that scikit-learn carries, so that they need no net.

    digits           1,797 images of 8 x 8 greys, ten classes
    breast_cancer    569 rows of 30 numbers, two classes

Each is cut once, by a seed, into three quarters to learn from and one to be tested on.
"""

from dataclasses import dataclass

import numpy as np
from sklearn import datasets


@dataclass(frozen=True)
class Split:
    """Examples and labels to learn from, x and y, and others to be tested on."""

    x: np.ndarray
    y: np.ndarray
    test_x: np.ndarray
    test_y: np.ndarray


def digits(seed=0, dtype=np.float32):
    """Images (N, 1, 8, 8) of greys from 0 to 1.

    >>> digits().x.shape, digits().test_x.shape
    ((1347, 1, 8, 8), (450, 1, 8, 8))
    """
    x, y = datasets.load_digits(return_X_y=True)
    return _cut((x / 16).reshape(-1, 1, 8, 8).astype(dtype), y, seed)


def breast_cancer(seed=0, dtype=float):
    """Rows of 30 numbers, each column with mean 0 and variance 1 in what is learnt.

    >>> breast_cancer().x.shape
    (426, 30)
    """
    x, y = datasets.load_breast_cancer(return_X_y=True)
    raw = _cut(x, y, seed)
    mean, sd = raw.x.mean(axis=0), raw.x.std(axis=0)
    x, test_x = (((part - mean) / sd).astype(dtype) for part in (raw.x, raw.test_x))
    return Split(x, raw.y, test_x, raw.test_y)


def _cut(x, y, seed):
    order = np.random.default_rng(seed).permutation(len(x))
    learn, test = np.split(order, [len(x) * 3 // 4])
    return Split(x[learn], y[learn], x[test], y[test])
