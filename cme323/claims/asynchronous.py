"""Part E, updates without locks: Hogwild (E10), and how much delay is too much (E11).

The simulator delays every update by tau steps. Examples have a few of 32 features, all
of one size, so that supports that meet pull the same way: the worst kind of overlap.
"""

from functools import cache, partial
from itertools import islice, pairwise

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal, Slope
from cme323.optimize.hogwild import (
    dilation_bound,
    hogwild,
    safe_step,
    sparsity,
    stable_step,
)
from cme323.optimize.least_squares import gradient, objective

NIU = (
    "Niu, Recht, Ré, Wright, Hogwild!, NIPS 2011, proposition 4.1 (constants recalled)"
)
N, D, SEEDS = 128, 32, 3
NEVER = 2000  # steps after which we give up


@cache
def examples(features):
    """(x, y): each example has so many of 32 features; some w has no error at all."""
    rng = np.random.default_rng(0)
    x = np.zeros((N, D))
    for row in x:
        row[rng.choice(D, features, replace=False)] = features**-0.5
    return x, x @ np.random.default_rng(1).normal(size=D)


def steps_to_goal(features, delay, step, seed, most):
    """Steps until f is a hundredth of what it was; `most` if it takes longer."""
    x, y = examples(features)
    goal = objective(np.zeros(D), x, y) / 100
    path = hogwild(gradient, np.zeros(D), x, y, step, most, delay, seed)
    with np.errstate(over="ignore", invalid="ignore"):
        return next((t for t, w in enumerate(path) if objective(w, x, y) <= goal), most)


@cache
def mean_steps(features, delay, step=1.0, most=NEVER):
    runs = [steps_to_goal(features, delay, step, seed, most) for seed in range(SEEDS)]
    return sum(runs) / SEEDS


def dilation(features, delay):
    """How many times as many steps a delay takes, at an unchanged step."""
    return mean_steps(features, delay) / mean_steps(features, 0)


def careful_dilation(features, delay):
    """The same at the proposition's step for that delay."""
    shape = sparsity(examples(features)[0])
    step = safe_step(1.0, delay, *shape)
    return mean_steps(features, delay, step, 20_000) / mean_steps(features, 0)


def dilation_by_theory(features, delay):
    return dilation_bound(delay, *sparsity(examples(features)[0]))


def not_longer(pairs):
    """How many of these (features, delay) take no longer than the one before."""
    found = [dilation(*pair) for pair in pairs]
    return sum(after <= before for before, after in pairwise(found))


def collisions(features):
    return sparsity(examples(features)[0])[2]


FEW = ((1, 1), (1, 2), (1, 4), (2, 1), (2, 2), (4, 1), (8, 1))

E10 = Claim(
    id="E10",
    title="Hogwild",
    statement=(
        "Weights that are read are $\\tau$ updates old, and an update touches only "
        "the features of its example. With $\\rho$ and $\\Delta$ the greatest shares "
        "of the examples that meet one example, and one feature, and $\\Omega$ the "
        "most features of one: at the step that is divided by $1 + 6\\tau\\rho + "
        "4\\tau^2\\Omega\\sqrt\\Delta$ the steps to a given accuracy grow by at most "
        "$1 + 6\\tau\\rho + 6\\tau^2\\Omega\\sqrt\\Delta$. At an unchanged step they "
        "grow with $\\tau$, and with $\\rho$: sparse data hardly notice, dense data "
        "diverge."
    ),
    source=NIU,
    experiments=(
        Experiment(
            "at the safe step: at most 1 + 6 tau rho + 6 tau^2 Omega sqrt(Delta)",
            "times as many steps",
            "features, tau",
            FEW,
            predict=dilation_by_theory,
            run=careful_dilation,
            verdict=AtMost(),
        ),
        Experiment(
            "at an unchanged step: longer with each tau of 0, 8, 16",
            "times that it was not longer",
            "features",
            (1, 2, 4),
            predict=lambda features: 0,
            run=lambda s: not_longer([(s, tau) for tau in (0, 8, 16)]),
            verdict=Equal(),
        ),
        Experiment(
            "at an unchanged step: longer with each rho, of 1, 2, 4, 8 features",
            "times that it was not longer",
            "tau",
            (8,),
            predict=lambda tau: 0,
            run=lambda tau: not_longer([(s, tau) for s in (1, 2, 4, 8)]),
            verdict=Equal(),
        ),
        Experiment(
            "one feature each, of 32: a delay of 4 costs less than a fifth more",
            "times as many steps",
            "tau",
            (1, 2, 4),
            predict=lambda tau: 1.2,
            run=partial(dilation, 1),
            verdict=AtMost(),
        ),
    ),
    controls=(
        Experiment(
            "half of the features each: a delay of 4 costs less than a fifth more",
            "times as many steps",
            "tau",
            (1, 2, 4),
            predict=lambda tau: 1.2,
            run=partial(dilation, 16),
            verdict=AtMost(),
        ),
        Experiment(
            "locks are never needed: a delay is free, at most a tenth more steps",
            "times as many steps",
            "features, tau",
            ((1, 8), (4, 8), (8, 8)),
            predict=lambda features, tau: 1.1,
            run=dilation,
            verdict=AtMost(),
        ),
    ),
)

# --- E11


def delayed(steps, delay, count):
    """w of count steps, one row each, for many step lengths at once: f = w^2/2."""
    lengths = np.ones((1, len(steps)))  # one example, which has one feature: x = 1
    path = hogwild(pull, np.ones(len(steps)), lengths, np.zeros(1), steps, count, delay)
    return np.array(list(islice(path, 1, None)))


def pull(w, x, y):
    """The gradient of w^2/2, for each item of w by itself."""
    return w


@cache
def longest_stable_step(delay, levels=4, width=16):
    """The longest step at which w does not grow in the long run, between 0 and 4."""
    low, high = 0.0, 4.0
    for _ in range(levels):
        steps = np.linspace(low, high, width + 1)
        grows = np.flatnonzero(growing(steps, delay))
        low, high = steps[max(grows[0] - 1, 0)], steps[grows[0]]
    return float(low + high) / 2


def growing(steps, delay):
    """For each step: is w larger late than it was early, in the mean square?"""
    period = 4 * delay + 2  # of the slowest oscillation, at the limit
    early, late = 20 * period, 120 * period
    with np.errstate(over="ignore", invalid="ignore"):
        w = delayed(steps, delay, late + 10 * period)
        size = [np.square(w[t : t + 10 * period]).mean(axis=0) for t in (early, late)]
        return ~(size[1] <= size[0]) | ~np.isfinite(size[1])


DELAYS = (0, 1, 2, 3, 5, 8, 13, 20)

E11 = Claim(
    id="E11",
    title="The limit of delay",
    statement=(
        "$w_{t+1} = w_t - \\eta\\lambda w_{t-\\tau}$ goes to 0 if and only if "
        "$\\eta\\lambda < 2\\sin\\frac{\\pi}{2(2\\tau + 1)}$. So the longest stable "
        "step is $2/\\lambda$ without delay, half of it with a delay of 1, and about "
        "$\\pi/(2\\tau + 1)\\lambda$ in the long run."
    ),
    source="derived: where a root of $z^{\\tau+1} - z^\\tau + \\eta\\lambda$ meets "
    "the unit circle",
    experiments=(
        Experiment(
            "the longest stable step is 2 sin(pi / (2(2 tau + 1)))",
            "step",
            "tau",
            DELAYS,
            predict=stable_step,
            run=longest_stable_step,
            verdict=Equal(rounding=1e-3),
        ),
    ),
    controls=(
        Experiment(
            "the longest stable step is 2/(tau + 1)",
            "step",
            "tau",
            DELAYS,
            predict=lambda tau: 2 / (tau + 1),
            run=longest_stable_step,
            verdict=Equal(rounding=1e-3),
        ),
        Experiment(
            "a delay takes only the root: the longest stable step falls as tau^(-1/2)",
            "step",
            "tau",
            DELAYS[1:],
            predict=lambda tau: tau**-0.5,
            run=longest_stable_step,
            verdict=Slope(-0.5, 0.05),
        ),
    ),
)

CLAIMS = (E10, E11)
