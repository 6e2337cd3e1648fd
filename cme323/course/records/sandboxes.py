"""In which sandbox submissions were graded, as a sentence for every report.

    bubblewrap, namespaces   what a student's code could see was theirs alone
    limits                   nothing but limits: it could read what the teacher can

The grader writes the kind beside each result, so that results which were kept, or come
from other machines, tell of their own grading.
"""

from collections import Counter

UNKNOWN = "not recorded"
WARNING = (
    "With limits alone a student's code can read the files of whoever grades: look at "
    "good scores again, or grade in a sandbox."
)


def graded_in(book, told=()):
    """In which kinds a class was graded; `told` has more words for some of them.

    >>> from cme323.course.records.book import Book, Entry
    >>> graded_in(Book("hw", (Entry("ada", "hw", "t", 1, 1),)))
    'Sandbox: not recorded.'
    """
    counts = Counter(kinds(book))
    words = dict(told)
    if len(counts) == 1:
        (kind,) = counts
        return f"Sandbox: {words.get(kind, kind)}."
    each = [f"{words.get(kind, kind)} for {n}" for kind, n in counts.most_common()]
    return f"Sandbox: {', '.join(each)} of {counts.total()} notebooks."


def kinds(book):
    """The kind of every notebook of every student."""
    whose = dict.fromkeys((entry.student, entry.notebook) for entry in book.entries)
    return [book.sandboxes.get(key, UNKNOWN) for key in whose]


def warning(book):
    """A sentence if something was graded with limits alone."""
    return WARNING if "limits" in kinds(book) else ""
