"""Files that either engine reads or writes, and names, mean what Spark says."""

import gzip

import pytest

from cme323 import Context

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]
GZIP = "org.apache.hadoop.io.compress.GzipCodec"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("files")
    contents = {
        "lines.txt": b"0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n",
        "returns.txt": b"a\rb\r\nc\n\n\rd\r",
        "more/a.txt": b"\xef\xbb\xbfa1\n\na2",
        "more/b b.txt": b"b1\n\xff\xfe\n",
        "more/c.gz": gzip.compress(b"c1\nc2\n"),
        "more/e.txt": b"",
        "more/\u00e9%20.txt": b"name\n",
        "more/_hidden": b"hidden\n",
        "more/.hidden": b"hidden\n",
        "more/in/d.txt": b"d1\n",
    }
    for name, content in contents.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


# name: program; Spark does not promise the order of a folder's files
READS = {
    **{
        f"{name} in {n}": lambda sc, at, name=name, n=n: (
            sc.textFile(f"{at}/{name}", n).glom().collect()
        )
        for name in ("lines.txt", "returns.txt")
        for n in (0, 1, 2, 3, 5, 7, 11, 40)
    },
    "glob": lambda sc, at: sc.textFile(f"{at}/*.txt").glom().collect(),
    "choices": lambda sc, at: sc.textFile(f"{at}/more/{{b*,a}}.txt").collect(),
    "hidden": lambda sc, at: sorted(sc.textFile(f"{at}/more/*[a-z.]*.txt").collect()),
    "several": lambda sc, at: (
        sc.textFile(f"{at}/more/c.gz,{at}/lines.txt", 4).glom().collect()
    ),
    "folders": lambda sc, at: sc.textFile(f"{at}/more/i*,file:{at}/more/i?").collect(),
    "bytes": lambda sc, at: sc.textFile(f"{at}/more/b b.txt", 1, False).collect(),
    "empty": lambda sc, at: sc.textFile(f"{at}/more/e.txt").glom().collect(),
    "whole": lambda sc, at: sorted(sc.wholeTextFiles(f"{at}/more").collect()),
    "whole dots": lambda sc, at: sc.wholeTextFiles(f"{at}/more/../lines.txt").collect(),
    "whole bytes": lambda sc, at: sorted(
        sc.wholeTextFiles(f"{at}/more/*.txt", 1, False).collect()
    ),
    "binary": lambda sc, at: sorted(sc.binaryFiles(f"{at}/more").collect()),
    "records": lambda sc, at: sc.binaryRecords(f"{at}/lines.txt", 4).glom().collect(),
    "text name": lambda sc, at: sc.textFile(f"{at}/lines.txt").name()[-9:],
}


@pytest.mark.parametrize("name", READS)
def test_reads_what_spark_reads(name, spark, folder):
    assert READS[name](Context(partitions=4), folder) == READS[name](spark, folder)


@pytest.mark.parametrize(
    "name", ["nowhere", "more/_hidden", "*.nothing", "more", "lines.txt,"]
)
def test_refuses_what_spark_refuses(name, spark, folder):
    for sc, error in (Context(), OSError), (spark, Exception):
        with pytest.raises(error):
            sc.textFile(f"{folder}/{name}").collect()


SAVES = {
    "records": lambda sc, at: sc.parallelize(
        ["a", 1, None, b"by\xff", (1, "x"), "\u00e9", "x\ny"], 3
    ).saveAsTextFile(at),
    "zipped": lambda sc, at: sc.parallelize("ab", 2).saveAsTextFile(at, GZIP),
    "empty parts": lambda sc, at: sc.parallelize([1], 3).saveAsTextFile(at),
    "nothing": lambda sc, at: sc.emptyRDD().saveAsTextFile(at),
}


def saved(path):
    return {
        file.name: gzip.decompress(file.read_bytes())
        if file.suffix == ".gz"
        else file.read_bytes()
        for file in path.iterdir()
        if file.suffix != ".crc"
    }


@pytest.mark.parametrize("name", SAVES)
def test_saves_what_spark_saves_and_each_reads_the_others(name, spark, tmp_path):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    SAVES[name](Context(partitions=4), str(ours))
    SAVES[name](spark, str(theirs))
    assert saved(ours) == saved(theirs)
    assert Context().textFile(theirs).collect() == Context().textFile(ours).collect()
    assert sorted(spark.textFile(str(ours)).collect()) == sorted(
        spark.textFile(str(theirs)).collect()
    )


def test_both_refuse_to_overwrite(spark, tmp_path):
    for sc, error in (Context(), FileExistsError), (spark, Exception):
        with pytest.raises(error, match="exists"):
            sc.range(3).saveAsTextFile(str(tmp_path))


@pytest.mark.parametrize("batch", [-1, 0, 1, 3])
def test_pickles_come_back_alike(batch, spark, tmp_path):
    for sc, name in (Context(), "ours"), (spark, "theirs"):
        path = f"{tmp_path}/{name}"
        sc.parallelize(range(25), 2).saveAsPickleFile(path, batch)
        assert sorted(sc.pickleFile(path).collect()) == list(range(25))
        assert sc.pickleFile(path, 1).getNumPartitions() == 2


def told(sc):
    rdd = sc.range(6, numSlices=3)
    names = [rdd.name(), rdd.setName("six").name(), rdd.map(str).name()]
    sc.setLocalProperty("key", "value")
    sc.setJobGroup("group", "description")
    keys = ["key", "other", "spark.jobGroup.id", "spark.job.description"]
    properties = [sc.getLocalProperty(key) for key in keys]
    for key in keys:
        sc.setLocalProperty(key, None)
    properties += [sc.getLocalProperty(key) for key in keys]
    runs = [
        sc.runJob(rdd, lambda it: [sum(it)], partitions, True)
        for partitions in ([2, 0, 2], [], None)
    ]
    return names, rdd.setName(None).name(), properties, runs, sc.defaultMinPartitions


def test_names_properties_and_runJob_mean_the_same(spark):
    assert told(Context(partitions=4)) == told(spark)


def test_an_empty_rdd_is_the_same(spark):
    for sc in (Context(), spark):
        empty = sc.emptyRDD()
        assert (empty.collect(), empty.getNumPartitions(), empty.name()) == (
            [],
            0,
            None,
        )
