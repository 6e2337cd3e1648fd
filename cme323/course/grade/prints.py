r"""What a function prints, for a test that listens.

    with redirect_stdout(io.StringIO()) as out:
        hello("Ada")
    assert out.getvalue() == "Hello, Ada!\n"

The child tells what was printed, and it is printed here, to whatever the test has put
in place of standard output. Where nobody listens, nothing of it travels.
"""

import contextlib
import io
import sys

MOST = 2**20  # characters of one call


class Silence(io.StringIO):
    """Standard output of a test that has not put another in its place."""


def listening():
    return not isinstance(sys.stdout, Silence)


def show(answer):
    """Print what the child says was printed."""
    if type(answer.get("printed")) is str:
        sys.stdout.write(answer["printed"][:MOST])


@contextlib.contextmanager
def heard(listening):
    """In the child: what is printed in this block, as a function that gives it."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out) if listening else contextlib.nullcontext():
        yield lambda: {"printed": out.getvalue()[:MOST]} if listening else {}
