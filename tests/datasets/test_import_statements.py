import dis
import sys
import sysconfig
from pathlib import Path

import pytest
import tqdm.auto

from cme323.datasets import import_graph, import_statements, read_imports
from cme323.errors import BadInput

TREE = {
    "app/__init__.py": "from . import a, nothing\nfrom .sub import deep\nimport app",
    "app/a.py": "import os.path, sys\nfrom app import b as c\nfrom absent import x",
    "app/b.py": "from .. import beyond\nfrom . import *\nimport app.fast.inner",
    "app/fast.so": "",
    "app/sub/__init__.py": "from json import decoder, loads",
    "app/sub/deep.py": "from ...app.a import f\nfrom ..b import g\nfrom . import deep",
    "app/tests/test_a.py": "import app.a",
    "not-a-name/lost.py": "import app",
    "loose/part.py": "import app",
}
EDGES = [
    ("app", "app.a"),
    ("app", "app.sub.deep"),
    ("app.a", "app.b"),
    ("app.a", "os"),
    ("app.a", "sys"),
    ("app.b", "app"),
    ("app.b", "app.fast"),
    ("app.sub", "json"),
    ("app.sub.deep", "app.b"),
    ("loose.part", "app"),
]

EVERYWHERE = """
import m0
def f():
    import m1
    class C:
        async def g(self):
            async with x: import m2
if x: pass
elif y: import m3
else: import m4
try: import m5
except E: import m6
else: import m7
finally: import m8
try: pass
except* E: import m9
for x in y: import m10
else: import m11
while x: import m12
match x:
    case 1: import m13
"""


@pytest.fixture(scope="module")
def standard():
    return import_graph(cache=False)


def test_reads_a_small_tree(tree):
    found = read_imports([tree(TREE)])
    expected = [edge for edge in EDGES if edge != ("app.b", "app.fast")]
    if sys.platform == "win32":  # .so is no extension module there
        assert found.edges == expected
    else:
        assert found.edges == EDGES
    assert found.unreadable == []


def test_finds_imports_in_every_kind_of_block(tree):
    modules = {f"m{i}.py": "" for i in range(14)}
    found = read_imports([tree({"main.py": EVERYWHERE, **modules})])
    assert found.edges == sorted(("main", f"m{i}") for i in range(14))


@pytest.mark.parametrize("module", ["os", "pdb", "pickle", "socket", "typing", "uuid"])
def test_agrees_with_the_compiler_on_who_is_imported(standard, module):
    path = Path(sysconfig.get_path("stdlib"), f"{module}.py")
    named = compiled_imports(compile(path.read_bytes(), path, "exec"))
    expected = {name.split(".")[0] for name in named} & sys.stdlib_module_names
    found = {b.split(".")[0] for a, b in standard if a == module}
    assert found == expected - {module}


def compiled_imports(code):
    """The names that a code object imports, and those inside it."""
    names = [i.argval for i in dis.get_instructions(code) if i.opname == "IMPORT_NAME"]
    inner = [const for const in code.co_consts if hasattr(const, "co_code")]
    return names + [name for const in inner for name in compiled_imports(const)]


def test_two_readings_are_equal(tree):
    root = tree(TREE)
    assert read_imports([root]) == read_imports([root])


def test_the_first_folder_wins(tree):
    root = tree(
        {"x/m.py": "import a", "y/m.py": "import b", "y/a.py": "", "y/b.py": ""}
    )
    assert read_imports([root / "x", root / "y"]).edges == [("m", "a")]


def test_files_that_do_not_parse_are_skipped_and_listed(tree):
    broken = {
        "old.py": "print 'two'",
        "latin.py": b"x = '\xe9'",
        "nul.py": b"import sys\0",
        "coding.py": "# -*- coding: klingon -*-\nimport sys",
        "nested.py": "x = " + "(" * 10_000,
    }
    root = tree({"good.py": "import sys", **broken})
    found = read_imports([root])
    assert found.edges == [("good", "sys")]
    assert sorted(path.name for path in found.unreadable) == sorted(broken)


def test_other_encodings_are_read(tree):
    root = tree({"latin.py": b"# -*- coding: latin-1 -*-\nimport sys\nx = '\xe9'"})
    assert read_imports([root]).edges == [("latin", "sys")]


def test_warnings_of_old_source_do_not_leak(tree, recwarn):
    root = tree({"old.py": "import sys\nx = '\\d'\nx is 1\nassert (x, 'always')"})
    assert read_imports([root]).edges == [("old", "sys")]
    assert not recwarn


@pytest.mark.parametrize("enabled", [False, True])
def test_the_garbage_collector_is_left_as_it_was(tree, monkeypatch, enabled):
    root = tree({"a.py": "import sys"})
    calls = []
    monkeypatch.setattr(import_statements.gc, "isenabled", lambda: enabled)
    monkeypatch.setattr(
        import_statements.gc, "disable", lambda: calls.append("disable")
    )
    monkeypatch.setattr(import_statements.gc, "enable", lambda: calls.append("enable"))
    monkeypatch.setattr(
        import_statements, "_edges", None
    )  # a failure that nobody foresaw
    with pytest.raises(TypeError):
        read_imports([root])
    assert calls == ["disable", "enable"][: 1 + enabled]


def test_a_progress_bar_counts_the_modules(tree, capsys, monkeypatch):
    # Where IPython is loaded, tqdm.auto would draw a widget instead of text.
    monkeypatch.setattr(tqdm.auto, "tqdm", tqdm.std.tqdm)
    read_imports([tree({"a.py": "import sys", "b.py": ""})], progress=True)
    shown = capsys.readouterr()
    assert "2/2" in shown.err
    assert shown.out == ""


def test_a_folder_without_source_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no Python source"):
        read_imports([tmp_path])
