import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.course.grade.notebook import (
    LARGEST,
    Unreadable,
    cells_of,
    read_source,
    read_submission,
    weave,
)
from cme323.errors import BadInput


def cell(text, grade_id=None, kind="code", **mark):
    metadata = {"nbgrader": {"grade_id": grade_id, **mark}} if grade_id else {}
    return {"cell_type": kind, "metadata": metadata, "source": text}


def notebook(*made):
    return json.dumps({"cells": list(made), "metadata": {}, "nbformat": 4})


def cells(*made):
    return cells_of({"cells": list(made)})


SOURCE = cells(
    cell("import math"),
    cell("tools", "tools", locked=True),
    cell("stub", "f", solution=True),
    cell("assert f", "f1", grade=True, locked=True, points=2),
    cell("stub", "g", solution=True),
    cell("assert g", "g1", grade=True, locked=True, points=3),
    cell("", "proof", "markdown", grade=True, solution=True, points=4),
)


def texts(*submission):
    return [woven.text for woven in weave(SOURCE, cells(*submission))[0]]


def test_kinds_and_points_are_the_metadata_s():
    kinds = [(c.id, c.kind, c.points) for c in SOURCE if c.id]
    assert kinds == [
        ("tools", "locked", 0),
        ("f", "answer", 0),
        ("f1", "test", 2),
        ("g", "answer", 0),
        ("g1", "test", 3),
        ("proof", "manual", 4),
    ]


def test_percent_format_and_ipynb_read_alike(classroom, tmp_path):
    percent = read_source(classroom.source)
    built = [cell(c.text, c.id, "code" if c.code else "markdown") for c in percent]
    marks = [c.kind for c in percent]
    assert marks == ["answer", "locked", "answer", "test", "answer", "test", "manual"]
    (tmp_path / "a1.ipynb").write_text(notebook(*built), encoding="utf-8")
    read = read_submission(tmp_path, "a1")
    assert [c.text for c in read] == [c.text for c in percent]


def test_answers_are_the_student_s_and_the_rest_is_the_source_s():
    mine = [cell("import math"), cell("hacked", "tools"), cell("my f", "f")]
    assert texts(*mine, cell("pass", "f1"), cell("my g", "g")) == [
        "import math",
        "tools",
        "my f",
        "assert f",
        "my g",
        "assert g",
    ]


def test_added_cells_stay_where_they_are():
    mine = [cell("top"), cell("my f", "f"), cell("more"), cell("prose", kind="raw")]
    order = ["top", "tools", "my f", "more", "assert f", "assert g"]
    assert texts(*mine) == order


def test_moved_cells_go_back_to_their_place():
    mine = [cell("my g", "g"), cell("", "g1"), cell("", "f1"), cell("my f", "f")]
    assert texts(*mine) == ["tools", "my f", "assert f", "my g", "assert g"]


def test_what_a_submission_says_of_its_cells_is_not_believed():
    liar = cell("my f", "f", grade=True, locked=True, points=99)
    retyped = cell("my g", "g", "markdown")
    woven, _ = weave(SOURCE, cells(liar, retyped))
    assert [c.kind for c in woven] == ["locked", "answer", "test", "answer", "test"]
    assert sum(c.points for c in woven) == 5


def test_a_cell_that_was_split_is_its_parts():
    woven, repairs = weave(SOURCE, cells(cell("one", "f"), cell("two", "f")))
    assert [c.text for c in woven] == ["tools", "one", "two", "assert f", "assert g"]
    assert repairs["f"] == ["2 cells are called f: all of them run"]


def test_what_was_repaired_is_told_of_each_cell():
    mine = cells(
        cell("tools", "tools"),
        cell("my f", "f", "markdown"),
        cell("assert True", "f1", grade=True, points=99),
        cell("proof", "proof", "markdown"),
        cell("my g", "g"),
    )
    assert weave(SOURCE, mine)[1] == {
        "f": ["the cell f was made text"],
        "f1": [
            "the cell f1 has 2 points, not 99",
            "the cell f1 was changed: the instructor's runs",
        ],
        "g": ["cells were moved: they run in the instructor's order"],
        "g1": ["the cell g1 is gone"],
    }


def test_of_what_was_released_nothing_has_to_be_repaired():
    hidden = "\n### BEGIN HIDDEN TESTS\nassert 2\n### END HIDDEN TESTS\n"
    source = cells(cell(f"assert 1{hidden}", "t", grade=True, points=1))
    assert weave(source, cells(cell("assert 1", "t", grade=True, points=1)))[1] == {}
    assert weave(source, source)[1] == {}


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_a_link_is_no_notebook(tmp_path):
    (tmp_path / "secret").write_text(notebook(cell("f")), encoding="utf-8")
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "a1.ipynb").symlink_to(tmp_path / "secret")
    with pytest.raises(Unreadable, match=r"a1\.ipynb is a link"):
        read_submission(tmp_path / "ada", "a1")


def test_a_notebook_has_a_largest_size(tmp_path):
    with open(tmp_path / "a1.ipynb", "wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(Unreadable, match=r"a1\.ipynb is larger than 64 MiB"):
        read_submission(tmp_path, "a1")


def test_the_notebook_of_the_right_name_is_taken(tmp_path):
    (tmp_path / "a1.ipynb").write_text(notebook(cell("right")), encoding="utf-8")
    (tmp_path / "b.ipynb").write_text(notebook(cell("wrong")), encoding="utf-8")
    assert read_submission(tmp_path, "a1")[0].text == "right"
    with pytest.raises(Unreadable, match=r"2 notebooks, and none is c\.ipynb"):
        read_submission(tmp_path, "c")


def test_a_renamed_notebook_is_taken_if_it_is_the_only_one(tmp_path):
    (tmp_path / "final v2.ipynb").write_text(notebook(cell("f")), encoding="utf-8")
    assert read_submission(tmp_path, "a1")[0].text == "f"


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b"3",
        b"{}",
        b'{"cells": 3}',
        notebook(cell("x")).encode()[:-9],
    ],
)
def test_a_damaged_notebook_is_unreadable(tmp_path, damage):
    (tmp_path / "a1.ipynb").write_bytes(damage)
    with pytest.raises(Unreadable, match=r"a1\.ipynb is "):
        read_submission(tmp_path, "a1")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cell_type", "source", "metadata", "nbgrader", "grade_id"])
            | st.text(),
            inner,
            max_size=5,
        )
    ),
)


@given(st.lists(values, max_size=4))
def test_whatever_json_has_for_cells_can_be_woven(damaged):
    read = cells_of(json.loads(json.dumps({"cells": damaged})))
    assert [c.id for c in weave(SOURCE, read)[0] if c.kind == "test"] == ["f1", "g1"]


def test_a_source_needs_points_and_ids_of_its_own(tmp_path):
    path = tmp_path / "a1.ipynb"
    for text, sentence in [
        (notebook(), "must have cells with nbgrader points"),
        (notebook(*[cell("", "f", grade=True)] * 2), "has f twice"),
        ("{", "must be a notebook"),
    ]:
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BadInput, match=sentence):
            read_source(path)
    with pytest.raises(BadInput, match="must be a file"):
        read_source(tmp_path / "none.py")


@pytest.mark.parametrize("points", [10**400, float("nan"), float("inf"), -1])
def test_points_that_nobody_can_give_are_none(points):
    (read,) = cells_of({"cells": [cell("", "f1", grade=True, points=points)]})
    assert read.points == 0


def test_a_notebook_of_too_many_parts_is_not_unpacked(tmp_path):
    (tmp_path / "a1.ipynb").write_text('{"cells": [' + "[]," * 10**6 + "1]}")
    with pytest.raises(Unreadable, match="has more than 1,000,000 parts"):
        read_submission(tmp_path, "a1")
