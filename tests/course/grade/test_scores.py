import csv
import json
import os

import pytest

from cme323.course.grade.scores import Score, write_scores
from cme323.errors import BadInput

SCORES = [
    Score("ada", "a1", "f1", 2, 2, "", 0.125),
    Score("bob", "a1", "f1", 0, 2, 'said "no",\nthen é', 0.5, "moved"),
    Score("bob", "a1", "proof", None, 4, "to be graded by hand", 0.0),
]


def test_both_files_say_the_same(tmp_path):
    write_scores(SCORES, tmp_path / "new" / "out")
    with open(tmp_path / "new/out/scores.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    listed = json.loads((tmp_path / "new/out/scores.json").read_text("utf-8"))
    assert (
        list(rows[0])
        == list(listed[0])
        == [
            *("student", "notebook", "task", "score", "max", "reason", "seconds"),
            "repaired",
        ]
    )
    assert [row["score"] for row in rows] == ["2", "0", ""]
    assert [row["score"] for row in listed] == [2, 0, None]
    assert [row["reason"] for row in rows] == [row["reason"] for row in listed]
    assert listed[0]["notebook"] == "a1"
    assert listed[0]["seconds"] == 0.125


def test_a_file_that_cannot_be_replaced_stays_whole(tmp_path, monkeypatch):
    write_scores(SCORES, tmp_path)
    before = (tmp_path / "scores.csv").read_text("utf-8")

    def full(source, target):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(BadInput, match="no space left"):
        write_scores(SCORES[:1], tmp_path)
    assert (tmp_path / "scores.csv").read_text("utf-8") == before
    assert sorted(os.listdir(tmp_path)) == ["scores.csv", "scores.json"]


def test_the_folder_must_not_be_a_file(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(BadInput, match="need a folder"):
        write_scores(SCORES, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_no_reason_is_a_formula_to_a_spreadsheet(tmp_path):
    write_scores([Score("ada", "a1", "f1", 0, 2, "=1+1", 0.1, "@x")], tmp_path)
    with open(tmp_path / "scores.csv", encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["reason"], row["repaired"]) == ("'=1+1", "'@x")
