"""Check claims, here or in processes, one for each core.

    checked        a claim's report; an error of its code is a line in it
    all_checked    the reports of many, in processes

A claim holds functions, which no pickle carries. So its id travels to a process, with
the path of the graph; there the claim is made anew, and plain data comes back.

An error ends the check of its claim alone, and so does the death of a process.
"""

import os
import tempfile
import time
import traceback
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

from cme323.claims import claims
from cme323.claims.claim import Finding, Report
from cme323.course.pool import in_processes
from cme323.datasets import import_graph, read_edges


def checked(claim, spark=None, progress=lambda experiment: None):
    """The claim's report; an error of its code becomes a line in it."""
    start = time.perf_counter()
    try:
        return claim.check(spark, progress)
    except Exception as error:
        return Report(claim, (), (), time.perf_counter() - start, _told(error))


def _told(error):
    """An error in a line: what, and where."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    said = str(error).partition("\n")[0]
    place = f"{'/'.join(Path(frame.filename).parts[-3:])}, line {frame.lineno}"
    return f"{type(error).__name__}: {said} ({place})"


def all_checked(chosen, jobs, graph=None, progress=lambda claim: None):
    """The reports of claims, in the order in which they end.

    progress(claim) is called after each of its experiments.
    """
    known = {claim.id: claim for claim in chosen}
    # A killed process leaves files behind, so they have a folder that we delete.
    with tempfile.TemporaryDirectory(
        prefix="cme323-", ignore_cleanup_errors=True
    ) as scratch:
        start = partial(checker, graph, scratch)
        for name, message in in_processes(
            known, start, _lost, jobs=jobs, step=lambda name, _: progress(known[name])
        ):
            yield restored(known[name], message)


def _lost(name, why, at):
    return name, ((), (), 0.0, why)


@contextmanager
def checker(graph, scratch):
    """In a process: a function that checks the claim of an id."""
    tempfile.tempdir = scratch
    real = cache(lambda: read_edges(graph)) if graph else import_graph

    def check(name, tell):
        (claim,) = claims([name], real)
        return name, plain(checked(claim, progress=lambda _: tell("an experiment")))

    yield check


def plain(report):
    """A report without its claim's functions."""
    findings, controls = (
        [(finding.points, finding.verdict, finding.remark) for finding in found]
        for found in (report.findings, report.controls)
    )
    return findings, controls, report.seconds, report.error


def restored(claim, message):
    """The report that was made plain."""
    findings, controls, seconds, error = message
    return Report(
        claim,
        tuple(Finding(e, *found) for e, found in zip(claim.experiments, findings)),
        tuple(Finding(e, *found) for e, found in zip(claim.controls, controls)),
        seconds,
        error,
    )


def cores():
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux: a container may have fewer
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
