"""Part F, gradients: what they cost (F1), and how to check them (F2).

Flops are counted by arrays that know when they are computed with, whatever program
does it: the tape, a loop, or finite differences.
"""

from functools import partial
from itertools import pairwise
from math import exp, sqrt

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal, Slope
from cme323.nn.activations import relu, sigmoid, tanh
from cme323.nn.flops import Flops
from cme323.nn.gradcheck import central, forward
from cme323.nn.models import MLP
from cme323.nn.tensor import Tensor

GRIEWANK = (
    "Baur, Strassen, The complexity of partial derivatives, 1983; "
    "Griewank, Walther, Evaluating Derivatives, 2008"
)
HIGHAM = "Higham, Accuracy and Stability of Numerical Algorithms, 2002"


def experiment(says, unit, axes, sweep, predict, run, verdict=None):
    return Experiment(says, unit, axes, sweep, predict, run, verdict or Equal())


# F1: what a gradient costs


def units(layers):
    """The units of each layer.

    >>> units("784-256-10")
    [784, 256, 10]
    """
    return [int(number) for number in layers.split("-")]


def net_flops(batch, layers):
    """(flops of products forward, backward) of an MLP."""
    machine = Flops()
    model = machine.watch(MLP(units(layers)))
    loss = model(np.ones((batch, units(layers)[0]))).sum()
    before = machine.operations["matmul"]
    loss.backward()
    return before, machine.operations["matmul"] - before


def weights(layers):
    """sum of d_l d_{l+1}: the weights, less the biases."""
    return sum(a * b for a, b in pairwise(units(layers)))


def first(layers):
    """d_0 d_1."""
    return units(layers)[0] * units(layers)[1]


def ratio(program, d):
    """Flops of value and gradient of a program with d variables, over the value's."""
    machine = Flops()
    x = Tensor(machine.array(np.linspace(0.5, 1.5, d)))
    loss = PROGRAMS[program](x)
    value = machine.cost.flops
    loss.backward()
    return machine.cost.flops / value


PROGRAMS = {
    "sum of squares": lambda x: (x * x).sum(),
    "products": lambda x: (x * x * x - x * x).sum(),
    "tanh": lambda x: tanh(x).sum(),
    "sigmoid": lambda x: sigmoid(x).sum(),
    "exp and log": lambda x: (x.exp() + 1).log().sum(),
    "relu": lambda x: relu(x - 1).sum(),
    "reciprocal": lambda x: (1 / x).sum(),
    "layer": lambda x: tanh(x.reshape(1, -1) @ np.ones((x.shape[0], 4))).sum(),
}
DIMENSIONS = (10, 32, 100, 1_000, 10_000, 100_000)
NETS = ((1, "3-2"), (8, "10-20-5"), (32, "64-32-32-10"), (128, "784-256-256-10"))


def evaluations(differences, d):
    """Flops of a gradient by differences, over those of the function itself."""
    machine = Flops()

    def f(x):
        y = machine.array(x)
        return float((y * y * y).sum())

    f(np.ones(d))
    one = machine.cost.flops
    differences(f, np.ones(d), 1e-3)
    return (machine.cost.flops - one) / one


F1 = Claim(
    id="F1",
    title="A gradient costs a few evaluations",
    statement=(
        "All $d$ partial derivatives and the value cost at most 5 times the value, "
        "whatever $d$, by going backward, for programs of $+$, $-$, $\\times$ and the "
        "functions here. In an MLP with layers of $d_l$ units, a batch of $B$ takes "
        "$2B\\sum d_l d_{l+1}$ flops in products forward and $4B\\sum d_l d_{l+1} - 2B "
        "d_0 d_1$ backward. Finite differences take $d + 1$ evaluations, central "
        "ones $2d$."
    ),
    source=GRIEWANK + "; the exact counts derived",
    experiments=(
        experiment(
            "forward: 2B sum of d_l d_{l+1}",
            "flops in products",
            "B, layers",
            NETS,
            lambda B, layers: 2 * B * weights(layers),
            lambda B, layers: net_flops(B, layers)[0],
        ),
        experiment(
            "backward: 4B sum - 2B d_0 d_1",
            "flops in products",
            "B, layers",
            NETS,
            lambda B, layers: 4 * B * weights(layers) - 2 * B * first(layers),
            lambda B, layers: net_flops(B, layers)[1],
        ),
        experiment(
            "value and gradient: at most 5 values",
            "flops, over those of the value",
            "program, d",
            tuple((name, d) for name in PROGRAMS for d in (10, 100, 10_000)),
            lambda program, d: 5,
            ratio,
            AtMost(),
        ),
        experiment(
            "that does not grow with d",
            "flops, over those of the value",
            "d",
            DIMENSIONS,
            lambda d: 4,
            partial(ratio, "products"),
            Slope(0, 0.05),
        ),
        experiment(
            "central differences: 2d evaluations",
            "evaluations",
            "d",
            (10, 30, 100, 300, 1_000),
            lambda d: 2 * d,
            partial(evaluations, central),
        ),
        experiment(
            "forward differences: d + 1 evaluations",
            "evaluations",
            "d",
            (10, 30, 100, 300, 1_000),
            lambda d: d + 1,
            partial(evaluations, forward),
        ),
    ),
    controls=(
        experiment(
            "each partial derivative costs an evaluation: d values",
            "flops, over those of the value",
            "d",
            DIMENSIONS,
            lambda d: d,
            partial(ratio, "products"),
            Slope(1, 0.05),
        ),
        experiment(
            "backward costs what forward costs",
            "flops in products",
            "B, layers",
            NETS,
            lambda B, layers: 2 * B * weights(layers),
            lambda B, layers: net_flops(B, layers)[1],
        ),
        experiment(
            "backward costs twice that, with the first layer's too: 4B sum",
            "flops in products",
            "B, layers",
            NETS,
            lambda B, layers: 4 * B * weights(layers),
            lambda B, layers: net_flops(B, layers)[1],
        ),
        experiment(
            "value and gradient: at most 2 values",
            "flops, over those of the value",
            "program, d",
            tuple((name, 100) for name in PROGRAMS),
            lambda program, d: 2,
            ratio,
            AtMost(),
        ),
    ),
)


# F2: how far differences are from the gradient

# Multiples of 2^-20, so that x + h and x - h are exact for the powers of 2 here.
POINTS = np.round(np.random.default_rng(0).uniform(1, 2, 200) * 2**20) / 2**20


def value(x):
    return exp(x.item())


def typical_error(differences, h):
    """Root mean square over the points, relative, of the derivative of e^x."""
    x = Tensor(POINTS)
    x.exp().sum().backward()
    found = [float(differences(value, np.array([p]), h)[0]) for p in POINTS]
    return float(np.sqrt(np.mean((np.array(found) / x.grad - 1) ** 2)))


def best(differences):
    """The power of 2 with the smallest typical error."""
    powers = [2.0**-k for k in range(10, 36)]
    return min(powers, key=lambda h: typical_error(differences, h))


# Rounding e^x to the nearest number is off by a share of a unit in the last place,
# evenly: relative to e^x its root mean square over the points is
ROUNDING = float(np.sqrt(np.mean((np.spacing(np.exp(POINTS)) / np.exp(POINTS)) ** 2)))
ROUNDING /= sqrt(12)
BEST = {"central": (3 * ROUNDING) ** (1 / 3), "forward": 8**0.25 * sqrt(ROUNDING)}
DIFFERENCES = {"central": central, "forward": forward}


def off_by(name):
    """By which factor the best h is not where it is predicted."""
    found = best(DIFFERENCES[name]) / BEST[name]
    return max(found, 1 / found)


def slope(says, differences, powers, predict, exponent):
    return experiment(
        says,
        "relative error",
        "h",
        tuple(2.0**-k for k in powers),
        predict,
        partial(typical_error, differences),
        Slope(exponent, 0.1),
    )


F2 = Claim(
    id="F2",
    title="How to check a gradient",
    statement=(
        "Central differences are off by $h^2 |f'''|/6$, forward ones by $h|f''|/2$, as "
        "long as rounding is small; then by rounding over $h$. The best step is $(3 r "
        "|f| / |f'''|)^{1/3}$, some $6 \\cdot 10^{-6}$, for central differences, and "
        "$8^{1/4} (r|f|/|f''|)^{1/2}$, some $10^{-8}$, for forward ones, $r$ being "
        "the typical relative rounding error of $f$."
    ),
    source=HIGHAM + "; the best steps derived for errors that add as variances",
    experiments=(
        slope(
            "central, large h: h^2 / 6",
            central,
            range(2, 12),
            lambda h: h * h / 6,
            2,
        ),
        slope(
            "central, small h: r / (sqrt(2) h)",
            central,
            range(22, 35),
            lambda h: ROUNDING / sqrt(2) / h,
            -1,
        ),
        slope("forward, large h: h / 2", forward, range(4, 20), lambda h: h / 2, 1),
        slope(
            "forward, small h: sqrt(2) r / h",
            forward,
            range(30, 38),
            lambda h: sqrt(2) * ROUNDING / h,
            -1,
        ),
        experiment(
            "the best h is within a factor of 2 of the formula",
            "factor between them",
            "differences",
            tuple(BEST),
            lambda name: 2,
            off_by,
            AtMost(),
        ),
    ),
    controls=(
        experiment(
            "the smaller h, the better",
            "relative error",
            "h",
            tuple(2.0**-k for k in range(18, 30)),
            lambda h: typical_error(central, 2 * h),
            partial(typical_error, central),
            AtMost(),
        ),
        slope(
            "forward differences are as good as central ones: h^2",
            forward,
            range(4, 12),
            lambda h: h * h / 6,
            2,
        ),
        experiment(
            "the best central difference is right to rounding",
            "relative error",
            "h",
            (2.0**-18, 2.0**-17),
            lambda h: 4 * 2.0**-53,
            partial(typical_error, central),
            AtMost(),
        ),
    ),
)

CLAIMS = (F1, F2)
