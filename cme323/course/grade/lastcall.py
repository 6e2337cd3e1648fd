"""The last call that a test made of a student's function: what went in, what came out.

A hidden test that fails says nothing; the input on which it failed says enough, and is
no secret from the function that was given it. What the test compares with is not here.
"""

import re
import reprlib
from dataclasses import dataclass, field

from cme323.course.grade.handles import Handle
from cme323.engine import Context
from cme323.pram import PRAM

LONGEST = 160  # characters of all arguments, and of what came


@dataclass
class Call:
    """A call; `came` has the value, if one came."""

    name: str
    args: tuple
    kwargs: dict = field(default_factory=dict)
    came: tuple = ()

    @classmethod
    def of(cls, name, args, kwargs):
        """It holds no handle: what it is about may go before it does."""
        kept = {key: unhandled(value) for key, value in kwargs.items()}
        return cls(name, tuple(map(unhandled, args)), kept)

    def returned(self, value):
        self.came = () if isinstance(value, Handle) else (value,)

    def __str__(self):
        """In words, shortened.

        >>> str(Call("f", ([1, 2],), {"by": 3}, ("x",)))
        "f([1, 2], by=3), which came as 'x'"
        """
        words = [*map(short, self.args)]
        words += [f"{key}={short(value)}" for key, value in self.kwargs.items()]
        call = f"{self.name}({cut(', '.join(words))})"
        return f"{call}, which came as {cut(short(*self.came))}" if self.came else call


@dataclass(frozen=True)
class Named:
    """What is shown by a name alone."""

    name: str

    def __repr__(self):
        return self.name


def unhandled(value):
    return Named(repr(value)) if isinstance(value, Handle) else value


def short(value):
    """A value without its middle, in one line, equal in every run."""
    if isinstance(value, Context | PRAM):
        return "sc" if isinstance(value, Context) else "pram"
    if callable(value):
        return str(getattr(value, "__name__", type(value).__name__))
    shortened = reprlib.Repr()
    shortened.maxdict = shortened.maxlist = shortened.maxtuple = shortened.maxset = 6
    shortened.maxother = shortened.maxstring = 60
    try:
        words = shortened.repr(value)
    except Exception:  # an int of too many digits, and who knows what
        return "…"
    return " ".join(re.sub(r" at 0x[0-9a-f]+", "", words).split())


def cut(words):
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
