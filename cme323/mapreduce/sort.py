"""Sorting in total order: the machine sorts each reducer's keys, ranges do the rest.

    map        record            ->  (record, None)
    partition  record            ->  how many cuts are before it
    reduce     record, nones     ->  record, as often as it was there

All of part 0 is before all of part 1. Cuts from a random sample make the parts about
equal: with a samples for each, the relative deviation of a part is about 1/sqrt(a).

Source: TeraSort; O'Malley, TeraByte sort on Apache Hadoop, 2008.
"""

from bisect import bisect_left
from functools import partial

import numpy as np

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.mapreduce.job import Job


def sort(machine, data, cuts):
    """The records in order, as a DataSet of len(cuts) + 1 parts.

    cuts: in order; records up to the first go to the first part, and so on.

    >>> from cme323.mapreduce import MapReduce
    >>> machine = MapReduce()
    >>> data = machine.write([31, 41, 59, 26, 53])
    >>> ordered = sort(machine, data, cuts=[40])
    >>> machine.read(ordered), [part.records for part in ordered.parts]
    ([26, 31, 41, 53, 59], [2, 3])
    """
    if list(cuts) != sorted(cuts):
        raise BadInput(f"expected cuts in order, got {cuts}: sort them")
    job = Job(
        mapper=as_key,
        reducer=repeated,
        partitioner=partial(bisect_left, cuts),
        reducers=len(cuts) + 1,
    )
    return machine.run(job, data)


def as_key(record):
    yield record, None


def repeated(record, nones):
    """The record, once for each time that it was there."""
    return (record for _ in nones)


def sampled_cuts(machine, data, parts, samples=32, seed=0):
    """Cuts for so many parts, from a random sample of `samples` records for each.

    NB: Hadoop's InputSampler; it reads the data outside of any job, too.
    """
    if min(parts, samples) < 1:
        raise BadInput(
            "expected at least 1 sample for each of at least 1 part, got "
            f"samples={samples} and parts={parts}"
        )
    records = machine.read(data)
    size = min(len(records), parts * samples - 1)
    rng = np.random.default_rng(seed)
    places = rng.choice(len(records), size, replace=False).tolist()
    sample = sorted(records[place] for place in places)
    ranks = [(size + 1) * i // parts for i in range(1, parts)]
    return [sample[rank - 1] for rank in ranks if rank]


def sort_cost(n):
    """Predicted cost: each of n records travels once."""
    return Cost(rounds=1, records=n)
