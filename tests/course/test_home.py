"""The home page lists what is there, written as Jupyter itself would write it."""

import json

import nbformat
import pytest

from cme323.course.home import PYTHON, first_sentence, headline, home
from cme323.errors import BadInput


def write(file, *cells):
    """A notebook of markdown `cells` at `file`."""
    cells = [nbformat.v4.new_markdown_cell(text) for text in cells]
    file.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), file)
    return file


@pytest.fixture
def material(tmp_path):
    write(
        tmp_path / "lectures" / "15_pagerank.ipynb", "# PageRank\n\nA walk. At random."
    )
    write(tmp_path / "assignments" / "a10_sql" / "a10 sql.ipynb", "# Tables")
    write(tmp_path / "assignments" / "a9_nets" / "a9.ipynb", "no heading")
    return tmp_path


def text(page):
    return "\n".join(cell.source for cell in nbformat.reads(page, as_version=4).cells)


def test_every_notebook_is_linked_by_its_title_in_the_order_of_its_number(material):
    lines = text(home(material, "work").decode()).splitlines()
    assert [line for line in lines if "](" in line] == [
        "- **[PageRank](lectures/15_pagerank.ipynb)**  ",
        "- **[a9](assignments/a9_nets/a9.ipynb)**",
        "- **[Tables](assignments/a10_sql/a10%20sql.ipynb)**",
    ]
    assert "  A walk." in lines


def test_the_page_says_where_the_students_files_are(material):
    assert "`/home/ada/work`" in text(home(material, "/home/ada/work").decode())


def test_an_empty_course_says_so(tmp_path):
    assert text(home(tmp_path, "work").decode()).count("*None yet.*") == 2


def test_the_page_is_a_valid_notebook_that_is_the_same_each_time(material):
    page = home(material, "work")
    nbformat.validate(json.loads(page))
    assert page == home(material, "work")


def test_jupyter_finds_nothing_to_add_when_it_opens_the_page():
    ipkernel = pytest.importorskip("ipykernel.ipkernel")
    assert PYTHON["language_info"] == ipkernel.IPythonKernel.language_info


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["# Ranks\n\nOne. Two."], ("Ranks", "One.")),
        (["# Ranks", "Over\ntwo lines. Two."], ("Ranks", "Over two lines.")),
        (
            ["intro", "# Ranks\n\n- a list\n\n## Part\n\n$r$ it is."],
            ("Ranks", "$r$ it is."),
        ),
        (["## Part"], ("a", "")),
        ([], ("a", "")),
    ],
)
def test_the_headline_is_the_first_heading_and_sentence(tmp_path, cells, expected):
    assert headline(write(tmp_path / "a.ipynb", *cells)) == expected


def test_a_sentence_does_not_end_inside_a_number_or_an_abbreviation():
    assert first_sentence("d = 0.85, e.g. here. Then") == "d = 0.85, e.g. here."


@pytest.mark.parametrize("content", ["not JSON", "[]", "{}", '{"cells": [1]}'])
def test_what_is_no_notebook_is_refused_by_name(tmp_path, content):
    (tmp_path / "lectures").mkdir()
    (tmp_path / "lectures" / "1_bad.ipynb").write_text(content)
    with pytest.raises(BadInput, match=r"1_bad\.ipynb must be a notebook"):
        home(tmp_path, "work")
