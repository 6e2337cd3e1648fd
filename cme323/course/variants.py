"""A graph or a matrix of one's own: the numbers differ, so a copied number is wrong.

In the notebook that students get, they write who they are, and the next cell makes
their data; in the test below it, the instructor makes the same:

    me = "ada"                                       # the name of your folder
    graph = my_graph(me, "a5_graphs", pages=50, links=200)

    assert edges == my_graph(me, "a5_graphs", pages=50, links=200)

`variant` is the same number on every machine and in every version, for it is a part of
a SHA-256. When a test is graded, the name is that of the folder that was handed in, and
never the notebook's: where that says another name, the test fails, and says so. So a
copied number is wrong, with or without the name that it belongs to. A variant is no
secret, and a copied program is right: for those there is `cme323 similar`.
"""

import ast
import hashlib
import unicodedata
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

from cme323.errors import BadInput

# Whose work the tests of this process are grading; None in a notebook.
GRADED = ContextVar("GRADED", default=None)


@contextmanager
def graded(student):
    """In this block a variant is for this student, or an AssertionError."""
    token = GRADED.set(student)
    try:
        yield
    finally:
        GRADED.reset(token)


def variant(student, assignment, item="") -> int:
    """A seed of 63 bits for a student and an assignment, or for one item in it.

    Case, blanks around a name and ways to write an accent make no difference.

    >>> variant("ada", "a5_graphs")
    6263797564013621006
    >>> variant(" Ada", "a5_graphs") == variant("ada", "a5_graphs")
    True
    """
    refuse_another(student)
    names = [plain(student), plain(assignment), plain(item)]
    if not names[0] or not names[1]:
        raise BadInput(
            f"a variant is for a student and an assignment, but got {student!r} and "
            f"{assignment!r}: write the name of your folder as `me`"
        )
    # A byte that no name has, so that "ab" + "c" is not "a" + "bc".
    digest = hashlib.sha256(b"\0".join(name.encode() for name in names)).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def refuse_another(student):
    """Raise an AssertionError, as a test does, if another student's work is graded."""
    whose = GRADED.get()
    if whose is not None and plain(student) != plain(whose):
        raise AssertionError(
            f"hint: the variant of {plain(student)[:40]!r} is not yours: write "
            f"the name of your folder as `me`, {whose!r}"
        )


def plain(name):
    """A name as it is compared."""
    text = unicodedata.normalize("NFKC", str(name)).casefold()
    return " ".join(text.replace("\0", " ").split())


def my_rng(student, assignment, item=""):
    """A generator for what is not made below.

    Of all of numpy's, only RandomState promises the same numbers in every version.
    """
    return np.random.RandomState(np.random.MT19937(variant(student, assignment, item)))


def my_graph(student, assignment, *, pages, links):
    """`links` different links between `pages` pages, none to itself, sorted.

    >>> my_graph("ada", "a5_graphs", pages=4, links=3)
    [(0, 3), (2, 0), (3, 2)]
    """
    if pages < 2 or not 0 < links <= pages * (pages - 1):
        raise BadInput(
            f"a graph of {pages} pages has from 1 to {max(0, pages * (pages - 1))} "
            f"links, not {links}"
        )
    rng = my_rng(student, assignment, f"graph {pages} {links}")
    chosen = rng.choice(pages * (pages - 1), size=links, replace=False)
    pairs = [divmod(int(number), pages - 1) for number in np.sort(chosen)]
    # The page itself is left out of its targets, so those behind it move up.
    return [(u, v + (v >= u)) for u, v in pairs]


def my_matrix(student, assignment, *, rows, columns, largest=9):
    """A matrix of whole numbers from -largest to largest.

    >>> my_matrix("ada", "a2", rows=2, columns=2)
    array([[ 3, -7],
           [ 7, -6]])
    """
    rng = my_rng(student, assignment, f"matrix {rows} {columns} {largest}")
    return rng.randint(-largest, largest + 1, (rows, columns))


def borrowed_name(student, texts):
    """A sentence if the cells of a notebook set `me`, and not to its folder's name."""
    for value in filter(None, map(me_in, texts)):
        if plain(value) != plain(student):
            yield f"{student} has worked as {value}: their variant is another's"


def me_in(text):
    """The value of `me = "..."` in a cell; None if there is none."""
    try:
        for node in ast.parse(text).body:
            if isinstance(node, ast.Assign) and "me" in map(ast.unparse, node.targets):
                constant = isinstance(node.value, ast.Constant)
                value = node.value.value if constant else ast.unparse(node.value)
                return str(value).encode(errors="replace").decode()[:40]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    return None
