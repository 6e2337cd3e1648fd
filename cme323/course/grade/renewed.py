"""A student's process that is renewed as needed, with all cells that ran in it.

    process = Renewed(server, limits)
    process.begin()                   a new task: all its seconds, a process that lives
    process.run(cell)
    process.ask("look", name="ranks")

Whatever ends the process ends the task, or the cell, that asked. Before the next one
the process is started again, and all cells but those that ended it run again.
"""

from time import monotonic

from cme323.course.grade.session import Session, Stopped


class Renewed:
    """A session, or the next one; `generation` counts them."""

    def __init__(self, server, limits):
        self._server, self._limits = server, limits
        self._session = None
        self.generation = 0
        self._ran = []
        self._left, self._total = 0.0, limits.total

    def begin(self):
        """A new task: the whole budget of seconds, and a process that lives.

        But none is started for a submission whose time is up.
        """
        while self._session is None or (self._total > 0 and not self._session.alive):
            self._renew()
        self._left = self._limits.seconds

    def run(self, cell):
        """The answer to a cell, which will run again in the next process."""
        answer = self.ask("run", text=cell.text, name=cell.name)
        self._ran.append(cell)
        return answer

    def ask(self, do, **details):
        """The child's answer; raises Stopped if there is none in time."""
        if self._total <= 0:
            raise self._session.stop(
                f"took longer than {self._limits.total:g} s in all"
            )
        start = monotonic()
        try:
            return self._session.ask(do, min(self._left, self._total), **details)
        finally:
            spent = monotonic() - start
            self._left, self._total = self._left - spent, self._total - spent

    def stop_liar(self):
        """End the child, because what it sent is no answer."""
        return self._session.stop_liar()

    def end(self):
        if self._session is not None:
            self._session.close()

    def _renew(self):
        """A new process, in which all cells run again but those that end it."""
        self.end()
        self.generation += 1
        self._session = Session(self._server, self._limits)
        for cell in list(self._ran):
            self._left = self._limits.seconds
            try:
                self.ask("run", text=cell.text, name=cell.name)
            except Stopped:
                self._ran.remove(cell)
                return
