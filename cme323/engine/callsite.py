"""Call sites: the line of the program that made an RDD, and whose function failed."""

import linecache
import sys
from pathlib import Path

ENGINE = str(Path(__file__).parent)


def call_site():
    """(file, line) of the innermost frame that is not the engine's own."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_code.co_filename.startswith(ENGINE):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def told(site):
    """A call site in words: the file's name, the line, and what it says."""
    file, line = site
    code = linecache.getline(file, line).strip()
    return f"{Path(file).name}:{line}" + (f": {code}" if code else "")


def blame(error, task, culprit_id):
    """The error, with a note that names the RDD and the line that made it."""
    attempts = f"after {task.attempt + 1} attempts, " if task.attempt else ""
    rdds = {rdd._id: rdd for rdd in _narrow_lineage(task.set.rdd)}
    rdd = rdds.get(culprit_id, task.set.rdd)
    error.add_note(
        f"{attempts}in partition {task.partition} of {rdd!r},\nmade at {told(rdd.site)}"
    )
    return error


def culprit(error, rdd):
    """The id of the RDD whose function raised; None if none is found.

    Its function is the innermost one of the traceback that an RDD of this stage
    was given.
    """
    owner = {}
    for ancestor in _narrow_lineage(rdd):
        for function in _functions(getattr(ancestor, "f", None)):
            owner.setdefault(function.__code__, ancestor._id)
    found, traceback = None, error.__traceback__
    while traceback:
        found = owner.get(traceback.tb_frame.f_code, found)
        traceback = traceback.tb_next
    return found


def _narrow_lineage(rdd):
    seen, stack = {}, [rdd]
    while stack:
        current = stack.pop()
        if current not in seen:
            seen[current] = None
            if current.shuffle is None:
                stack += current.parents
    return seen


def _functions(f, depth=3):
    """A Python function and those in its closure: what the user gave to a method."""
    if depth == 0 or not hasattr(f, "__code__"):
        return []
    found = [] if f.__code__.co_filename.startswith(ENGINE) else [f]
    for cell in f.__closure__ or ():
        found += _functions(cell.cell_contents, depth - 1)
    return found
