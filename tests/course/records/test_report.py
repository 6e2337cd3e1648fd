import re
from html.parser import HTMLParser

import numpy as np
import pytest

from cme323.course.records.report import report
from cme323.errors import BadInput

VOID = {"meta", "link", "br", "img"}


class Reader(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.words = [], [], []
        self.feed(text)
        self.close()
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture
def shown(out, tmp_path):
    return Reader(report(out, tmp_path / "page").read_text())


def test_the_page_is_well_formed_and_says_how_the_class_did(shown):
    assert shown.open == []
    assert "3 students: median 4 of 15 points, mean 4.67, from 0 to 10." in shown.text
    assert "For a person to grade: explain (3)." in shown.text


def test_it_tells_who_has_no_readable_work(shown):
    assert "zoe hw there is no notebook: hand in hw.ipynb" in shown.text


def test_it_has_the_tasks_the_failures_and_the_slowest(shown):
    assert re.search(r"1. test_sum 6 33% – 3 2. test_scan 4 67% – 3", shown.text)
    assert "tree_sum(…) should be …, but came as …" in shown.text
    assert "test_sum 0.5 s 0.5 s ada" in shown.text


def test_every_picture_has_a_title_axes_and_words(shown):
    pictures = [attributes for tag, attributes in shown.tags if tag == "svg"]
    assert len(pictures) == 3
    assert all(p["aria-label"].startswith("Histogram. ") for p in pictures)
    assert shown.text.count("share of the points") == 3
    assert shown.text.count("students") >= 3


def test_it_loads_nothing_and_a_students_words_are_text(shown):
    tags = {tag for tag, _ in shown.tags}
    assert not tags & {"script", "img", "iframe", "a"}
    assert '<script>alert("1")</script>' in shown.text
    for _, attributes in shown.tags:
        assert not any(name.startswith("on") for name in attributes)


def test_manual_points_and_late_days_count(out, tmp_path):
    (tmp_path / "m.csv").write_text("student,task,score\nada,explain,5\n")
    (tmp_path / "p.toml").write_text(
        "late.percent_per_day = 10\ndue.hw = 2027-01-22T23:59:00Z"
    )
    (tmp_path / "t.csv").write_text(
        "student,assignment,submitted\nada,hw,2027-01-23T12:00:00Z\n"
    )
    options = {n: tmp_path / f for n, f in (("manual", "m.csv"), ("policy", "p.toml"))}
    page = report(out, tmp_path / "page", submitted=tmp_path / "t.csv", **options)
    text = Reader(page.read_text()).text
    assert "from 0 to 13.5" in text
    assert "1 of 4 students were late, 1 of them at a cost" in text
    assert "ada 1 0 15 1.5 13.5" in text


def test_a_report_is_written_over_an_older_one_and_over_nothing_else(out, tmp_path):
    page = report(out, tmp_path / "page")
    assert report(out, tmp_path / "page") == page
    page.write_text("<p>mine")
    with pytest.raises(BadInput, match="no report of ours"):
        report(out, tmp_path / "page")
    assert page.read_text() == "<p>mine"


def test_a_folder_that_cannot_be_made_is_one_sentence(out, tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(BadInput, match="cannot be written"):
        report(out, tmp_path / "x" / "y")


@pytest.fixture
def sixty(rows, write_scores, tmp_path):
    """The page of sixty students; of their six tasks one is upside down."""
    rng = np.random.default_rng(3)
    found = []
    for number, ability in enumerate(rng.normal(size=60)):
        for task, hard in enumerate((-2, -1, 0, 0.5, 1)):
            solved = ability + rng.normal() / 2 > hard
            found.append(score_of(number, f"task{task}", solved))
        found.append(score_of(number, "upside_down", ability < rng.normal() / 2))
    return Reader(report(write_scores(found), tmp_path / "page").read_text())


def score_of(number, task, solved):
    reason = f"1.1: f([{number}]) should be 1, but came as {number}: add them all."
    return {
        "student": f"s{number:02}",
        "notebook": "hw",
        "task": task,
        "score": 4.0 if solved else 0.0,
        "max": 4.0,
        "reason": "" if solved else reason,
        "seconds": 0.1 + (task == "task3") + number / 100,
        "repaired": "",
    }


def test_sixty_submissions_give_a_page_that_says_which_tasks_to_look_at(sixty):
    hardest = re.findall(r"(\d)\. (\w+) 4 (\d+)%", sixty.text)
    assert [number for number, *_ in hardest] == list("123456")
    assert [int(share) for *_, share in hardest] == sorted(int(s) for *_, s in hardest)
    assert (hardest[0][1], hardest[-1][1]) == ("task4", "task0")
    assert re.search(r"upside_down 4 \d+% -0\.\d+ look at it", sixty.text)
    assert sixty.text.count("look at it") == 1


def test_the_failures_of_sixty_are_one_kind_and_the_slowest_task_is_first(sixty):
    (count,) = re.findall(r"came as …: add them all\. (\d+) ", sixty.text)
    assert int(count) > 60
    slowest = sixty.text[sixty.text.index("Slowest tasks") :]
    assert slowest.startswith("Slowest tasks Task Slowest Median Who task3 1.69 s")


def test_the_map_has_every_task_inside_its_frame(sixty):
    (place,) = [n for n, one in enumerate(sixty.tags) if is_map(one)]
    _, _, width, height = map(float, sixty.tags[place][1]["viewbox"].split())
    dots = [a for tag, a in sixty.tags if tag == "circle"]
    assert len(dots) == 6
    for dot in dots:
        assert 9 < float(dot["cx"]) < width - 9
        assert 9 < float(dot["cy"]) < height - 40


def is_map(one):
    tag, attributes = one
    return tag == "svg" and attributes["aria-label"].startswith("Map of the tasks")


def test_a_class_too_small_for_a_correlation_has_no_map(shown):
    assert not any(map(is_map, shown.tags))
