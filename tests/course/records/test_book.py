import pytest

from cme323.course.records.book import read_book
from cme323.errors import BadInput


def test_scores_are_read_by_student_and_by_task(out):
    book = read_book(out)
    assert book.title == "hw"
    assert book.students == ["ada", "bob", "eve", "zoe"]
    assert [entry.score for entry in book.by_task["test_scan"]] == [4, 4, 0, 0]
    assert book.by_student["ada"][2].score is None


def test_who_had_no_readable_work_is_known_in_spite_of_half_a_line(out):
    why = "there is no notebook: hand in hw.ipynb"
    assert read_book(out).unreadable == {("zoe", "hw"): why}
    assert read_book(out).lost == {"zoe": why}


def test_who_has_one_of_two_notebooks_is_not_lost(rows, write_scores):
    book = read_book(write_scores(rows + [row | {"notebook": "two"} for row in rows]))
    assert book.lost == {}
    unread = [bool(book.why_unread(entry)) for entry in book.by_student["zoe"]]
    assert unread == [True] * 3 + [False] * 3


def test_columns_of_a_later_grader_are_no_obstacle(rows, write_scores):
    out = write_scores([row | {"colour": "red"} for row in rows])
    assert len(read_book(out).entries) == 12


def test_tasks_of_several_notebooks_keep_apart(rows, write_scores):
    out = write_scores(rows + [row | {"notebook": "two"} for row in rows])
    book = read_book(out)
    assert book.title == "out"
    assert list(book.by_task)[::3] == ["hw/test_sum", "two/test_sum"]


def test_a_folder_without_scores_is_one_sentence(tmp_path):
    with pytest.raises(BadInput, match="must hold the scores"):
        read_book(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", '[{"student": 1}]', "[3]", '{"a": 1}'])
def test_a_file_that_is_no_list_of_scores_is_one_sentence(tmp_path, text):
    (tmp_path / "scores.json").write_text(text)
    with pytest.raises(BadInput, match="grade again"):
        read_book(tmp_path)


def test_a_score_that_is_no_number_is_refused(rows, write_scores):
    out = write_scores([rows[0] | {"score": float("nan")}])
    with pytest.raises(BadInput, match="grade again"):
        read_book(out)
