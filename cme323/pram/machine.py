"""The fork-join machine (PRAM): it counts work and depth while a program runs.

    one after the other   work and depth add up
    at the same time      work adds up; depth is that of the deepest branch
    rounds                barriers that the program names by `round()`

A program is plain Python. Its data are counted values, which `array` makes: each
arithmetic operation or comparison of one is a unit of work, and comes after all that
its branch did before. Python's own numbers, such as indices, cost nothing, nor do
reading, copying, or starting a branch.

Left out: processors (schedule.py has them), and who may touch a cell at the same time.
Branches run in order, so a branch must not need what another one at its side writes.

Source: Blelloch, Programming parallel algorithms, CACM 39 (1996).
"""

import operator
from collections import Counter
from collections.abc import Iterable
from functools import partial

from cme323.cost import Cost
from cme323.errors import BadInput
from cme323.pram.dag import DAG


class PRAM:
    """Work and depth of fork-join programs, and their DAG if record=True.

    operations  how many there were of each kind: Counter({'+': 3})
    rounds      how many the program began, on the branch with the most

    >>> pram = PRAM()
    >>> a, b, c, d = pram.array([1, 2, 3, 4])
    >>> left, right = pram.fork(lambda: a + b, lambda: c + d)
    >>> left + right, pram.cost
    (10, Cost(work=3, depth=2))
    """

    def __init__(self, record=False):
        self.operations = Counter()
        self.rounds = 0
        self._depth = 0
        # The last operation of this branch, if recorded: the next one waits for it.
        self._last = None
        self._lengths, self._parents, self._labels = (
            ([], [], []) if record else [None] * 3
        )

    def array(self, values):
        """A list of counted values; those that are counted already stay as they are."""
        return [
            self._owned(v) if isinstance(v, Counted) else Counted(v, self)
            for v in values
        ]

    def fork(self, *branches):
        """The result of each branch; all run at the same time, and join here."""
        return self._together(branches)

    def map(self, f, *xs):
        """[f(x) for x in xs], all at the same time; like map() if there are more xs."""
        return self._together(partial(f, *items) for items in zip(*xs))

    def parallel_for(self, indices, body):
        """body(i) for each index, all at the same time."""
        if not isinstance(indices, Iterable):
            raise BadInput(
                f"parallel_for() needs the indices, such as range({indices}), "
                f"not {indices!r}"
            )
        self._together(partial(body, i) for i in indices)

    def round(self):
        """A round begins: all that came before has ended. It costs nothing itself."""
        self.rounds += 1

    @property
    def cost(self):
        """What was counted so far; rounds are None in a program that began none."""
        work = self.operations.total()
        return Cost(work=work, depth=self._depth, rounds=self.rounds or None)

    def charge(self, cost):
        """Count what a program cost elsewhere, as if it had run here."""
        self.operations["elsewhere"] += cost.work
        self._depth += cost.depth

    @property
    def dag(self):
        """A task for each operation so far, and one of length 0 for each join."""
        if self._parents is None:
            raise BadInput("there is no DAG: ask for it before, by PRAM(record=True)")
        return DAG(tuple(self._lengths), tuple(self._parents), tuple(self._labels))

    def _together(self, branches):
        start, ends, results = (self._depth, self.rounds, self._last), [], []
        for branch in branches:
            self._depth, self.rounds, self._last = start
            results.append(branch())
            ends.append((self._depth, self.rounds, self._last))
        if ends:
            depths, rounds, tips = zip(*ends)
            self._depth, self.rounds = max(depths), max(rounds)
            self._last = self._join(start[2], set(tips))
        return results

    def _join(self, start, tips):
        """What the next operation waits for, after branches that end in `tips`."""
        tips = tips - {start}
        if len(tips) < 2:
            return tips.pop() if tips else start
        # Without it, n branches and then m of them would need n * m edges.
        return self._task(0, tuple(sorted(tips)), "join")

    def _count(self, symbol):
        self.operations[symbol] += 1
        self._depth += 1
        if self._parents is not None:
            before = () if self._last is None else (self._last,)
            self._last = self._task(1, before, symbol)

    def _task(self, length, parents, label):
        self._lengths.append(length)
        self._parents.append(parents)
        self._labels.append(label)
        return len(self._lengths) - 1

    def _owned(self, counted):
        if counted.machine is not self:
            raise BadInput(
                f"{counted} is counted by another PRAM: give each array to one machine"
            )
        return counted


def plain(x):
    """The values of counted values, also inside lists and tuples; reading is free."""
    if isinstance(x, list | tuple):
        return type(x)(map(plain, x))
    return x.value if isinstance(x, Counted) else x


def _arithmetic(symbol, op):
    def method(self, other):
        return self._counted(symbol, op(self.value, self._value(other)))

    return method


def _reflected(symbol, op):
    def method(self, other):
        return self._counted(symbol, op(self._value(other), self.value))

    return method


def _comparison(symbol, op):
    def method(self, other):
        return self._counted(symbol, op(self.value, self._value(other))).value

    return method


def _unary(symbol, op):
    def method(self):
        return self._counted(symbol, op(self.value))

    return method


class Counted:
    """A value whose arithmetic and comparisons are counted; it prints as the value.

    A result of arithmetic is counted too; that of a comparison is a plain bool.
    """

    __slots__ = ("machine", "value")
    __hash__ = None
    # NumPy's numbers then leave the operation to us.
    __array_ufunc__ = None

    def __init__(self, value, machine):
        self.value = value
        self.machine = machine

    __add__, __radd__ = _arithmetic("+", operator.add), _reflected("+", operator.add)
    __sub__, __rsub__ = _arithmetic("-", operator.sub), _reflected("-", operator.sub)
    __mul__, __rmul__ = _arithmetic("*", operator.mul), _reflected("*", operator.mul)
    __truediv__ = _arithmetic("/", operator.truediv)
    __rtruediv__ = _reflected("/", operator.truediv)
    __floordiv__ = _arithmetic("//", operator.floordiv)
    __rfloordiv__ = _reflected("//", operator.floordiv)
    __mod__, __rmod__ = _arithmetic("%", operator.mod), _reflected("%", operator.mod)
    __and__, __rand__ = _arithmetic("&", operator.and_), _reflected("&", operator.and_)
    __or__, __ror__ = _arithmetic("|", operator.or_), _reflected("|", operator.or_)
    __xor__, __rxor__ = _arithmetic("^", operator.xor), _reflected("^", operator.xor)
    __neg__, __abs__ = _unary("neg", operator.neg), _unary("abs", operator.abs)
    __lt__, __le__ = _comparison("<", operator.lt), _comparison("<=", operator.le)
    __gt__, __ge__ = _comparison(">", operator.gt), _comparison(">=", operator.ge)
    __eq__, __ne__ = _comparison("==", operator.eq), _comparison("!=", operator.ne)

    def __bool__(self):
        return bool(self.value)

    def __index__(self):
        return operator.index(self.value)

    def __float__(self):
        return float(self.value)

    def __repr__(self):
        return repr(self.value)

    def _value(self, other):
        return self.machine._owned(other).value if isinstance(other, Counted) else other

    def _counted(self, symbol, result):
        self.machine._count(symbol)
        return Counted(result, self.machine)
