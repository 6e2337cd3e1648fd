"""A job: what a programmer writes for MapReduce, three functions and a partitioner.

    mapper       record       ->  pairs (key, value)
    combiner     key, values  ->  pairs (key, value), of the pairs of one map task
    reducer      key, values  ->  records

Each returns an iterable, or yields. `values` can be read once, from disk. A combiner
must leave the key as it is, and it may run any number of times, none too: the reducer
must give the same with it as without. A reducer whose records are such pairs, as a sum,
can be the combiner as well.

Source: Dean, Ghemawat, MapReduce, OSDI 2004.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from cme323.engine.partitioner import portable_hash
from cme323.errors import BadInput


@dataclass(frozen=True)
class Job:
    """One map and one reduce, with a shuffle between them.

    mapper       one function; or a tuple, one for each input. NB: MultipleInputs
    partitioner  of a key: which reducer gets it, modulo their number
    reducers     their number; by default the machine's `partitions`

    >>> Job(mapper=lambda line: [(word, 1) for word in line.split()],
    ...     reducer=lambda word, ones: [(word, sum(ones))])
    Job(...)
    """

    mapper: Callable | tuple[Callable, ...]
    reducer: Callable
    combiner: Callable | None = None
    partitioner: Callable[[Hashable], int] = portable_hash
    reducers: int | None = None

    def mappers(self, inputs):
        """The mapper of each input."""
        if not isinstance(self.mapper, tuple):
            return (self.mapper,) * inputs
        if len(self.mapper) != inputs:
            raise BadInput(
                f"expected as many inputs as mappers, got {inputs} for "
                f"{len(self.mapper)}: give one mapper for all, or one for each"
            )
        return self.mapper
