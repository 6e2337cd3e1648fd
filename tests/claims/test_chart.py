"""Charts of findings: what is where, at which scale, and in words."""

from base64 import b64decode
from xml.etree import ElementTree

import pytest

from cme323.claims import claims
from cme323.claims.chart import WIDTH, chart, image, words
from cme323.claims.claim import Experiment
from cme323.claims.verdicts import AtMost, Equal, Point, Slope, Within

SVG = "{http://www.w3.org/2000/svg}"


def finding(sweep, predict, run, verdict=Equal(), axes="n"):  # noqa: B008
    return Experiment("it is <so>", "records", axes, sweep, predict, run, verdict)


def double(n):
    return 2 * n


def drawn(found, *options):
    """The svg element, as a tree."""
    return ElementTree.fromstring(chart(found, *options))


def of(svg, kind):
    """The attributes of all elements of a class."""
    return [e.attrib for e in svg.iter() if e.get("class") == kind]


def texts(svg):
    return [element.text for element in svg.iter(f"{SVG}text")]


def test_every_measured_number_has_a_dot_and_the_title_says_what_is_predicted():
    svg = drawn(finding((1, 2, 4), double, double).perform())
    assert len(of(svg, "measured")) == 3 + 1  # one in the legend
    assert "it is <so>" in texts(svg)
    assert "records" in texts(svg)
    assert "n" in texts(svg)
    assert svg.get("aria-label") == (
        "Chart. it is <so>. records against n, 3 sizes: predicted from 2 to 8, "
        "measured from 2 to 8. CONFIRMED, equal at all 3 points."
    )


def test_a_falsehood_says_so():
    found = finding((1, 2), double, lambda n: 0).perform()
    assert "Falsehood: it is <so>" in texts(drawn(found, True))
    assert words(found, True).startswith("Chart. Falsehood: it is <so>. ")


def test_sizes_that_differ_by_far_are_on_a_log_scale():
    svg = drawn(finding((1, 10, 100), double, double).perform())
    x = [float(dot["cx"]) for dot in of(svg, "measured")[:3]]
    y = [float(dot["cy"]) for dot in of(svg, "measured")[:3]]
    assert x[1] - x[0] == pytest.approx(x[2] - x[1], abs=0.2)
    assert y[1] - y[0] == pytest.approx(y[2] - y[1], abs=0.2)


def test_a_power_is_straight_on_log_scales():
    sizes = (1, 2, 4, 8, 16, 32)
    svg = drawn(finding(sizes, double, double, Slope(1, 0.1)).perform())
    y = [float(dot["cy"]) for dot in of(svg, "measured")[:6]]
    assert y[1] - y[0] == pytest.approx(y[5] - y[4], abs=0.2)


def test_a_scale_that_starts_at_0_shows_0():
    svg = drawn(finding((1, 2, 3), double, double).perform())
    assert "0" in texts(svg)
    (dot, *_), bottom = of(svg, "measured"), of(svg, "axis")[-1]
    assert float(dot["cy"]) < float(bottom["points"].split(",")[-1])


def test_what_a_bound_allows_is_shaded():
    assert of(drawn(finding((1, 2), double, int, AtMost()).perform()), "allowed")
    assert not of(drawn(finding((1, 2), double, double).perform()), "allowed")


def test_tuples_of_sizes_have_a_dash_each_and_their_names():
    found = finding(((1, "a"), (2, "b")), lambda n, s: n, lambda n, s: n, axes="n, s")
    svg = drawn(found.perform())
    assert len(of(svg, "predicted")) == 2 + 1
    assert {"1, a", "2, b"} <= set(texts(svg))


def test_many_seeds_are_a_mean_with_its_spread():
    found = finding((1,), lambda n: 1, lambda n: [0.5, 1.5] * 20, Within(precision=1))
    svg = drawn(found.perform())
    assert len(of(svg, "spread")) == 1
    assert "measured from 1 to 1" in svg.get("aria-label")


def test_one_more_point_has_a_ring_at_its_place_in_the_order():
    found = finding((1, 3), double, double).perform()
    svg = drawn(found, False, Point(2, 4, 4))
    x = [float(dot["cx"]) for dot in of(svg, "measured")[:3]]
    assert x == sorted(x)
    assert float(of(svg, "here")[0]["cx"]) == x[1]


@pytest.mark.parametrize("name", ["B1", "B2", "B9", "B13", "B16", "D3"])
def test_nothing_is_drawn_beyond_the_paper(name):
    (claim,) = claims([name])
    report = claim.check()
    for found in (*report.findings, *report.controls):
        svg = drawn(found)
        height = float(svg.get("viewBox").split()[3]) - 8
        for dot in of(svg, "measured"):
            assert 0 < float(dot["cx"]) < WIDTH
            assert 0 < float(dot["cy"]) < height
        assert max(float(e.get("y")) for e in svg.iter(f"{SVG}text")) < height


def test_an_image_is_the_chart_with_its_look_and_its_words():
    found = finding((1, 2), double, double).perform()
    img = ElementTree.fromstring(image(found).replace('">', '"/>'))
    svg = ElementTree.fromstring(b64decode(img.get("src").partition(",")[2]))
    assert svg.find(f"{SVG}style").text
    assert img.get("alt") == words(found)
