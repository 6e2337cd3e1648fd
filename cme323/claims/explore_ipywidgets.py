"""A claim with sliders: choose an experiment and a size, and it runs there.

    Explorer(claim)    a widget: experiment, a slider for each size, what came out

The chart shows the whole sweep, and a ring around the size that the sliders say. They
move between the least and the largest value of the sweep, so they reach sizes that
the sweep leaves out, and some that break a condition of the statement.
"""

from html import escape

from ipywidgets import HTML, Dropdown, FloatSlider, HTMLMath, IntSlider, VBox

from cme323.claims.chart import image, mean, number
from cme323.claims.claim import Experiment
from cme323.claims.scales import size_label
from cme323.claims.verdicts import AtMost, Equal, Point, Within


class Explorer(VBox):
    """The widget; `choice`, `sliders` by name of the size, and `outcome`."""

    def __init__(self, claim):
        named = [(e.says, e) for e in claim.experiments]
        named += [(f"Falsehood: {e.says}", e) for e in claim.controls]
        self._controls = claim.controls
        self._swept = {}  # the findings, by experiment
        self.choice = Dropdown(options=named, description="experiment")
        self.outcome = HTML()
        self.sliders = {}
        self._said = HTMLMath(f"<b>{claim!r}.</b> {claim.statement}")
        super().__init__()
        self.choice.layout.width = "auto"
        self.choice.observe(self._chosen, "value")
        self._chosen()

    def _chosen(self, change=None):
        """New sliders for the experiment, in the middle of its sweep."""
        experiment = self.choice.value
        start = _sizes(experiment)[len(experiment.sweep) // 2]
        names = experiment.axes.split(", ")
        swept = zip(*_sizes(experiment))
        self.sliders = {
            name: _slider(name, values, value)
            for name, values, value in zip(names, swept, start)
        }
        for slider in self.sliders.values():
            slider.observe(self._moved, "value")
        self.children = [self._said, self.choice, *self.sliders.values(), self.outcome]
        self._moved()

    def _moved(self, change=None):
        """Run the experiment at the size of the sliders."""
        experiment = self.choice.value
        size = tuple(slider.value for slider in self.sliders.values())
        self.outcome.value = f"<p>running at {_named(experiment, size)} …</p>"
        try:
            self.outcome.value = self._ran(experiment, size)
        except Exception as error:
            said = escape(f"{type(error).__name__}: {error}")
            self.outcome.value = (
                f"<p>It cannot run at {_named(experiment, size)} ({said}). "
                "Does this size meet the conditions of the statement?</p>"
            )

    def _ran(self, experiment, size):
        if experiment not in self._swept:
            self._swept[experiment] = experiment.perform()
        finding = self._swept[experiment]
        whole = size if len(size) > 1 else size[0]
        here = Point(whole, experiment.predict(*size), experiment.run(*size))
        falsehood = experiment in self._controls
        return (
            f"<p>At {_named(experiment, size)}: "
            f"predicted <b>{number(here.predicted)}</b>, "
            f"measured <b>{number(mean(here.measured))}</b> "
            f"{escape(experiment.unit)}. {_held(experiment, here, falsehood)}</p>"
            f"{image(finding, falsehood, here)}"
        )


def _sizes(experiment: Experiment):
    """The sweep, each size as a tuple."""
    return [s if isinstance(s, tuple) else (s,) for s in experiment.sweep]


def _slider(name, values, value):
    """From the least to the largest; a choice where the values are words."""
    look = {"description": name, "value": value, "style": {"description_width": "auto"}}
    if any(isinstance(v, str | bool) for v in values):
        return Dropdown(options=list(dict.fromkeys(values)), **look)
    look |= {"min": min(values), "max": max(values), "continuous_update": False}
    look["layout"] = {"width": "auto"}
    look["disabled"] = look["min"] == look["max"]
    if all(isinstance(v, int) for v in values):
        return IntSlider(**look)
    return FloatSlider(step=(max(values) - min(values)) / 100 or 1, **look)


def _named(experiment, size):
    """n = 10, P = 4."""
    named = zip(experiment.axes.split(", "), size)
    return escape(", ".join(f"{name} = {size_label(value)}" for name, value in named))


def _held(experiment, here, falsehood):
    """Does the verdict hold at this size alone, if it can say so?"""
    verdict = experiment.verdict
    if not isinstance(verdict, Equal | AtMost | Within):
        return "An exponent or a crossover shows in the sweep alone."
    holds, remark = verdict.judge((here,))
    if not holds:
        return "Refuted here." if falsehood else _doubt(experiment, here.size)
    tight = "" if isinstance(verdict, Equal) else f": {escape(remark)}"
    return f"{'Here even the falsehood' if falsehood else 'It'} holds{tight}."


def _doubt(experiment, size):
    """Of an experiment that does not hold: the theorem's fault, or the size's?"""
    if size in experiment.sweep:
        return "It does not hold here."
    return (
        "It does not hold here. The sweep leaves this size out: does it meet the "
        "conditions of the statement?"
    )
