"""Word count by Hadoop itself: the mapper, combiner and reducer that come with it.

Spark's jars hold Hadoop's MapReduce and its LocalJobRunner, which runs a job in one
Java process, from files to files, with real counters. Text goes in and comes out.

What agrees with our machine, if one part is one file: every counter of records and of
groups. Bytes cannot: a record is Text and IntWritable there, a pickle here. But theirs
follow from ours, too, if there is one spill:

    map output bytes        b + 5 for a word of b bytes: its length, itself, an integer
    materialized, shuffled  and 2 for each record, its two lengths, and 6 for each run,
                            an end mark and a checksum
    bytes read              the text
    bytes written           the text, and a file of checksums beside each: 8 bytes, and
                            4 for each 512 begun

Left out: its FILE_BYTES_*, which hold other files of the process, and add up over its
tasks.
"""

import tempfile
from pathlib import Path

from pyspark import SparkContext

from cme323.errors import BadInput
from cme323.mapreduce.counters import Counters

MAPPER = "org.apache.hadoop.mapreduce.lib.map.TokenCounterMapper"
REDUCER = "org.apache.hadoop.mapreduce.lib.reduce.IntSumReducer"


def word_count(sc, parts, reducers=4, combiner=True):
    """({word: count}, Counters) of lists of lines, one file and map task for each.

    sc: from `spark_context`. A line is a string without a line break.
    """
    if not isinstance(sc, SparkContext):
        raise BadInput(
            f"expected a Spark context for its Java, got a {type(sc).__name__}: make "
            "one with cme323.engine.context_pyspark.spark_context()"
        )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in").mkdir()
        for i, lines in enumerate(parts):
            text = "".join(f"{line}\n" for line in lines)
            (folder / "in" / f"part-{i:05}").write_text(text, encoding="utf-8")
        job = new_job(sc, folder, reducers, combiner)
        if not job.waitForCompletion(False):
            raise RuntimeError(
                f"Hadoop's job failed: {job.getStatus().getFailureInfo()}"
            )
        return counts(folder / "out"), counters(job)


def new_job(sc, folder, reducers, combiner):
    """Hadoop's Job from folder/in to folder/out; its other files stay in the folder."""
    hadoop = sc._jvm.org.apache.hadoop
    conf = hadoop.conf.Configuration()
    conf.set("mapreduce.framework.name", "local")
    conf.set("fs.defaultFS", "file:///")
    for name in ("mapreduce.cluster.local.dir", "hadoop.tmp.dir"):
        conf.set(name, str(folder / "scratch"))
    conf.set("mapreduce.jobtracker.staging.root.dir", str(folder / "staging"))
    job = hadoop.mapreduce.Job.getInstance(conf, "word count")
    job.setMapperClass(java_class(sc, MAPPER))
    job.setReducerClass(java_class(sc, REDUCER))
    if combiner:
        job.setCombinerClass(java_class(sc, REDUCER))
    job.setOutputKeyClass(java_class(sc, "org.apache.hadoop.io.Text"))
    job.setOutputValueClass(java_class(sc, "org.apache.hadoop.io.IntWritable"))
    job.setNumReduceTasks(reducers)
    formats, path = hadoop.mapreduce.lib, hadoop.fs.Path
    formats.input.FileInputFormat.addInputPath(job, path((folder / "in").as_uri()))
    formats.output.FileOutputFormat.setOutputPath(job, path((folder / "out").as_uri()))
    return job


def java_class(sc, name):
    loader = sc._jvm.Thread.currentThread().getContextClassLoader()
    return sc._jvm.java.lang.Class.forName(name, True, loader)


def counts(folder):
    """{word: count} of the part files."""
    pairs = {}
    for part in sorted(folder.glob("part-*")):
        for line in part.read_text(encoding="utf-8").split("\n")[:-1]:
            word, number = line.split("\t")
            pairs[word] = int(number)
    return pairs


def counters(job):
    """Those of Hadoop's that ours have too."""
    found = {
        counter.getName().lower(): counter.getValue()
        for group in each(job.getCounters())
        for counter in each(group)
    }
    ours = {name for name in vars(Counters()) if not name.startswith("file_")}
    return Counters(**{name: found[name] for name in ours & found.keys()})


def each(items):
    """The items of a Java Iterable."""
    iterator = items.iterator()
    while iterator.hasNext():
        yield iterator.next()


def output_bytes(words):
    """Hadoop's bytes of pairs (word, count), each word of less than 128 bytes."""
    return sum(len(word.encode()) + 5 for word in words)


def materialized_bytes(words, runs):
    """The same in so many files for reducers, empty ones too."""
    return output_bytes(words) + 2 * len(words) + 6 * runs
