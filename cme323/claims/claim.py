"""A claim: a statement of theory that a running program can confirm or refute.

    statement, source          what is claimed, and where it is proved
    experiments                each predicts a number and measures it, over sizes
    controls                   plausible falsehoods, to be refuted the same way

A claim is CONFIRMED if all its experiments hold. A control that is not REFUTED
shows that the experiments could not have failed: then the claim is unsound.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from cme323.claims.chart import image
from cme323.claims.verdicts import Point, Verdict
from cme323.errors import BadInput

CONFIRMED, REFUTED, SKIPPED = "CONFIRMED", "REFUTED", "SKIPPED"
BROKEN = "BROKEN"  # an error ended the check


@dataclass(frozen=True)
class Experiment:
    """One prediction, one measurement, one verdict.

    says     what is predicted, in a sentence
    unit     what predict and run give: "records moved"
    axes     the names of the sizes, such as "n, P"
    sweep    the sizes: numbers, or tuples of them
    predict  from a size (a tuple's items as arguments) to a number
    run      from a size to the number that a machine counted
    """

    says: str
    unit: str
    axes: str
    sweep: tuple
    predict: Callable
    run: Callable
    verdict: Verdict

    def perform(self):
        """Run the whole sweep and judge it: a Finding."""
        points = tuple(self._point(size) for size in self.sweep)
        holds, remark = self.verdict.judge(points)
        return Finding(self, points, CONFIRMED if holds else REFUTED, remark)

    def _point(self, size):
        arguments = size if isinstance(size, tuple) else (size,)
        return Point(size, self.predict(*arguments), self.run(*arguments))


@dataclass(frozen=True)
class Finding:
    """What one experiment found: its points, CONFIRMED or REFUTED, and how clearly."""

    experiment: Experiment
    points: tuple[Point, ...]
    verdict: str
    remark: str


@dataclass(frozen=True, repr=False)
class Claim:
    """A theorem with its experiments and its negative controls.

    `on_spark`, given a SparkContext, makes the experiments that Spark can be
    asked too. In a notebook a claim shows itself: it is checked, and its report
    comes with charts.
    """

    id: str
    title: str
    statement: str
    source: str
    experiments: tuple[Experiment, ...]
    controls: tuple[Experiment, ...]
    on_spark: Callable = lambda sc: ()

    def check(self, spark=None, progress=lambda experiment: None):
        """Perform everything, on Spark too if a context is given: a Report."""
        start = time.perf_counter()
        asked = self.experiments + (self.on_spark(spark) if spark else ())
        findings = tuple(_performed(asked, progress))
        controls = tuple(_performed(self.controls, progress))
        return Report(self, findings, controls, time.perf_counter() - start)

    def explore(self):
        """Sliders for the sizes of an experiment, which run it at that size."""
        try:
            from cme323.claims.explore_ipywidgets import Explorer
        except ImportError as error:
            raise BadInput(
                "explore() shows sliders and needs ipywidgets, which is not installed "
                "here: run pip install ipywidgets, or check the claim by .check()"
            ) from error
        return Explorer(self)

    def __repr__(self):
        return f"{self.id}. {self.title}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        report = self.check()
        charts = [image(finding) for finding in report.findings]
        charts += [image(finding, falsehood=True) for finding in report.controls]
        shown = "\n\n".join([report._repr_markdown_(), "\n".join(charts)])
        return {"text/plain": repr(report), "text/markdown": shown}


@dataclass(frozen=True)
class Report:
    """What became of a claim; shows itself in a notebook.

    error: a line about the error that ended the check, if one did.
    """

    claim: Claim
    findings: tuple[Finding, ...]
    controls: tuple[Finding, ...]
    seconds: float
    error: str = ""

    @property
    def verdict(self):
        return BROKEN if self.error else _together(self.findings)

    @property
    def control(self):
        """REFUTED, as it must be, or CONFIRMED if any falsehood went through."""
        if self.error:
            return SKIPPED
        passed = [finding for finding in self.controls if finding.verdict == CONFIRMED]
        return CONFIRMED if passed or not self.controls else REFUTED

    @property
    def sound(self):
        """Confirmed, by experiments that can tell truth from falsehood."""
        return self.verdict == CONFIRMED and self.control == REFUTED

    def as_json(self):
        """The report as plain data: what `cme323 verify --json` writes."""
        return {
            "id": self.claim.id,
            "title": self.claim.title,
            "statement": self.claim.statement,
            "source": self.claim.source,
            "verdict": self.verdict,
            "control": self.control,
            "points": [p for finding in self.findings for p in _points(finding)],
            "control_points": [
                p for finding in self.controls for p in _points(finding)
            ],
            "seconds": round(self.seconds, 3),
        } | ({"error": self.error} if self.error else {})

    def __repr__(self):
        return f"{self.claim.id} {self.verdict}, its control {self.control}"

    def _repr_markdown_(self):
        claim = self.claim
        lines = [
            f"**{claim.id}. {claim.title}: {self.verdict}.** {claim.statement}",
            "",
            f"*Source: {claim.source}.*",
            *(["", f"`{self.error}`"] if self.error else []),
            "",
            "| what was predicted | sizes | result | verdict |",
            "|:--|:--|:--|:--|",
        ]
        lines += [_row(finding, "") for finding in self.findings]
        lines += [_row(finding, "*Falsehood:* ") for finding in self.controls]
        return "\n".join(lines)


def _performed(experiments, progress):
    for experiment in experiments:
        yield experiment.perform()
        progress(experiment)


def _together(findings):
    if not findings:
        return SKIPPED
    refuted = any(finding.verdict == REFUTED for finding in findings)
    return REFUTED if refuted else CONFIRMED


def _points(finding):
    return [
        {"experiment": finding.experiment.says, **p.as_json()} for p in finding.points
    ]


def _row(finding, lead):
    experiment = finding.experiment
    sizes = f"{len(finding.points)} values of {experiment.axes}"
    says = experiment.says.replace("|", "\\vert ")
    return f"| {lead}{says} | {sizes} | {finding.remark} | {finding.verdict} |"
