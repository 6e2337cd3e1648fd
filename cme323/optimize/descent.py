"""Gradient descent: walk downhill, in steps as long as the curvature allows.

    w  <-  w - step * gradient(w)

If no curvature exceeds L and step = 1/L:

    convex               f(w_t) - f*  <=  L |w_0 - w*|^2 / (2t)
    curvature >= mu      f(w_t) - f*  shrinks by at least (1 - mu/L) in each step

and with step = 2/(mu + L) the distance shrinks by (K - 1)/(K + 1), K = L/mu. At any w,
f(w) - f* <= |gradient|^2/(2 mu): a strongly convex model tells how far it is from the
end. Left out: line search, Nesterov's momentum.

Source: Nesterov, Introductory Lectures on Convex Optimization, 2004, section 2.1.5.
"""


def gradient_descent(gradient, w, step, steps):
    """The weights at first and after each step, one after another.

    gradient: a function of w alone.

    >>> list(gradient_descent(lambda w: w, 8.0, step=0.5, steps=3))
    [8.0, 4.0, 2.0, 1.0]
    """
    yield w
    for _ in range(steps):
        w = w - step * gradient(w)
        yield w


def convex_bound(L, distance, steps):
    """What f(w) - f* is at most after so many steps of 1/L from that distance."""
    return L * distance**2 / (2 * steps)


def certificate(slope, mu):
    """What f(w) - f* is at most where the gradient is `slope`: |slope|^2/(2 mu).

    >>> certificate([3.0, 4.0], mu=0.5)
    25.0
    """
    return float(sum(s * s for s in slope)) / (2 * mu)


def gradient_descent_cost(gradient_cost, steps):
    """Predicted cost: as many gradients as steps.

    >>> from cme323.optimize.logistic import gradient_cost
    >>> gradient_descent_cost(gradient_cost(n=1000, d=10), steps=50)
    Cost(flops=2,000,000)
    """
    return gradient_cost * steps
