"""A reduce task: fetch its run of every map task, merge them, reduce group by group.

    fetch  ->  merge  ->  a run on its own disk  ->  group by key  ->  reduce  ->  part

All pairs of a key meet here, one after another, as the run is sorted. The reducer
reads the values from disk as it asks for them: a key may have more than memory holds.

NB: Hadoop merges the fetched runs in memory if they are small, but writes them to disk
before the first reduce, too.
"""

from itertools import groupby

from cme323.mapreduce.record_files import RecordFile, pickled
from cme323.mapreduce.task import KEY, Task, given


class ReduceTask(Task):
    """Fetches what the map tasks have for it, and writes one part file."""

    def run(self, runs, path):
        """The part of the output at `path`."""
        self.counts.reduce_shuffle_bytes += sum(run.bytes for run in runs)
        fetched = self.write_run(self.merged([run for run in runs if run.records]))
        self.counts.reduce_input_records += fetched.records
        with RecordFile(path) as file:
            part = file.append(map(pickled, self._reduced(self._read(fetched))))
        self.counts.reduce_output_records += part.records
        self.counts.bytes_written += part.bytes
        return part

    def _reduced(self, pairs):
        for key, group in groupby(pairs, KEY):
            self.counts.reduce_input_groups += 1
            values = (value for _, value in group)
            yield from given("reducer", self.plan.job.reducer(key, values))
