"""Tasks that wait for each other: a directed acyclic graph, with its work and depth.

work   the lengths of all tasks together: T_1
depth  the lengths on the longest path: T_infinity
"""

from dataclasses import dataclass
from functools import cached_property

from cme323.errors import BadInput


@dataclass(frozen=True, repr=False)
class DAG:
    """Tasks 0, 1, 2, ...: how long each takes, and the earlier ones it waits for.

    labels: what a picture calls them, if given.

    >>> DAG(lengths=(1, 1, 1), parents=((), (), (0, 1)))
    DAG(tasks=3, work=3, depth=2)
    """

    lengths: tuple[float, ...]
    parents: tuple[tuple[int, ...], ...]
    labels: tuple[str, ...] = ()

    def __post_init__(self):
        if len(self.lengths) != len(self.parents):
            raise BadInput(
                "a DAG needs a length and the parents of each task: got "
                f"{len(self.lengths)} lengths and the parents of {len(self.parents)}"
            )
        for task, (length, parents) in enumerate(zip(self.lengths, self.parents)):
            if not 0 <= length < float("inf"):
                raise BadInput(f"task {task} needs a length from 0 up, not {length!r}")
            if any(not 0 <= parent < task for parent in parents):
                raise BadInput(
                    f"task {task} must wait for earlier tasks only, not for {parents}: "
                    "number the tasks so that each comes after its parents"
                )

    @property
    def work(self):
        """T_1: how long one processor takes."""
        return sum(self.lengths)

    @property
    def depth(self):
        """T_infinity: how long it takes, however many the processors."""
        return max(self.ends, default=0)

    @property
    def parallelism(self):
        """W/D: more processors than this must be idle at times."""
        return self.work / self.depth if self.depth else 0.0

    @cached_property
    def ends(self):
        """When each task ends at the earliest: the longest path to it, itself too."""
        ends = []
        for length, parents in zip(self.lengths, self.parents):
            ends.append(length + max((ends[parent] for parent in parents), default=0))
        return ends

    @cached_property
    def tails(self):
        """The longest path from each task on, itself too."""
        tails = list(self.lengths)
        for task in reversed(range(len(tails))):
            for parent in self.parents[task]:
                reach = self.lengths[parent] + tails[task]
                tails[parent] = max(tails[parent], reach)
        return tails

    @cached_property
    def children(self):
        """The tasks that wait for each task."""
        children = [[] for _ in self.lengths]
        for task, parents in enumerate(self.parents):
            for parent in parents:
                children[parent].append(task)
        return children

    def __repr__(self):
        return f"DAG(tasks={len(self.lengths)}, work={self.work}, depth={self.depth})"


def independent(lengths):
    """The DAG of jobs that do not wait for each other."""
    lengths = tuple(lengths)
    return DAG(lengths, ((),) * len(lengths))
