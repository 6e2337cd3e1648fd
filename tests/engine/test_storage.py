import errno
import gc
import re
from functools import partial

import pytest

from cme323 import Cluster, Context
from cme323.engine import StorageLevel
from cme323.engine.blocks import read_records, write_records
from cme323.engine.executor import SerialExecutor
from cme323.engine.storage import Storage
from cme323.engine.task import Counts
from cme323.engine.worker import Worker

CONSTANTS = [name for name in vars(StorageLevel) if name.isupper()]


class InTurn(SerialExecutor):
    """Several workers in this process, one task after another."""

    def __init__(self, workers):
        super().__init__(workers[0])
        self.all, self.workers = workers, len(workers)
        for worker in workers:
            worker.peers = partial(self._others, worker)

    def _others(self, worker):
        return [other.peer() for other in self.all if other is not worker]

    def submit(self, task, worker):
        self._queue.append((task, worker))

    def next(self):
        task, worker = self._queue.popleft()
        return self.all[worker].run(task)

    def forget(self, rdd_id):
        for worker in self.all:
            worker.storage.drop(rdd_id)


def cluster(size, memory=None):
    sc = Context(partitions=4)
    executor = InTurn([Worker(number, memory=memory) for number in range(size)])
    sc._executor = sc._scheduler.executor = executor
    return sc, [worker.storage for worker in executor.all]


def files(storage):
    return sorted(path.name for path in storage.folder.iterdir())


@pytest.fixture
def tight():
    """Room for five of ten partitions of `words`."""
    with Context(partitions=10, memory=60_000) as sc:
        yield sc


def words(sc):
    return sc.range(1000, 2500).map(str)


def counted(sc, *names):
    return [tuple(job.total(name) for name in names) for job in sc.jobs]


def test_memory_only_keeps_what_fits_and_computes_the_rest_again(tight):
    kept = words(tight).cache()
    assert kept.collect() == kept.collect() == [str(i) for i in range(1000, 2500)]
    hits, cached = tight.jobs[1].total("hits"), tight.jobs[0].total("cached")
    assert 0 < hits == cached == len(tight.storage) < 10
    assert tight.jobs[1].recomputed == 2 * (10 - hits)
    assert tight.jobs[1].total("spilled") == 0


def test_memory_and_disk_keeps_all_some_of_it_in_files(tight):
    kept = words(tight).persist(StorageLevel.MEMORY_AND_DISK)
    assert kept.collect() == kept.collect() == [str(i) for i in range(1000, 2500)]
    assert counted(tight, "cached", "hits", "recomputed") == [(10, 0, 0), (0, 10, 0)]
    assert tight.jobs[0].total("spilled") > 0
    assert 0 < len(files(tight._executor.worker.storage)) < 10


@pytest.mark.parametrize("level", ["DISK_ONLY", "OFF_HEAP"])
def test_disk_levels_hold_nothing_in_memory(sc, level):
    kept = words(sc).persist(getattr(StorageLevel, level))
    assert kept.count() == kept.count() == 1500
    storage = sc._executor.worker.storage
    assert files(storage) == ["block-1-0", "block-1-1", "block-1-2"]
    assert storage._cached == 0
    assert counted(sc, "hits", "spilled") == [(0, 0), (3, 0)]
    kept.unpersist(blocking=True)
    assert files(storage) == []


def test_cached_blocks_give_way_to_a_sort(tight):
    kept = words(tight).persist(StorageLevel.MEMORY_AND_DISK)
    kept.count()
    before = len(files(tight._executor.worker.storage))
    tight.range(5_000).sortBy(lambda x: -x).count()
    assert len(files(tight._executor.worker.storage)) > before
    assert kept.count() == 1500
    assert tight.jobs[-1].total("hits") == 10


def test_a_block_that_a_task_reads_stays_in_memory_until_it_ends():
    sc = Context(partitions=1, memory=40_000)
    kept = sc.range(1000, 1400).map(str).cache()
    kept.count()
    again = kept.map(lambda s: (s, s)).sortByKey()
    assert again.count() == 400
    reading, _ = sc.jobs[-1].stages
    assert (reading.evicted, reading.hits) == (0, 1)
    assert reading.spilled > 0, "though the shuffle wanted the room"
    kept.count()
    sc.range(2000).sortBy(lambda x: x).count()
    assert sc.jobs[-1].total("evicted") == 1
    sc.stop()


def test_estimated_memory_stays_under_the_limit(tight):
    storage, most = tight._executor.worker.storage, []

    def note(x):
        most.append(storage._cached + sum(storage._shares.values()))
        return x

    kept = words(tight).persist(StorageLevel.MEMORY_AND_DISK)
    pairs = kept.map(lambda s: (s, note(s)))
    pairs.groupByKey().flatMapValues(list).sortByKey().map(note).count()
    assert 30_000 < max(most) <= 60_000


def test_each_share_leaves_half_of_what_is_free_and_has_at_least_a_sixteenth():
    storage, counts = Storage(limit=16_000), Counts()
    one, two, three = (storage.share() for _ in range(3))
    assert one.fits(8_000, counts)
    assert not one.fits(8_001, counts)
    assert two.fits(4_000, counts)
    assert not two.fits(4_001, counts)
    one.close()
    assert three.fits(6_000, counts)
    assert storage.share().fits(1_000, counts)


def test_what_a_failed_task_pushed_out_is_known(tight):
    first = words(tight).cache()
    first.count()

    def fail(x):
        raise OSError("no such record")

    second = words(tight).cache()
    with pytest.raises(OSError, match="no such record"):
        second.map(fail).count()
    held = [
        (rdd._id, i)
        for rdd in (first, second)
        for i in range(10)
        if tight.storage.holds(rdd, i)
    ]
    assert held == sorted(tight._executor.worker.storage._blocks)
    assert (second._id, 0) in held
    assert first.count() == 1500


def test_replicas_go_to_the_next_worker_and_outlive_the_first():
    sc, (one, two, three) = cluster(3)
    seen = sc.accumulator(0)

    def note(x):
        seen.add(1)
        return x

    kept = sc.range(8).map(note).persist(StorageLevel.MEMORY_ONLY_2)
    assert kept.sum() == 28
    assert files(two) == ["block-1-0", "block-1-3"]
    assert sc.storage.workers(kept, 0) == [0, 1]
    assert sc.jobs[0].total("replicated") == sum(
        path.stat().st_size
        for storage in (one, two, three)
        for path in storage.folder.iterdir()
    )
    sc._executor.all[0] = Worker(0)
    sc.storage.lose(0)
    assert kept.sum() == 28
    assert seen.value == 8, "nothing is computed again"
    kept.unpersist()
    one.drop(kept._id)
    assert files(one) == files(two) == files(three) == []


def test_three_copies_on_two_workers_are_two():
    sc, storages = cluster(2)
    kept = sc.range(8).persist(StorageLevel.DISK_ONLY_3)
    kept.count()
    assert [len(files(storage)) for storage in storages] == [4, 4]
    assert sc.storage.workers(kept, 1) == [1, 0]


def test_one_worker_has_nobody_to_replicate_to(sc):
    sc.range(8).persist(StorageLevel.MEMORY_ONLY_2).count()
    assert sc.jobs[0].total("replicated") == 0


def test_the_table_of_what_is_cached(tight):
    assert repr(tight.storage) == "nothing is cached"
    kept = words(tight).setName("years").persist(StorageLevel.MEMORY_AND_DISK)
    gone = tight.range(3).cache()
    kept.count(), gone.count()
    gone.unpersist()
    header, row = repr(tight.storage).splitlines()
    assert header.split()[:3] == ["id", "name", "level"]
    shape = (
        r"1 +years +Disk Memory Serialized 1x Replicated +(\d) of 10 +[\d,]+ +(\d) +"
    )
    memory, disk = re.match(shape, row).groups()
    assert int(memory) + int(disk) == 10


def test_blocks_go_with_their_rdd_wherever_they_are(tight):
    storage = tight._executor.worker.storage
    kept = words(tight).persist(StorageLevel.MEMORY_AND_DISK)
    kept.count()
    del kept
    gc.collect()
    assert len(tight.storage) == 0
    assert repr(tight.storage) == "nothing is cached"
    assert files(storage) == []
    assert storage._cached == 0


def test_a_drop_in_the_middle_of_an_operation_waits_for_its_end(sc):
    kept = sc.range(8).cache()
    kept.count()
    storage = sc._executor.worker.storage
    with storage._lock:
        storage.drop(kept._id)  # as the garbage collector would
        assert len(storage._blocks) == 3
    storage.drop(-1)
    assert len(storage._blocks) == 0


def test_a_full_disk_leaves_no_half_file(tmp_path):
    def records():
        yield [1, 2]
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_records(tmp_path / "block-0-0", records())
    assert list(tmp_path.iterdir()) == []
    write_records(tmp_path / "block-0-0", [[1, 2], [3]])
    assert list(read_records(tmp_path / "block-0-0")) == [1, 2, 3]


def test_a_level_can_be_given_again_but_not_changed(sc):
    kept = sc.range(3).persist(StorageLevel.DISK_ONLY)
    assert kept.persist(StorageLevel.DISK_ONLY) is kept
    with pytest.raises(RuntimeError, match="Cannot change storage level"):
        kept.persist(StorageLevel.MEMORY_ONLY)
    with pytest.raises(RuntimeError, match="Cannot change storage level"):
        kept.cache()
    assert kept.unpersist().cache().getStorageLevel() == StorageLevel.MEMORY_ONLY


def test_a_level_must_be_one(sc):
    with pytest.raises(TypeError, match="must be a StorageLevel, not 'MEMORY_ONLY'"):
        sc.range(3).persist("MEMORY_ONLY")


def test_level_none_keeps_nothing(sc):
    rdd = sc.range(3).persist(StorageLevel.NONE)
    rdd.count()
    assert rdd.is_cached
    assert len(sc.storage) == 0


@pytest.mark.spark
def test_levels_are_pysparks():
    from pyspark import StorageLevel as Theirs

    theirs = {name: getattr(Theirs, name) for name in vars(Theirs) if name.isupper()}
    ours = {name: getattr(StorageLevel, name) for name in CONSTANTS}
    assert {n: repr(level) for n, level in ours.items()} == {
        n: repr(level) for n, level in theirs.items()
    }
    assert {n: str(level) for n, level in ours.items()} == {
        n: str(level) for n, level in theirs.items()
    }
    assert {n: vars(level) for n, level in theirs.items()} == {
        n: vars(level) for n, level in ours.items()
    }


def level_programs(sc, levels):
    """What persist and its friends say, for each level."""
    said = []
    for name in CONSTANTS:
        rdd = sc.range(5)
        before = str(rdd.getStorageLevel()), rdd.is_cached
        rdd.persist(getattr(levels, name))
        said.append((name, before, repr(rdd.getStorageLevel()), rdd.is_cached))
        said.append((rdd.count(), rdd.count(), rdd.unpersist(True).is_cached))
        said.append(str(rdd.cache().getStorageLevel()))
    return said


@pytest.mark.spark
def test_persist_and_unpersist_say_what_spark_says(sc, spark):
    from pyspark import StorageLevel as Theirs

    assert level_programs(sc, StorageLevel) == level_programs(spark, Theirs)


@pytest.fixture
def processes():
    with Context(4, executor="processes", workers=2, memory="200k") as sc:
        yield sc


def test_processes_spill_and_push_out_under_the_same_limit(processes):
    sc = processes
    kept = sc.range(20_000).map(str).persist(StorageLevel.MEMORY_AND_DISK)
    assert kept.count() == 20_000
    assert kept.sortBy(int, ascending=False).take(2) == ["19999", "19998"]
    assert sum(kept.groupBy(len).mapValues(len).values().collect()) == 20_000
    assert sum(job.total("spilled") for job in sc.jobs) > 100_000
    assert sc.jobs[-1].recomputed == 0


def test_a_replica_outlives_a_process(processes):
    sc = processes
    seen = sc.accumulator(0)
    kept = sc.range(8).map(lambda x: (seen.add(1), x)).persist(StorageLevel.DISK_ONLY_2)
    assert kept.count() == 8
    assert sc.storage.workers(kept, 0) == [0, 1]
    sc.kill(0)
    assert kept.values().sum() == 28
    assert seen.value == 8, "nothing is computed again"
    assert sc.storage.workers(kept, 0) == [1]


def test_checkpoints_outlive_all_processes(processes, tmp_path):
    sc = processes
    sc.setCheckpointDir(str(tmp_path))
    seen = sc.accumulator(0)
    kept = sc.range(8).map(lambda x: (seen.add(1), x)).cache()
    kept.checkpoint()
    assert kept.count() == seen.value == 8
    sc.kill(0), sc.kill(1)
    assert kept.values().sum() == 28
    assert seen.value == 8
    local = sc.range(8)
    local.localCheckpoint()
    local.count()
    sc.kill(0)
    with pytest.raises(RuntimeError, match="instead of localCheckpoint"):
        local.count()


def test_a_block_that_is_not_where_it_was_thought_to_be_is_made_again(sc):
    kept = sc.range(8).map(lambda x: (x, x)).partitionBy(2).mapValues(str).cache()
    kept.count()
    kept.cleanShuffleDependencies()
    sc._executor.worker.storage.clear()  # and nobody tells the driver
    assert sorted(kept.keys().collect()) == list(range(8))


def test_a_simulated_machine_has_the_limit_and_its_neighbours():
    with Context(cluster=Cluster(machines=3, cores=1), memory="64k") as sc:
        seen = sc.accumulator(0)
        kept = sc.range(3_000).map(lambda x: (seen.add(1), x))
        kept.persist(StorageLevel.MEMORY_AND_DISK_2)
        assert kept.count() == 3_000
        assert sc.storage.workers(kept, 0) == [0, 1]
        assert kept.sortBy(lambda pair: -pair[1]).count() == 3_000
        sc.kill(0)
        assert kept.values().sum() == sum(range(3_000))
        assert seen.value == 3_000
        assert sum(job.total("spilled") for job in sc.jobs) > 0
