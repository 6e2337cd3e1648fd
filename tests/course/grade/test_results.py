import errno
import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.course.grade import results
from cme323.course.grade.results import Result, Results, key_of
from cme323.course.grade.scores import Score
from cme323.errors import BadInput


def result(student, score=2, key="k"):
    return Result(student, "a1", key, (Score(student, "a1", "f1", score, 2, "", 0.5),))


def test_what_was_added_is_there_when_resumed(tmp_path):
    with Results(tmp_path) as first:
        first.add(result("ada"))
        first.add(result("bob", 0))
        first.add(result("ada", 1))
    with Results(tmp_path, resume=True) as second:
        assert second.known == {
            ("ada", "a1"): result("ada", 1),
            ("bob", "a1"): result("bob", 0),
        }
    with Results(tmp_path) as third:
        assert third.known == {}


@given(st.integers(0), st.binary(max_size=20))
def test_a_file_that_ends_anywhere_keeps_its_whole_lines(tmp_path_factory, cut, rest):
    folder = tmp_path_factory.mktemp("out")
    with Results(folder) as first:
        for name in ("ada", "bob"):
            first.add(result(name))
    path = folder / results.NAME
    whole = path.read_bytes()
    ends = [i + 1 for i, byte in enumerate(whole) if byte == ord("\n")]
    cut %= len(whole) + 1
    path.write_bytes(whole[:cut] + rest)
    with Results(folder, resume=True) as second:
        names = [("ada", "a1"), ("bob", "a1")]
        least = [name for name, end in zip(names, ends) if end <= cut]
        assert set(least) <= second.known.keys() <= set(names)
        second.add(result("carl"))
    with Results(folder, resume=True) as third:
        assert third.known == second.known


def test_one_grader_at_a_time(tmp_path):
    with (
        Results(tmp_path),
        pytest.raises(BadInput, match="another grader is writing into"),
    ):
        Results(tmp_path)
    Results(tmp_path).close()


def test_a_full_disk_is_told_and_what_was_there_stays(tmp_path, monkeypatch):
    with Results(tmp_path) as file:
        file.add(result("ada"))

        def full(descriptor):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(BadInput, match=r"No space left.*then go on with --resume"):
            file.add(result("bob"))
    monkeypatch.undo()
    with Results(tmp_path, resume=True) as again:
        assert again.known["ada", "a1"] == result("ada")


def test_a_key_tells_apart_what_differs():
    keys = {key_of(1, b"ab"), key_of(1, b"a"), key_of(2, b"ab"), key_of(1, b"a", b"b")}
    assert len(keys) == 4
    assert key_of(1, b"ab") == key_of(1, b"ab")


def test_a_line_is_json_in_ascii():
    line = result("adä\u2028").as_line()
    assert line.isascii()
    assert json.loads(line)["student"] == "adä\u2028"
    assert Result.from_line(line) == result("adä\u2028")
