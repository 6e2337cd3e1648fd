"""Rank: what a rank program may do. It yields requests, and the machine answers.

    def ring(rank, token):
        right, left = (rank.number + 1) % rank.size, (rank.number - 1) % rank.size
        return (yield rank.exchange(right, token, left))

A program is a generator function. Its first argument is the rank that runs it; what it
returns is that rank's answer. One program uses another by `yield from`.

    yield rank.send(to, value)                 waits until `to` receives it
    value = yield rank.receive(source)         waits until `source` sends
    value = yield rank.exchange(to, value, source)    both at the same time
    value = yield rank.compute(f, *arguments)  f(*arguments), which takes time

A send waits for its receiver, as MPI's Ssend and gloo's send do: two ranks that both
send first wait for ever. Left out: receiving from whoever comes first.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from numbers import Number

import numpy as np

from cme323.errors import BadInput


class Rank:
    """One of `size` ranks, numbered from 0, with a random generator of its own."""

    def __init__(self, number, size, seed=0):
        self.number = number
        self.size = size
        self.rng = np.random.default_rng([seed, number])

    def send(self, to, value, timeout=None):
        """Give `value` to rank `to`; TimeoutError if it does not begin to take it."""
        return Transfer(self._other(to), value, None, timeout)

    def receive(self, source, timeout=None):
        """What rank `source` sends; TimeoutError if nothing begins to come."""
        return Transfer(None, None, self._other(source), timeout)

    def exchange(self, to, value, source):
        """Send to one rank and receive from one, the same or another, at once."""
        return Transfer(self._other(to), value, self._other(source))

    def compute(self, f, *arguments):
        """f(*arguments), for a gamma for each word of the longest value in it."""
        return Compute(f, arguments)

    def _other(self, number):
        if number not in range(self.size) or number == self.number:
            raise BadInput(
                f"rank {self.number} can send to and receive from the other ranks of "
                f"0 to {self.size - 1}, not {number!r}"
            )
        return number


@dataclass(frozen=True)
class Transfer:
    """A request to send `value` to a rank, to receive from one, or both at once."""

    to: int | None
    value: object
    source: int | None
    timeout: float | None = None


@dataclass(frozen=True)
class Compute:
    """A request to compute f(*arguments)."""

    f: Callable
    arguments: tuple


def words(value):
    """How many numbers are in it; a text counts one for each 8 bytes.

    >>> words([1, 2.5, (3, "a text of 20 letters")]), words(np.zeros((2, 3)))
    (6, 6)
    """
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, Number | np.generic):
        return 1
    if value is None:
        return 0
    if isinstance(value, str | bytes):
        return -(-len(value.encode() if isinstance(value, str) else value) // 8)
    if isinstance(value, dict):
        return words(list(value.items()))
    if isinstance(value, list | tuple | set | frozenset):
        return sum(map(words, value))
    raise BadInput(
        "a message is made of numbers, texts, arrays, lists, tuples, sets and dicts, "
        f"and has no {type(value).__name__} in it{_forgotten(value)}"
    )


def _forgotten(value):
    """What a student may have left out, who has a request or a program for a value."""
    if isinstance(value, Transfer | Compute):
        return ": write x = yield rank.receive(...), not x = rank.receive(...)"
    if isinstance(value, Generator):
        return f": write x = yield from {value.__name__}(rank, ...)"
    return ""


def start(program, rank, each, same):
    """The generator of a program at one rank."""
    running = program(rank, *each, **same)
    if not hasattr(running, "send"):
        raise BadInput(
            f"{getattr(program, '__name__', program)!r} is no rank program: it must "
            "be a generator function, one that yields rank.send(...) and the like"
        )
    return running


def checked(request, rank):
    """The request, if it is one."""
    if isinstance(request, Generator):
        raise BadInput(
            f"rank {rank.number} yielded the program {request.__name__}(): write "
            f"yield from {request.__name__}(rank, ...)"
        )
    if not isinstance(request, Transfer | Compute):
        raise BadInput(
            f"rank {rank.number} yielded {request!r}: yield rank.send(...), "
            "rank.receive(...), rank.exchange(...) or rank.compute(...)"
        )
    return request


def columns(each, size):
    """Lists with an item for each rank, as the arguments of each rank."""
    for column in each:
        if not hasattr(column, "__len__") or len(column) != size:
            got = len(column) if hasattr(column, "__len__") else repr(column)
            raise BadInput(
                f"a positional argument is a list with an item for each of {size} "
                f"ranks, not {got}: pass what all ranks share by keyword"
            )
    return [tuple(column[number] for column in each) for number in range(size)]
