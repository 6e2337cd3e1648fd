"""Pictures of findings and of counts: predicted as dashes, measured as points.

Every picture has a title, axes with units, colours that differ in brightness
and for the colour-blind (Okabe and Ito), and a text that says what it shows.
"""

import base64
import html
import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

PREDICTED, MEASURED, FALSEHOOD = "#0072B2", "#D55E00", "#000000"


class Picture:
    """A figure with its alt text; shows itself in a notebook."""

    def __init__(self, figure, alt):
        self.figure = figure
        self.alt = alt

    def png(self):
        """The bytes of the picture."""
        stream = io.BytesIO()
        FigureCanvasAgg(self.figure).print_png(stream)
        return stream.getvalue()

    def _repr_html_(self):
        """An img element: JupyterLab shows a bare PNG without its alt text."""
        data = base64.b64encode(self.png()).decode()
        words = html.escape(self.alt, quote=True)
        return f'<img alt="{words}" src="data:image/png;base64,{data}">'

    def __repr__(self):
        return self.alt


def plot(report):
    """Every finding of a claim's report: predicted and measured over the sizes."""
    findings = [*report.findings, *report.controls]
    rows = -(-len(findings) // 2)
    figure = Figure(figsize=(11, 3.3 * rows), layout="constrained", dpi=96)
    figure.suptitle(f"{report.claim.id}: {report.claim.title}")
    for number, finding in enumerate(findings, start=1):
        axes = figure.add_subplot(rows, 2, number)
        _draw(axes, finding, finding in report.controls)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return Picture(figure, _in_words(report))


def bars(values, title, xlabel):
    """A horizontal bar for each item of {name: value}, the first on top."""
    figure = Figure(figsize=(8, 0.3 * len(values) + 1.2), layout="constrained", dpi=96)
    axes = figure.add_subplot()
    axes.barh(list(values), list(values.values()), color=PREDICTED)
    axes.invert_yaxis()
    axes.set(title=title, xlabel=xlabel)
    listed = ", ".join(f"{name} {value:.4f}" for name, value in values.items())
    return Picture(figure, f"Bar chart. {title}, as {xlabel}: {listed}.")


def lines(series, title, xlabel, ylabel, log=False):
    """{name: [y at x = 0, 1, 2, ...]} as lines of different dashes and markers."""
    figure = Figure(figsize=(8, 4), layout="constrained", dpi=96)
    axes = figure.add_subplot()
    styles = (("-", "o"), ("--", "s"), (":", "^"), ("-.", "D"))
    colours = (PREDICTED, MEASURED, "#009E73", FALSEHOOD)
    for (name, y), (dash, marker), colour in zip(series.items(), styles, colours):
        axes.plot(y, dash, marker=marker, markersize=4, color=colour, label=name)
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    if log:
        axes.set_yscale("log")
    axes.legend()
    ends = "; ".join(
        f"{name} from {y[0]:.3g} to {y[-1]:.3g}" for name, y in series.items()
    )
    return Picture(figure, f"Line chart. {title}. {ylabel} against {xlabel}: {ends}.")


def _draw(axes, finding, is_control):
    experiment, points = finding.experiment, finding.points
    x = range(len(points))
    predicted = [point.predicted for point in points]
    measured = [_mean(point.measured) for point in points]
    colour = FALSEHOOD if is_control else PREDICTED
    ends = [(i - 0.4, i + 0.4) for i in x]
    axes.hlines(predicted, *zip(*ends), color=colour, label="predicted")
    axes.plot(x, measured, "o", color=MEASURED, markersize=5, label="measured")
    _scale(axes, predicted + measured)
    shown = range(0, len(points), -(-len(points) // 8))
    labels = [_label(points[i].size) for i in shown]
    axes.set_xticks(
        list(shown), labels, fontsize=7, rotation=30 if len(labels) > 4 else 0
    )
    lead = "Falsehood: " if is_control else ""
    axes.set_title(f"{lead}{experiment.says}\n{finding.verdict}", fontsize=9)
    axes.set_xlabel(experiment.axes, fontsize=8)
    axes.set_ylabel(experiment.unit, fontsize=8)


def _scale(axes, values):
    """From 0, with room above; logarithmic where the values differ by far."""
    top = max(values) or 1
    if min(values) > 0 and top > 50 * min(values):
        axes.set_yscale("log")
    else:
        axes.set_ylim(-0.05 * top, 1.15 * top)


def _mean(measured):
    return (
        measured if isinstance(measured, int | float) else sum(measured) / len(measured)
    )


def _label(size):
    return ", ".join(map(str, size)) if isinstance(size, tuple) else str(size)


def _in_words(report):
    said = [
        f"{finding.experiment.says}: {finding.verdict}, {finding.remark}"
        for finding in (*report.findings, *report.controls)
    ]
    return (
        f"Charts of predicted (dashes) and measured (dots) values for claim "
        f"{report.claim.id}. {'; '.join(said)}."
    )
