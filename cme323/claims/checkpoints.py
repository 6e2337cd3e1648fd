"""Part B, checkpoints: how often a run should save its state, by Young (B7).

A machine dies and comes back on a simulated clock. Different intervals are compared on
the same lives, so that luck does not decide which of them is best.
"""

from itertools import count
from math import sqrt

import numpy as np

from cme323.checkpointing import (
    best_interval,
    expected_seconds,
    exponential_lives,
    run_seconds,
    young_interval,
)
from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal, Slope, Within
from cme323.engine import Cluster, Context

YOUNG = (
    "Young, A first order approximation to the optimum checkpoint interval, CACM 17, "
    "1974; Daly, A higher order estimate of it, Future Generation Computer Systems 22, "
    "2006"
)
SEEDS = range(60)
STEPS = tuple(1.1**step for step in range(-8, 9))  # 0.47 to 2.14


def by_seed(interval, checkpoint, mean_life, restart):
    """Seconds of 200 segments, for each seed."""
    return [
        run_seconds(
            200,
            interval,
            checkpoint,
            exponential_lives(mean_life, np.random.default_rng(seed)),
            restart,
        )
        for seed in SEEDS
    ]


def first_order(interval, checkpoint, mean_life, restart):
    """Young's approximation: a death loses half an interval, and there are T/M."""
    work = 200 * interval
    return work * (1 + checkpoint / interval + (interval / 2 + restart) / mean_life)


def cluster(seed, mean_life):
    """A machine of the engine on which a task takes 4 seconds."""
    costs = {"overhead": 4, "alpha": 0, "beta": 0, "gamma": 0}
    return Cluster(1, failures=mean_life, restart=3, seed=seed, **costs)


def by_engine(seed, mean_life):
    """Seconds of 50 tasks: a task starts again where it began if its machine dies."""
    sc = Context(cluster=cluster(seed, mean_life))
    for _ in range(50):
        sc.range(1).count()
    return sc.clock


def with_its_lives(seed, mean_life):
    """The same, as 50 segments of 3 + 1 seconds."""
    machine = cluster(seed, mean_life)
    return run_seconds(50, 3, 1, map(machine.lifetime, count()), machine.restart)


def loss(interval, checkpoint, work):
    """Seconds per second of computing, beyond 1; the mean life is a second."""
    segments = round(work / interval)
    lives = exponential_lives(1.0, np.random.default_rng(0))
    return (
        run_seconds(segments, interval, checkpoint, lives) / (segments * interval) - 1
    )


def off(predicted, checkpoint, work):
    """How far from the one predicted the best interval is, relatively.

    Tried are steps of 10%, from half of the one predicted to twice.
    """
    start = predicted(checkpoint, 1.0)
    best = min(STEPS, key=lambda step: loss(step * start, checkpoint, work))
    return abs(best - 1)


def optimum(says, predicted, sweep):
    return Experiment(
        says,
        "how far it is from the best, relatively",
        "C/M, T/M",
        sweep,
        predict=lambda checkpoint, work: 0.2,
        run=lambda checkpoint, work: off(predicted, checkpoint, work),
        verdict=AtMost(),
    )


def mean_seconds(says, predict, sweep):
    return Experiment(
        says,
        "seconds, for each seed",
        "tau, C, M, R",
        sweep,
        predict=predict,
        run=by_seed,
        verdict=Within(precision=0.1),
    )


SETTINGS = ((10, 1, 100, 0), (10, 1, 100, 20), (50, 5, 100, 20), (100, 100, 100, 50))

B7 = Claim(
    id="B7",
    title="Checkpoint interval",
    statement=(
        "A run of $T$ seconds saves its state after each $\\tau$, which takes $C$. Its "
        "machine lives for an exponential time of mean $M$, and is back after $R$, at "
        "the last state saved. That takes $(M + R)(e^{(\\tau + C)/M} - 1)T/\\tau$ on "
        "average. If $C \\ll M$ it is least at $\\sqrt{2CM}$, within 20%, and the loss "
        "is then about $\\sqrt{2C/M}$ of $T$. For any $C$ it is least where "
        "$e^{(\\tau + C)/M}(1 - \\tau/M) = 1$."
    ),
    source=YOUNG,
    experiments=(
        mean_seconds(
            "(M + R)(e^((tau + C)/M) - 1) T/tau seconds on average",
            lambda *setting: expected_seconds(200, *setting),
            SETTINGS,
        ),
        Experiment(
            "the engine's cluster takes as long, with the same lives",
            "seconds",
            "seed, M",
            tuple((seed, mean) for seed in range(4) for mean in (30, 100)),
            predict=with_its_lives,
            run=by_engine,
            verdict=Equal(rounding=1e-12),
        ),
        optimum(
            "sqrt(2 C M) is within 20% of the best interval if C << M",
            young_interval,
            ((0.0001, 40_000), (0.001, 40_000), (0.01, 40_000), (0.05, 20_000)),
        ),
        optimum(
            "e^((tau + C)/M) (1 - tau/M) = 1 gives the best interval for any C",
            best_interval,
            ((0.01, 20_000), (0.1, 20_000), (1, 5_000)),
        ),
        Experiment(
            "at sqrt(2 C M) the loss is as the square root of C",
            "share of the computing",
            "C/M",
            tuple(2.0**-k for k in range(9, 17)),
            predict=lambda checkpoint: sqrt(2 * checkpoint),
            run=lambda checkpoint: loss(young_interval(checkpoint, 1), checkpoint, 3e4),
            verdict=Slope(0.5, 0.03),
        ),
    ),
    controls=(
        optimum("sqrt(2 C M) is so for C = M, too", young_interval, ((1, 2_000),)),
        optimum(
            "a checkpoint in each mean life is best",
            lambda checkpoint, mean_life: mean_life,
            ((0.001, 2_000), (0.01, 2_000)),
        ),
        mean_seconds(
            "a death loses half an interval: T (1 + C/tau + (tau/2 + R)/M)",
            first_order,
            SETTINGS,
        ),
    ),
)

CLAIMS = (B7,)
