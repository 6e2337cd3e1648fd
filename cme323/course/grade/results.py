"""Results as they come: a line for each submission, on disk before the next is graded.

    results.jsonl   {"student": ..., "notebook": ..., "key": ..., "scores": [...], ...}

Whoever kills the grader loses the submission in hand. `key` is a hash of all that a
score depends on, so that a resumed grading leaves out what has not changed.

One grader at a time writes into a folder.
"""

import hashlib
import json
import os
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cme323.course.grade.scores import Score
from cme323.errors import BadInput

NAME, LOCK = "results.jsonl", ".grading"


@dataclass(frozen=True)
class Result:
    """The scores of a student's notebook; `unreadable` says why there is no work."""

    student: str
    notebook: str
    key: str
    scores: tuple[Score, ...]
    unreadable: str = ""
    sandbox: str = ""  # the kind that it was graded in
    calls: dict = field(default_factory=dict)  # {task: the last call, if it failed}
    costs: dict = field(default_factory=dict)  # {task: [[name, measured, bound]]}

    @classmethod
    def from_line(cls, line):
        """The result in a line; None if it is not whole."""
        try:
            told = json.loads(line)
            scores = tuple(Score(**score) for score in told.pop("scores"))
            return cls(scores=scores, **told)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None

    def as_line(self):
        return json.dumps(asdict(self), ensure_ascii=True) + "\n"


class Results:
    """The file of results in the folder `out`, held by this grader alone.

    resume: keep what is there, in `known`, by student and notebook.
    """

    def __init__(self, out, resume=False):
        self._path = Path(out) / NAME
        self.known = {}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with ExitStack() as stack:
                self._lock = stack.enter_context(locked(self._path.parent / LOCK))
                if resume:
                    self.known = read(self._path)
                self._begin()
                stack.pop_all()  # held until it is closed
        except OSError as error:
            raise unwritable(out, error) from error

    def _begin(self):
        """Write what is known anew, without the half line of a killed grader."""
        beside = self._path.with_suffix(".part")
        with open(beside, "w", encoding="ascii") as file:
            file.writelines(result.as_line() for result in self.known.values())
            flushed(file)
        os.replace(beside, self._path)
        self._file = open(self._path, "a", encoding="ascii")  # noqa: SIM115, closed below

    def add(self, result):
        """It is on disk when this returns; raises BadInput if it cannot be."""
        try:
            self._file.write(result.as_line())
            flushed(self._file)
        except OSError as error:
            raise unwritable(self._path.parent, error) from error
        self.known[result.student, result.notebook] = result

    def close(self):
        with suppress(OSError):  # what was not written has been told of
            self._file.close()
        self._lock.close()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()


def read(path):
    """{(student, notebook): Result} of all whole lines; of two, the last counts."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    results = filter(None, map(Result.from_line, lines))
    return {(result.student, result.notebook): result for result in results}


def key_of(*parts):
    """A hash of bytes and of plain data, all that a score depends on."""
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else repr(part).encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def flushed(file):
    file.flush()
    os.fsync(file.fileno())


def locked(path):
    """A file that no other grader holds, until it is closed or its process ends."""
    file = open(path, "w")  # noqa: SIM115, closed by who asked
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # Windows
        pass
    except BlockingIOError:
        file.close()
        raise BadInput(
            f"another grader is writing into {path.parent}: wait for it, or choose "
            "another --out"
        ) from None
    return file


def unwritable(out, error):
    return BadInput(
        f"results must be written into {out}, but that failed ({error.strerror}): make "
        "room or choose another --out, then go on with --resume"
    )
