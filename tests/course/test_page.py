"""The page of a report: complete, well formed, self-contained, never over others."""

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cme323.claims import claim, claims
from cme323.claims.claim import Report
from cme323.course import page
from cme323.course.page import write_page
from cme323.course.page_article import lectures_about, source_of
from cme323.errors import BadInput

ROOT = Path(__file__).parents[2]
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Reader(HTMLParser):
    """All elements as (tag, attributes), the text, and whether each is closed."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.words, self.open = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def reports():
    return [claim(name).check() for name in ("B13", "B10", "D3")]


@pytest.fixture
def shown(reports, tmp_path):
    return Reader(write_page(reports, tmp_path / "report").read_text())


def test_the_page_is_well_formed_and_says_who_what_and_how_it_came_out(shown):
    assert shown.open == []
    assert "3 of 3 claims are confirmed" in shown.text
    for name in ("Predicted", "Measured", "Verdict", "Tightness", "Control"):
        assert name in shown.text
    assert "B13. Co-partitioned joins" in shown.text
    assert "Zaharia et al., Resilient Distributed Datasets" in shown.text
    assert "equal at all 6 points" in shown.text
    assert "✓ CONFIRMED" in shown.text


def test_every_experiment_has_a_chart_with_words(shown, reports):
    found = [f for report in reports for f in (*report.findings, *report.controls)]
    charts = shown.all("svg")
    assert [svg["role"] for svg in charts] == ["img"] * len(found)
    for svg, finding in zip(charts, found):
        assert finding.experiment.says in svg["aria-label"]
        assert finding.verdict in svg["aria-label"]


def test_statements_are_mathml(shown):
    assert len(shown.all("math")) >= 10
    assert "$" not in "".join(shown.words).split("<pre", 1)[0].split("CONFIRMED")[0]


def test_every_point_and_the_code_are_there_to_unfold(shown, reports):
    points = sum(len(f.points) for f in reports[0].findings + reports[0].controls)
    assert f"All {points} points" in shown.text
    assert 'id="B13", title="Co-partitioned joins"' in shown.text


def test_the_page_loads_nothing(shown):
    assert not {"script", "img", "iframe"} & {tag for tag, _ in shown.elements}
    assert shown.all("link") == [{"rel": "icon", "href": "data:,"}]
    for link in shown.all("a"):
        assert link["href"].startswith(("#", "file:"))
    style = Path(page.__file__).with_suffix(".css").read_text()
    assert not re.search(r"url\(|@import|http", style)


def test_links_lead_to_files_and_to_claims_on_the_page(shown):
    ids = {attributes.get("id") for _, attributes in shown.elements}
    for link in shown.all("a"):
        kind, _, rest = link["href"].partition("#")
        if not kind:
            assert rest in ids
        else:
            assert Path(kind.removeprefix("file://")).exists()


def test_in_the_checkout_links_are_relative(reports):
    folder = ROOT / "docs" / "report"  # need not exist
    text = page.page_html(reports, folder)
    links = {a["href"] for a in Reader(text).all("a") if "." in a["href"]}
    assert "../../lectures/15_pagerank.ipynb" in links
    for link in links:
        assert Path(os.path.normpath(folder / link)).exists()


@pytest.mark.parametrize("name", [c.id for c in claims()])
def test_the_code_of_every_claim_is_found(name):
    path, line, code = source_of(name)
    assert path.read_text().splitlines()[line - 1].strip() == code.splitlines()[0]
    assert code.splitlines()[0].endswith("Claim(")
    assert f'id="{name}"' in code


def test_a_claim_is_linked_to_the_lectures_that_check_it():
    assert [path.name for path in lectures_about("B10")] == [
        "11_rdds.ipynb",
        "15_pagerank.ipynb",
    ]
    assert lectures_about("Z9") == []


def test_an_unsound_claim_and_an_error_are_told(reports, tmp_path):
    wrong = Report(claim("B13"), reports[0].controls, reports[0].findings, 1.0)
    broken = Report(claim("D3"), (), (), 1.0, "ValueError: <x> (a.py, line 1)")
    shown = Reader(write_page([wrong, broken], tmp_path).read_text())
    assert "0 of 2 claims are confirmed" in shown.text
    assert "✗ REFUTED" in shown.text
    assert "ValueError: <x> (a.py, line 1)" in shown.text


def test_a_report_is_written_over_an_older_one_and_nothing_else_is(reports, tmp_path):
    first = write_page(reports, tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    write_page(reports[:1], tmp_path)
    assert "1 of 1 claims" in first.read_text()
    assert {p.name for p in tmp_path.iterdir()} == {"index.html", "notes.txt"}


def test_a_folder_with_other_files_is_refused_and_kept(reports, tmp_path):
    (tmp_path / "index.html").write_text("<p>mine</p>")
    with pytest.raises(BadInput, match="holds files and no report of ours"):
        write_page(reports, tmp_path)
    assert (tmp_path / "index.html").read_text() == "<p>mine</p>"


def test_a_file_in_the_place_of_the_folder_is_refused(reports, tmp_path):
    (tmp_path / "x").write_text("mine")
    with pytest.raises(BadInput, match="takes a folder"):
        write_page(reports, tmp_path / "x")


def test_a_folder_that_cannot_be_made_is_one_sentence(reports, tmp_path):
    (tmp_path / "x").write_text("mine")
    with pytest.raises(BadInput, match="cannot be written"):
        write_page(reports, tmp_path / "x" / "y")
