"""The shortest makespan of jobs that do not wait for each other: exact, and slow.

    least  =  max(longest job, ceil(W/P))   <=   OPT   <=   LPT

Try the limits in between, from below: do all jobs fit? Place them one after another,
the longest first, and give up on a branch as soon as a job fits nowhere. Two tricks
keep the tree small: processors with equal loads are one choice, not two, and the
fullest that has room is tried first.

No fast way is known: the problem is NP-hard. This one is for about a dozen jobs, or for
more if they fit neatly.

Left out: cutting planes and dynamic programming, which go further.
"""

from numbers import Integral

from cme323.errors import BadInput
from cme323.pram.schedule import lpt


def optimum(lengths, processors):
    """OPT, the shortest makespan of any schedule of jobs with whole lengths.

    >>> optimum([5, 5, 4, 4, 3, 3, 3], 3), lpt([5, 5, 4, 4, 3, 3, 3], 3).makespan
    (9, 11)
    """
    if not all(isinstance(length, Integral) for length in lengths):
        raise BadInput(
            f"optimum() needs jobs whose lengths are whole numbers, not {lengths!r}: "
            "give them in a smaller unit"
        )
    most = lpt(lengths, processors).makespan
    least = max(-(-sum(lengths) // processors), *lengths, 0)
    jobs = sorted(lengths, reverse=True)
    limits = range(least, most)
    return next((t for t in limits if _fit(jobs, [0] * processors, t)), most)


def _fit(jobs, loads, limit):
    """Can these jobs, the longest first, be added to the loads within the limit?"""
    if not jobs:
        return True
    job, *rest = jobs
    rooms = {load for load in loads if load + job <= limit}
    return any(
        _fit(rest, _added(loads, load, job), limit)
        for load in sorted(rooms, reverse=True)
    )


def _added(loads, load, job):
    """The loads, after a processor with this one takes the job."""
    place = loads.index(load)
    return [*loads[:place], load + job, *loads[place + 1 :]]
