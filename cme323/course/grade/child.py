"""The program of the child process: the student's cells run here, and nothing else.

    main(MEMORY, HIDDEN_MODULE, ...)

Each line that comes in asks for one thing, and one line goes out:

    imports(text, modules)                those of the modules that a cell imports
    run(text, name)                       run a cell
    look(name)                            what a name is bound to
    operate(operation, args, ...)         call a function, add two objects, ...

The first thing it does is to take standard input and output away from whatever runs
later, so that nothing that is printed can be mistaken for an answer.
"""

import json
import math
import os
import sys
import time
import types

from cme323.course.grade import changes, unchecked, wire
from cme323.course.grade.code import compiled, imports, parsed
from cme323.course.grade.decode import Malformed
from cme323.course.grade.masks import ALWAYS
from cme323.course.grade.objects import Objects
from cme323.course.grade.prints import heard
from cme323.course.grade.refusal import Refused, bases, name_of

OUT_OF_MEMORY = 86  # the exit status; no answer can be built without memory
FAILED = 87  # the process could not be made
LARGEST_FILE = 256 * 2**20  # bytes
OPEN_FILES = 1024  # Spark alone has more than 300 libraries
MOST_TYPES = 20  # that an error is of
CUT = 500  # characters of an error that travel


def main(memory, *hidden):
    """Answer requests until there are no more."""
    requests, answers = private_channel()
    limit("RLIMIT_CORE", 1, 1)  # 0 would still start the program that collects cores
    limit("RLIMIT_AS", int(memory), int(memory))
    limit("RLIMIT_FSIZE", LARGEST_FILE, LARGEST_FILE)
    limit("RLIMIT_NOFILE", OPEN_FILES, OPEN_FILES)
    for name in (*hidden, *ALWAYS):
        forbid(name)
    unchecked.install()
    sys.argv[:] = ["notebook"]
    workspace = Workspace()
    for line in requests:
        answers.write(answer(workspace, json.loads(line)) + b"\n")
        answers.flush()
    os._exit(0)  # whatever threads a cell has left running


def private_channel():
    """Standard input and output as two files; both now lead nowhere."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    lead_nowhere()
    return requests, answers


def lead_nowhere():
    """Standard input, output and errors from now on."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)


def forbid(name):
    """A module that cannot be imported from now on."""
    package, _, last = name.rpartition(".")
    if package in sys.modules:  # not getattr: some packages import what they are asked
        vars(sys.modules[package]).pop(last, None)
    sys.modules[name] = None


def limit(name, soft, hard=None):
    """Set a limit of the operating system, where it has this one."""
    try:
        import resource

        number = getattr(resource, name)
        hard = resource.getrlimit(number)[1] if hard is None else hard
        resource.setrlimit(number, (soft, hard))
    except (ImportError, AttributeError, ValueError, OSError):
        pass


def answer(workspace, request):
    """The line that answers `request`, whatever the student's code does."""
    limit("RLIMIT_CPU", math.ceil(time.process_time() + request.pop("seconds")) + 1)
    number, do = request.pop("number"), request.pop("do")
    try:
        line = packed(number, getattr(workspace, do)(**request))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Refused as refused:
        line = packed(number, {"outcome": "refused", **unfit(refused)})
    except BaseException as error:  # SystemExit and KeyboardInterrupt too
        line = packed(number, raised(error))
    return line


def packed(number, told):
    line = json.dumps({"number": number, **told}).encode()
    if len(line) > wire.LIMIT:
        raise Refused(f"more than {wire.LIMIT >> 20} MiB of data", "less")
    return line


def unfit(refused):
    return {"what": refused.what[:CUT], "instead": refused.instead}


def raised(error):
    types = [name_of(kind)[:CUT] for kind in bases(type(error))[:MOST_TYPES]]
    told = {"type": types[0], "types": types, "text": words(error)}
    return {"outcome": "raised", **told}


def words(error):
    try:
        return str(error)[:CUT]
    except BaseException:  # the student's own __str__
        return ""


class Workspace:
    """The student's namespace, and what can be asked of it."""

    def __init__(self):
        self.module = types.ModuleType("__main__")
        self.module.display = lambda *values, **options: None
        # Dataclasses and pickle look for a class's module by its name.
        sys.modules["__main__"] = self.module
        self.objects = Objects(self.module)

    def imports(self, text, modules):
        """Those of the modules that a cell imports; none if it is not Python."""
        try:
            names = imports(parsed(text))
        except (SyntaxError, ValueError, RecursionError):
            names = []
        found = [m for m in modules if any(f"{n}.".startswith(f"{m}.") for n in names)]
        return {"outcome": "value", "value": wire.encode(found)}

    def run(self, text, name):
        """Run a cell in the namespace."""
        exec(compiled(text, name), vars(self.module))
        return {"outcome": "value", "value": None}

    def look(self, name):
        """What `name` is bound to, if anything."""
        if name not in vars(self.module):
            return {"outcome": "missing"}
        value = vars(self.module)[name]
        return {"outcome": "value", "value": self.objects.encode(value)}

    def operate(self, operation, args, kwargs, machines, forget, watch=(), hear=False):
        """What comes of an operation, and what each machine has cost so far.

        watch: the arguments of which it also tells how they have changed; hear: it also
        tells what was printed.
        """
        try:
            self.objects.use(machines)
            args = [self.objects.decode(node) for node in args]
            kwargs = {key: self.objects.decode(node) for key, node in kwargs.items()}
        except Malformed as error:  # a test's class, of a module that is not here
            cause = error.__cause__
            return {"outcome": "unreadable", "text": f"{name_of(type(cause))}: {cause}"}
        self.objects.forget(forget)
        given = {key: (kwargs if key in kwargs else args)[key] for key in watch}
        before = changes.written(given)
        with heard(hear) as printed:
            try:
                told = self.outcome(operation, args, kwargs)
            except (MemoryError, Refused):
                raise
            except Exception as error:  # what it did before that counts, too
                told = raised(error)
        try:
            return told | printed() | {"changed": changes.changed(given, before)}
        except Refused as refused:
            return {"outcome": "misfit", **unfit(refused)}

    def outcome(self, operation, args, kwargs):
        value = self.objects.operate(operation, args, kwargs)
        return {
            "outcome": "value",
            "value": self.objects.encode(value),
            "costs": self.objects.costs(),
        }
