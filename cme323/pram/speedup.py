"""Laws of speedup: what a serial part leaves of P processors.

    Amdahl       S  =  1 / (f + (1 - f)/P)  <=  1/f     f: serial share of T_1
    Gustafson    S  =  P - f(P - 1)                     f: serial share of T_P

The serial part keeps one processor busy and the others idle; all else is shared
evenly. Amdahl keeps the problem as it is. Gustafson lets the part that is shared grow
with P, so that the time on P processors stays. On one and the same run both are right:
it is f that differs.

Sources: Amdahl, AFIPS 30 (1967); Gustafson, CACM 31 (1988). The fit for many P is
Karp and Flatt's metric for one, CACM 33 (1990).
"""

from collections.abc import Mapping

from cme323.errors import BadInput


def amdahl(f, processors):
    """The speedup of a problem that stays, if a share f of T_1 is serial.

    >>> round(amdahl(0.1, 64), 2), round(amdahl(0.1, 10**9), 2)
    (8.77, 10.0)
    """
    return 1 / (f + (1 - f) / processors)


def gustafson(f, processors):
    """The speedup of a problem that grows with P, if a share f of T_P is serial.

    >>> round(gustafson(0.1, 64), 2)
    57.7
    """
    return processors - f * (processors - 1)


def serial_fraction(speedups: Mapping[int, float]) -> float:
    """Amdahl's f that fits speedups {P: S} best: least squares on 1/S.

    1/S = f + (1 - f)/P is a line through no constant: 1/S - 1/P = f(1 - 1/P).

    >>> round(serial_fraction({P: amdahl(0.1, P) for P in (2, 4, 8)}), 12)
    0.1
    """
    if not any(P > 1 for P in speedups):
        raise BadInput(
            "a serial fraction shows only on several processors: give the speedup for "
            f"a P above 1, not {dict(speedups)}"
        )
    idle = {P: 1 - 1 / P for P in speedups}
    found = sum((1 / S - 1 / P) * idle[P] for P, S in speedups.items())
    return found / sum(share**2 for share in idle.values())
