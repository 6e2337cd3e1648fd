"""Pictures of findings and of counts: predicted as dashes, measured as points.

Every picture has a title, axes with units, colours that differ in brightness
and for the colour-blind (Okabe and Ito), and a text that says what it shows.
"""

import base64
import html
import io
from collections import defaultdict

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from cme323.claims.chart import mean
from cme323.claims.scales import size_label
from cme323.errors import BadInput

PREDICTED, MEASURED, FALSEHOOD = "#0072B2", "#D55E00", "#000000"
COLOURS = (PREDICTED, MEASURED, "#009E73", FALSEHOOD)


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
    for (name, y), (dash, marker), colour in zip(series.items(), styles, COLOURS):
        # Some twenty marks a line: more would run into each other.
        style = {"marker": marker, "markersize": 4, "markevery": 1 + len(y) // 20}
        axes.plot(y, dash, color=colour, label=name, **style)
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    if log:
        axes.set_yscale("log")
    axes.legend()
    ends = "; ".join(
        f"{name} from {y[0]:.3g} to {y[-1]:.3g}" for name, y in series.items()
    )
    return Picture(figure, f"Line chart. {title}. {ylabel} against {xlabel}: {ends}.")


def curves(predict, run, over, title, xlabel, ylabel, log=""):
    """{name: f(size)} twice: predicted as lines, measured as points, over the sizes.

    At most four names; log: the axes that are logarithmic, "x", "y" or "xy".
    """
    figure = Figure(figsize=(8, 4), layout="constrained", dpi=96)
    axes, said = figure.add_subplot(), []
    styles = (("-", "o", 9), ("--", "s", 7), (":", "^", 5), ("-.", "D", 3))
    for name, (dash, marker, size), colour in zip(predict, styles, COLOURS):
        theory = [predict[name](x) for x in over]
        found = [run[name](x) for x in over]
        axes.plot(over, theory, dash, color=colour)
        axes.plot(over, found, marker, markersize=size, color=colour)
        axes.plot([], [], dash, marker=marker, color=colour, label=name)  # the legend
        said.append(
            f"{name}, predicted from {theory[0]:.4g} to {theory[-1]:.4g}, "
            f"measured from {found[0]:.4g} to {found[-1]:.4g}"
        )
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axes.xaxis.get_major_locator().set_params(integer=isinstance(over[0], int))
    for axis in log:
        getattr(axes, f"set_{axis}scale")("log", base=2 if axis == "x" else 10)
    told = "lines: predicted\npoints: measured"
    figure.legend(loc="outside right upper", title=told, alignment="left")
    alt = f"Chart. {title}. {ylabel} against {xlabel}: {'; '.join(said)}."
    return Picture(figure, alt)


FATES = {  # of the attempts at tasks, but for those that are done: colour, hatch
    "lost": ("#D55E00", "////"),
    "failed": ("#000000", ""),
    "dropped": ("#F0E442", "...."),
    "down": ("#DDDDDD", ""),
}
STAGES = "#0072B2", "#56B4E9", "#009E73", "#CC79A7"


def gantt(job):
    """What each machine of a simulated cluster did in a job, over simulated time."""
    if not job.timeline:
        raise BadInput(
            "gantt() needs a job that ran on a simulated cluster: take one from "
            "Context(cluster=Cluster(machines=8)).jobs"
        )
    machines = 1 + max(span.machine for span in job.timeline)
    height = min(max(0.22 * machines, 2), 8) + 1.2
    figure = Figure(figsize=(9, height), layout="constrained", dpi=96)
    axes = figure.add_subplot()
    looks, cores = _by_look(job)
    for (label, colour, hatch), spans in looks.items():
        axes.barh(
            [row for row, *_ in spans],
            [end - start for _, start, end in spans],
            left=[start for _, start, _ in spans],
            height=(0.8 if machines <= 64 else 1) / cores,
            label=f"{label} ({len(spans)})",
            color=colour,
            hatch=hatch,
            edgecolor="white" if colour in STAGES else "black",
            linewidth=0.5 if machines <= 64 else 0,
        )
    axes.axvline(job.end, color=FALSEHOOD, linestyle="--", label="all at the driver")
    title = f"{job.action}: {job.seconds:.4g} simulated seconds, {machines} machines"
    axes.set(title=title, xlabel="simulated clock (seconds)", ylabel="machine (number)")
    axes.set_xlim(left=job.start)
    axes.invert_yaxis()
    axes.yaxis.get_major_locator().set_params(integer=True)
    figure.legend(loc="outside lower center", ncols=4, fontsize=8)
    said = ", ".join(f"{look[0]} ({len(spans)})" for look, spans in looks.items())
    return Picture(figure, f"Gantt chart. {title}. Bars: {said}.")


def spacetime(network):
    """The messages of a network: a line from sender and start to receiver and end."""
    if not network.messages:
        raise BadInput(
            "spacetime() needs a network on which messages were sent: run a program "
            "by network.run(...) first"
        )
    height = min(max(0.4 * network.ranks, 2), 9) + 1.2
    figure = Figure(figsize=(9, height), layout="constrained", dpi=96)
    axes = figure.add_subplot()
    axes.hlines(range(network.ranks), 0, network.clock, color="#BBBBBB", linewidth=1)
    for span in network.spans:
        ends = [span.start, span.end]
        axes.plot(ends, [span.rank] * 2, color="#009E73", linewidth=5)
    for message in network.messages:
        middle = (message.start + message.end) / 2, (message.source + message.to) / 2
        begin, end = (message.start, message.source), (message.end, message.to)
        colour, dash = (MEASURED, ":") if message.lost else (PREDICTED, "-")
        style = {"arrowstyle": "->", "color": colour, "linestyle": dash}
        style |= {"shrinkA": 0, "shrinkB": 0}  # from the very start to the very end
        axes.annotate("", middle if message.lost else end, begin, arrowprops=style)
        if message.lost:
            axes.plot(*middle, "x", color=colour)
    lost = sum(message.lost for message in network.messages)
    handles = [Line2D([], [], color=PREDICTED, label="message")]
    if lost:
        handles.append(
            Line2D([], [], color=MEASURED, linestyle=":", marker="x", label="lost")
        )
    if any(span.end > span.start for span in network.spans):
        handles.append(Line2D([], [], color="#009E73", linewidth=5, label="computing"))
    figure.legend(handles=handles, loc="outside lower center", ncols=3, fontsize=8)
    cost = network.cost
    title = (
        f"{network.ranks} ranks, {cost.messages:,} messages ({lost:,} lost), "
        f"{cost.records:,} words, {network.clock:.4g} simulated seconds"
    )
    axes.set(title=title, xlabel="simulated clock (seconds)", ylabel="rank (number)")
    axes.set_xlim(0, network.clock)
    axes.set_ylim(network.ranks - 0.5, -0.5)
    axes.yaxis.get_major_locator().set_params(integer=True)
    busiest = max(range(network.ranks), key=network.sent.__getitem__)
    return Picture(
        figure,
        f"Space-time diagram. {title}, in {cost.rounds:,} rounds. Rank {busiest} "
        f"sends the most: {network.sent[busiest]:,} words.",
    )


def _by_look(job):
    """{(label, colour, hatch): [(row, start, end)]} and the most cores in use.

    Cut to the time of the job. A machine has a row for each of its cores.
    """
    found, stages = {}, []
    lanes = _lanes(job.timeline)
    cores = 1 + max(lanes.values())
    for span, lane in lanes.items():
        label, look = span.fate, FATES.get(span.fate)
        if look is None:
            if span.stage not in stages:
                stages.append(span.stage)
            label = f"done in stage {span.stage}"
            look = STAGES[stages.index(span.stage) % len(STAGES)], ""
        if span.copy:
            label, look = f"{label}, a copy", (look[0], "xx")
        row = span.machine + 0.8 * ((lane + 0.5) / cores - 0.5)
        bar = row, max(span.start, job.start), min(span.end, job.end)
        found.setdefault((label, *look), []).append(bar)
    return dict(sorted(found.items())), cores


def _lanes(spans):
    """{span: the first core of its machine that is free at its start}."""
    free_at, lanes = defaultdict(list), {}
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        ends = free_at[span.machine]
        lane = next((i for i, end in enumerate(ends) if end <= span.start), len(ends))
        ends[lane : lane + 1] = [span.end]
        lanes[span] = lane
    return lanes


def _draw(axes, finding, is_control):
    experiment, points = finding.experiment, finding.points
    x = range(len(points))
    predicted = [point.predicted for point in points]
    measured = [mean(point.measured) for point in points]
    colour = FALSEHOOD if is_control else PREDICTED
    ends = [(i - 0.4, i + 0.4) for i in x]
    axes.hlines(predicted, *zip(*ends), color=colour, label="predicted")
    axes.plot(x, measured, "o", color=MEASURED, markersize=5, label="measured")
    _scale(axes, predicted + measured)
    shown = range(0, len(points), -(-len(points) // 8))
    labels = [size_label(points[i].size) for i in shown]
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


def _in_words(report):
    said = [
        f"{finding.experiment.says}: {finding.verdict}, {finding.remark}"
        for finding in (*report.findings, *report.controls)
    ]
    return (
        f"Charts of predicted (dashes) and measured (dots) values for claim "
        f"{report.claim.id}. {'; '.join(said)}."
    )
