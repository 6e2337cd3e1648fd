import numpy as np
import pytest

from cme323.course.plots_network import traffic
from cme323.errors import BadInput
from cme323.network import Network
from cme323.network.allreduce import ring_allreduce
from cme323.network.tree import broadcast


def ran(program, P=4):
    network = Network(P)
    network.run(program, list(np.ones((P, 8))))
    return network


def test_a_map_of_the_traffic_has_a_colour_for_each_link_that_was_used():
    picture = traffic(ring=ran(ring_allreduce), told=ran(broadcast))
    ring, told, scale = picture.figure.axes
    shown = ring.images[0].get_array().filled(np.nan)
    used = {(i, (i + 1) % 4) for i in range(4)}
    assert {tuple(map(int, at)) for at in np.argwhere(~np.isnan(shown))} == used
    assert np.nanmax(shown) == np.nanmin(shown) == 12
    assert (ring.get_title(), told.get_title()) == ("ring", "told")
    assert scale.get_ylabel() == "words on the link (number)"
    assert picture.alt == (
        "Heat maps. ring: 4 links carry 48 words, that from 0 to 1 the most, 12; told: "
        "3 links carry 24 words, that from 0 to 1 the most, 8."
    )
    assert picture.png().startswith(b"\x89PNG")


@pytest.mark.parametrize("networks", [{}, {"idle": Network(3)}])
def test_a_map_needs_traffic(networks):
    with pytest.raises(BadInput, match="on which messages were sent, by name"):
        traffic(**networks)
