"""A machine of a test's has a twin in the child, which counts.

The twin stays as long as the machine does: an RDD that a function returned may run its
jobs later. What the child says of costs is a count of all so far, and never goes down.
"""

from weakref import WeakKeyDictionary

from cme323.course.grade.answers import cost_of
from cme323.course.grade.decode import decode
from cme323.pram import PRAM


class Twins:
    """The twins in one process, each as long as its machine."""

    def __init__(self):
        self._twins = WeakKeyDictionary()
        self._numbered = 0

    def number(self, machine):
        """The number of a machine's twin."""
        if machine not in self._twins:
            self._numbered += 1
            self._twins[machine] = Twin(self._numbered)
        return self._twins[machine].number

    def all(self):
        """(machine, twin) of each."""
        return list(self._twins.items())


def charge(machines, costs):
    """Add to each machine what its twin has cost since; an error if that is no cost."""
    for (machine, twin), node in zip(machines, costs, strict=True):
        twin.charge(machine, decode(node))


class Twin:
    """A machine in the child, and what it has cost so far."""

    def __init__(self, number):
        self.number = number
        self.known = {}

    def charge(self, machine, known):
        """Add to the test's machine what is new; ValueError if none can cost it."""
        so_far = cost_of(known).known
        more = {key: n - self.known.get(key, 0) for key, n in so_far.items()}
        cost = cost_of(more)
        self.known = known
        if not any(more.values()):
            return
        if hasattr(machine, "charge"):  # a Network or a PRAM
            machine.charge(cost)
        else:
            machine.cost = machine.cost + cost

    def made(self, machine):
        """How to make a machine like this one: number, module, name, options.

        NB: a Network's links and seconds stay behind; what is counted is the same.
        """
        if isinstance(machine, PRAM):
            return [self.number, "cme323.pram.machine", "PRAM"]
        if hasattr(machine, "ranks"):
            return [self.number, "cme323.network.machine", "Network", machine.ranks]
        partitions = machine.defaultParallelism
        return [self.number, "cme323.engine.context", "Context", partitions]
