"""L-BFGS: learn the curvature from the last ten steps, and never see a Hessian.

    w  <-  w - t * H gradient,     t = 1, 1/2, 1/4, ... until f falls enough

H is what the last steps s = w' - w tell of the inverse Hessian by g = gradient' -
gradient, as H g = s. It is never written down: two loops over the pairs (s, g) multiply
by it, 8 memory d operations, beside which a gradient costs 4nd. All else happens in f,
so the same function runs on one machine and, by distributed.py, on a cluster.

Left out: a search that lengthens steps (Wolfe's), which f needs if it is not convex.
Source: Nocedal, Wright, Numerical Optimization, 2006, algorithms 7.4 and 7.5.
"""

from collections import deque

import numpy as np

from cme323.cost import Cost
from cme323.errors import BadInput


def lbfgs(f, w, tolerance=1e-8, steps=500, memory=10):
    """Where the gradient is at most `tolerance` long.

    f: gives (value, gradient) of a strongly convex function at w.

    >>> lbfgs(lambda w: (w @ w, 2 * w), np.array([3.0, -4.0])).round(6)
    array([0., 0.])
    """
    value, slope = f(w)
    moves = deque(maxlen=memory)
    for _ in range(steps):
        if np.linalg.norm(slope) <= tolerance:
            return w
        direction = inverse_hessian_times(slope, moves)
        move, value, after = shortened(f, w, value, slope, direction)
        moves.append((move, after - slope))
        w, slope = w + move, after
    raise BadInput(
        f"the gradient is not below {tolerance} after {steps} steps: give a larger "
        "ridge, or more steps"
    )


def inverse_hessian_times(slope, moves):
    """H times the gradient, by the pairs (s, g) of the last steps; short at first."""
    if not moves:
        return slope / max(np.linalg.norm(slope), 1)
    shares = []
    for s, g in reversed(moves):
        shares.append((s @ slope) / (s @ g))
        slope = slope - shares[-1] * g
    s, g = moves[-1]
    direction = slope * (s @ g) / (g @ g)
    for (s, g), share in zip(moves, reversed(shares)):
        direction = direction + (share - (g @ direction) / (s @ g)) * s
    return direction


def shortened(f, w, value, slope, direction, least=1e-10):
    """(move, value, gradient) for the first of 1, 1/2, 1/4, ... at which f falls."""
    t = 1.0
    while True:
        below, after = f(w - t * direction)
        if below <= value - 1e-4 * t * (slope @ direction) or t < least:
            return -t * direction, below, after
        t /= 2


def lbfgs_cost(gradient_cost, d, steps, memory=10):
    """Predicted operations if no step is shortened: gradients, and the two loops."""
    return (gradient_cost + Cost(flops=8 * memory * d)) * steps
