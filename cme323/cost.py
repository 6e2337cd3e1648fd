"""Cost: what a theorem predicts and what a machine counts, in one type.

    predicted = pagerank_cost(n, m, iterations=5, partitions=4)
    measured = sc.cost
    measured <= predicted           # the theorem, as an expression

A field is None where nobody knows it: a theorem that does not speak of it, or
a machine that cannot count it. None is never 0, and it survives arithmetic.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True, repr=False)
class Cost:
    """How much a computation costs, in the units that theory counts.

    work      operations, over all processors
    depth     operations on the longest chain that must run one after another
    rounds    barriers: shuffles, supersteps, message rounds
    tasks     partitions computed, over all stages
    records   key-value pairs written to shuffles, or items sent between ranks
    bytes     the same, in bytes
    messages  messages sent between ranks
    flops     floating-point operations
    disk_read, disk_written    bytes from and to disk, where data live there

    >>> build, step = Cost(rounds=1, records=500), Cost(rounds=2, records=1_200)
    >>> build + step * 10
    Cost(rounds=21, records=12,500)
    >>> Cost(rounds=21, records=12_480, bytes=99_000) <= build + step * 10
    True
    """

    work: float | None = None
    depth: float | None = None
    rounds: float | None = None
    tasks: float | None = None
    records: float | None = None
    bytes: float | None = None
    messages: float | None = None
    flops: float | None = None
    disk_read: float | None = None
    disk_written: float | None = None

    def __add__(self, other):
        """First one, then the other: every field adds up."""
        if not isinstance(other, Cost):
            return NotImplemented
        return self._combine(other, lambda a, b: a + b)

    def __sub__(self, other):
        """What was spent between two readings of one machine."""
        if not isinstance(other, Cost):
            return NotImplemented
        return self._combine(other, lambda a, b: a - b)

    def __mul__(self, times):
        """The same again, `times` times."""
        return Cost(**{name: value * times for name, value in self.known.items()})

    __rmul__ = __mul__

    def __le__(self, other):
        """At most `other` in every field that both know; raises if there is none."""
        if not isinstance(other, Cost):
            return NotImplemented
        shared = self.known.keys() & other.known.keys()
        if not shared:
            raise ValueError(
                f"cannot compare {self} with {other}: no field is known to both"
            )
        return all(self.known[name] <= other.known[name] for name in shared)

    @property
    def known(self):
        """The fields that have a value, by name, in the order above."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}

    def _combine(self, other, op):
        shared = [name for name in self.known if name in other.known]
        return Cost(
            **{name: op(getattr(self, name), getattr(other, name)) for name in shared}
        )

    def __repr__(self):
        return f"Cost({', '.join(f'{k}={v:,}' for k, v in self.known.items())})"
