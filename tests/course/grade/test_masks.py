import contextlib
import sys

import pytest

from cme323.course.grade.decode import decode
from cme323.course.grade.masks import masked
from cme323.course.grade.sandbox import PACKAGE
from cme323.course.grade.session import Limits, Session

HIDDEN = (
    "cme323.graphs.pagerank",
    "cme323.claims",
    "cme323.pram.greedy",  # a function that its package imports when it is asked
    "cme323.pram.schedule",
    "networkx",
)


@pytest.fixture
def ask(server):
    """What `x` is after a cell has run, in a process that hides HIDDEN."""
    limits = Limits(seconds=20, memory=2**30, hidden=HIDDEN)
    with contextlib.closing(Session(server, limits)) as session:

        def asked(text):
            answer = session.ask("run", 20, text=text, name="cell 1")
            if answer["outcome"] != "value":
                return answer
            return decode(session.ask("look", 20, name="x")["value"])

        asked.sealed = server.sandbox.sealed
        yield asked


def test_a_module_is_its_source_and_what_is_compiled_of_it(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    kept = ("a/b.py", "a/b.so", "a/__pycache__/b.cpython-311.pyc")
    (tmp_path / "a" / "__pycache__").mkdir(parents=True)
    for name in (*kept, "a/bc.py", "b.py"):
        (tmp_path / name).touch()
    masked.cache_clear()
    here = [path for path in masked(("a.b",)) if path.startswith(str(tmp_path))]
    masked.cache_clear()
    assert here == sorted(str(tmp_path / name) for name in kept)


def test_what_check_compares_with_is_always_masked():
    assert str(PACKAGE / "course" / "exercises") in masked(())


def test_python_itself_is_never_masked():
    for path in masked(HIDDEN):
        assert not sys.prefix.startswith(f"{path}/")


def test_hidden_files_are_empty(ask):
    if not ask.sealed:
        pytest.skip("limits hide no files")
    paths = masked(HIDDEN)
    files = f"[p for p in {paths} if os.path.isfile(p) and open(p, 'rb').read(1)]"
    folders = f"[p for p in {paths} if os.path.isdir(p) and os.listdir(p)]"
    assert ask(f"import os\nx = {files} + {folders}") == []
    there = f"sum(map(os.path.exists, {paths}))"
    assert ask(f"import os\nx = {there}") >= 3


def test_nothing_can_be_put_in_their_place(ask):
    if not ask.sealed:
        pytest.skip("limits hide no files")
    text = """
import os
x = []
for path in PATHS:
    for change in (os.remove, os.rmdir, lambda p: open(os.path.join(p, "n.py"), "w")):
        try:
            change(path)
            x.append(path)
        except OSError:
            pass
"""
    assert ask(text.replace("PATHS", str(masked(HIDDEN)))) == []


@pytest.mark.parametrize(
    "name", ["cme323.course.exercises.a5_graphs", "cme323.claims.claim", *HIDDEN]
)
def test_hidden_modules_cannot_be_imported(ask, name):
    answer = ask(f"import importlib\nimportlib.import_module({name!r})")
    assert answer["type"] == "ModuleNotFoundError"


def test_no_answer_is_in_memory(ask):
    text = f"""
import gc
hidden = {(*HIDDEN, "cme323.course.exercises")}
names = {{str(getattr(o, "__module__", "")) for o in gc.get_objects()}}
x = [n for n in names if any(n == h or n.startswith(h + ".") for h in hidden)]
"""
    assert ask(text) == []


def test_check_does_nothing_there(ask):
    assert ask("from cme323.course.check import check\nx = check('5.1', None)") is None


def test_the_rest_of_the_package_works(ask):
    text = "from cme323 import Context\nfrom cme323.datasets import random_graph\n"
    text += "from cme323.pram import PRAM\n"
    assert ask(f"{text}x = Context(2).parallelize([1, 2]).sum()") == 3
