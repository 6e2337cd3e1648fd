"""The classes that both sides know, and those of which a test may get instances."""

from cme323.course.grade.code import classes

TESTS = "tests"  # the module of the instructor's classes, where a test runs


class Known:
    """Classes by name, as they become known from cell to cell.

    named      names of those whose instances a test may get
    functions  names of what the instructor has as functions: a test waits for data from
               them, also where the student has a class of that name
    tests      the namespace of the instructor's cells
    """

    def __init__(self, named, functions=()):
        self.named, self.functions = set(named), frozenset(functions)
        self.tests = {}
        self._shared = set()

    def learn(self, told):
        """From now on instances of this class are what a test may get."""
        if told.name not in self.functions:
            self.named.update(told.names[:1])

    def share(self, cell):
        """A locked cell has run on both sides."""
        self._shared.update(classes(cell.text))

    def shares(self, cls):
        """Whether a locked cell has defined this class, in the child too."""
        return cls.__module__ == TESTS and self.shared([cls.__qualname__]) is cls

    def shared(self, names):
        """The first class of these names that a locked cell has defined, or None."""
        here = (self.tests.get(name) for name in names if name in self._shared)
        return next((cls for cls in here if isinstance(cls, type)), None)

    def errors(self):
        """What a test may catch by a name of the instructor's."""
        return {name: self.tests[name] for name in self._shared if name in self.tests}
