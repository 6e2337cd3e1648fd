"""What a student's process has as `cme323.course.check`.

The cells that are the same for everyone import `check`, and run there too. But the
tests run in the grader's process, and what they compare with stays there.
"""

import sys
import types

import cme323.course

NAME = "cme323.course.check"


def install():
    """From now on `from cme323.course.check import check` gets the one below."""
    module = types.ModuleType(NAME)
    module.check = check
    sys.modules[NAME] = cme323.course.check = module


def check(number, f, more=()):
    """Does nothing: the grader will."""
