import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.course.grade.notebook import Unreadable
from cme323.course.records.work import LONGEST, MOST, picture_of, read_work, short

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20


def work(tmp_path, *cells):
    path = tmp_path / "hw.ipynb"
    path.write_text(json.dumps({"cells": cells}))
    return read_work(path)


def code(**output):
    return {"cell_type": "code", "source": ["f(", "1)"], "outputs": [output]}


def only(tmp_path, **output):
    (shown,) = work(tmp_path, code(**output))
    return [(piece.kind, piece.text) for piece in shown.outputs]


def test_a_cell_is_its_text_its_outputs_and_its_grade_id(tmp_path):
    cell = code(output_type="stream", text=["a\n", "b\n"])
    cell["metadata"] = {"nbgrader": {"grade_id": "t"}}
    (shown,) = work(tmp_path, cell)
    assert (shown.text, shown.grade_id, shown.code) == ("f(1)", "t", True)
    assert shown.outputs[0].text == "a\nb"


def test_of_html_svg_and_scripts_only_the_text_is_left(tmp_path):
    data = {
        "text/html": "<script>x</script>",
        "image/svg+xml": "<svg onload=x>",
        "application/javascript": "x",
        "text/plain": "42",
    }
    assert only(tmp_path, output_type="display_data", data=data) == [
        ("text", "42"),
        ("left out", "application/javascript, image/svg+xml, text/html"),
    ]


def test_a_picture_is_one_by_its_bytes(tmp_path):
    for media, content, kind in [
        ("image/png", PNG, "picture"),
        ("image/jpeg", b"\xff\xd8\xff\xe0", "picture"),
        ("image/png", b"<svg onload=x>", "left out"),
        ("image/jpeg", PNG, "left out"),
    ]:
        data = {media: base64.b64encode(content).decode()}
        assert only(tmp_path, output_type="display_data", data=data)[0][0] == kind


def test_what_is_no_base64_is_no_picture():
    assert picture_of('"><script>', "image/png", [MOST]) == ""


def test_pictures_share_a_room():
    text = base64.b64encode(PNG).decode()
    room = [len(PNG)]
    assert picture_of(text, "image/png", room) == text
    assert picture_of(text, "image/png", room) == ""


def test_a_traceback_loses_its_colours(tmp_path):
    lines = ["\x1b[31mValueError\x1b[0m", "no"]
    assert only(tmp_path, output_type="error", traceback=lines) == [
        ("text", "ValueError\nno")
    ]


def test_a_progress_bar_shows_its_end_and_a_long_text_its_beginning():
    assert short("10%\r50%\r100%\n") == "100%"
    assert len(short("x" * 10**6)) < LONGEST + 100


WORDS = [
    *("cells", "cell_type", "source", "outputs", "output_type", "text", "data"),
    *("metadata", "nbgrader", "grade_id", "traceback", "image/png", "text/plain"),
    *("code", "stream", "error"),
]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6)
    ),
    max_leaves=20,
)


@given(json_values)
def test_a_notebook_of_any_shape_is_shown_or_unreadable(tmp_path_factory, value):
    path = tmp_path_factory.getbasetemp() / "any.ipynb"
    path.write_text(json.dumps({"cells": value}))
    try:
        assert isinstance(read_work(path), list)
    except Unreadable:
        assert not isinstance(value, list)


@pytest.mark.parametrize("text", ["no", "[1]", "{}", "[" * 100_000])
def test_what_is_no_notebook_is_unreadable(tmp_path, text):
    (tmp_path / "x.ipynb").write_text(text)
    with pytest.raises(Unreadable, match="is damaged"):
        read_work(tmp_path / "x.ipynb")
