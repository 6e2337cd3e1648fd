"""The inverted index: for each word, the documents that have it.

    map     (name, text)  ->  (word, name) for each distinct word of the text
    reduce  word, names   ->  (word, the names in order)

Distinct within a document, so no combiner could save anything: each (word, document)
travels once.

Source: Dean, Ghemawat, MapReduce, OSDI 2004, section 2.3.
"""

from cme323.cost import Cost
from cme323.mapreduce.job import Job


def inverted_index(machine, documents):
    """(word, [names]) as a DataSet, from one of (name, text), each name once.

    >>> from cme323.mapreduce import MapReduce
    >>> machine = MapReduce(partitions=2)
    >>> texts = machine.write([("hamlet", "to be or not"), ("yoda", "do or do not")])
    >>> dict(machine.read(inverted_index(machine, texts)))["or"]
    ['hamlet', 'yoda']
    """
    return machine.run(Job(mapper=postings, reducer=in_order), documents)


def postings(document):
    """(word, name) for each distinct word of a document."""
    name, text = document
    return [(word, name) for word in dict.fromkeys(text.split())]


def in_order(word, names):
    """(word, its names in order)."""
    yield word, sorted(names)


def inverted_index_cost(postings):
    """Predicted cost of `postings` pairs (word, document that has it)."""
    return Cost(rounds=1, records=postings)
