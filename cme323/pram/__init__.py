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
from cme323.pram.schedule import Schedule, greedy, list_schedule, lpt

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
