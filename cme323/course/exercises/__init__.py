"""The exercises: what `check` tries, what it expects, and what may not be imported.

exercise.py    Exercise
a5_graphs.py   assignment 5: PageRank
"""

from cme323.course.exercises import a5_graphs
from cme323.errors import BadInput


def exercise(number):
    """The exercise with this number, such as "5.1"; raises BadInput."""
    known = {exercise.number: exercise for exercise in a5_graphs.EXERCISES}
    if number not in known:
        raise BadInput(
            f"there is no exercise {number!r}: the exercises are {', '.join(known)}"
        )
    return known[number]
