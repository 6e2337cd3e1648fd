"""Verdicts: the few strict ways to hold a prediction against what was counted.

    Equal      measured = predicted at every size
    AtMost     measured <= predicted at every size; tells how tight the bound is
    Slope      the exponent of measured against size is the one predicted
    Within     the mean over seeds agrees with the prediction
    Crossover  two methods change places where the prediction says

None of them looks at a clock. `rounding` is relative, for floating-point sums
only; counts are compared exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist, fmean, stdev
from typing import Protocol

from cme323.measure import slope


@dataclass(frozen=True)
class Point:
    """One size, the number predicted there, and the number (or numbers) measured."""

    size: object
    predicted: float
    measured: float | Sequence[float]

    def as_json(self):
        return {
            "size": self.size,
            "predicted": self.predicted,
            "measured": self.measured,
        }


class Verdict(Protocol):
    """Does the theory hold at these points, and how clearly?"""

    def judge(self, points: Sequence[Point]) -> tuple[bool, str]: ...


@dataclass(frozen=True)
class Equal:
    """Measured is what was predicted, at every point."""

    rounding: float = 0

    def judge(self, points):
        wrong = [p for p in points if abs(p.measured - p.predicted) > self._room(p)]
        if wrong:
            return False, _example(wrong[0], "not")
        return True, f"equal at all {len(points)} points"

    def _room(self, point):
        return self.rounding * abs(point.predicted)


@dataclass(frozen=True)
class AtMost:
    """Measured never exceeds the bound."""

    rounding: float = 0

    def judge(self, points):
        over = [p for p in points if p.measured > p.predicted * (1 + self.rounding)]
        if over:
            return False, _example(over[0], "above")
        return True, f"at most {max(map(_ratio, points)):.3f} of the bound"


@dataclass(frozen=True)
class Slope:
    """cost ~ size^exponent: log-log least squares without the smallest size.

    Needs five sizes after that, and R^2 of at least 0.98 unless the exponent is
    0, where a perfect fit has no variance to explain.
    """

    exponent: float
    tolerance: float

    def judge(self, points):
        kept = sorted(points, key=lambda p: p.size)[1:]
        if len(kept) < 5:
            return False, f"{len(kept)} sizes are too few for an exponent, 5 are needed"
        fit = slope([p.size for p in kept], [p.measured for p in kept])
        near = abs(fit.exponent - self.exponent) <= self.tolerance
        straight = fit.r2 >= 0.98 or self.exponent == 0
        return near and straight, f"exponent {fit.exponent:.3f}, R² {fit.r2:.4f}"


@dataclass(frozen=True)
class Within:
    """The prediction lies in the confidence interval of the mean over seeds.

    `measured` is one number for each seed, at least 30. The confidence is for
    all points together; an interval wider than `precision` of the prediction
    to either side decides nothing, and so refutes.
    """

    confidence: float = 0.99
    precision: float = 0.05

    def judge(self, points):
        level = 1 - (1 - self.confidence) / len(points)
        z = NormalDist().inv_cdf((1 + level) / 2)
        worst = 0.0
        for point in points:
            if len(point.measured) < 30:
                return False, f"{len(point.measured)} seeds are too few, 30 are needed"
            mean = fmean(point.measured)
            half = z * stdev(point.measured) / sqrt(len(point.measured))
            if abs(mean - point.predicted) > half:
                return False, _example(Point(point.size, point.predicted, mean), "not")
            if half > self.precision * abs(point.predicted):
                return False, f"mean {mean:,.4g} ± {half:,.2g} is too vague to decide"
            worst = max(worst, abs(mean / point.predicted - 1))
        return True, f"mean within {worst:.2%} of the prediction"


@dataclass(frozen=True)
class Crossover:
    """Points hold the lead of one method over another; both must change sign, and
    within one step of the sweep."""

    def judge(self, points):
        said = _first_lead([p.predicted for p in points])
        seen = _first_lead([p.measured for p in points])
        if said is None or seen is None:
            return False, "no crossover in this range of sizes"
        remark = f"predicted at {points[said].size}, seen at {points[seen].size}"
        return abs(said - seen) <= 1, remark


def _first_lead(leads):
    """Where the sign has changed, as an index, or None."""
    changed = (i for i, lead in enumerate(leads) if (lead > 0) != (leads[0] > 0))
    return next(changed, None)


def _ratio(point):
    if point.predicted:
        return point.measured / point.predicted
    return inf if point.measured else 0.0


def _example(point, relation):
    return f"{point.measured:,.6g} at {point.size}, {relation} {point.predicted:,.6g}"
