"""Pictures say in words what they show."""

import pytest

from cme323 import Cluster, Context
from cme323.course.plots import curves, gantt, spacetime
from cme323.errors import BadInput
from cme323.network import Link, Network
from cme323.network.tree import broadcast, reduce


def test_a_gantt_chart_has_a_bar_for_each_attempt_and_each_dead_machine():
    simulated = Cluster(4, overhead=1, failures={1: 0.5}, restart=1, stragglers={2: 9})
    sc = Context(cluster=simulated, speculation=True)
    sc.range(8).count()
    picture = gantt(sc.jobs[0])
    (axes,) = picture.figure.axes
    assert len(axes.patches) == len(sc.jobs[0].timeline)
    assert axes.get_xlabel() == "simulated clock (seconds)"
    assert "simulated seconds, 4 machines" in picture.alt
    for fate in ("down (1)", "lost (1)", "dropped (1)", "a copy (1)"):
        assert fate in picture.alt
    assert picture.png().startswith(b"\x89PNG")


def test_the_cores_of_a_machine_have_rows_of_their_own():
    sc = Context(cluster=Cluster(2, cores=2))
    sc.range(4, numSlices=4).count()
    (axes,) = gantt(sc.jobs[0]).figure.axes
    assert len({round(bar.get_y(), 6) for bar in axes.patches}) == 4


def test_a_gantt_chart_needs_a_simulated_cluster():
    sc = Context()
    sc.range(4).count()
    with pytest.raises(BadInput, match="a job that ran on a simulated cluster"):
        gantt(sc.jobs[0])


def test_curves_hold_what_was_measured_against_what_was_predicted():
    picture = curves(
        {"square": lambda x: x * x, "double": lambda x: 2 * x},
        {"double": lambda x: 2 * x + 1, "square": lambda x: x * x},
        range(1, 5),
        "Growth",
        "size (number)",
        "cost (records)",
        log="xy",
    )
    (axes,) = picture.figure.axes
    drawn = [list(line.get_ydata()) for line in axes.lines if len(line.get_ydata())]
    assert drawn == [[1, 4, 9, 16]] * 2 + [[2, 4, 6, 8], [3, 5, 7, 9]]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert picture.alt == (
        "Chart. Growth. cost (records) against size (number): square, predicted from 1 "
        "to 16, measured from 1 to 16; double, predicted from 2 to 8, measured from 3 "
        "to 9."
    )


def test_a_space_time_diagram_has_an_arrow_for_each_message():
    often_lost = Link(loss=0.7, resend=True)
    network = Network(4, alpha=1, beta=0, gamma=0.5, links={(0, 1): often_lost})
    network.run(reduce, [1, 2, 3, 4])
    network.run(broadcast, [1, 2, 3, 4])
    picture = spacetime(network)
    (axes,) = picture.figure.axes
    lost = sum(message.lost for message in network.messages)
    assert lost > 0
    assert len([t for t in axes.texts if t.arrow_patch]) == network.cost.messages
    assert (
        f"4 ranks, {6 + lost} messages ({lost} lost), {6 + lost} words" in picture.alt
    )
    assert "in 4 rounds. Rank 0 sends the most" in picture.alt
    assert axes.get_xlabel() == "simulated clock (seconds)"
    assert picture.png().startswith(b"\x89PNG")


def test_a_space_time_diagram_tells_of_no_computing_that_takes_no_time():
    for gamma, labels in ((1, ["message", "computing"]), (0, ["message"])):
        network = Network(2, gamma=gamma)
        network.run(reduce, [1, 2])
        (legend,) = spacetime(network).figure.legends
        assert [text.get_text() for text in legend.get_texts()] == labels


def test_a_space_time_diagram_needs_messages():
    with pytest.raises(BadInput, match="on which messages were sent"):
        spacetime(Network(3))
