import gzip
import os
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323 import Context
from cme323.engine.files import GZIP

line = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]))
# A byte order mark at the start of a file is not part of its text.
lines = st.lists(line.filter(lambda text: not text.startswith("\ufeff")), max_size=9)


def parts(path):
    return {file.name: file.read_bytes() for file in path.iterdir()}


def test_a_part_for_each_partition(sc, tmp_path):
    records = ["a", 1, None, b"b", (1, "x"), "é"]
    sc.parallelize(records, 3).saveAsTextFile(tmp_path / "new" / "out")
    assert parts(tmp_path / "new" / "out") == {
        "_SUCCESS": b"",
        "part-00000": b"a\n1\n",
        "part-00001": b"None\nb\n",
        "part-00002": b"(1, 'x')\n\xc3\xa9\n",
    }


def test_zipped_parts_have_the_same_bytes_on_every_run(sc, tmp_path):
    for name in ("a", "b"):
        sc.parallelize("ab", 2).saveAsTextFile(f"file:{tmp_path}/{name}", GZIP)
    assert parts(tmp_path / "a") == parts(tmp_path / "b")
    assert parts(tmp_path / "a")["part-00000.gz"][4:8] == bytes(4), "no clock"
    assert gzip.decompress(parts(tmp_path / "a")["part-00001.gz"]) == b"b\n"


@pytest.mark.parametrize("codec", [None, GZIP])
@given(lines=lines, partitions=st.integers(1, 4))
def test_text_that_was_saved_is_read_back(tmp_path_factory, codec, lines, partitions):
    path = tmp_path_factory.mktemp("files") / "out"
    sc = Context()
    sc.parallelize(lines, partitions).saveAsTextFile(path, codec)
    assert sc.textFile(path).collect() == lines


@given(
    records=st.lists(st.one_of(st.none(), st.integers(), st.text()), max_size=30),
    partitions=st.integers(1, 4),
    batch=st.integers(-1, 5),
    minimum=st.integers(1, 9),
)
def test_records_that_were_pickled_are_read_back(
    tmp_path_factory, records, partitions, batch, minimum
):
    path = tmp_path_factory.mktemp("files") / "out"
    sc = Context()
    sc.parallelize(records, partitions).saveAsPickleFile(path, batch)
    assert sc.pickleFile(path, minimum).collect() == records


def test_a_pickle_file_is_cut_between_batches(sc, tmp_path):
    sc.range(12, numSlices=1).saveAsPickleFile(tmp_path / "out", 3)
    assert sc.pickleFile(tmp_path / "out", 4).glom().collect() == [
        [0, 1, 2],
        [3, 4, 5],
        [6, 7, 8],
        [9, 10, 11],
    ]
    assert sc.pickleFile(tmp_path / "out", 1).getNumPartitions() == 1


def test_other_pickles_and_half_of_ours_are_refused(sc, tmp_path):
    other, half = tmp_path / "other", tmp_path / "half"
    other.write_bytes(pickle.dumps([1]))
    sc.range(9, numSlices=1).saveAsPickleFile(tmp_path / "out")
    half.write_bytes(parts(tmp_path / "out")["part-00000"][:-1])
    with pytest.raises(ValueError, match="other was not written by saveAsPickleFile"):
        sc.pickleFile(other)
    with pytest.raises(ValueError, match="half ends within a batch"):
        sc.pickleFile(half)


def test_no_partitions_make_a_folder_of_success_alone(sc, tmp_path):
    sc.emptyRDD().saveAsTextFile(tmp_path / "out")
    assert parts(tmp_path / "out") == {"_SUCCESS": b""}
    assert sc.textFile(tmp_path / "out").collect() == []


@pytest.mark.parametrize("save", ["saveAsTextFile", "saveAsPickleFile"])
def test_what_is_there_is_never_overwritten(sc, tmp_path, save):
    seen = sc.accumulator(0)
    rdd = sc.range(3).map(seen.add)
    (tmp_path / "file").write_text("kept")
    for path in (tmp_path, tmp_path / "file"):
        with pytest.raises(FileExistsError, match=f"{save}.. needs a new path"):
            getattr(rdd, save)(path)
    assert os.listdir(tmp_path) == ["file"]
    assert seen.value == 0, "refused before the job"


@pytest.mark.parametrize("save", ["saveAsTextFile", "saveAsPickleFile"])
def test_a_job_that_fails_leaves_nothing(sc, tmp_path, save):
    rdd = sc.parallelize([2, 1, 0], 3).map(lambda x: 1 // x)
    with pytest.raises(ZeroDivisionError):
        getattr(rdd, save)(tmp_path / "out")
    assert os.listdir(tmp_path) == []


def test_saving_is_one_job(sc, tmp_path):
    sc.range(3).saveAsTextFile(tmp_path / "out")
    (job,) = sc.jobs
    assert (job.action, job.result.tasks) == ("saveAsTextFile", 3)


def test_refuses_other_codecs_and_batches(sc, tmp_path):
    with pytest.raises(ValueError, match=r"must be None or .*GzipCodec"):
        sc.range(3).saveAsTextFile(tmp_path / "out", "BZip2Codec")
    with pytest.raises(ValueError, match="at least -1"):
        sc.range(3).saveAsPickleFile(tmp_path / "out", -2)
