"""Feedback and the teacher's report, opened from disk: phone, print, dark, hostile."""

import json
from pathlib import Path

import numpy as np
import pytest

from cme323.course.records.feedback import feedback
from cme323.course.records.report import report

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SCREENSHOTS = Path(__file__).parent / "screenshots"
LONG = "averylongword" * 12
EVIL = "</pre><script>document.title = 'owned'</script><img src=http://x.org/y.png>"
REASONS = [
    f"your function raised ValueError: {LONG}",
    f"your function raised ValueError: {EVIL}",
    "1.1: f(pram, [1]) is right, but has work 9 and depth 1234, not 9 and 4: halve.",
    "took longer than 20 s",
]
PAGES = ("feedback", "report")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """{"feedback": the page of a hostile student, "report": the teacher's}."""
    folder = tmp_path_factory.mktemp("records")
    (folder / "out").mkdir()
    rows = list(scores(np.random.default_rng(0)))
    (folder / "out" / "scores.json").write_text(json.dumps(rows))
    hand_in(folder / "in" / "s00")
    pages = feedback("hw", folder / "out", folder / "in", folder / "back")
    return dict(zip(PAGES, (pages[0], report(folder / "out", folder / "report"))))


def scores(rng):
    for student in range(30):
        for task in range(8):
            right = rng.random() < 0.6 and student
            yield {
                "student": f"s{student:02}",
                "notebook": "hw",
                "task": f"test_a_task_with_a_long_name_{task}" if task else LONG,
                "score": 5 if right else 0,
                "max": 5,
                "reason": "" if right else REASONS[task % 4],
                "seconds": float(rng.exponential()),
                "repaired": "the cell x is gone" if task == 3 else "",
            }


def hand_in(folder):
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": f"{LONG}\n{EVIL}"},
        {"output_type": "display_data", "data": {"text/html": EVIL}, "metadata": {}},
    ]
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": f"{LONG} {EVIL}"},
        {"cell_type": "code", "metadata": {}, "source": LONG, "outputs": outputs},
    ]
    folder.mkdir(parents=True)
    (folder / "hw.ipynb").write_text(json.dumps({"cells": cells}))


@pytest.fixture
def opened(chromium, pages):
    """Opens a page; it asks for nothing, runs nothing and complains of nothing."""
    contexts, asked = [], []

    def open_page(name, width=390, scheme="light"):
        context = chromium.new_context(
            viewport={"width": width, "height": 844},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: asked.append(message.text))
        page.goto(pages[name].as_uri())
        assert asked == [pages[name].as_uri()]
        assert page.title() != "owned"
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_window(opened, name, width):
    page = opened(name, width)
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert beyond(page) == []


def beyond(page):
    """What reaches beyond the right edge, outside the boxes that scroll."""
    return page.evaluate(
        """() => [...document.querySelectorAll('body *')]
            .filter(e => !e.closest('pre') && !e.closest('svg *'))
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => `${e.tagName} ${e.textContent.slice(0, 40)}`)"""
    )


def test_letters_in_a_histogram_stay_inside_it(opened):
    page = opened("report", 320)
    cut = page.evaluate(
        """() => [...document.querySelectorAll('svg.bars')].flatMap(svg => {
            const room = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('text')].filter(t => {
                const box = t.getBoundingClientRect();
                return box.left < room.left - 1 || box.right > room.right + 1
                    || box.top < room.top - 1 || box.bottom > room.bottom + 1;
            }).map(t => t.textContent);
        })"""
    )
    assert cut == []


@pytest.mark.parametrize("name", PAGES)
def test_a_dark_page_is_dark_and_paper_is_white(opened, name):
    page = opened(name, scheme="dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(paper) == "rgb(20, 23, 26)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(paper) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("name", PAGES)
def test_in_print_nothing_is_cut(opened, name):
    page = opened(name, 794)  # A4 at 96 pixels an inch
    page.emulate_media(media="print")
    assert beyond(page) == []
    hidden = "pre => pre.scrollWidth > pre.clientWidth + 1"
    assert (
        page.evaluate(f"[...document.querySelectorAll('pre')].filter({hidden})") == []
    )
