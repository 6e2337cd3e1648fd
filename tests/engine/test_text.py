import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323 import Context

line = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]))


@given(lines=st.lists(line, max_size=12), partitions=st.integers(1, 9))
def test_every_line_is_read_once_wherever_the_file_is_cut(
    tmp_path_factory, lines, partitions
):
    path = tmp_path_factory.mktemp("text") / "lines.txt"
    path.write_bytes("".join(text + "\n" for text in lines).encode())
    assert Context().textFile(path, partitions).collect() == lines


def test_a_last_line_without_an_end_and_lines_of_windows(tmp_path, sc):
    path = tmp_path / "lines.txt"
    path.write_bytes(b"a\r\n\r\nb")
    assert sc.textFile(path, 3).collect() == ["a", "", "b"]
    assert sc.textFile(path, use_unicode=False).collect() == [b"a", b"", b"b"]


def test_a_gzip_file_is_one_partition(tmp_path, sc):
    path = tmp_path / "lines.gz"
    path.write_bytes(gzip.compress(b"a\nb\n"))
    rdd = sc.textFile(path, 4)
    assert rdd.getNumPartitions() == 1
    assert rdd.collect() == ["a", "b"]


def test_folders_globs_and_lists_of_files(tmp_path, sc):
    for name in ("b.txt", "a.txt", "_SUCCESS", ".hidden"):
        (tmp_path / name).write_text(f"{name}\n")
    assert sc.textFile(tmp_path).collect() == ["a.txt", "b.txt"]
    assert sc.textFile(f"{tmp_path}/*.txt").collect() == ["a.txt", "b.txt"]
    both = f"{tmp_path}/b.txt,{tmp_path}/a.txt"
    assert sc.textFile(both).collect() == ["b.txt", "a.txt"]


@given(
    pieces=st.lists(
        st.sampled_from(["a", "bc", "é", "\n", "\r", "\r\n", "\x0b"]), max_size=20
    ),
    partitions=st.integers(1, 9),
)
def test_a_line_ends_in_any_of_three_ways(tmp_path_factory, pieces, partitions):
    path = tmp_path_factory.mktemp("text") / "lines.txt"
    text = "".join(pieces)
    path.write_bytes(text.encode())
    lines = [line.removesuffix("\n") for line in io.StringIO(text, newline=None)]
    assert Context().textFile(path, partitions).collect() == lines


def test_an_empty_file_has_no_partition(tmp_path, sc):
    (tmp_path / "empty.txt").touch()
    assert sc.textFile(tmp_path).getNumPartitions() == 0
    assert sc.textFile(tmp_path).collect() == []


def test_bytes_that_are_no_text_are_marked(tmp_path, sc):
    path = tmp_path / "lines.txt"
    path.write_bytes(b"\xef\xbb\xbfok\n\xff")
    assert sc.textFile(path).collect() == ["ok", "\ufffd"]
    assert sc.textFile(path, use_unicode=False).collect() == [b"ok", b"\xef\xbf\xbd"]


def test_a_glob_with_choices_and_folders_that_it_matches(tmp_path, sc):
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.txt", "c.txt", "in/d.txt"):
        (tmp_path / name).write_text(f"{name}\n")
    assert sc.textFile(f"{tmp_path}/{{c,a}}.txt").collect() == ["a.txt", "c.txt"]
    assert sc.textFile(f"file://{tmp_path}/[b-i]*").collect() == [
        "b.txt",
        "c.txt",
        "in/d.txt",
    ]


def test_a_folder_in_a_folder_is_no_text(tmp_path, sc):
    (tmp_path / "in").mkdir()
    with pytest.raises(IsADirectoryError, match="in is a folder"):
        sc.textFile(tmp_path)
    assert sc.wholeTextFiles(tmp_path).collect() == []


def test_whole_files_come_with_their_paths(tmp_path, sc):
    (tmp_path / "a b.txt").write_bytes(b"1\r\n2")
    (tmp_path / "b.gz").write_bytes(gzip.compress(b"3"))
    a, b = (f"file:/{tmp_path.as_posix().lstrip('/')}/{n}" for n in ("a b.txt", "b.gz"))
    assert sc.wholeTextFiles(tmp_path).collect() == [(a, "1\r\n2"), (b, "3")]
    assert sc.wholeTextFiles(tmp_path, None, False).collect()[1] == (b.encode(), b"3")
    assert sc.wholeTextFiles(tmp_path, None, False).name() == str(tmp_path)
    assert sc.binaryFiles(tmp_path).first() == (a, b"1\r\n2")
    assert sc.wholeTextFiles(tmp_path, 1).getNumPartitions() == 1
    assert sc.binaryFiles(tmp_path, 9).getNumPartitions() == 2


def test_records_of_one_length(tmp_path, sc, monkeypatch):
    (tmp_path / "a").write_bytes(b"abcdef")
    (tmp_path / "b").write_bytes(b"gh")
    assert sc.binaryRecords(tmp_path, 2).glom().collect() == [
        [b"ab", b"cd", b"ef"],
        [b"gh"],
    ]
    monkeypatch.setattr("cme323.engine.text.BLOCK", 5)
    assert sc.binaryRecords(tmp_path / "a", 2).glom().collect() == [
        [b"ab", b"cd"],
        [b"ef"],
    ]
    with pytest.raises(ValueError, match="4 does not divide"):
        sc.binaryRecords(tmp_path, 4)
    with pytest.raises(ValueError, match="at least 1"):
        sc.binaryRecords(tmp_path, 0)


def test_a_comma_repeats_what_it_names_twice(tmp_path, sc):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "d.txt").write_text("d\n")
    name = f"{tmp_path}/i*,file:{tmp_path}/i?"
    assert sc.textFile(name).collect() == ["d", "d"]
    assert sc.textFile(name).name() == name


@pytest.mark.parametrize("method", ["textFile", "wholeTextFiles", "pickleFile"])
def test_a_missing_or_hidden_file_is_refused(method, sc, tmp_path):
    (tmp_path / "_hidden").touch()
    for name in (f"{tmp_path}/_hidden", f"{tmp_path}/*.txt", "a,", ""):
        with pytest.raises(FileNotFoundError):
            getattr(sc, method)(name)


def test_a_missing_file_is_named(sc):
    with pytest.raises(FileNotFoundError, match=r"no file.*nowhere\.txt"):
        sc.textFile("nowhere.txt")
