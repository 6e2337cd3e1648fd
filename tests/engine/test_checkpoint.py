from operator import add
from pathlib import Path
from threading import Lock

import pytest

from cme323 import Context
from cme323.engine import StorageLevel


@pytest.fixture
def sc(tmp_path):
    with Context(partitions=3) as sc:
        sc.setCheckpointDir(str(tmp_path))
        yield sc


def sums(sc):
    return sc.range(30).map(lambda x: (x % 4, x)).reduceByKey(add)


EXPECTED = [(i, sum(range(i, 30, 4))) for i in range(4)]


def test_a_checkpoint_is_written_after_the_first_job_and_cuts_the_lineage(sc):
    rdd = sums(sc)
    rdd.checkpoint()
    assert rdd.is_checkpointed
    assert not rdd.isCheckpointed()
    assert rdd.getCheckpointFile() is None
    assert sorted(rdd.collect()) == EXPECTED
    assert rdd.isCheckpointed()
    assert [job.action for job in sc.jobs] == ["collect", "checkpoint"]
    parts = sorted(
        path.name
        for path in Path(rdd.getCheckpointFile().removeprefix("file:")).iterdir()
    )
    assert parts == ["part-00000", "part-00001", "part-00002"]
    assert rdd.parents == ()
    assert rdd.needs(0) == []
    assert rdd.toDebugString() == b"(3) combineByKey RDD[4] [checkpointed]"


def test_a_checkpoint_is_read_and_nothing_is_computed_again(sc):
    seen = sc.accumulator(0)
    rdd = sc.range(9).map(lambda x: seen.add(1)).cache()
    rdd.checkpoint()
    rdd.count()
    assert seen.value == 9, "it was written from the cache"
    rdd.unpersist()
    sc.storage.lose(0)
    assert rdd.count() == rdd.map(str).count() == 9
    assert seen.value == 9
    assert [job.recomputed for job in sc.jobs] == [0, 0, 0, 0]


def test_what_is_above_a_marked_rdd_is_not_written(sc):
    above = sc.range(9).map(str)
    below = above.map(int)
    above.checkpoint(), below.checkpoint()
    below.count()
    assert below.isCheckpointed()
    assert not above.isCheckpointed()
    above.count()
    assert above.isCheckpointed()


def test_without_a_cache_a_checkpoint_costs_a_second_pass(sc):
    seen = sc.accumulator(0)
    rdd = sc.range(9).map(lambda x: seen.add(1))
    rdd.checkpoint()
    rdd.count()
    assert seen.value == 18


def test_a_job_on_a_child_writes_it_too_and_keeps_the_partitioner(sc):
    rdd = sums(sc)
    partitioner = rdd.partitioner
    rdd.checkpoint()
    child = rdd.mapValues(lambda x: -x)
    assert sorted(child.collect()) == [(k, -v) for k, v in EXPECTED]
    assert rdd.isCheckpointed()
    assert rdd.partitioner is partitioner
    assert sorted(child.join(rdd).mapValues(sum).values().collect()) == [0] * 4
    assert sc.jobs[-1].rounds == ()


def test_a_union_and_the_driver_s_data_can_be_cut_too(sc):
    for rdd in (sc.range(3).union(sc.range(2)), sc.range(5), sc.range(9).coalesce(2)):
        expected = rdd.collect()
        rdd.checkpoint()
        rdd.count()
        assert rdd.parents == ()
        assert rdd.collect() == expected


def test_a_long_lineage_becomes_short(sc):
    rdd = sc.range(6)
    for _ in range(3):
        for _ in range(150):
            rdd = rdd.map(lambda x: x + 1)
        rdd = rdd.cache()
        rdd.checkpoint()
        rdd.count()
    assert rdd.collect() == list(range(450, 456))
    assert rdd.toDebugString().count(b"\n") == 0


def test_a_checkpoint_lets_its_shuffle_go(tmp_path):
    sc = Context(partitions=2, memory="1m")
    sc.setCheckpointDir(tmp_path)
    folder = sc._executor.worker.storage.folder
    rdd = sums(sc)
    rdd.count()
    assert len(list(folder.iterdir())) == 2
    rdd.checkpoint()
    rdd.count()
    assert not list(folder.iterdir())
    sc.stop()


def test_a_checkpoint_that_fails_is_tried_again(sc, tmp_path):
    rdd = sc.parallelize([Lock()], 1)
    rdd.checkpoint()
    for _ in range(2):
        with pytest.raises(TypeError, match="pickle"):
            rdd.count()
        assert not rdd.isCheckpointed()
    assert not list(tmp_path.rglob("part-*"))


def test_without_a_folder_it_is_refused():
    with pytest.raises(RuntimeError, match="directory has not been set"):
        Context().range(3).checkpoint()


def test_a_local_checkpoint_is_the_cached_blocks(sc):
    rdd = sums(sc)
    rdd.localCheckpoint()
    assert rdd.isLocallyCheckpointed()
    assert not rdd.isCheckpointed()
    assert rdd.getStorageLevel() == StorageLevel.MEMORY_AND_DISK
    rdd.first()
    assert rdd.isCheckpointed()
    assert not rdd.is_checkpointed
    assert rdd.getCheckpointFile() is None
    assert len(sc.storage) == 3, "the partitions that the job had not needed, too"
    assert rdd.parents == ()
    assert sorted(rdd.collect()) == EXPECTED


def test_a_local_checkpoint_gets_a_disk(sc):
    rdd = sc.range(3).persist(StorageLevel.MEMORY_ONLY_2)
    rdd.localCheckpoint()
    assert rdd.getStorageLevel() == StorageLevel.MEMORY_AND_DISK_2


def test_a_local_checkpoint_is_pushed_to_disk_and_not_out():
    sc = Context(partitions=2, memory=40_000)
    rdd = sc.range(1000, 1300).map(str).cache()
    rdd.count()
    rdd.localCheckpoint()
    rdd.count()
    sc.range(5_000).sortBy(lambda x: -x).count()
    assert rdd.count() == 300
    assert sc.jobs[-2].total("evicted") == 0
    sc.stop()


def test_a_local_checkpoint_that_is_lost_is_lost(sc):
    rdd = sums(sc)
    rdd.localCheckpoint()
    rdd.count()
    rdd.unpersist()
    with pytest.raises(RuntimeError, match=r"Checkpoint block rdd_4_0 not found"):
        rdd.count()


def test_shuffles_are_cleaned_up_to_what_is_persisted(sc):
    kept = sc.range(9).map(lambda x: (x, x)).partitionBy(2).cache()
    rdd = kept.mapValues(str).partitionBy(3).values()
    rdd.count()
    rdd.cleanShuffleDependencies()
    assert rdd.count() == 9
    assert len(sc.jobs[-1].rounds) == 1
    kept.cleanShuffleDependencies(blocking=True)
    assert kept.unpersist().count() == 9
    assert len(sc.jobs[-1].rounds) == 1


def story(sc, folder):
    """The examples of PySpark's documentation."""
    said = []
    rdd = sc.range(5)
    said.append((rdd.is_checkpointed, rdd.getCheckpointFile(), rdd.isCheckpointed()))
    rdd.checkpoint()
    said.append((rdd.is_checkpointed, rdd.getCheckpointFile(), rdd.isCheckpointed()))
    said.append(rdd.count())
    said.append((rdd.is_checkpointed, rdd.isCheckpointed(), rdd.collect()))
    said.append(Path(rdd.getCheckpointFile().removeprefix("file:")).is_dir())
    said.append(Path(rdd.getCheckpointFile()).name.split("-")[0])
    # NB: with a map, or of a range, PySpark's count() goes around it.
    local = sc.parallelize([0, 1, 2, 3, 4])
    said.append(local.isLocallyCheckpointed())
    local.localCheckpoint()
    said.append((local.isLocallyCheckpointed(), local.isCheckpointed()))
    said.append((local.count(), local.isCheckpointed(), local.is_checkpointed))
    said.append((local.getCheckpointFile(), local.collect()))
    said.append(str(local.getStorageLevel()).replace("Deserialized", "Serialized"))
    local.cleanShuffleDependencies()
    return said


@pytest.mark.spark
def test_checkpoints_say_what_spark_says(sc, spark, tmp_path):
    spark.setCheckpointDir(str(tmp_path / "spark"))
    assert story(sc, tmp_path) == story(spark, tmp_path)
