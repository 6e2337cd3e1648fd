"""The page of `cme323 verify --report`, opened from disk: phone, print, dark."""

from pathlib import Path

import pytest

from cme323.claims import claim
from cme323.course.page import write_page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SCREENSHOTS = Path(__file__).parent / "screenshots"
# B2 has the longest formula, B16 the longest names of sizes.
IDS = ("B2", "B11", "B15", "B16", "D1")


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The page of a few claims, on disk."""
    folder = tmp_path_factory.mktemp("report")
    return write_page([claim(name).check() for name in IDS], folder)


@pytest.fixture
def opened(chromium, report):
    """Opens the report without a network; it asks for nothing, and has no errors."""
    contexts, asked = [], []

    def open_report(width=390, height=844, scheme="light"):
        viewport = {"width": width, "height": height}
        context = chromium.new_context(
            viewport=viewport,
            color_scheme=scheme,
            reduced_motion="reduce",
            offline=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: asked.append(message.text))
        page.goto(report.as_uri())
        assert asked == [report.as_uri()]
        return page

    yield open_report
    for context in contexts:
        context.close()


def beyond(page):
    """What reaches beyond the right edge, outside the boxes that scroll."""
    return page.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .filter(e => !e.closest('pre') && !e.closest('svg *'))
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => `${e.tagName} ${e.textContent.slice(0, 40)}`)"""
    )


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_window(opened, width):
    page = opened(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert beyond(page) == []
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=SCREENSHOTS / f"report-{width}.png")


def test_every_claim_has_charts_with_a_text_alternative(opened):
    page = opened()
    for name in IDS:
        charts = page.locator(f"#{name} figure svg")
        assert charts.count() >= 4
        for chart in charts.all():
            assert chart.get_attribute("aria-label").startswith("Chart. ")
            assert chart.bounding_box()["width"] > 250


def test_letters_in_a_chart_stay_inside_it(opened):
    page = opened(1280)
    cut = page.evaluate(
        """() => [...document.querySelectorAll('svg.chart')].flatMap(svg => {
            const box = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('text')].filter(text => {
                const t = text.getBoundingClientRect();
                return t.left < box.left - 2 || t.right > box.right + 2
                    || t.top < box.top - 2 || t.bottom > box.bottom + 2;
            }).map(text => text.textContent);
        })"""
    )
    assert cut == []


def test_formulas_are_drawn_as_mathematics(opened):
    page = opened(1280)
    fraction = page.locator("#B2 mfrac").first
    top, bottom = (fraction.locator("> *").nth(i).bounding_box() for i in (0, 1))
    assert top["y"] + top["height"] <= bottom["y"] + 2


def test_links_are_reached_by_keyboard_and_lead_to_the_claim(opened):
    page = opened()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#B2")
    page.wait_for_timeout(300)
    assert abs(page.locator("#B2").bounding_box()["y"]) < 60


def test_a_dark_page_is_dark_with_light_letters_and_paper_is_white(opened):
    def brightness(page, kind):
        colour = page.evaluate(f"getComputedStyle(document.body).{kind}")
        return sum(int(part) for part in colour[4:-1].split(","))

    page = opened(scheme="dark")
    assert brightness(page, "backgroundColor") < 150
    assert brightness(page, "color") > 600
    page.screenshot(path=SCREENSHOTS / "report-dark.png")
    page.emulate_media(media="print")
    assert brightness(page, "backgroundColor") == 3 * 255


def test_in_print_nothing_is_cut(opened, tmp_path):
    page = opened(718)  # A4 less the margins, at 96 dots an inch
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    assert beyond(page) == []
    assert page.pdf(format="A4").startswith(b"%PDF")
