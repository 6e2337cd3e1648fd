"""A picture of who sends how much to whom; plots.spacetime tells when."""

import numpy as np
from matplotlib.figure import Figure

from cme323.course.plots import Picture
from cme323.errors import BadInput


def traffic(**networks):
    """The words on each link, from a row's rank to a column's, under one scale."""
    if not networks or not all(network.traffic for network in networks.values()):
        raise BadInput(
            "traffic() needs networks on which messages were sent, by name: "
            "traffic(ring=network)"
        )
    most = max(max(network.traffic.values()) for network in networks.values())
    figure = Figure(
        figsize=(3.1 * len(networks) + 1.3, 3.4), layout="compressed", dpi=96
    )
    for number, (name, network) in enumerate(networks.items(), start=1):
        axes = figure.add_subplot(1, len(networks), number)
        image = axes.imshow(_matrix(network), cmap="cividis_r", vmin=0, vmax=most)
        axes.set(title=name, xlabel="to rank (number)", ylabel="from rank (number)")
        for axis in (axes.xaxis, axes.yaxis):
            axis.get_major_locator().set_params(integer=True)
    figure.colorbar(image, ax=figure.axes, label="words on the link (number)")
    told = "; ".join(_told(name, network) for name, network in networks.items())
    return Picture(figure, f"Heat maps. {told}.")


def _matrix(network):
    """Words from row to column; a link without any has no colour."""
    words = np.full((network.ranks, network.ranks), np.nan)
    for link, sent in network.traffic.items():
        words[link] = sent
    return words


def _told(name, network):
    links = network.traffic
    source, to = max(links, key=links.get)
    return (
        f"{name}: {len(links):,} links carry {sum(links.values()):,} words, "
        f"that from {source} to {to} the most, {links[source, to]:,}"
    )
