"""Word count, the first program of MapReduce.

    map      line         ->  (word, 1) for each of its words
    combine  word, ones   ->  (word, their sum)
    reduce   word, sums   ->  (word, their sum)

The reducer is the combiner, too. Without one, each of N words travels; with it, a map
task sends each of K distinct words at most once: min(N, PK) pairs.

Source: Dean, Ghemawat, MapReduce, OSDI 2004.
"""

from dataclasses import replace

from cme323.cost import Cost
from cme323.mapreduce.job import Job


def words(line):
    """(word, 1) for each word of a line."""
    return [(word, 1) for word in line.split()]


def total(word, counts):
    """(word, the sum of its counts)."""
    yield word, sum(counts)


WORD_COUNT = Job(mapper=words, combiner=total, reducer=total)
WITHOUT_COMBINER = replace(WORD_COUNT, combiner=None)


def word_count(machine, lines, job=WORD_COUNT):
    """(word, how often it is there) as a DataSet, from a DataSet of lines.

    >>> from cme323.mapreduce import MapReduce
    >>> machine = MapReduce(partitions=2)
    >>> sorted(machine.read(word_count(machine, machine.write(["a b a", "b a"]))))
    [('a', 3), ('b', 2)]
    """
    return machine.run(job, lines)


def word_count_cost(n, distinct, partitions):
    """Predicted cost, an upper bound, of n words in as many parts as partitions."""
    return Cost(rounds=1, records=min(n, distinct * partitions))


def without_combiner_cost(n):
    """Predicted cost if each word travels."""
    return Cost(rounds=1, records=n)
