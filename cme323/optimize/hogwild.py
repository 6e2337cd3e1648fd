"""Hogwild: processors update shared weights without locks; here a seeded simulator.

    at step t:   w[support of e]  -=  step * gradient_e(w as it was tau steps before)

Example e touches only its support, the features that it has. The weights that a
processor has read are old by the tau updates that others have made meanwhile: with P
processors in lockstep, tau = P - 1. If supports seldom meet, old is as good as new.
How often they meet:

    omega    the most features of an example
    delta    the most examples that share a feature, as a fraction
    rho      the most examples that meet the support of one, as a fraction

With delay tau the steps to a given accuracy grow by at most

    1 + 6 tau rho + 6 tau^2 omega sqrt(delta)

Left out: half-written numbers, and delays that vary; hogwild_processes.py has real
ones. Source: Niu, Recht, Ré, Wright, Hogwild!, NIPS 2011, proposition 4.1.
"""

from collections import deque
from math import pi, sin, sqrt

import numpy as np

from cme323.cost import Cost
from cme323.errors import BadInput


def hogwild(gradient, w, x, y, step, steps, delay, seed=0):
    """The weights at first and after each step, one after another.

    gradient: a function of w and of a batch (x, y).  delay: tau; 0 is SGD.

    >>> from cme323.optimize.least_squares import gradient
    >>> x, y = np.eye(2), np.array([1.0, 2.0])
    >>> *_, w = hogwild(gradient, np.zeros(2), x, y, 0.1, steps=500, delay=3)
    >>> w.round(3)
    array([1., 2.])
    """
    if delay != int(delay) or delay < 0:
        raise BadInput(f"a delay is a whole number of steps from 0, got {delay}")
    rng = np.random.default_rng(seed)
    read = deque([w] * (delay + 1), maxlen=delay + 1)  # the oldest is what is read
    yield w
    for e in rng.integers(len(y), size=steps):
        support = x[e] != 0
        w = w - step * support * gradient(read[0], x[e : e + 1], y[e : e + 1])
        read.append(w)
        yield w


def sparsity(x):
    """(omega, delta, rho) of examples by rows: how large their supports are, who meets.

    >>> sparsity(np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1], [0, 0, 0, 1]]))
    (2, 0.5, 0.5)
    """
    has = (x != 0).astype(int)
    meets = (has @ has.T > 0).sum(axis=1)
    shared = has.sum(axis=0)
    n = len(x)
    return int(has.sum(axis=1).max()), float(shared.max() / n), float(meets.max() / n)


def dilation_bound(delay, omega, delta, rho):
    """How many times as many steps a delay takes, at most."""
    return 1 + 6 * delay * rho + 6 * delay**2 * omega * sqrt(delta)


def safe_step(step, delay, omega, delta, rho):
    """The proposition's step for a delay, if `step` is that without."""
    return step / (1 + 6 * rho * delay + 4 * delay**2 * omega * sqrt(delta))


def stable_step(delay, curvature=1.0):
    """The longest step at which w <- w - step * curvature * (w of `delay` ago) settles.

    At the limit z^(tau+1) - z^tau + a = 0 has a root z on the unit circle, with angle
    pi/(2 tau + 1); from this a = 2 sin(pi/(2(2 tau + 1))).

    >>> stable_step(delay=0), round(stable_step(delay=1), 9)
    (2.0, 1.0)
    """
    return 2 * sin(pi / (2 * (2 * delay + 1))) / curvature


def hogwild_cost(omega, steps):
    """Predicted operations if x is stored sparse: 4 for each feature touched."""
    return Cost(flops=4 * omega * steps)
