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
method names and meaning. Left out: storage levels, checkpoints, Hadoop formats.
"""

from itertools import chain

from cme323.engine.actions import Actions
from cme323.engine.files import Files
from cme323.engine.numeric import Numeric
from cme323.engine.pairs import PairOperations
from cme323.engine.reshaping import Reshaping
from cme323.engine.shuffle import Shuffle
from cme323.engine.transformations import Transformations


class RDD(Transformations, Reshaping, PairOperations, Actions, Numeric, Files):
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
        self.is_cached = False
        self._numPartitions = numPartitions
        self._name = name  # of the method that made it
        self._given_name = None
        self._id = ctx.register(self)

    def compute(self, partition):
        """An iterator over the records of one partition, from the parents'."""
        raise NotImplementedError

    def iterator(self, partition):
        """The records of one partition: from the cache, or computed."""
        if not self.is_cached:
            return self.compute(partition)
        return iter(self.ctx.storage.get(self, partition, self.compute))

    def cache(self):
        """Keep each partition in memory once it is computed."""
        self.is_cached = True
        return self

    def unpersist(self):
        """Forget the cached partitions; they can be computed again."""
        self.is_cached = False
        self.ctx.storage.drop(self._id)
        return self

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
            cached = " [cached]" if rdd.is_cached else ""
            given = f"{rdd._given_name} " if rdd._given_name else ""
            lines.append(f"{lead}{given}{rdd._name} RDD[{rdd._id}]{cached}")
            for parent in rdd.parents[::-1]:
                lead, indent = f"{margin} |  ", margin
                if rdd.shuffle is not None:
                    lead = f"{margin} +-({parent._numPartitions}) "
                    indent = f"{margin}   "
                stack.append((parent, lead, indent))
        return "\n".join(lines).encode()

    def __repr__(self):
        return f"{self._name} RDD[{self._id}] in {self._numPartitions} partitions"


class Slices(RDD):
    """Partitions that are there already: iterables, one for each partition."""

    def __init__(self, ctx, slices, name):
        super().__init__(ctx, (), len(slices), None, name)
        self.slices = slices

    def compute(self, partition):
        return iter(self.slices[partition])


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

    def compute(self, partition):
        for parent in self.parents:
            if partition < parent.getNumPartitions():
                return parent.iterator(partition)
            partition -= parent.getNumPartitions()


class Coalesced(RDD):
    """Neighbouring partitions of the parent as one; nothing moves."""

    def __init__(self, parent, numPartitions, name):
        size = min(numPartitions, parent.getNumPartitions())
        super().__init__(parent.ctx, (parent,), size, None, name)

    def compute(self, partition):
        (parent,), total = self.parents, self.parents[0].getNumPartitions()
        first = partition * total // self.getNumPartitions()
        end = (partition + 1) * total // self.getNumPartitions()
        return chain.from_iterable(parent.iterator(i) for i in range(first, end))


class Cartesian(RDD):
    """Every pair of partitions: all (x, y) with x from the one, y from the other."""

    def __init__(self, left, right, name):
        size = left.getNumPartitions() * right.getNumPartitions()
        super().__init__(left.ctx, (left, right), size, None, name)

    def compute(self, partition):
        left, right = self.parents
        i, j = divmod(partition, right.getNumPartitions())
        there = list(right.iterator(j))
        return ((x, y) for x in left.iterator(i) for y in there)


class Shuffled(RDD):
    """The (key, value) records of the parent, moved to the partitions of their keys."""

    def __init__(self, parent, partitioner, name):
        size = partitioner.numPartitions
        super().__init__(parent.ctx, (parent,), size, partitioner, name)
        self.shuffle = Shuffle(parent, partitioner)

    def compute(self, partition):
        return self.shuffle.read(partition)
