"""A picture of what limits a kernel: the roofline, and how near kernels come to it."""

import numpy as np
from matplotlib.figure import Figure

from cme323.course.plots import MEASURED, PREDICTED, Picture
from cme323.errors import BadInput


def roofline(roof, points, title):
    """A Roofline, and [(flops for a byte, flops in a second)] below it."""
    if not points:
        raise BadInput("roofline() draws points: give at least one")
    intensities, rates = np.transpose(points)
    line = np.geomspace(min(*intensities, roof.knee), max(*intensities, roof.knee), 99)
    figure = Figure(figsize=(7, 4), layout="constrained", dpi=96)
    axes = figure.add_subplot()
    tops = [roof.at(intensity) / 1e9 for intensity in line]
    axes.plot(line, tops, "--", color=PREDICTED, label="roof, predicted")
    axes.plot(intensities, rates / 1e9, "o", color=MEASURED, label="measured")
    axes.axvline(roof.knee, color="#BBBBBB", linewidth=0.8, label="knee")
    for scale, axis in ((axes.set_xscale, axes.xaxis), (axes.set_yscale, axes.yaxis)):
        scale("log", base=2)
        axis.set_major_formatter("{x:g}")
    axes.set(
        title=title, xlabel="intensity (flops for a byte)", ylabel="speed (Gflop/s)"
    )
    axes.legend(loc="lower right")
    said = ", ".join(f"{rate / 1e9:.3g} at {i:.3g}" for i, rate in points)
    return Picture(
        figure,
        f"Roofline. {title}. The roof rises to {roof.peak / 1e9:.3g} Gflop/s at "
        f"{roof.knee:.3g} flops for a byte, and is flat from there on. "
        f"Measured: {said}.",
    )
