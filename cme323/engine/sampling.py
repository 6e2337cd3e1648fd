"""Sampling: random draws that depend on the seed and the partition alone.

They are PySpark's draws, one by one: equal seeds give equal samples there and
here. NB: without a seed Spark draws one; here it is 0, so that runs agree.
"""

import math
import random


def generator(seed, partition):
    """The source of randomness of one partition."""
    rng = random.Random((seed or 0) ^ partition)
    for _ in range(10):
        rng.randint(0, 1)  # as PySpark: neighbouring seeds begin alike
    return rng


def bernoulli(rng, p):
    """1 with probability p, else 0."""
    return int(rng.random() < p)


def poisson(rng, mean):
    """Arrivals in one unit of time, `mean` of them expected (Knuth).

    The time between two is -log(u) / mean for a uniform u; so a product of u's
    that falls to exp(-mean) is a unit of time that is over.
    """
    arrivals = 0
    if mean < 20:
        product = rng.random()
        while product > math.exp(-mean):
            arrivals, product = arrivals + 1, product * rng.random()
        return arrivals
    time = rng.expovariate(mean)  # exp(-mean) would be too small to tell from 0
    while time < 1:
        arrivals, time = arrivals + 1, time + rng.expovariate(mean)
    return arrivals
