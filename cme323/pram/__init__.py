"""The work-depth machine: it counts work and depth, and replays a DAG on P processors.

machine.py   PRAM: fork, map, parallel_for, and values that are counted
dag.py       DAG: tasks that wait for each other
schedule.py  greedy, list and LPT schedules of a DAG: T_P, idle time, speedup
optimum.py   the best schedule of a few jobs, exactly
families.py  DAGs by chance, in layers, and the worst for a law
speedup.py   the laws of Amdahl and Gustafson
"""

from cme323.pram.dag import DAG, independent
from cme323.pram.machine import PRAM, Counted, plain

__all__ = [
    "DAG",
    "PRAM",
    "Counted",
    "Schedule",
    "greedy",
    "independent",
    "list_schedule",
    "lpt",
    "plain",
]


def __getattr__(name):
    """Schedules are imported when used: to those who write them, they are hidden."""
    if name not in ("Schedule", "greedy", "list_schedule", "lpt"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from cme323.pram import schedule

    return getattr(schedule, name)
