"""Scratch: a folder for what does not fit into memory, or has to leave a process.

Made when it is first asked for, and gone with the context, or at the latest when
Python ends.
"""

import os
import shutil
import tempfile
import weakref
from pathlib import Path


class Scratch:
    """A temporary folder that is made on first use."""

    def __init__(self):
        self._path = None

    @property
    def path(self):
        if self._path is None:
            self._path = Path(tempfile.mkdtemp(prefix="cme323-"))
            self._end = weakref.finalize(self, _remove, self._path, os.getpid())
        return self._path

    def folder(self, name):
        """A folder in it, made if need be."""
        folder = self.path / name
        folder.mkdir(exist_ok=True)
        return folder

    def remove(self):
        """Delete it with all that is in it; the next use makes another."""
        if self._path is not None:
            self._end()
            self._path = None


def _remove(path, owner):
    if os.getpid() == owner:  # and not a fork of it
        shutil.rmtree(path, ignore_errors=True)
