"""Pictures of ways downhill: paths over the hills of f, and races at equal work."""

import numpy as np
from matplotlib.figure import Figure

from cme323.course.plots import COLOURS, Picture
from cme323.errors import BadInput

STYLES = (("-", "o"), ("--", "s"), (":", "^"), ("-.", "D"))


def paths(f, walks, title, around):
    """{name: weights one after another} over the contours of f, in two dimensions.

    around: (low, high) of both axes.
    """
    if any(np.shape(w) != (2,) for walk in walks.values() for w in walk):
        raise BadInput("paths() draws in a plane: give walks of weights with two items")
    figure = Figure(figsize=(6, 5.4), layout="constrained", dpi=96)
    axes = figure.add_subplot()
    line = np.linspace(*around, 60)
    height = [[f(np.array([a, b])) for a in line] for b in line]
    axes.contour(line, line, height, levels=15, colors="#BBBBBB", linewidths=0.8)
    for (name, walk), (dash, marker), colour in zip(walks.items(), STYLES, COLOURS):
        a, b = np.transpose(walk)
        # Of many steps only the ends are marked: else marks would hide the way.
        marked = [0, len(walk) - 1] if len(walk) > 50 else None
        style = {"marker": marker, "markersize": 5, "markevery": marked}
        axes.plot(a, b, dash, linewidth=1.2, color=colour, label=name, **style)
    axes.set(title=title, xlabel="first weight", ylabel="second weight")
    axes.set(xlim=around, ylim=around, aspect="equal")
    axes.legend(title="grey: f is equal")
    said = "; ".join(
        f"{name} from ({walk[0][0]:.3g}, {walk[0][1]:.3g}) to "
        f"({walk[-1][0]:.3g}, {walk[-1][1]:.3g})"
        for name, walk in walks.items()
    )
    return Picture(figure, f"Contours of f with paths. {title}. {said}.")


def race(runs, title, xlabel, ylabel):
    """{name: [(work, what is left), ...]} as lines on two logarithmic axes."""
    figure = Figure(figsize=(8, 4), layout="constrained", dpi=96)
    axes = figure.add_subplot()
    for (name, points), (dash, marker), colour in zip(runs.items(), STYLES, COLOURS):
        work, left = np.transpose(points)
        axes.plot(
            work, left, dash, marker=marker, markersize=4, color=colour, label=name
        )
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel, xscale="log", yscale="log")
    figure.legend(loc="outside right upper")
    said = "; ".join(
        f"{name} from {points[0][1]:.3g} to {points[-1][1]:.3g}"
        for name, points in runs.items()
    )
    return Picture(figure, f"Line chart. {title}. {ylabel} against {xlabel}: {said}.")
