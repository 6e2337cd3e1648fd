"""RDD: a list in partitions, kept as the recipe that makes it.

A recipe is parents and a function. Most recipes are narrow: partition i of the
child needs partition i of each parent, so a chain of them runs as generators
inside one task, and no list is built between them. A wide one reads a shuffle.

    Slices     data that the driver holds         no parents
    Narrow     f(i, partition i of each parent)
    Union      the partitions of all parents, one after another
    Coalesced  several partitions of one parent as one
    Cartesian  each partition of one parent with each of another
    Shuffled   what a shuffle brings to each partition

Nothing is computed before an action asks. NB: Spark's RDD, with PySpark's
method names and meaning. Left out: Hadoop formats.
"""

from itertools import chain

from cme323.engine.actions import Actions
from cme323.engine.callsite import call_site
from cme323.engine.files import Files
from cme323.engine.lineage import Lineage
from cme323.engine.numeric import Numeric
from cme323.engine.pairs import PairOperations
from cme323.engine.persistence import Persistence
from cme323.engine.reshaping import Reshaping
from cme323.engine.shuffle import Shuffle
from cme323.engine.storagelevel import StorageLevel
from cme323.engine.task import TaskContext
from cme323.engine.transformations import Transformations


class RDD(
    Transformations, Reshaping, PairOperations, Actions, Numeric, Files, Persistence
):
    """A resilient distributed dataset; make one with a Context.

    >>> from cme323.engine import Context
    >>> Context(partitions=2).parallelize([1, 2, 3, 4]).map(lambda x: x * x).collect()
    [1, 4, 9, 16]
    """

    shuffle = None

    def __init__(self, ctx, parents, numPartitions, partitioner, name):
        self.ctx = self.context = ctx
        self.parents = parents
        self.partitioner = partitioner
        self.is_cached = self.is_checkpointed = False
        self._level = StorageLevel.NONE
        self._checkpoint = None
        self._numPartitions = numPartitions
        self._name = name  # of the method that made it
        self._given_name = None
        self._id = ctx.register(self)
        self.site = call_site()

    def needs(self, partition):
        """(parent, partition) of each that this partition is computed from, in the
        same task. What a shuffle brings is not among them."""
        return [(parent, partition) for parent in self.parents]

    def compute(self, partition):
        """An iterator over the records of one partition, in a task."""
        raise NotImplementedError

    def iterator(self, partition):
        """The records of one partition, in a task: from the cache, or computed."""
        task = TaskContext.get()
        if self._level.useMemory or self._level.useDisk:
            return task.worker.storage.read(self, partition, task.counts)
        return self.computed(partition, task.counts)

    def computed(self, partition, counts):
        """The records, computed, and counted as such, or from a checkpoint."""
        if not self.isCheckpointed():
            counts.computed.append((self._id, partition))
        return self.compute(partition)

    def id(self):
        return self._id

    def name(self):
        """The name that setName gave; None before. A text file's is its path."""
        return self._given_name

    def setName(self, name):
        """A name of your own, which toDebugString shows; None takes it away."""
        if not isinstance(name, str | None):
            raise TypeError(f"a name must be a str, not {type(name).__name__}")
        self._given_name = name or None
        return self

    def getNumPartitions(self):
        return self._numPartitions

    def toDebugString(self):
        """The lineage as bytes: one line an RDD, indented once for each shuffle.

        >>> from cme323.engine import Context
        >>> pairs = Context(partitions=2).parallelize([("a", 1)])
        >>> print(pairs.partitionBy(3).mapValues(str).toDebugString().decode())
        (3) mapValues RDD[2]
         |  partitionBy RDD[1]
         +-(2) parallelize RDD[0]
        """
        lines, stack = [], [(self, f"({self._numPartitions}) ", "")]
        while stack:
            rdd, lead, margin = stack.pop()
            cached = " [cached]" * rdd.is_cached
            cached += " [checkpointed]" * rdd.isCheckpointed()
            given = f"{rdd._given_name} " if rdd._given_name else ""
            lines.append(f"{lead}{given}{rdd._name} RDD[{rdd._id}]{cached}")
            for parent in rdd.parents[::-1]:
                lead, indent = f"{margin} |  ", margin
                if rdd.shuffle is not None:
                    lead = f"{margin} +-({parent._numPartitions}) "
                    indent = f"{margin}   "
                stack.append((parent, lead, indent))
        return "\n".join(lines).encode()

    def show(self):
        """The lineage as stages and shuffles, with what they moved: a Lineage."""
        return Lineage(self)

    def __reduce__(self):
        raise RuntimeError(
            f"a task uses {self!r}, but an RDD can only be used on the driver: "
            "collect it first, or join the two RDDs"
        )

    def __repr__(self):
        return f"{self._name} RDD[{self._id}] in {self._numPartitions} partitions"


class Slices(RDD):
    """Partitions that are there already: iterables, one for each partition."""

    def __init__(self, ctx, slices, name):
        super().__init__(ctx, (), len(slices), None, name)
        self.slices = slices

    def compute(self, partition):
        records, counts = self.slices[partition], TaskContext.get().counts
        if hasattr(records, "__len__"):
            counts.records_in += len(records)
            return iter(records)
        return _counted(records, counts)


def _counted(records, counts):
    """The records, of which only the last knows how many they are."""
    seen = 0
    try:
        for seen, record in enumerate(records, start=1):  # noqa: B007
            yield record
    finally:
        counts.records_in += seen


class Narrow(RDD):
    """f(i, records of partition i of each parent), for each partition i."""

    def __init__(self, parents, f, partitioner, name):
        first = parents[0]
        super().__init__(
            first.ctx, parents, first.getNumPartitions(), partitioner, name
        )
        self.f = f

    def compute(self, partition):
        records = [parent.iterator(partition) for parent in self.parents]
        return iter(self.f(partition, *records))


class Union(RDD):
    """All partitions of all parents; nothing moves."""

    def __init__(self, ctx, parents, name):
        total = sum(parent.getNumPartitions() for parent in parents)
        super().__init__(ctx, parents, total, None, name)

    def needs(self, partition):
        for parent in self.parents:
            if partition < parent.getNumPartitions():
                return [(parent, partition)]
            partition -= parent.getNumPartitions()

    def compute(self, partition):
        ((parent, i),) = self.needs(partition)
        return parent.iterator(i)


class Coalesced(RDD):
    """Neighbouring partitions of the parent as one; nothing moves."""

    def __init__(self, parent, numPartitions, name):
        size = min(numPartitions, parent.getNumPartitions())
        super().__init__(parent.ctx, (parent,), size, None, name)

    def needs(self, partition):
        (parent,), total = self.parents, self.parents[0].getNumPartitions()
        first = partition * total // self.getNumPartitions()
        end = (partition + 1) * total // self.getNumPartitions()
        return [(parent, i) for i in range(first, end)]

    def compute(self, partition):
        return chain.from_iterable(p.iterator(i) for p, i in self.needs(partition))


class Cartesian(RDD):
    """Every pair of partitions: all (x, y) with x from the one, y from the other."""

    def __init__(self, left, right, name):
        size = left.getNumPartitions() * right.getNumPartitions()
        super().__init__(left.ctx, (left, right), size, None, name)

    def needs(self, partition):
        left, right = self.parents
        i, j = divmod(partition, right.getNumPartitions())
        return [(left, i), (right, j)]

    def compute(self, partition):
        (left, i), (right, j) = self.needs(partition)
        there = list(right.iterator(j))
        return ((x, y) for x in left.iterator(i) for y in there)


class Shuffled(RDD):
    """The (key, value) records of the parent, moved to the partitions of their keys."""

    def __init__(self, parent, partitioner, name):
        size = partitioner.numPartitions
        super().__init__(parent.ctx, (parent,), size, partitioner, name)
        self.shuffle = Shuffle(parent, partitioner, self._id)

    def needs(self, partition):
        return []

    def compute(self, partition):
        return self.shuffle.read(partition)
