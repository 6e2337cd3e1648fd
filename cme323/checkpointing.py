"""Checkpoints: how often to save the state of a long run, if its machine may die.

    compute tau seconds -> save, C seconds -> compute -> save -> compute -> dies
                                                    ^   back R seconds later |
                                                    '------------------------'

A segment of tau + C seconds counts only if the machine lives through it. If lives are
exponential with mean M, it dies e^((tau + C)/M) - 1 times before, so a run of T seconds
takes on average

    E(tau)  =  (M + R) (e^((tau + C)/M) - 1) T/tau
            =  T (1 + C/tau + tau/2M + ...)            if tau + C << M, R << M

Who saves often pays C often; who saves rarely loses tau/2 at each death. Both losses
are equal, and their sum is least, at tau = sqrt(2 C M): Young's interval. The exact
optimum is a little less; `best_interval` finds it.

Left out: a machine that dies while it restarts (by Daly, M e^(R/M) instead of M + R,
and the same optimum); a last segment that is shorter.

Sources: Young, A first order approximation to the optimum checkpoint interval, CACM 17
(1974); Daly, Future Generation Computer Systems 22 (2006).
"""

from math import exp, expm1, sqrt

from cme323.errors import BadInput


def run_seconds(segments, interval, checkpoint, lives, restart=0.0):
    """When the last of so many segments is saved, on a simulated clock.

    interval: seconds of computing in a segment; checkpoint: seconds to save its result;
    lives: how long the machine lives after each start; restart: seconds until it is
    back. Raises BadInput if it dies for good before.

    >>> run_seconds(3, 10, 1, lives=[25, 100], restart=5)    # 2 segments, 3 s are lost
    41.0
    """
    length, clock = interval + checkpoint, 0.0
    if not length > 0 or min(interval, checkpoint, restart) < 0:
        raise BadInput(
            "a segment takes more than 0 seconds, and none of its parts less than 0: "
            f"got interval={interval}, checkpoint={checkpoint}, restart={restart}"
        )
    for life in lives:
        if life >= segments * length:
            return clock + segments * length
        segments -= life // length
        clock += life + restart
    raise BadInput(
        f"the machine died for good with {segments:.0f} segments to go: give more lives"
    )


def exponential_lives(mean_life, rng):
    """Endless lives of a machine that does not age, drawn by rng."""
    while True:
        yield from rng.exponential(mean_life, 1000).tolist()


def expected_seconds(segments, interval, checkpoint, mean_life, restart=0.0):
    """The mean of run_seconds over exponential lives, exactly.

    >>> round(expected_seconds(100, 10, 1, mean_life=100))
    1163
    """
    deaths = expm1((interval + checkpoint) / mean_life)
    return segments * deaths * (mean_life + restart)


def young_interval(checkpoint, mean_life):
    """About the interval with the least expected seconds, if C << M: sqrt(2 C M).

    >>> round(young_interval(checkpoint=60, mean_life=24 * 3600) / 60, 1)   # minutes
    53.7
    """
    return sqrt(2 * checkpoint * mean_life)


def best_interval(checkpoint, mean_life):
    """The interval with the least expected seconds, by bisection.

    There dE/dtau = 0, which is e^((tau + C)/M) (1 - tau/M) = 1; the left side falls.

    >>> round(best_interval(checkpoint=60, mean_life=24 * 3600) / 60, 1)
    53.0
    """
    low, high = 0.0, mean_life
    for _ in range(60):
        middle = (low + high) / 2
        if exp((middle + checkpoint) / mean_life) * (1 - middle / mean_life) > 1:
            low = middle
        else:
            high = middle
    return low
