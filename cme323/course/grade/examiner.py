"""Runs the instructor's cells here, in a namespace that no student ever sees.

A name that neither the instructor's cells nor Python itself define is the student's:
it is asked for at the moment when a test uses it. That works because Python looks
for a name in a module, then in `__builtins__`; ours asks when it lacks one.

A name that a cell of the instructor's was to bind, and did not because it failed, is
nobody's: a student could have made it fail, and bind the name to what a test expects.

What the instructor's cells import is theirs, also where a student could change the
cell that does it: `np` in a test is never the student's. The instructor's code may take
as long as the student's, and as much memory.
"""

import ast
import builtins
import contextlib
import io
import traceback
import warnings
from collections import ChainMap

from cme323.course.grade.answers import StudentError
from cme323.course.grade.bounds import bounded
from cme323.course.grade.code import bound, parsed
from cme323.course.grade.notebook import HIDDEN
from cme323.course.grade.prints import Silence
from cme323.course.grade.session import Limits, Stopped


class Examiner:
    """The instructor's namespace, for the cells of one submission.

    theirs: names that a student is to bind, even if a cell of the instructor's does.
    """

    def __init__(self, student, limits=None, theirs=()):
        self._limits = limits or Limits()
        self._namespace = {"__name__": "tests"}
        names = Globals(self._namespace, student.look)
        self._borrowed = Borrowed(student.look, names)
        self._theirs = set(theirs)
        self._namespace["__builtins__"] = self._borrowed
        student.tests = self._namespace  # where a handle finds the instructor's classes
        self.value = None  # of the last expression, as a notebook shows it

    def take_imports(self, cell):
        """Import what a cell imports; it runs in the student's process only."""
        with contextlib.suppress(SyntaxError), quiet():
            for node in parsed(cell.text, cell.name).body:
                if isinstance(node, ast.Import | ast.ImportFrom):
                    with contextlib.suppress(Exception):  # then the student's fails too
                        self._execute([node], cell)

    def run(self, cell):
        """Run a cell; returns one sentence on why it failed, or an empty string."""
        failure = self._failure(cell)
        if failure:
            self._borrowed.barred |= bound(cell.text) - self._theirs
        return failure

    def _failure(self, cell):
        self._borrowed.forget()
        self.value = None
        try:
            with quiet(), bounded(2 * self._limits.seconds, self._limits.memory):
                body = parsed(cell.text, cell.name).body
                last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
                self._execute(body, cell)
                if last:
                    shown = compile(ast.Expression(last.value), cell.name, "eval")
                    self.value = eval(shown, self._namespace)
        except StudentError as error:
            return error.reason
        except Stopped as stopped:
            return str(stopped)
        except AssertionError as error:
            return words(error) or failed_line(error, cell)
        except NameError as error:
            return f"`{error.name}` is not defined"
        except Exception as error:
            return f"the test raised {type(error).__name__}: {words(error)}"
        return ""

    def _execute(self, body, cell):
        module = ast.Module(body, type_ignores=[])
        exec(compile(module, cell.name, "exec", dont_inherit=True), self._namespace)


def words(error):
    """What an error says; an int of the student's may have too many digits for that."""
    try:
        return str(error)
    except Exception as another:
        return f"{type(another).__name__}: {another}"


class Borrowed(dict):
    """Python's builtins, and whatever else the student has, asked for once a cell."""

    def __init__(self, look, names):
        own = {"display": lambda *values, **options: None, "globals": lambda: names}
        super().__init__(vars(builtins) | own)
        self._own = frozenset(self)
        self._look = look
        self.barred = set()  # names that are not to be asked for

    def __missing__(self, name):
        if name in self.barred:
            raise KeyError(name)
        value = self[name] = self._look(name)
        return value

    def forget(self):
        """Ask anew from now on: the student's cells may have bound names again."""
        for name in self.keys() - self._own:
            del self[name]


class Globals(ChainMap):
    """What `globals()` is in a test: its own names, and whatever the student has."""

    def __init__(self, own, look):
        super().__init__(own)
        self._look = look

    def __missing__(self, name):
        return self._look(name)

    def __contains__(self, name):
        try:
            return bool([self[name]])
        except StudentError:  # it is there, and no data
            return True
        except KeyError:
            return False


@contextlib.contextmanager
def quiet():
    """Neither prints nor warnings of a test reach the screen, or cost a point."""
    with (
        contextlib.redirect_stdout(Silence()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield


def failed_line(error, cell):
    """The assertion that failed, unless it is hidden."""
    frames = traceback.extract_tb(error.__traceback__)
    here = [frame.lineno for frame in frames if frame.filename == cell.name]
    before = cell.text.split("\n")[: here[-1]] if here else []
    opened = sum(line.strip() == HIDDEN[0] for line in before)
    closed = sum(line.strip() == HIDDEN[1] for line in before)
    if not before or opened > closed:
        return "a hidden test failed"
    return f"a test failed: {before[-1].strip()}"
