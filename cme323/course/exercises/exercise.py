"""An exercise: a slow and correct spec, the cases to try, and the idea to revisit."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Exercise:
    """What `check` knows about one function that students write.

    number    as in the notebook, "5.1"
    spec      from the arguments of a case to the right answer; never sees a machine.
              None where there are many right answers
    cases     tuples of arguments
    idea      what to revisit after a wrong answer
    fault     in place of a spec: from an answer and the arguments of a case to what
              is wrong with the answer, as the end of a sentence, or None
    partitions  the function's first argument is a Context with so many; or None
    rounds    from a case to the fewest rounds an honest run takes on it
    step      from a case to the Cost that one more iteration may have at most;
              `iterations` is then the last argument of a case
    ranks     a case begins with a number of ranks; the function gets a Network of so
              many in its place
    cost      from a case to the Cost that a run has, exactly. If there is neither a
              Context nor a Network, the function's first argument is then a PRAM, which
              counts the lists of the case
    most      from a case to the Cost that a run may have at most
    rounding  how far a float may be off, relatively
    hide      modules that answer the exercise, which a submission may not import
    """

    number: str
    spec: Callable | None
    cases: tuple[tuple, ...]
    idea: str
    fault: Callable | None = None
    partitions: int | None = None
    rounds: Callable | None = None
    step: Callable | None = None
    ranks: bool = False
    cost: Callable | None = None
    most: Callable | None = None
    rounding: float = 1e-9
    hide: tuple[str, ...] = ()
