import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323.mapreduce import MapReduce
from cme323.mapreduce.inverted_index import inverted_index, inverted_index_cost

texts = st.dictionaries(st.text("xyz", max_size=3), st.text("ab ", max_size=9))


def by_loop(documents):
    index = {}
    for name in sorted(documents):
        for word in sorted(set(documents[name].split())):
            index.setdefault(word, []).append(name)
    return index


def test_an_index_by_hand(machine):
    documents = machine.write([("2", "b a"), ("1", "a a")])
    found = dict(machine.read(inverted_index(machine, documents)))
    assert found == {"a": ["1", "2"], "b": ["2"]}


@given(texts, st.integers(1, 4))
@settings(max_examples=40)
def test_is_what_a_loop_finds_and_costs_a_record_a_posting(documents, partitions):
    expected = by_loop(documents)
    with MapReduce(partitions) as machine:
        data = machine.write(documents.items())
        assert dict(machine.read(inverted_index(machine, data))) == expected
        predicted = inverted_index_cost(sum(map(len, expected.values())))
        assert machine.cost.records == predicted.records
        assert machine.cost.rounds == predicted.rounds


def test_a_document_without_a_name_is_an_error(machine):
    with pytest.raises(ValueError, match="unpack"):
        inverted_index(machine, machine.write(["only text"]))
