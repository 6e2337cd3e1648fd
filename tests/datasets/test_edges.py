import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.datasets import read_edges
from cme323.errors import BadInput


@pytest.fixture
def written(tmp_path):
    def write(content, name="edges.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refusal(path):
    with pytest.raises(BadInput) as refused:
        read_edges(path)
    sentence = str(refused.value)
    assert str(path) in sentence
    assert "\n" not in sentence
    return sentence


def test_reads_a_snap_file(written):
    path = written("# Directed\r\n# From\tTo\r\n0\t11342\r\n 0  824 \n\n  # -\n-1\tb7")
    assert read_edges(path) == [(0, 11342), (0, 824), (-1, "b7")]


def test_keeps_the_order_and_the_repetitions_of_the_file(written):
    assert read_edges(written("b a\na b\nb a\n")) == [
        ("b", "a"),
        ("a", "b"),
        ("b", "a"),
    ]


def test_sees_gzip_from_the_content_and_not_from_the_name(written):
    assert read_edges(written(gzip.compress(b"1 2\n"), "edges.txt")) == [(1, 2)]
    assert read_edges(written(b"1 2\n", "edges.gz")) == [(1, 2)]


def test_takes_a_path_as_a_string(written):
    assert read_edges(str(written("1 2"))) == [(1, 2)]


def test_ignores_a_byte_order_mark(written):
    assert read_edges(written(b"\xef\xbb\xbf1 2\n")) == [(1, 2)]


@pytest.mark.parametrize(
    "name", ["1_000", "+5", "1.0", "--1", "٣", "²", "-", "9" * 5000]
)
def test_only_plain_integers_become_ints(written, name):
    assert read_edges(written(f"{name} 7")) == [(name, 7)]


names = st.integers(-(10**17), 10**17) | st.text("abcxyz._é", min_size=1)


@given(edges=st.lists(st.tuples(names, names), min_size=1), data=st.data())
def test_reads_back_what_was_written(tmp_path_factory, edges, data):
    path = tmp_path_factory.getbasetemp() / "edges"
    text = "".join(f"{a}\t{b}\n" for a, b in edges).encode()
    path.write_bytes(data.draw(st.sampled_from([text, gzip.compress(text)])))
    assert read_edges(path) == edges


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("17", "'17'"),
        ("1 2 0.5", "'1 2 0.5'"),
        ("1,2", "'1,2'"),
        ("1\t2\tx" + "y" * 500, "yyy...'"),
        ("a\0 b", r"'a\x00 b'"),
    ],
)
def test_a_malformed_line_is_named_and_shown(written, line, found):
    sentence = refusal(written(f"# comment\n1 2\n\n{line}\n3 4\n"))
    assert "line 4: expected two node names" in sentence
    assert f"{found};" in sentence
    assert len(sentence) < 400


def test_a_malformed_line_in_gzip_has_the_same_number(written):
    assert "line 2" in refusal(written(gzip.compress(b"1 2\n3\n")))


def test_a_missing_file_is_named(tmp_path):
    assert "does not exist" in refusal(tmp_path / "nowhere.txt")


def test_a_file_as_a_folder_is_refused(written):
    refusal(written("1 2") / "edges.txt")


def test_a_folder_is_refused(tmp_path):
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.parametrize("kept", [2, 9, 15, -9, -1])
def test_a_truncated_gzip_is_refused(written, kept):
    whole = gzip.compress(b"".join(b"%d %d\n" % (i, i * i) for i in range(5000)))
    assert "truncated" in refusal(written(whole[:kept]))


def test_a_damaged_gzip_is_refused(written):
    whole = bytearray(gzip.compress(b"1 2\n" * 1000))
    whole[12] ^= 0xFF
    assert "damaged" in refusal(written(bytes(whole)))


@pytest.mark.parametrize("junk", [b"\x89PNG\r\n\x1a\n\xff", "1 2\n".encode("utf-16")])
def test_what_is_not_text_is_refused(written, junk):
    assert "is not text" in refusal(written(junk))


@pytest.mark.parametrize(
    "content", ["", "# only a comment\n\n", gzip.compress(b"", mtime=0)]
)
def test_a_file_without_edges_is_refused(written, content):
    assert "has no edges" in refusal(written(content))
