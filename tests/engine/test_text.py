import gzip

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


def test_a_missing_file_is_named(sc):
    with pytest.raises(FileNotFoundError, match=r"no file.*nowhere\.txt"):
        sc.textFile("nowhere.txt")
