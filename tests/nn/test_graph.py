import re
from xml.etree import ElementTree

import numpy as np
import pytest

from cme323.errors import BadInput
from cme323.nn.graph import show
from cme323.nn.losses import softmax_cross_entropy
from cme323.nn.models import MLP
from cme323.nn.tensor import Tensor

SVG = "{http://www.w3.org/2000/svg}"


def net():
    return softmax_cross_entropy(MLP([3, 4, 2])(np.ones((5, 3))), [0, 1, 0, 1, 1])


def test_text_has_a_line_for_each_tensor_the_last_first():
    lines = repr(show(net())).splitlines()
    assert [line.split()[1] for line in lines[:3]] == [
        "softmax_cross_entropy",
        "add",
        "matmul",
    ]
    assert sum("parameter" in line for line in lines) == 4
    assert sum("constant" in line for line in lines) == 1
    assert "(5, 4)" in repr(show(net()))


def test_the_picture_has_a_box_for_each_tensor_and_an_arrow_for_each_use():
    loss = net()
    graph = show(loss)
    picture = ElementTree.fromstring(graph._repr_svg_())
    boxes = [r for r in picture.iter(f"{SVG}rect") if r.get("rx")]
    arrows = [p for p in picture.iter(f"{SVG}path") if p.get("marker-end")]
    assert len(boxes) == len(graph.tensors)
    assert len(arrows) == sum(len(t.parents) for t in graph.tensors)
    places = {(box.get("x"), box.get("y")) for box in boxes}
    assert len(places) == len(boxes)


def test_the_picture_says_what_it_shows():
    picture = ElementTree.fromstring(show(net())._repr_svg_())
    assert picture.find(f"{SVG}title").text == (
        "The graph of a computation: 6 operations on 4 parameters and 1 constants"
    )
    assert "matmul" in picture.find(f"{SVG}desc").text


def test_arrows_point_down():
    picture = show(net())._repr_svg_()
    for start, end in re.findall(
        r'd="M[\d.]+ ([\d.]+)C.* ([\d.]+)" fill="none"', picture
    ):
        assert float(end) > float(start)


def test_what_is_no_tensor_or_too_large_is_refused():
    with pytest.raises(BadInput, match="not float"):
        show(3.0)
    x = Tensor(1.0)
    for _ in range(300):
        x = x + 1
    with pytest.raises(BadInput, match="601 tensors is too large"):
        show(x)
