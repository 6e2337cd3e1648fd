"""A map task: the pairs of one part of the input, sorted and on disk for the reducers.

    map  ->  buffer  ->  sort by (reducer, key)  ->  combine  ->  spill, when it is full
         ->  merge the spills, combine again     ->  one file, one part for each reducer

The combiner sees the pairs of one task only, so what leaves a task is at most one pair
for each key that it met, if the combiner gives one.

NB: Hadoop combines again only where there are three spills or more. Its buffer holds
pickled pairs too, is 100 MB large and spills while it fills; ours waits.
"""

import pickle
from itertools import groupby
from operator import index, itemgetter

from cme323.errors import BadInput
from cme323.mapreduce.record_files import pickled
from cme323.mapreduce.task import KEY, Task, given, pair, unsortable

REDUCER, REDUCER_AND_KEY = itemgetter(0), itemgetter(0, 1)


class MapTask(Task):
    """Reads one part of the input, and writes one file."""

    def run(self, part, mapper):
        """The sorted runs, one for each reducer."""
        self.counts.bytes_read += part.bytes
        self.counts.map_input_records += part.records
        buffers = self._buffers(self._pairs(part, mapper))
        spills = [self._spill(entries) for entries in buffers]
        runs = spills[0] if len(spills) == 1 else self._merge_spills(spills)
        self.counts.map_output_materialized_bytes += sum(run.bytes for run in runs)
        return runs

    def _pairs(self, part, mapper):
        for record in part.read():
            for item in given("mapper", mapper(record)):
                yield pair("mapper", item)

    def _buffers(self, pairs):
        """Lists of (reducer, key, pickled pair), as many as fit; at least one list.

        Pickled at once, as a mapper may change later what it gave.
        """
        entries, held = [], 0
        for key, value in pairs:
            data = pickled((key, value))
            entries.append((self._reducer(key), key, data))
            held += len(data)
            self.counts.map_output_records += 1
            self.counts.map_output_bytes += len(data)
            if held >= self.plan.buffer:
                yield entries
                entries, held = [], 0
        if entries or not self.counts.map_output_records:
            yield entries

    def _reducer(self, key):
        try:
            reducer = index(self.plan.job.partitioner(key)) % self.plan.reducers
        except TypeError as error:
            raise BadInput(f"no reducer for the key {key!r:.80}: {error}") from error
        if not ordered(key):
            raise BadInput(
                f"expected keys that have an order, got {key!r:.80}: sets and NaN have "
                "none, take a sorted tuple or a number"
            )
        return reducer

    def _spill(self, entries):
        """Sort a buffer and write it to one file, a run for each reducer."""
        try:
            entries.sort(key=REDUCER_AND_KEY)
        except TypeError as error:
            raise unsortable(error) from error
        groups = {i: list(group) for i, group in groupby(entries, REDUCER)}
        with self.new_file() as file:
            return [
                self.append(file, self._pickles(groups.get(i, ())))
                for i in range(self.plan.reducers)
            ]

    def _pickles(self, entries):
        pickles = (data for *_, data in entries)
        if self.plan.job.combiner is None:
            return pickles
        return map(pickled, self._combined(map(pickle.loads, pickles)))

    def _merge_spills(self, spills):
        """One run of the many for each reducer, all in one file."""
        with self.new_file() as file:
            return [
                self.append(file, map(pickled, self._combined(self.merged(runs))))
                for runs in zip(*spills)
            ]

    def _combined(self, pairs):
        """The pairs, or what the combiner makes of those of each key."""
        combiner = self.plan.job.combiner
        if combiner is None:
            yield from pairs
            return
        for key, group in groupby(self._counted(pairs), KEY):
            values = (value for _, value in group)
            for item in given("combiner", combiner(key, values)):
                if pair("combiner", item)[0] != key:
                    raise BadInput(
                        f"expected pairs of the key {key!r:.80} from the combiner, got "
                        f"{item!r:.80}: only a reducer may change it"
                    )
                self.counts.combine_output_records += 1
                yield item

    def _counted(self, pairs):
        for item in pairs:
            self.counts.combine_input_records += 1
            yield item


def ordered(key):
    """Is it before, equal to or after any other? Sets and NaN are not.

    >>> [ordered(key) for key in ("a", (1, 2.0), float("nan"), ("a", frozenset()))]
    [True, True, False, False]
    """
    if isinstance(key, tuple):
        return all(map(ordered, key))
    return not isinstance(key, set | frozenset) and bool(key == key)
