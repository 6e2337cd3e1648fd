"""Our counters against those of Hadoop's LocalJobRunner."""

import tempfile
from collections import Counter
from math import ceil

import pytest

from cme323.datasets import zipf_words
from cme323.errors import BadInput
from cme323.mapreduce import MapReduce
from cme323.mapreduce.word_count import WITHOUT_COMBINER, WORD_COUNT, word_count

hadoop = pytest.importorskip(
    "cme323.mapreduce.word_count_hadoop", reason="needs pyspark"
)

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]

WORDS = [f"wörd{i}" for i in zipf_words(3000, 200, 1.1)]
LINES = [" ".join(WORDS[i : i + 10]) for i in range(0, len(WORDS), 10)]
PARTS, REDUCERS = 4, 3
RECORDS = (
    "map_input_records",
    "map_output_records",
    "combine_input_records",
    "combine_output_records",
    "reduce_input_groups",
    "reduce_input_records",
    "reduce_output_records",
    "spilled_records",
)


@pytest.fixture(scope="module", params=[True, False], ids=["combiner", "none"])
def both(request, spark):
    """Hadoop's counts and counters, then ours, and our data."""
    machine = MapReduce(REDUCERS)
    lines = machine.write(LINES, PARTS)
    parts = [list(part.read()) for part in lines.parts]
    theirs = hadoop.word_count(spark, parts, REDUCERS, combiner=request.param)
    out = word_count(machine, lines, WORD_COUNT if request.param else WITHOUT_COMBINER)
    return *theirs, dict(machine.read(out)), machine.jobs[0].counters, parts


def java_place(word):
    """Which reducer: Text's hash, of 31 bits, modulo their number."""
    number = 1
    for byte in word.encode():
        number = (31 * number + byte - 256 * (byte > 127)) & 0xFFFFFFFF
    return (number & 0x7FFFFFFF) % REDUCERS


def test_counts_the_same_words(both):
    theirs, _, ours, *_ = both
    assert theirs == ours == Counter(WORDS)


@pytest.mark.parametrize("name", RECORDS)
def test_counts_the_same_records(both, name):
    _, theirs, _, ours, _ = both
    assert getattr(theirs, name) == getattr(ours, name)
    assert getattr(ours, name) > 0 or name.startswith("combine")


def test_its_bytes_follow_from_the_records(both):
    counts, counters, _, ours, parts = both
    sent = [" ".join(lines).split() for lines in parts]
    if ours.combine_output_records:
        sent = [sorted(set(words)) for words in sent]
    sent = [word for words in sent for word in words]
    assert len(sent) == ours.reduce_input_records
    assert counters.map_output_bytes == hadoop.output_bytes(WORDS)
    materialized = hadoop.materialized_bytes(sent, PARTS * REDUCERS)
    assert counters.map_output_materialized_bytes == materialized
    assert counters.reduce_shuffle_bytes == materialized
    assert counters.bytes_read == len("".join(f"{line}\n" for line in LINES).encode())
    sizes = [0] * REDUCERS
    for word, n in counts.items():
        sizes[java_place(word)] += len(f"{word}\t{n}\n".encode())
    assert counters.bytes_written == sum(s + 8 + 4 * ceil(s / 512) for s in sizes)


def test_bytes_on_disk_differ_as_the_format_does(both):
    _, theirs, _, ours, _ = both
    assert theirs.map_output_bytes < ours.map_output_bytes
    assert theirs.file_bytes_read == 0 < ours.file_bytes_read


def test_leaves_no_file(spark, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert hadoop.word_count(spark, [["a b"], ["a"]], 1)[0] == {"a": 2, "b": 1}
    assert list(tmp_path.iterdir()) == []


def test_needs_a_spark_context():
    with pytest.raises(BadInput, match="got a NoneType: make one"):
        hadoop.word_count(None, [["a"]])
