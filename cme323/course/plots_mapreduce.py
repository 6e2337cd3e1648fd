"""A picture of iteration: bytes on disk against passes, by MapReduce and by RDDs."""

from cme323.claims.on_disk import MEASURED, PREDICTED
from cme323.course.plots import curves


def on_disk(passes=(1, 2, 5, 10, 15, 20)):
    """Bytes read from and written to disk by that many passes over the same data."""
    return curves(
        PREDICTED,
        MEASURED,
        passes,
        title="Bytes on disk of an iterative program",
        xlabel="passes over the data (k)",
        ylabel="bytes read and written",
    )
