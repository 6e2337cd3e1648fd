"""What a linear model can say at best: all of its answers, tried.

On a line, a linear model is a threshold and which side of it is class 1. In the plane
it is a half-plane. Both families are small enough to try them all, so that nobody can
say that it was not trained well.

    y = 1 if a < x < b, x uniform on [0, 1]:    least error  min(a, 1 - b, b - a)
    y = 1 if x1 x2 > 0, uniform on [-1, 1]²:    least error  1/3

The second: cut one corner off, at x1 + x2 = 2/3. The error at x1 + x2 = t is
1/2 - (2 - t)²/8 + (1 - t)²/2, and its derivative is 0 there.
"""

import numpy as np


def interval(n, a, b):
    """n points in the middles of equal parts of [0, 1], and if they are in (a, b).

    >>> interval(4, 0.25, 0.75)
    (array([0.125, 0.375, 0.625, 0.875]), array([0, 1, 1, 0]))
    """
    x = (np.arange(n) + 0.5) / n
    return x, ((a < x) & (x < b)).astype(int)


def quadrants(m):
    """m x m points of the square [-1, 1]², rows of two, and if their signs agree."""
    side = (2 * np.arange(m) + 1) / m - 1
    points = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    return points, (points.prod(axis=1) > 0).astype(int)


def threshold_errors(x, y):
    """The fewest wrong answers of any threshold on x, either side being class 1.

    >>> threshold_errors(np.array([1, 2, 3, 4]), np.array([0, 1, 1, 0]))
    1
    """
    order = np.argsort(x, kind="stable")
    x, y = np.asarray(x)[order], np.asarray(y)[order]
    # Class 1 from place i on: wrong are the ones before it and the zeros after.
    wrong = np.concatenate([[0], np.cumsum(y)]) + np.concatenate(
        [np.cumsum((1 - y)[::-1])[::-1], [0]]
    )
    # A threshold cannot come between equal numbers.
    wrong = wrong[np.concatenate([[True], x[1:] > x[:-1], [True]])]
    return int(min(wrong.min(), (len(y) - wrong).min()))


def half_plane_errors(points, y, angles=180):
    """The fewest wrong answers of any half-plane in so many directions.

    >>> half_plane_errors(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]),
    ...                   np.array([0, 1, 1, 0]))
    1
    """
    turns = np.pi * np.arange(angles) / angles
    # Rounded, as points on a line that is just at the threshold shall be equal.
    directions = np.stack([np.cos(turns), np.sin(turns)])
    return min(threshold_errors(x, y) for x in np.round(points @ directions, 9).T)


def interval_error(a, b):
    """The least error of a linear model on an interval."""
    return min(a, 1 - b, b - a)
