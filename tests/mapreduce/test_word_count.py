from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from cme323.datasets import zipf_words
from cme323.mapreduce import MapReduce
from cme323.mapreduce.word_count import (
    WITHOUT_COMBINER,
    WORD_COUNT,
    without_combiner_cost,
    word_count,
    word_count_cost,
)

LINES = ["a b a", "", "b c"]


def counted(lines, job=WORD_COUNT, **sizes):
    with MapReduce(**sizes) as machine:
        return machine.read(word_count(machine, machine.write(lines), job))


def test_counts_by_hand():
    assert dict(counted(LINES)) == {"a": 2, "b": 2, "c": 1}


@given(
    st.lists(st.text("abc ", max_size=12), max_size=12),
    st.integers(1, 5),
    st.sampled_from([WORD_COUNT, WITHOUT_COMBINER]),
    st.sampled_from([60, "1m"]),
)
@settings(max_examples=50)
def test_is_pythons_counter(lines, partitions, job, buffer):
    found = counted(lines, job, partitions=partitions, buffer=buffer)
    assert dict(found) == Counter(word for line in lines for word in line.split())
    assert len(found) == len(dict(found))


def test_a_combiner_sends_a_word_once_from_each_part():
    words = [f"w{i}" for i in zipf_words(2000, 60)]
    machine = MapReduce(partitions=4)
    lines = machine.write([" ".join(words[i : i + 8]) for i in range(0, 2000, 8)])
    word_count(machine, lines)
    bound = word_count_cost(len(words), len(set(words)), 4)
    parts = (" ".join(part.read()).split() for part in lines.parts)
    assert machine.cost.records == sum(len(set(part)) for part in parts)
    assert machine.cost <= bound
    assert bound.records < without_combiner_cost(len(words)).records


def test_without_one_each_word_travels():
    machine = MapReduce(partitions=4)
    word_count(machine, machine.write(LINES * 9), WITHOUT_COMBINER)
    predicted = without_combiner_cost(5 * 9)
    assert machine.cost.records == predicted.records
    assert machine.cost.rounds == predicted.rounds
    assert machine.jobs[0].counters.combine_input_records == 0
