"""Pictures of training: the loss over the epochs, and accuracy over some size."""

import numpy as np
from matplotlib.figure import Figure

from cme323.course.plots import COLOURS, Picture
from cme323.errors import BadInput

STYLES = (("-", "o"), ("--", "s"), (":", "^"), ("-.", "D"))


def losses(**runs):
    """The loss of each epoch of up to four runs, by name, on a logarithmic axis."""
    if not 1 <= len(runs) <= 4 or not all(runs.values()):
        raise BadInput(
            "losses() needs the losses of one run to four, by name: losses(SGD=[...])"
        )
    axes = _axes("Training", "epoch (number)", "loss (mean over the epoch)")
    for (name, run), (dash, marker), colour in zip(runs.items(), STYLES, COLOURS):
        epochs = range(1, len(run) + 1)
        axes.plot(
            epochs, run, dash, marker=marker, markersize=3, color=colour, label=name
        )
    if min(map(min, runs.values())) > 0:
        axes.set_yscale("log")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend()
    told = "; ".join(
        f"{name} from {run[0]:.3g} to {run[-1]:.3g} in {len(run)} epochs"
        for name, run in runs.items()
    )
    return Picture(axes.figure, f"Line chart. Loss against epoch: {told}.")


def accuracies(found, over, title, xlabel):
    """{name: [accuracy at each size]} over sizes on a logarithmic axis."""
    axes = _axes(title, xlabel, "accuracy (share of the test examples)")
    for (name, y), (dash, marker), colour in zip(found.items(), STYLES, COLOURS):
        axes.plot(over, y, dash, marker=marker, markersize=5, color=colour, label=name)
    axes.set_xscale("log")
    axes.set_xticks(list(over), [str(size) for size in over])
    axes.minorticks_off()
    axes.legend()
    told = "; ".join(
        f"{name} from {y[0]:.3f} to {y[-1]:.3f}" for name, y in found.items()
    )
    return Picture(
        axes.figure, f"Line chart. {title}. Accuracy against {xlabel}: {told}."
    )


def images(pictures, labels, title):
    """Grey images (N, side, side) in a row, each under its label."""
    width = max(0.9 * len(pictures), 4)
    figure = Figure(figsize=(width, 1.8), layout="constrained", dpi=96)
    figure.suptitle(title)
    # One scale for all, so that an image that got paler looks paler.
    least, most = np.min(pictures, initial=0), np.max(pictures, initial=0)
    for place, (picture, label) in enumerate(zip(pictures, labels), start=1):
        axes = figure.add_subplot(1, len(pictures), place)
        axes.imshow(picture, cmap="gray_r", vmin=least, vmax=most)
        axes.set(title=str(label), xticks=[], yticks=[])
    told = ", ".join(map(str, labels))
    return Picture(figure, f"Images. {title}, from left to right: {told}.")


def _axes(title, xlabel, ylabel):
    figure = Figure(figsize=(8, 4), layout="constrained", dpi=96)
    axes = figure.add_subplot()
    axes.set(title=title, xlabel=xlabel, ylabel=ylabel)
    return axes
