"""SparkFiles: where a task finds the files that sc.addFile sent along."""

import os

from cme323.engine.context_files import FOLDER
from cme323.engine.context_session import Session
from cme323.engine.task import TaskContext


class SparkFiles:
    """Paths of the files of a task's context; on the driver, of the last context.

    In another process than the driver's, they are beside the worker's own folder.
    """

    def __init__(self):
        raise NotImplementedError("Do not construct SparkFiles objects")

    @classmethod
    def get(cls, filename):
        """The absolute path of the file that was added under this name."""
        return os.path.abspath(os.path.join(cls.getRootDirectory(), filename))

    @classmethod
    def getRootDirectory(cls):
        """The folder with all files that were added."""
        running = TaskContext.get()
        if running is None:
            return str(_last_context()._files_folder())
        sc = getattr(running.task.set.rdd, "ctx", None)
        if sc is None:
            return str(running.worker.folder.parent / FOLDER)
        return str(sc._files_folder())


def _last_context():
    sc = Session._last()
    if sc is None:
        raise RuntimeError("files belong to a context, and there is none: make one")
    return sc
