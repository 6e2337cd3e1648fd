"""The exercises: what `check` tries, what it expects, and what may not be imported.

exercise.py        Exercise
a1_work_depth.py   assignment 1: work, depth, schedules
a4_matrices.py     assignment 4: matrices on a cluster
a5_graphs.py       assignment 5: PageRank
a6_optimization.py assignment 6: optimization at scale
a7_backprop.py     assignment 7: backprop from scratch
"""

from cme323.course.exercises import (
    a1_work_depth,
    a4_matrices,
    a5_graphs,
    a6_optimization,
    a7_backprop,
)
from cme323.errors import BadInput

SPECS = __name__  # answers them all, but `check` needs it


def exercise(number):
    """The exercise with this number, such as "5.1"; raises BadInput."""
    assignments = (a1_work_depth, a4_matrices, a5_graphs, a6_optimization, a7_backprop)
    known = {each.number: each for a in assignments for each in a.EXERCISES}
    if number not in known:
        raise BadInput(
            f"there is no exercise {number!r}: the exercises are {', '.join(known)}"
        )
    return known[number]
