"""Persistence: keeping what was computed, and forgetting how.

    persist           each partition is kept once it is computed; if it is lost,
                      lineage brings it back
    checkpoint        after the next job all partitions are in files, and the lineage
                      is cut: the RDD has no parents any more
    localCheckpoint   the same, but the files are the workers' own, and lost with them

NB: a checkpoint is written by a job of its own, after the first job that needs the
RDD, as in Spark; so persist it first, else that job computes it again. Where Spark
ignores a checkpoint that was asked for after the first job, here the next job has it.
"""

from cme323.engine.blocks import read_records, write_records
from cme323.engine.sizes import batches
from cme323.engine.storagelevel import StorageLevel
from cme323.engine.task import TaskContext


class Persistence:
    """The part of RDD that keeps its partitions."""

    def cache(self):
        """Keep each partition in memory once it is computed."""
        return self.persist()

    def persist(self, storageLevel=StorageLevel.MEMORY_ONLY):
        """Keep each partition at this level once it is computed.

        Raises RuntimeError if the RDD has another level already: unpersist it first.
        """
        if not isinstance(storageLevel, StorageLevel):
            raise TypeError(
                f"a storage level must be a StorageLevel, not {storageLevel!r}"
            )
        if self.isLocallyCheckpointed():
            storageLevel = _with_disk(storageLevel)
        elif self._level not in (StorageLevel.NONE, storageLevel):
            raise RuntimeError(
                "Cannot change storage level of an RDD after it was already assigned "
                f"a level: it is {self._level}, so unpersist() it first"
            )
        return self._keep(storageLevel)

    def unpersist(self, blocking=False):
        """Forget the cached partitions; they can be computed again.

        It waits until they are forgotten, whether `blocking` or not.
        """
        self.is_cached = False
        self._level = StorageLevel.NONE
        self.ctx.forget(self._id)
        return self

    def getStorageLevel(self):
        """The level that persist gave; StorageLevel.NONE before."""
        return self._level

    def checkpoint(self):
        """After the next job, keep all partitions in files and cut the lineage.

        Raises RuntimeError before the context's setCheckpointDir.
        """
        folder = self.ctx._checkpoint_folder
        if folder is None:
            raise RuntimeError(
                "Checkpoint directory has not been set in the SparkContext: call "
                "setCheckpointDir() first"
            )
        self.is_checkpointed = True
        if self._checkpoint is None:
            name = f"rdd-{self._id}"
            self._mark(Reliable(folder / name, f"{self.ctx.getCheckpointDir()}/{name}"))

    def localCheckpoint(self):
        """After the next job, rely on the workers' blocks and cut the lineage.

        The RDD is persisted, with a disk, in memory too unless its level says no.
        What a lost worker had is lost for good.
        """
        if not self.isCheckpointed():
            unset = self._level == StorageLevel.NONE
            self._keep(StorageLevel.MEMORY_AND_DISK if unset else self._level)
            self._level = _with_disk(self._level)
            self._mark(Local(self._id))

    def isCheckpointed(self):
        """Are all partitions kept, and is the lineage cut?"""
        return self._checkpoint is not None and self._checkpoint.done

    def isLocallyCheckpointed(self):
        """Was localCheckpoint called?"""
        return isinstance(self._checkpoint, Local)

    def getCheckpointFile(self):
        """The folder of the checkpoint as `file:/...`; None before, or if local."""
        written = self.isCheckpointed() and not self.isLocallyCheckpointed()
        return self._checkpoint.uri if written else None

    def cleanShuffleDependencies(self, blocking=False):
        """Delete what the shuffles above hold, up to RDDs that are persisted.

        A job that needs it runs the shuffles again. It waits until all is deleted,
        whether `blocking` or not.
        """
        stack, seen = [self], set()
        while stack:
            rdd = stack.pop()
            if rdd.shuffle is not None:
                rdd.shuffle.clear()
            above = {p for p in rdd.parents if not p.is_cached} - seen
            seen |= above
            stack += above

    def _keep(self, level):
        self.is_cached = True
        self._level = level
        self.ctx.keep(self)
        return self

    def _mark(self, checkpoint):
        self._checkpoint = checkpoint
        self.ctx.marked_rdds[self._id] = self


class Reliable:
    """A checkpoint in a folder, one file for each partition, as Spark names them."""

    done = False

    def __init__(self, folder, uri):
        self.folder, self.uri = folder, uri

    def write(self, rdd):
        """Run a job that writes all partitions."""
        self.folder.mkdir(parents=True, exist_ok=True)
        partitions = range(rdd.getNumPartitions())
        rdd.ctx.run_one_job(rdd, self._save, partitions, "checkpoint")

    def _save(self, records):
        task = TaskContext.get()
        found = batches(records, task.worker.storage.batch)
        write_records(self._path(task.partitionId()), (batch for batch, _ in found))

    def _path(self, partition):
        return self.folder / f"part-{partition:05}"

    def compute(self, partition):
        """The records of one partition."""
        return read_records(self._path(partition))

    def needs(self, partition):
        return []


class Local(Reliable):
    """A local checkpoint: the blocks that the workers have cached."""

    def __init__(self, rdd_id):
        self.rdd_id = rdd_id

    def write(self, rdd):
        """Run a job that stores the partitions that are not cached yet.

        It visits the others too, as what was cached without a disk has one now.
        """
        partitions = range(rdd.getNumPartitions())
        rdd.ctx.run_one_job(rdd, _nothing, partitions, "localCheckpoint")

    def compute(self, partition):
        """Called where a block is not cached, which means that it is lost."""
        raise RuntimeError(
            f"Checkpoint block rdd_{self.rdd_id}_{partition} not found: it was "
            "unpersisted, or its worker was lost, and the lineage is cut; checkpoint() "
            "instead of localCheckpoint() would have kept it"
        )


def write_checkpoints(rdd, marked):
    """Write and cut what is marked of an RDD that a job has just run on, or above it;
    not what is above a marked one, as nobody needs that any more."""
    stack, seen = [rdd], set()
    while stack:
        current = stack.pop()
        if marked.pop(current._id, None) is None:
            above = [parent for parent in current.parents if parent not in seen]
            seen.update(above)
            stack += above[::-1]
        else:
            try:
                current._checkpoint.write(current)
            except BaseException:
                marked[current._id] = current
                raise
            _cut(current)


def _cut(rdd):
    """Replace the recipe of an RDD by its checkpoint."""
    checkpoint = rdd._checkpoint
    checkpoint.done = True
    rdd.parents, rdd.shuffle = (), None
    rdd.compute, rdd.needs = checkpoint.compute, checkpoint.needs
    for recipe in ("f", "slices"):
        vars(rdd).pop(recipe, None)


def _nothing(records):
    """Of use all the same: a block is stored before its first record is read."""


def _with_disk(level):
    return StorageLevel(
        True, level.useMemory, level.useOffHeap, level.deserialized, level.replication
    )
