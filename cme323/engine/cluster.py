"""A simulated cluster: its machines, and how long things take on them.

    a task         slow * (overhead + gamma * records + its fetches)
    a fetch        alpha + beta * bytes, one for each other machine that has blocks
    a result       alpha + beta * bytes, one after another at the driver
    a broadcast    rounds * (alpha + beta * bytes); in each, all who have it pass it on

Seconds, in the alpha-beta model: alpha for a message, beta for a byte of it, gamma for
a record that a task takes in (from the driver's data, a file, the cache or a shuffle)
or writes to a shuffle. `slow` is 1 but for stragglers. No Python is timed, so the clock
shows the same on every laptop.

Left out: a chain of narrow steps costs no more than one; messages share no wire, and
wait for no sender; recipes, the driver's data, the news that a task has ended, and what
the driver computes cost nothing. Where a size is unknown, since something cannot be
pickled, only alpha counts.
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from math import inf
from numbers import Integral, Real
from random import Random

from cme323.errors import BadInput


@dataclass(frozen=True)
class Cluster:
    """The machines of a simulated cluster, for Context(cluster=...).

    cores       how many tasks a machine runs at a time
    failures    {machine: the second at which it dies}, or the mean seconds that a
                machine lives, after each start of it, exponentially distributed
    restart     seconds until a dead machine is back, with nothing; inf: never
    stragglers  {machine: how many times slower it is}, or the probability that a task
                is `slow` times slower
    overhead    seconds to start a task
    alpha       seconds for a message; beta: for each byte of it; gamma: for a record

    The defaults are round figures for 10 Gbit/s Ethernet, and tasks in Python.

    >>> from cme323 import Context
    >>> sc = Context(cluster=Cluster(machines=2, overhead=1, alpha=0.5, beta=0))
    >>> sc.range(4).count(), round(sc.clock, 3)
    (4, 2.0)
    """

    machines: int = 8
    _: KW_ONLY
    failures: Mapping[int, float] | float | None = None
    stragglers: Mapping[int, float] | float = 0.0
    seed: int = 0
    cores: int = 1
    restart: float = 10.0
    slow: float = 5.0
    overhead: float = 5e-3
    alpha: float = 1e-3
    beta: float = 1e-9
    gamma: float = 1e-6

    def __post_init__(self):
        for name in ("machines", "cores"):
            _whole(name, getattr(self, name))
        for name in ("restart", "slow", "overhead", "alpha", "beta", "gamma"):
            _within(name, getattr(self, name), 0, inf)
        if isinstance(self.stragglers, Mapping):
            self._by_machine("stragglers")
        else:
            _within("stragglers", self.stragglers, 0, 1)
        if isinstance(self.failures, Mapping):
            self._by_machine("failures")
        elif self.failures is not None:
            _within("failures", self.failures, 0, inf)
            if self.failures == 0:
                raise BadInput("failures must be a mean lifetime above 0, not 0")

    def seconds(self, counts):
        """How long a task that counted this occupies its core, if it is not slow."""
        records = counts.records_in + counts.records_read + counts.records_written
        fetching = self.alpha * counts.fetches + self.beta * counts.bytes_fetched
        return self.overhead + self.gamma * records + fetching

    def message(self, size):
        """How long a message of so many bytes takes."""
        return self.alpha + self.beta * size

    def broadcast(self, size):
        """How long it takes until all machines have what the driver tells one.

        After each round twice as many know it; at first the driver alone.
        """
        return self.machines.bit_length() * self.message(size)

    def slowness(self, machine, task, is_copy):
        """How many times slower this attempt is; drawn by its name, not in turn."""
        if isinstance(self.stragglers, Mapping):
            return self.stragglers.get(machine, 1.0)
        if not self.stragglers:
            return 1.0
        name = self.seed, task.set.stage, task.partition, task.attempt, is_copy
        return self.slow if Random(str(name)).random() < self.stragglers else 1.0

    def deaths(self):
        """(machine, second) of each death that is known before."""
        return self.failures.items() if isinstance(self.failures, Mapping) else ()

    def lifetime(self, worker):
        """How long this worker lives from its start, if failures come by chance."""
        if self.failures is None or isinstance(self.failures, Mapping):
            return inf
        return Random(f"{self.seed}, {worker}").expovariate(1 / self.failures)

    def _by_machine(self, name):
        for machine, value in getattr(self, name).items():
            if machine not in range(self.machines):
                raise BadInput(
                    f"{name} must be of machines 0 to {self.machines - 1}, "
                    f"not {machine!r}"
                )
            _within(f"{name}[{machine}]", value, 0, inf)


def _whole(name, value):
    if not isinstance(value, Integral) or value < 1:
        raise BadInput(f"{name} must be a whole number from 1, not {value!r}")


def _within(name, value, low, high):
    if not isinstance(value, Real) or not low <= value <= high:
        raise BadInput(f"{name} must be a number from {low} to {high}, not {value!r}")
