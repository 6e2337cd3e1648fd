"""One step down the gradient, in three ways.

    SGD         p <- p - rate g
    Momentum    v <- mu v + g                      p <- p - rate v
    Adam        m <- b1 m + (1 - b1) g,  s <- b2 s + (1 - b2) g²
                p <- p - rate m' / (sqrt(s') + eps),    m' = m / (1 - b1^t), s' alike

Momentum remembers where it was going; Adam also divides by the usual size of each
gradient, so that all weights move about as fast. Parameters change in place.

Sources: Polyak 1964; Kingma, Ba, Adam, 2015.
"""

import numpy as np

from cme323.errors import BadInput


class SGD:
    """Stochastic gradient descent."""

    def __init__(self, parameters, rate):
        self.parameters, self.rate = list(parameters), rate

    def step(self):
        for p in learnt(self.parameters):
            p.value -= self.rate * p.grad


class Momentum:
    """SGD with a memory of `mu`."""

    def __init__(self, parameters, rate, mu=0.9):
        self.parameters, self.rate, self.mu = list(parameters), rate, mu
        self.velocities = [np.zeros_like(p.value) for p in self.parameters]

    def step(self):
        for p, v in zip(learnt(self.parameters), self.velocities):
            v *= self.mu
            v += p.grad
            p.value -= self.rate * v


class Adam:
    """Adam, with the usual constants."""

    def __init__(self, parameters, rate=1e-3, b1=0.9, b2=0.999, eps=1e-8):
        self.parameters, self.rate, self.eps = list(parameters), rate, eps
        self.b1, self.b2, self.t = b1, b2, 0
        self.means = [np.zeros_like(p.value) for p in self.parameters]
        self.squares = [np.zeros_like(p.value) for p in self.parameters]

    def step(self):
        parameters = learnt(self.parameters)
        self.t += 1
        # Both corrections as one number for all entries: the arrays are passed once.
        rate = self.rate / (1 - self.b1**self.t)
        grown = (1 - self.b2**self.t) ** 0.5
        for p, m, s in zip(parameters, self.means, self.squares):
            m += (1 - self.b1) * (p.grad - m)
            s += (1 - self.b2) * (p.grad * p.grad - s)
            p.value -= rate * m / (np.sqrt(s) / grown + self.eps)


def learnt(parameters):
    """The same parameters, if each has a gradient."""
    missing = [p.shape for p in parameters if p.grad is None]
    if missing:
        raise BadInput(
            f"step() needs the gradient of each parameter, and {len(missing)} of "
            f"{len(parameters)} have none, the first of shape {missing[0]}: call "
            "backward() on a loss that all of them go into"
        )
    return parameters
