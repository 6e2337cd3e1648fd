"""What a program asks of a context as a whole: which one, whose, how loud."""

import getpass
import logging
import os
from itertools import count
from typing import ClassVar
from weakref import WeakValueDictionary

# In the order of Spark's message; Python has no TRACE, ALL or OFF.
LEVELS = {
    "ALL": 1,
    "DEBUG": logging.DEBUG,
    "ERROR": logging.ERROR,
    "WARN": logging.WARNING,
    "INFO": logging.INFO,
    "OFF": logging.CRITICAL + 1,
    "FATAL": logging.CRITICAL,
    "TRACE": 5,
}


class Session:
    """The part of Context that knows the other contexts, the user and the log."""

    _open: ClassVar = WeakValueDictionary()  # the contexts not stopped, in order
    _numbers: ClassVar = count()
    _kept: ClassVar = None

    def _opened(self):
        """From now on this is the last context."""
        self._number = next(Session._numbers)
        Session._open[self._number] = self

    @classmethod
    def getOrCreate(cls):
        """The last Context that is not stopped; where there is none, a new one.

        NB: Spark allows one at a time, and gives that one.
        """
        last = cls._last()
        if last is None:
            # Kept as in Spark, else it would go with the caller's expression.
            last = Session._kept = cls()
        return last

    @classmethod
    def _last(cls):
        contexts = list(Session._open.values())
        return contexts[-1] if contexts else None

    @property
    def resources(self):
        """GPUs and the like, of which tasks get none here."""
        return {}

    @property
    def uiWebUrl(self):
        """None: there is no UI."""

    def setLogLevel(self, logLevel):
        """What the logger "cme323" lets through, by one of Spark's names for levels.

        INFO shows each job with its cost. NB: one logger serves all contexts.
        """
        level = LEVELS.get(str(logLevel).upper())
        if level is None:
            raise ValueError(
                f"Supplied level {logLevel} did not match one of: {','.join(LEVELS)}"
            )
        logging.getLogger("cme323").setLevel(level)

    def sparkUser(self):
        """Who runs this: $SPARK_USER, or else the user of the system."""
        return os.environ.get("SPARK_USER") or getpass.getuser()

    def show_profiles(self):
        """Raises RuntimeError, as Spark does where profiling is off."""
        _refuse_profiles()

    def dump_profiles(self, path):
        """Raises RuntimeError, as Spark does where profiling is off."""
        _refuse_profiles()

    def stop(self):
        """Another context is the last one now."""
        Session._open.pop(self._number, None)
        if Session._kept is self:
            Session._kept = None


def _refuse_profiles():
    raise RuntimeError(
        "`spark.python.profile` or `spark.python.profile.memory` configuration must be "
        "set to `true` to enable Python profile. There is no configuration here: "
        "profile the function of a task, for example with cProfile"
    )
