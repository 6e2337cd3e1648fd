"""Check a claim, here or as a worker for another process.

    checked             the report; an error of the claim's code is a line in it
    serve               reports for a parent, over a connection
    plain, restored     a report as data, and back

A claim holds functions, which no pickle carries. So its id travels to a worker, with
the path of the graph; the worker makes the claim anew, and sends plain data back.
"""

import signal
import tempfile
import time
import traceback
from contextlib import suppress
from functools import cache
from pathlib import Path

from cme323.claims import claims
from cme323.claims.claim import Finding, Report
from cme323.datasets import import_graph, read_edges

STEP = "an experiment is done"


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


def serve(connection, graph, scratch):
    """The worker's side: check each claim whose id comes."""
    tempfile.tempdir = scratch
    # A Ctrl-C in the terminal is the parent's to handle; it kills us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    real = cache(lambda: read_edges(graph)) if graph else import_graph
    with suppress(EOFError, OSError):  # until the parent is gone
        while True:
            (claim,) = claims([connection.recv()], real)
            report = checked(claim, progress=lambda _: connection.send(STEP))
            connection.send(plain(report))


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
