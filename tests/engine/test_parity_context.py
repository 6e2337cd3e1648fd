"""What a program asks of its context, and shares with tasks, here and on Spark."""

import re
import time
import zipfile
from contextlib import contextmanager
from threading import Thread

import pytest

from cme323 import Context
from cme323 import engine as ours

pyspark = pytest.importorskip("pyspark", reason="needs pyspark")
pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]

GROUP = "spark.jobGroup.id"


@contextmanager
def both(spark):
    """[(context, the module that a program imports from)]."""
    with Context(partitions=4) as sc:
        yield [(sc, ours), (spark, pyspark)]


def used_after_unpersist(sc, lib):
    table = sc.broadcast({1: 10, 2: 20})
    rdd = sc.parallelize([1, 2, 2]).map(lambda key: table.value[key])
    before = rdd.sum()
    table.unpersist()
    return before, rdd.sum(), table.value


def accumulated(sc, lib):
    totals = [sc.accumulator(start) for start in (1, 1.5, 1j, True)]
    shown = sc.parallelize([1, 2, 3], 1).map(
        lambda x: [(total.add(x), str(total))[1] for total in totals]
    )
    in_tasks = shown.collect()
    totals[0] += 5
    totals[1].value = 2.5
    return in_tasks, [total.value for total in totals], str(totals[0])


def accumulated_by_a_param(sc, lib):
    class Vectors(lib.AccumulatorParam):
        def zero(self, value):
            return [0.0] * len(value)

        def addInPlace(self, value1, value2):
            for i, term in enumerate(value2):
                value1[i] += term
            return value1

    total = sc.accumulator([1.0, 2.0], Vectors())
    sc.parallelize([1, 2, 3]).foreach(lambda x: total.add([x, 10 * x]))
    return total.value


def the_next_id(sc, lib):
    first, second = sc.accumulator(0), sc.accumulator(0)
    return second.aid - first.aid, repr(
        second
    ) == f"Accumulator<id={second.aid}, value=0>"


def properties(sc, lib):
    sc.setJobGroup("lecture 5", "ranks")
    with pytest.warns(FutureWarning, match="Use pyspark.InheritableThread"):
        sc.range(3).collectWithJobGroup("lecture 6", "more ranks")
    names = GROUP, "spark.job.description", "spark.job.interruptOnCancel", "none"
    found, elsewhere = [sc.getLocalProperty(name) for name in names], []
    thread = Thread(target=lambda: elsewhere.append(sc.getLocalProperty(GROUP)))
    thread.start()
    thread.join()
    for name in names:
        sc.setLocalProperty(name, None)
    return found, elsewhere, sc.getLocalProperty(GROUP)


def tracked(sc, lib):
    sc.setJobGroup("tracked", "")
    sc.range(9, numSlices=3).map(lambda x: (x % 2, x)).groupByKey(2).count()
    if lib is pyspark:
        sc._jsc.sc().listenerBus().waitUntilEmpty()
    tracker = sc.statusTracker()
    (number,) = tracker.getJobIdsForGroup("tracked")
    job = tracker.getJobInfo(number)
    stages = [tracker.getStageInfo(stage) for stage in job.stageIds]
    sc.setLocalProperty(GROUP, None)
    return (
        job.status,
        sorted((s[1], *s[3:]) for s in stages),
        tracker.getActiveJobsIds(),
        tracker.getActiveStageIds(),
        tracker.getJobInfo(10**6),
        tracker.getStageInfo(10**6),
    )


def of_no_value(sc, lib):
    return sc.uiWebUrl, sc.resources, sc.sparkUser(), sc.PACKAGE_EXTENSIONS


def split(sc, lib):
    with pytest.warns(FutureWarning, match="use mapPartitionsWithIndex instead"):
        rdd = sc.range(6, numSlices=3).mapPartitionsWithSplit(lambda i, it: [i])
    return rdd.collect()


PROGRAMS = [
    used_after_unpersist,
    accumulated,
    accumulated_by_a_param,
    the_next_id,
    properties,
    tracked,
    of_no_value,
    split,
]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_gives_what_spark_gives(program, spark):
    with both(spark) as engines:
        mine, theirs = (program(sc, lib) for sc, lib in engines)
    assert mine == theirs


def destroyed(sc):
    broadcast = sc.broadcast(0)
    broadcast.destroy()
    return broadcast


def broadcast(sc):
    return sc.broadcast(0)


def accumulator(sc):
    return sc.accumulator(0)


def assign(accumulator):
    accumulator.value = 1


def in_a_task(make, use):
    """A program whose task uses what its driver made."""

    def program(sc):
        shared = make(sc)
        sc.range(1).foreach(lambda _: use(shared))

    return program


INSIDE = "Value `Accumulator.value` cannot be accessed inside tasks"

# name: (program, what both say)
REFUSED = {
    "level": (
        lambda sc: sc.setLogLevel("bogus"),
        "Supplied level bogus did not match one of: "
        "ALL,DEBUG,ERROR,WARN,INFO,OFF,FATAL,TRACE",
    ),
    "profiles": (lambda sc: sc.show_profiles(), "to enable Python profile."),
    "dump_profiles": (lambda sc: sc.dump_profiles("x"), "to enable Python profile."),
    "param": (
        lambda sc: sc.accumulator([]),
        "No default accumulator param for type <class 'list'>",
    ),
    "read in a task": (in_a_task(accumulator, lambda a: a.value), INSIDE),
    "set in a task": (in_a_task(accumulator, assign), INSIDE),
    "unpersist in a task": (
        in_a_task(broadcast, lambda b: b.unpersist()),
        "Broadcast can only be unpersisted in driver.",
    ),
    "destroy in a task": (
        in_a_task(broadcast, lambda b: b.destroy()),
        "Broadcast can only be destroyed in driver.",
    ),
    "destroyed in a task": (
        in_a_task(destroyed, lambda b: b.value),
        "after it was destroyed",
    ),
    "destroyed twice": (
        lambda sc: destroyed(sc).destroy(),
        "after it was destroyed",
    ),
    "destroyed, then unpersisted": (
        lambda sc: destroyed(sc).unpersist(),
        "after it was destroyed",
    ),
    "no file": (
        lambda sc: sc.addFile("/nowhere/x.txt"),
        "/nowhere/x.txt does not exist",
    ),
    "a folder": (lambda sc: sc.addFile("/"), "is a"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_as_spark_refuses(name, spark):
    program, message = REFUSED[name]
    for sc in (Context(partitions=4), spark):
        with pytest.raises(Exception, match=re.escape(message)):
            program(sc)


def test_files_travel_as_they_do_with_spark(spark, tmp_path):
    text = tmp_path / "travels.txt"
    text.write_text("100")
    folder = tmp_path / "travelling"
    folder.mkdir()
    (folder / "inner.txt").write_text("200")
    archive = tmp_path / "travels.zip"
    with zipfile.ZipFile(archive, "w") as z:
        z.write(text, "zipped.txt")
    module = tmp_path / "cme323_travelling_module.py"
    module.write_text("x = 400")

    def listed(uris):
        return sorted(uri for uri in uris if tmp_path.name in uri)

    def program(sc, lib):
        spark_files = lib.SparkFiles  # a module would not travel to Spark's workers
        for _ in range(2):
            sc.addFile(str(text))
            sc.addFile(str(folder), recursive=True)
            sc.addArchive(str(archive))
            sc.addArchive(f"{archive}#renamed")
            sc.addPyFile(str(module))

        def read(_):
            from cme323_travelling_module import x

            numbers = []
            for name in (
                "travels.txt",
                "travelling/inner.txt",
                "travels.zip/zipped.txt",
                "renamed/zipped.txt",
            ):
                with open(spark_files.get(name)) as f:
                    numbers.append(int(f.read()))
            return [*numbers, x]

        read_by_tasks = sc.range(1).map(read).collect()
        return read_by_tasks, listed(sc.listFiles), listed(sc.listArchives)

    with both(spark) as engines:
        mine, theirs = (program(sc, lib) for sc, lib in engines)
    assert mine == theirs
    assert mine[0] == [[100, 200, 100, 100, 400]]


def test_a_checkpoint_folder_is_made_as_spark_makes_it(spark, tmp_path):
    def program(sc):
        sc.setCheckpointDir(str(tmp_path / "checkpoints"))
        folder, _, name = sc.getCheckpointDir().rpartition("/")
        sc.setCheckpointDir(None)
        assert (tmp_path / "checkpoints" / name).is_dir()
        return folder, len(name), sc.getCheckpointDir()

    assert program(Context()) == program(spark)


def test_a_cancelled_job_says_what_sparks_says(spark, tmp_path):
    def program(sc, folder):
        begun, go_on, said = folder / "begun", folder / "go on", []
        folder.mkdir()

        def patiently(path):
            for _ in range(6_000):
                if path.exists():
                    return
                time.sleep(0.01)

        def task(x):
            begun.touch()
            patiently(go_on)

        def work():
            sc.setJobGroup("lecture 5", "ranks")
            try:
                sc.range(2).foreach(task)
            except Exception as error:
                said.append(str(error))

        thread = Thread(target=work)
        thread.start()
        patiently(begun)
        sc.cancelJobGroup("lecture 5")
        go_on.touch()
        thread.join()
        return said[0], sc.range(3).count()

    for name, sc in (("engine", Context()), ("spark", spark)):
        said, counted = program(sc, tmp_path / name)
        assert "cancelled part of cancelled job group lecture 5" in said
        assert counted == 3
