"""What the child says of an object that stays there, none of which is to be trusted."""

from dataclasses import dataclass

from cme323.course.grade.answers import StudentError

KINDS = ("class", "generator", "iterator", "function", "object")
LONGEST = 1000  # characters of a name, and classes of an object


@dataclass(frozen=True)
class Told:
    """What the child says of an object, and from where it came."""

    student: object
    generation: int
    number: int
    kind: str
    what: str
    instead: str
    names: tuple[str, ...]
    classes: tuple[int, ...]
    place: str = ""
    name: str | None = None  # if a test has named it

    def no_data(self):
        """The StudentError for a test that takes the object for data."""
        return StudentError(self.place.format(what=self.what, instead=self.instead))


def told(tag, content, student, place, name):
    """What the wire says of an object; ValueError if it can be no handle."""
    number, kind, what, instead, names, classes = content
    if tag != "handle" or kind not in KINDS or len(names) > LONGEST:
        raise ValueError("no handle")
    if not all(type(n) is int and 0 < n < 2**53 for n in (number, *classes)):
        raise ValueError("no number of an object")
    if not all(type(t) is str and len(t) < LONGEST for t in (what, instead, *names)):
        raise ValueError("no words")
    said = number, kind, what, instead, tuple(names), tuple(classes)
    return Told(student, student.generation, *said, place, name)
