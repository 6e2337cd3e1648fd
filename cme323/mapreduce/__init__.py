"""MapReduce, with every stage on disk: map, combine, shuffle, reduce, as Hadoop does.

job.py            Job: mapper, combiner, reducer, partitioner
machine.py        MapReduce: writes and reads data sets, runs jobs, counts
map_task.py       sorts and combines what a mapper gives, and spills it
reduce_task.py    fetches and merges sorted runs, and reduces group by group
task.py           what both share: files that are counted, the external merge
record_files.py   RecordFile, Part, DataSet: pickled records in files
counters.py       Counters, by Hadoop's names

word_count.py     how often is each word there?
inverted_index.py in which documents is each word?
join.py           the reduce-side join
sort.py           total order, by ranges
matmul.py         sparse matrices, in two rounds
pagerank.py       k iterations, each from disk to disk

word_count_hadoop.py   Hadoop's own, in Spark's Java, with its counters
"""

from cme323.mapreduce.counters import Counters
from cme323.mapreduce.job import Job
from cme323.mapreduce.machine import MapReduce
from cme323.mapreduce.record_files import DataSet

__all__ = ["Counters", "DataSet", "Job", "MapReduce"]
