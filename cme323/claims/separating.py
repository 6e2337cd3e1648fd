"""Part F, what linear models cannot say: an interval (F11), XOR (F12).

Least errors are found by trying all thresholds, or all half-planes of many directions;
nothing is trained that could have been trained better. Nets are.
"""

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal
from cme323.nn.losses import accuracy
from cme323.nn.models import MLP
from cme323.nn.optimizers import Adam
from cme323.nn.separable import (
    half_plane_errors,
    interval,
    interval_error,
    quadrants,
    threshold_errors,
)
from cme323.nn.training import fit

MINSKY = "Minsky, Papert, Perceptrons, 1969"


def experiment(says, unit, axes, sweep, predict, run, verdict=None):
    return Experiment(says, unit, axes, sweep, predict, run, verdict or Equal())


def trained_errors(x, y, hidden, steps, seed=0):
    """The share of wrong answers of a trained MLP, with a hidden layer or (0) none."""
    sizes = [x.shape[1], hidden, 2] if hidden else [x.shape[1], 2]
    model = MLP(sizes, seed=seed)
    optimizer = Adam(model.parameters, 0.03)
    fit(model, x, y, optimizer, epochs=steps, batch=len(x), seed=seed)
    return 1 - accuracy(model(x), y)


# F11

POINTS = 400
# Ends are multiples of 1/400, so that errors are the shares of the formula exactly.
INTERVALS = ((0.25, 0.5), (0.3, 0.7), (0.1, 0.9), (0.4, 0.95), (0.05, 0.3), (0.5, 0.6))


def linear_error(a, b):
    x, y = interval(POINTS, a, b)
    return threshold_errors(x, y) / POINTS


def trained_on_interval(a, b, hidden, steps):
    x, y = interval(POINTS, a, b)
    return trained_errors(4 * x[:, None] - 2, y, hidden, steps)


def two_units_error(a, b):
    """Of the net  (b - a)/2 - relu(x - m) - relu(m - x), m the middle, as class 1."""
    x, y = interval(POINTS, a, b)
    model, middle = MLP([1, 2, 2]), (a + b) / 2
    into, bias, out, level = model.parameters
    into.value[:], bias.value[:] = [[1, -1]], [-middle, middle]
    out.value[:], level.value[:] = [[0, -1], [0, -1]], [0, (b - a) / 2]
    return 1 - accuracy(model(x[:, None]), y)


def feature_error(a, b):
    """The least error of a threshold on (x - m)^2."""
    x, y = interval(POINTS, a, b)
    return threshold_errors((x - (a + b) / 2) ** 2, y) / POINTS


def on_intervals(says, predict, run, verdict=None, sweep=INTERVALS):
    return experiment(
        says, "share of wrong answers", "a, b", sweep, predict, run, verdict
    )


F11 = Claim(
    id="F11",
    title="In this interval, class 1",
    statement=(
        "For $x$ uniform on $[0, 1]$ and $y = 1$ if $a < x < b$, the best linear "
        "classifier is wrong with probability $\\min(a, 1 - b, b - a)$. Two hidden "
        "units suffice for 0, and training finds less than 2 %. So does the linear "
        "classifier if it is given the feature $(x - m)^2$, $m$ the middle."
    ),
    source="derived: all thresholds compared",
    experiments=(
        on_intervals(
            "the best of all thresholds: min(a, 1 - b, b - a)",
            interval_error,
            linear_error,
            Equal(rounding=1e-9),
        ),
        on_intervals(
            "logistic regression, trained, is not better",
            lambda a, b: trained_on_interval(a, b, 0, 200),
            interval_error,
            AtMost(rounding=1e-9),
        ),
        on_intervals("two hidden units: no error", lambda a, b: 0, two_units_error),
        on_intervals(
            "sixteen units, trained: below 2 %",
            lambda a, b: 0.02,
            lambda a, b: trained_on_interval(a, b, 16, 400),
            AtMost(),
        ),
        on_intervals(
            "a threshold on (x - m)^2: no error", lambda a, b: 0, feature_error
        ),
    ),
    controls=(
        on_intervals(
            "logistic regression gets there, too: below 2 %",
            lambda a, b: 0.02,
            lambda a, b: trained_on_interval(a, b, 0, 200),
            AtMost(),
        ),
        on_intervals(
            "a linear classifier can only say always the same: min(b - a, 1 - b + a)",
            lambda a, b: min(b - a, 1 - b + a),
            linear_error,
            Equal(rounding=1e-9),
        ),
        on_intervals(
            "one hidden unit suffices: below 2 %",
            lambda a, b: 0.02,
            lambda a, b: trained_on_interval(a, b, 1, 200),
            AtMost(),
            INTERVALS[:2],
        ),
    ),
)


# F12

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR = np.array([0, 1, 1, 0])


def square_error(m):
    points, y = quadrants(m)
    return half_plane_errors(points, y, angles=72) / len(y)


def cut_corner_error(m, t):
    """Of the half-plane x1 + x2 > t."""
    points, y = quadrants(m)
    return float(np.mean((points.sum(axis=1) > t) != y))


def trained_on_square(seed, hidden):
    points, y = quadrants(20)
    return trained_errors(points, y, hidden, 250, seed)


F12 = Claim(
    id="F12",
    title="XOR",
    statement=(
        "Of the four corners of XOR a linear classifier gets 3 right. For $y = "
        "\\mathbb{1}[x_1 x_2 > 0]$, uniform on $[-1, 1]^2$, its least error is exactly "
        "$1/3$: it cuts a corner off at $x_1 + x_2 = 2/3$, where "
        "$\\frac12 - \\frac18(2-t)^2 + \\frac12(1-t)^2$ is least. A net with one "
        "hidden layer gets all."
    ),
    source=MINSKY + "; the third derived",
    experiments=(
        experiment(
            "corners: one wrong",
            "wrong answers of the best half-plane",
            "directions",
            (4, 8, 180),
            lambda angles: 1,
            lambda angles: half_plane_errors(CORNERS, XOR, angles),
        ),
        experiment(
            "square: 1/3 wrong, to 1 %",
            "share of wrong answers of the best half-plane",
            "points on a side",
            (60, 90, 120),
            lambda m: 1 / 3,
            square_error,
            Equal(rounding=0.01),
        ),
        experiment(
            "a corner cut off at x1 + x2 = t",
            "share of wrong answers",
            "points on a side, t",
            tuple((300, t) for t in (0.0, 1 / 3, 2 / 3, 1.0)),
            lambda m, t: 1 / 2 - (2 - t) ** 2 / 8 + (1 - t) ** 2 / 2,
            cut_corner_error,
            Equal(rounding=0.01),
        ),
        experiment(
            "eight hidden units, trained: all corners",
            "share of wrong answers",
            "seed",
            (0, 1, 2),
            lambda seed: 0,
            lambda seed: trained_errors(CORNERS, XOR, 8, 300, seed),
        ),
        experiment(
            "sixteen, trained: less than 2 % of the square is wrong",
            "share of wrong answers",
            "seed",
            (0, 1, 2),
            lambda seed: 0.02,
            lambda seed: trained_on_square(seed, 16),
            AtMost(),
        ),
    ),
    controls=(
        experiment(
            "square: the best half-plane is no better than a coin, 1/2",
            "share of wrong answers of the best half-plane",
            "points on a side",
            (60, 90, 120),
            lambda m: 1 / 2,
            square_error,
            Equal(rounding=0.01),
        ),
        experiment(
            "square: a quarter wrong, as of the corners",
            "share of wrong answers of the best half-plane",
            "points on a side",
            (60, 90, 120),
            lambda m: 1 / 4,
            square_error,
            Equal(rounding=0.01),
        ),
        experiment(
            "training makes a linear model learn the square, too",
            "share of wrong answers",
            "seed",
            (0, 1, 2),
            lambda seed: 0.02,
            lambda seed: trained_on_square(seed, 0),
            AtMost(),
        ),
    ),
)

CLAIMS = (F11, F12)
