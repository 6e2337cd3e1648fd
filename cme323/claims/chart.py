"""A chart of one finding, as SVG: predicted as a line or dashes, measured as dots.

    across    the sizes: a scale if they are numbers, else a place for each
    up        both numbers, in the experiment's unit; on a log scale if they differ
              by far; what an upper bound allows is shaded

Colours are those of Okabe and Ito, and the marks differ in shape too. It is plain
text that needs no library, so a claim can show itself in a notebook and on a page.
"""

from base64 import b64encode
from html import escape
from math import isfinite
from numbers import Real
from statistics import fmean
from textwrap import wrap

from cme323.claims.scales import Places, Scale
from cme323.claims.verdicts import AtMost, Slope

WIDTH, PLOT, LEFT, RIGHT = 360, 150, 50, 10
STYLE = """
.chart { font: 11px system-ui, sans-serif; fill: #222; background: #fff }
.chart .title { font-weight: 600; font-size: 12px }
.chart .said { fill: #555 }
.chart .grid { stroke: #ddd }
.chart .axis { stroke: #555 }
.chart .allowed { fill: #0072b2; fill-opacity: .1 }
.chart .predicted { stroke: #0072b2; stroke-width: 2; fill: none }
.chart .falsehood .predicted { stroke: #555; stroke-dasharray: 5 3 }
.chart .falsehood .allowed { fill: #555 }
.chart .spread { stroke: #d55e00; stroke-opacity: .4; stroke-width: 2 }
.chart .measured { fill: #d55e00; stroke: #fff }
.chart .here { fill: none; stroke: #d55e00; stroke-width: 2 }
"""


def chart(finding, falsehood=False, here=None):
    """The svg element; `here` is one more point, with a ring around it.

    Its look is in STYLE, so that a page can have its own.
    """
    heads = _heads(finding, falsehood)
    top = 18 * len(heads) + 24
    points = _in_place(finding.points, here)
    across = _across([point.size for point in points])
    up = _up(points, top, log=isinstance(finding.experiment.verdict, Slope))
    drawn = [
        *_heading(heads, finding.experiment.unit, top),
        *_rows(up),
        *_columns(across, top + PLOT),
        *_bounds(finding, points, across, up),
        *_dots(points, across, up, here),
    ]
    height = top + PLOT + across.room + 24
    return (
        f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'viewBox="-6 -4 {WIDTH + 12} {height + 8:.0f}" '
        f'aria-label="{escape(words(finding, falsehood))}">'
        f'<g class="{"falsehood" if falsehood else "theorem"}">'
        f"{''.join([*drawn, *_feet(finding.experiment.axes, height - 8)])}</g></svg>"
    )


def image(finding, falsehood=False, here=None):
    """The chart as an img element, which JupyterLab keeps where it drops an svg."""
    svg = chart(finding, falsehood, here).replace(">", f"><style>{STYLE}</style>", 1)
    data = b64encode(svg.encode()).decode()
    alt = escape(words(finding, falsehood))
    return (
        f'<img alt="{alt}" width="{WIDTH}" src="data:image/svg+xml;base64,{data}" '
        'style="display: inline; vertical-align: top">'
    )


def words(finding, falsehood=False):
    """What the chart shows, for those who do not see it."""
    experiment, points = finding.experiment, finding.points
    said = [number(p.predicted) for p in (points[0], points[-1])]
    seen = [number(mean(p.measured)) for p in (points[0], points[-1])]
    return (
        f"Chart. {'Falsehood: ' if falsehood else ''}{experiment.says}. "
        f"{experiment.unit} against {experiment.axes}, {len(points)} sizes: predicted "
        f"from {said[0]} to {said[1]}, measured from {seen[0]} to {seen[1]}. "
        f"{finding.verdict}, {finding.remark}."
    )


def mean(measured):
    """What was measured, or its mean over the seeds."""
    return measured if isinstance(measured, Real) else fmean(measured)


def number(value):
    """As a reader wants it: 6 digits at most, and commas.

    >>> number(31000.0), number(0.123456789)
    ('31,000', '0.123457')
    """
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"


def _heads(finding, falsehood):
    """(class, line) for the title and for what came out."""
    lead = "Falsehood: " if falsehood else ""
    outcome = f"{finding.verdict}: {finding.remark}"
    return [
        *(("title", line) for line in wrap(lead + finding.experiment.says, 48)),
        *(("said", line) for line in wrap(outcome, 56)),
    ]


def _in_place(points, here):
    """The points, with `here` among them in the order of their sizes, if there is one.

    Sizes without an order stay as they came.
    """
    points = [p for p in points if isfinite(p.predicted + mean(p.measured))]
    if here and here.size not in [point.size for point in points]:
        points.append(here)
    numbers = all(isinstance(point.size, Real) for point in points)
    return sorted(points, key=lambda point: point.size) if numbers else points


def _up(points, top, log):
    """The scale of the values: from 0, unless they differ by far or are a power."""
    values = [v for p in points for v in (p.predicted, mean(p.measured))]
    low, high, bottom = min(values), max(values), top + PLOT
    if low > 0 and (log or high > 50 * low):
        return Scale(low / 1.5, high * 1.5, bottom, top, log=True)
    return Scale(min(0, 1.15 * low), max(0, 1.15 * high) or 1, bottom, top)


def _across(sizes):
    """Numbers are where a scale has them; words and tuples stand side by side."""
    start, end = LEFT + 8, WIDTH - RIGHT - 8
    if all(isinstance(size, Real) for size in sizes) and len(set(sizes)) > 1:
        low, high = min(sizes), max(sizes)
        scale = Scale(low, high, start, end, log=low > 0 and high > 20 * low)
        return Places(sizes, [scale(size) for size in sizes], WIDTH - LEFT)
    step = (end - start) / len(sizes)
    at = [start + step * (i + 0.5) for i in range(len(sizes))]
    return Places(sizes, at, WIDTH - LEFT)


def _heading(heads, unit, top):
    for i, (kind, line) in enumerate(heads):
        yield _text(0, 18 * i + 12, line, kind=kind)
    yield _text(0, top - 9, unit, kind="said")


def _rows(up):
    """A line and a number for each tick."""
    for tick in up.ticks():
        kind = "axis" if tick == 0 else "grid"
        yield _line(kind, [(LEFT, up(tick)), (WIDTH - RIGHT, up(tick))])
        yield _text(LEFT - 5, up(tick) + 4, _short(tick), "end")
    yield _line("axis", [(LEFT, up.start), (WIDTH - RIGHT, up.start)])


def _short(value):
    """A round number in at most six letters."""
    for unit, name in ((1e9, "G"), (1e6, "M")):
        if abs(value) >= unit:
            return f"{value / unit:.3g}{name}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _columns(across, bottom):
    """The names of the sizes."""
    for x, name in across.named:
        yield _line("axis", [(x, bottom), (x, bottom + 4)])
        turn = f' transform="rotate(-45 {x:.1f} {bottom + 12:.1f})"'
        if across.tilted:
            yield _text(x + 4, bottom + 12, name, "end", more=turn)
        else:
            yield _text(x, bottom + 16, name, "middle")


def _bounds(finding, points, across, up):
    """What was predicted: a line over numbers, else dashes."""
    ends = [(x, up(p.predicted)) for x, p in zip(across.at, points)]
    numbers = all(isinstance(point.size, Real) for point in points)
    if numbers and len(points) > 1:
        lines = [ends]
    else:
        half = min(14, 0.4 * (WIDTH - LEFT - RIGHT) / len(points))
        lines = [[(x - half, y), (x + half, y)] for x, y in ends]
    if isinstance(finding.experiment.verdict, AtMost):
        for line in lines:
            below = [(line[-1][0], up.start), (line[0][0], up.start)]
            yield f'<polygon class="allowed" points="{_path([*line, *below])}"/>'
    for line in lines:
        yield _line("predicted", line)


def _dots(points, across, up, here):
    """What was measured; over many seeds the mean, and a line from least to most."""
    radius = 3.5 if len(points) < 25 else 2.5
    for x, point in zip(across.at, points):
        y = up(mean(point.measured))
        if not isinstance(point.measured, Real) and not up.log:
            spread = [min(point.measured), max(point.measured)]
            inside = [min(max(v, up.low), up.high) for v in spread]
            yield _line("spread", [(x, up(v)) for v in inside])
        yield f'<circle class="measured" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>'
        if here and point.size == here.size:
            yield f'<circle class="here" cx="{x:.1f}" cy="{y:.1f}" r="8"/>'


def _feet(axes, y):
    """The names of the sizes, and which mark is which."""
    yield _text(LEFT, y, axes, kind="said")
    yield _line("predicted", [(212, y - 4), (230, y - 4)])
    yield _text(234, y, "predicted")
    yield f'<circle class="measured" cx="293" cy="{y - 4:.1f}" r="3.5"/>'
    yield _text(300, y, "measured")


def _text(x, y, line, anchor="start", kind="", more=""):
    kind = f' class="{kind}"' if kind else ""
    anchor = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{kind}{anchor}{more}>{escape(line)}</text>'


def _line(kind, ends):
    return f'<polyline class="{kind}" points="{_path(ends)}"/>'


def _path(ends):
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in ends)
