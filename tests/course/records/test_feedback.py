"""Feedback: complete, well formed, self-contained, without tests, with nothing live."""

import base64
import html
import json
import re
from html.parser import HTMLParser

import nbformat
import pytest

from cme323.course.records import feedback as module
from cme323.course.records.feedback import feedback
from cme323.course.records.feedback_notebook import as_text, fenced, plain
from cme323.errors import BadInput

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 20).decode()
EVIL = "</pre></code><script>alert(1)</script><img src=x onerror=alert(2)>"
SOURCE = """# %% nbgrader={"grade": true, "grade_id": "test_scan", "locked": true, \
"points": 4, "schema_version": 3, "solution": false, "task": false}
assert scan([7]) == [777]
"""
VOID = {"meta", "link", "br", "img"}


class Reader(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.words = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture
def submissions(tmp_path):
    """Ada's notebook is honest, eve's is not, bob's is damaged, zoe has none."""
    folder = tmp_path / "in"
    mark = {"nbgrader": {"grade_id": "test_sum"}}
    markdown = {"cell_type": "markdown", "metadata": {}}
    code = {"cell_type": "code", "metadata": mark, "execution_count": None}
    html = {"text/html": EVIL, "application/javascript": EVIL}
    evil = [
        {"output_type": "display_data", "metadata": {}, "data": html},
        {"output_type": "stream", "name": "stdout", "text": EVIL},
        {"output_type": "error", "ename": EVIL, "evalue": EVIL, "traceback": [EVIL]},
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": PNG}},
    ]
    links = "[x](javascript:alert(1)) ![](http://x.org/y.png)"
    for student, cells in {
        "ada": [
            markdown | {"source": "# I think $n$"},
            code | {"source": "1 + 1", "outputs": []},
        ],
        "eve": [
            markdown | {"source": EVIL},
            markdown | {"source": f"```\n{links}\n````"},
            code | {"source": f'"{EVIL}"', "outputs": evil},
        ],
    }.items():
        (folder / student).mkdir(parents=True)
        (folder / student / "hw.ipynb").write_text(
            json.dumps(
                {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
            )
        )
    (folder / "bob").mkdir()
    (folder / "bob" / "hw.ipynb").write_text("{")
    return folder


@pytest.fixture
def given_back(out, submissions, tmp_path):
    """The folder of the feedback."""
    feedback("hw", out, submissions, tmp_path / "back")
    return tmp_path / "back"


def page(folder, student):
    return (folder / student / "hw.html").read_text()


def notebook(folder, student):
    read = nbformat.read(folder / student / "hw.ipynb", 4)
    nbformat.validate(read)
    return read


def test_every_student_has_a_page_that_is_well_formed_and_a_valid_notebook(given_back):
    for student in ("ada", "bob", "eve", "zoe"):
        assert Reader(page(given_back, student)).open == []
        assert notebook(given_back, student).cells


def test_the_page_tells_points_and_why_and_what_was_repaired(given_back):
    text = " ".join(Reader(page(given_back, "eve")).words)
    assert "0 of 15 points" in text
    assert "a test failed; what it compares is not shown" in text
    assert "your function raised ValueError" in text
    assert "Repaired: the cell scan is gone." in text
    assert "1 task waits for a person" in text


def test_no_test_and_no_answer_is_told(given_back):
    for path in given_back.rglob("hw.*"):
        assert "777" not in path.read_text()
    assert "should be" not in page(given_back, "bob")


def test_the_instructor_may_allow_the_tests(out, submissions, tmp_path):
    (tmp_path / "src/hw").mkdir(parents=True)
    (tmp_path / "src/hw/hw.py").write_text(SOURCE)
    options = {"show_tests": True, "source": tmp_path / "src"}
    feedback("hw", out, submissions, tmp_path / "back", **options)
    assert "assert scan([7]) == [777]" in page(tmp_path / "back", "eve")
    assert "777" in str(notebook(tmp_path / "back", "eve").cells)


def test_nothing_of_a_students_is_live_on_the_page(given_back):
    for student in ("ada", "eve"):
        elements = Reader(page(given_back, student)).elements
        tags = {tag for tag, _ in elements}
        assert not tags & {"script", "iframe", "svg", "a", "object", "form", "base"}
        for tag, attributes in elements:
            assert not any(name.startswith("on") for name in attributes)
            if tag == "img":
                assert attributes["src"] == f"data:image/png;base64,{PNG}"
    assert "&lt;script&gt;alert(1)" in page(given_back, "eve")


def test_the_page_loads_nothing(given_back):
    text = page(given_back, "eve")
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert policy in text
    assert not re.search(r"url\(|@import", text)
    for _, attributes in Reader(text).elements:
        for name in ("src", "href"):
            assert attributes.get(name, "data:").startswith("data:")


def test_the_notebook_has_the_note_after_its_task_and_the_rest_at_the_end(given_back):
    cells = notebook(given_back, "ada").cells
    assert [cell.cell_type for cell in cells] == ["markdown"] * 2 + ["code"] + [
        "markdown"
    ] * 3
    assert "test&#95;sum: 6 of 6" in cells[3].source
    assert "– of 5" in cells[5].source


def test_nothing_of_a_students_is_live_in_the_notebook(given_back):
    rendered = pytest.importorskip("nbconvert").HTMLExporter(template_name="basic")
    body, _ = rendered.from_notebook_node(notebook(given_back, "eve"))
    elements = Lenient(body).elements
    assert "script" not in {tag for tag, _ in elements}
    for tag, attributes in elements:
        assert not any(name.startswith("on") for name in attributes)
        assert "javascript:" not in str(attributes)
        if tag == "img":
            assert attributes["src"].startswith("data:image/png")


class Lenient(Reader):
    def handle_endtag(self, tag):
        pass


def test_prose_that_is_plain_stays_prose():
    assert plain("# On $n$\n\n*why* [this](https://x.org)").startswith("# On")
    for text in (
        "<b>",
        "![](http://x)",
        "[a](javascript:x)",
        "[a]: x",
        "$\\href{x}{y}$",
    ):
        assert plain(text).startswith("```")


def test_no_text_closes_its_fence():
    assert fenced("````\nx").splitlines()[0] == "`````text"
    assert as_text("**a**\n# b") == "&#42;&#42;a&#42;&#42; &#35; b"


def test_who_has_no_readable_work_is_told_why(given_back):
    assert "there is no notebook: hand in hw.ipynb" in page(given_back, "zoe")
    assert "hw.ipynb is damaged" in page(given_back, "bob")


def test_costs_are_shown_against_their_bound(rows, write_scores, submissions, tmp_path):
    says = "1.1: f(pram, [1]) is right, but has work 9 and depth 1,234, not 9 and 4: x."
    rows[0] |= {"score": 0, "reason": says.replace("1,234", "1234")}
    feedback("hw", write_scores(rows), submissions, tmp_path / "back")
    assert "depth: 1,234 measured, 4 allowed" in page(tmp_path / "back", "ada")


def test_the_last_call_and_the_cost_of_a_right_answer_are_in_both_files(
    out, submissions, tmp_path
):
    told = {"student": "eve", "notebook": "hw", "calls": {"test_scan": "scan([7])"}}
    told["costs"] = {"test_sum": [["work", 1234, 2000]]}
    (out / "results.jsonl").write_text(json.dumps(told) + "\n")
    feedback("hw", out, submissions, tmp_path / "back")
    text = " ".join(Reader(page(tmp_path / "back", "eve")).words)
    assert "</script>; the last call was scan([7])" in text
    assert "work: 1,234 measured, 2,000 allowed" in text
    cells = notebook(tmp_path / "back", "eve").cells
    said = html.unescape(" ".join(cell.source for cell in cells))
    assert "the last call was scan([7])" in said
    assert "work: 1,234 measured, 2,000 allowed" in said


def test_a_late_day_costs_points_on_the_page_alone(out, submissions, tmp_path):
    (submissions / "ada" / "timestamp.txt").write_text("2027-01-23 12:00:00 UTC")
    policy = tmp_path / "p.toml"
    policy.write_text(
        "late.percent_per_day = 10\ndue.hw = 2027-01-22T23:59:00Z\nlate.free_days = 0"
    )
    feedback("hw", out, submissions, tmp_path / "back", policy=policy)
    assert "9 of 15 points" in page(tmp_path / "back", "ada")
    assert "1 day late, 0 of them free: 10 points less 1" in page(
        tmp_path / "back", "ada"
    )


def test_a_persons_points_and_words_are_on_the_page(out, submissions, tmp_path):
    (tmp_path / "m.csv").write_text(
        "student,task,score,reason\nada,explain,3,See 7.2\n"
    )
    feedback("hw", out, submissions, tmp_path / "back", manual=tmp_path / "m.csv")
    assert "13 of 15 points" in page(tmp_path / "back", "ada")
    assert "See 7.2" in page(tmp_path / "back", "ada")


def test_feedback_twice_is_the_same_and_nothing_is_lost_unasked(
    out, submissions, given_back
):
    before = {path: path.read_bytes() for path in given_back.rglob("hw.*")}
    (given_back / "ada" / "mine.txt").write_text("x")
    with pytest.raises(BadInput, match="is there already"):
        feedback("hw", out, submissions, given_back)
    feedback("hw", out, submissions, given_back, force=True)
    assert {path: path.read_bytes() for path in given_back.rglob("hw.*")} == before
    assert (given_back / "ada" / "mine.txt").exists()


def test_a_link_to_the_work_of_another_is_not_followed(out, submissions, tmp_path):
    (submissions / "zoe").symlink_to(submissions / "ada")
    (submissions / "bob" / "hw.ipynb").unlink()
    (submissions / "bob" / "hw.ipynb").symlink_to(submissions / "ada" / "hw.ipynb")
    feedback("hw", out, submissions, tmp_path / "back")
    for student in ("zoe", "bob"):
        assert "I think" not in page(tmp_path / "back", student)


def test_each_notebook_of_an_assignment_has_its_page(rows, write_scores, tmp_path):
    two = [row | {"notebook": "two"} for row in rows]
    (tmp_path / "src" / "ps1").mkdir(parents=True)
    for name in ("hw", "two"):
        (tmp_path / "src" / "ps1" / f"{name}.ipynb").write_text("{}")
    out, source = write_scores(rows + two), tmp_path / "src"
    pages = feedback("ps1", out, tmp_path, tmp_path / "back", source=source)
    assert len(pages) == 8
    assert (tmp_path / "back" / "ada" / "two.html").exists()


def test_a_part_of_the_points_is_said_to_be_one(rows, write_scores, tmp_path):
    rows[0] |= {"score": 2.5}
    feedback("hw", write_scores(rows), tmp_path, tmp_path / "back")
    text = " ".join(" ".join(Reader(page(tmp_path / "back", "ada")).words).split())
    assert "2.5 of 6 The test gives a part of the points." in text


def test_scores_of_another_assignment_are_refused(out, submissions, tmp_path):
    with pytest.raises(BadInput, match="and no notebook of a5"):
        feedback("a5", out, submissions, tmp_path / "back")


def test_tests_that_are_not_there_cannot_be_shown(out, submissions, tmp_path):
    with pytest.raises(BadInput, match="needs the instructor's hw"):
        feedback("hw", out, submissions, tmp_path / "b", show_tests=True, source="no")


def test_a_disk_that_refuses_is_one_sentence(out, submissions, tmp_path, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "replace_file", full)
    with pytest.raises(BadInput, match="No space left"):
        feedback("hw", out, submissions, tmp_path / "back")
