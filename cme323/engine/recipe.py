"""Recipes: a stage as bytes, so that a worker in another process can run it.

An RDD is a recipe already. What travels are the narrow steps of the stage, with
their functions, parents first; they end where a shuffle is read, of which only the
addresses of its blocks travel, and at the driver's data. Of that, ranges and names of
files come with a task; lists it asks for when it reads them, so that what is behind
a cached block stays where it is.
"""

import pickle
from contextlib import suppress

from cme323.engine.closures import dumps
from cme323.engine.packing import apart
from cme323.engine.task import TaskSet

AT_HOME = {"ctx", "context", "parents", "slices", "site"}  # what stays on the driver


def packed(tasks):
    """A TaskSet as bytes; raises TypeError where a function cannot travel."""
    rdds = _parents_first(tasks.rdd)
    place = {rdd: i for i, rdd in enumerate(rdds)}
    steps = [
        (type(rdd), _state(rdd), [place[parent] for parent in _parents(rdd)])
        for rdd in rdds
    ]
    try:
        return dumps((steps, tasks.stage, tasks.body, tasks.properties))
    except (TypeError, ValueError, AttributeError) as error:
        raise TypeError(
            f"what {tasks.rdd!r} computes cannot travel to another process ({error}): "
            "make such an object inside the function, or use executor='serial'"
        ) from error


def unpacked(data, fetch):
    """The TaskSet; fetch(RDD id, partition) gives a slice of the driver's data."""
    steps, stage, body, properties = pickle.loads(data)
    rdds = []
    for kind, state, parents in steps:
        rdd = object.__new__(kind)
        rdd.__dict__.update(state, parents=tuple(rdds[i] for i in parents))
        rdd.slices = RemoteSlices(rdd._id, fetch)
        rdds.append(rdd)
    return TaskSet(stage, rdds[-1], body, properties, iter(()), {})


class RemoteSlices:
    """The slices of an RDD whose data the driver has."""

    def __init__(self, rdd_id, fetch):
        self._rdd_id = rdd_id
        self._fetch = fetch

    def __getitem__(self, partition):
        return self._fetch(self._rdd_id, partition)


def small_slices(rdd, partition):
    """{(RDD id, partition): slice} of the driver's data that a task may read, but
    for lists."""
    found, stack = {}, [(rdd, partition)]
    while stack:
        current, i = stack.pop()
        slices = getattr(current, "slices", None)
        if slices and not isinstance(slices[i], list):
            found[current._id, i] = slices[i]
        stack += current.needs(i)
    return found


def packed_slice(rdd, rdd_id, partition):
    """The parts of a slice of the driver's data, which travel in a message."""
    (source,) = (step for step in _parents_first(rdd) if step._id == rdd_id)
    records = source.slices[partition]
    columns = _columns(records)
    told, *large = apart(Pairs(columns) if columns else records)
    return [told, *map(pickle.PickleBuffer, large)]


def _columns(records):
    """The keys and the values of a list of pairs; None if it is another."""
    if set(map(type, records)) == {tuple}:
        with suppress(ValueError):  # of other lengths
            return [key for key, _ in records], [value for _, value in records]


class Pairs:
    """Pairs that travel as two columns, in two thirds of the time, and arrive as a
    list."""

    def __init__(self, columns):
        self.columns = columns

    def __reduce__(self):
        return _zipped, self.columns


def _zipped(keys, values):
    return list(zip(keys, values))


def _parents(rdd):
    return rdd.parents if rdd.shuffle is None else ()


def _parents_first(rdd):
    """The RDDs of one stage, each after its parents, without recursion."""
    order, stack = {}, [(rdd, False)]
    while stack:
        current, expanded = stack.pop()
        if expanded:
            order.setdefault(current)
        elif current not in order:
            stack.append((current, True))
            stack += [(parent, False) for parent in _parents(current)]
    return list(order)


def _state(rdd):
    return {name: value for name, value in vars(rdd).items() if name not in AT_HOME}
