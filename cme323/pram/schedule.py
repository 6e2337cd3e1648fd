"""Schedules of a DAG on P processors, by a list: T_P, idle time and speedup, counted.

    whenever a processor is free, it takes the first task of the list that is ready

So no processor is idle while a task waits for one: the schedule is greedy. Then

    max(W/P, D)  <=  T_P  <=  (W - D)/P + D             any greedy schedule, Brent
    T_P  <=  (2 - 1/P) OPT                              any list, Graham
    T_P  <=  (4/3 - 1/(3P)) OPT                         jobs, the longest first (LPT)

A task of length 0 takes no processor.

Sources: Brent, JACM 21 (1974); Graham, Bell System Technical Journal 45 (1966) and
SIAM Journal on Applied Mathematics 17 (1969).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from numbers import Integral

from cme323.errors import BadInput
from cme323.pram.dag import DAG, independent


def list_schedule(dag: DAG, processors: int, order: Sequence[int]) -> "Schedule":
    """The schedule of a DAG by a list of its tasks, those to prefer first.

    >>> jobs = independent([1, 1, 2])
    >>> list_schedule(jobs, 2, order=[0, 1, 2]).makespan
    3
    >>> list_schedule(jobs, 2, order=[2, 0, 1]).makespan
    2
    """
    _check(dag, processors, order)
    rank = {task: place for place, task in enumerate(order)}
    waiting = [len(parents) for parents in dag.parents]
    sources = [task for task, parents in enumerate(dag.parents) if not parents]
    ready = [(rank[task], task) for task in _lasting(dag, waiting, sources)]
    heapify(ready)
    free, running, spans, now = list(range(min(processors, len(rank)))), [], [], 0
    while ready or running:
        while ready and free:
            _, task = heappop(ready)
            span = Span(task, heappop(free), now, now + dag.lengths[task])
            heappush(running, (span.end, span.processor, task))
            spans.append(span)
        now = running[0][0]
        while running and running[0][0] == now:
            _, processor, task = heappop(running)
            heappush(free, processor)
            for child in _lasting(dag, waiting, _freed(dag, waiting, task)):
                heappush(ready, (rank[child], child))
    return Schedule(dag, processors, tuple(spans))


def greedy(dag, processors):
    """The schedule that prefers the tasks that the program came to first."""
    return list_schedule(dag, processors, range(len(dag.lengths)))


def longest_path_first(dag, processors):
    """The schedule that prefers the task with the longest path still to go."""
    return list_schedule(dag, processors, _falling(dag.tails))


def lpt(lengths, processors):
    """The schedule of independent jobs with the longest processing time first.

    >>> lpt([5, 5, 4, 4, 3, 3, 3], 3)
    Schedule(P=3, T_P=11, idle=6, speedup=2.455)
    """
    jobs = independent(lengths)
    return list_schedule(jobs, processors, _falling(jobs.lengths))


@dataclass(frozen=True)
class Span:
    """When and where a task ran."""

    task: int
    processor: int
    start: float
    end: float


@dataclass(frozen=True, repr=False)
class Schedule:
    """When each task of a DAG runs, and on which of P processors."""

    dag: DAG
    processors: int
    spans: tuple[Span, ...]

    @property
    def makespan(self):
        """T_P: when the last task ends."""
        return max((span.end for span in self.spans), default=0)

    @property
    def idle(self):
        """The time that processors spend without a task, over all of them."""
        return self.processors * self.makespan - self.dag.work

    @property
    def speedup(self):
        """T_1 / T_P."""
        return self.dag.work / self.makespan if self.spans else 1.0

    def __repr__(self):
        return (
            f"Schedule(P={self.processors}, T_P={self.makespan}, idle={self.idle}, "
            f"speedup={self.speedup:.4g})"
        )


def brent_bound(dag, processors):
    """(W - D)/P + D: no greedy schedule takes longer."""
    return (dag.work - dag.depth) / processors + dag.depth


def worst_for_lists(processors):
    """Jobs that a list in this order schedules (2 - 1/P) times too long; OPT is P.

    >>> worst_for_lists(3)
    [1, 1, 1, 1, 1, 1, 3]
    """
    return [1] * (processors * (processors - 1)) + [processors]


def worst_for_lpt(processors):
    """Jobs that LPT schedules (4/3 - 1/(3P)) times too long; OPT is 3P.

    >>> worst_for_lpt(3)
    [5, 5, 4, 4, 3, 3, 3]
    """
    falling = range(2 * processors - 1, processors, -1)
    return [length for length in falling for _ in "ab"] + [processors] * 3


def _freed(dag, waiting, task):
    """The tasks that waited for this one alone."""
    for child in dag.children[task]:
        waiting[child] -= 1
        if not waiting[child]:
            yield child


def _lasting(dag, waiting, tasks):
    """These tasks, and in place of those of length 0 what they free in turn."""
    tasks = list(tasks)
    while tasks:
        task = tasks.pop()
        if dag.lengths[task]:
            yield task
        else:
            tasks.extend(_freed(dag, waiting, task))


def _falling(lengths):
    return sorted(range(len(lengths)), key=lambda task: -lengths[task])


def _check(dag, processors, order):
    if not isinstance(processors, Integral) or processors < 1:
        raise BadInput(
            f"a schedule needs a whole number of processors from 1, not {processors!r}"
        )
    if sorted(order) != list(range(len(dag.lengths))):
        raise BadInput(
            f"a list must name each of the {len(dag.lengths)} tasks once, "
            f"not {list(order)[:20]}"
        )
