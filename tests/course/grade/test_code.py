import pytest

from cme323.course.grade.code import compiled, imports, parsed


def run(text):
    names = {}
    exec(compiled(text, "cell 1"), names)
    return names


@pytest.mark.parametrize(
    "text",
    [
        "%matplotlib inline\nx = 1",
        "x = 1\n!pip install 'torch\n",
        "x = 1\n?len\nlen?\n%time f()",
        "%%time\nx = 1",
        "%%capture out\n%load_ext abc\nx = 1",
    ],
)
def test_magics_are_ignored(text):
    assert run(text)["x"] == 1


def test_a_percent_sign_within_python_is_kept():
    assert run("x = '''\n%d\n''' % (\n7\n% 4)")["x"] == "\n3\n"


def test_a_cell_of_another_language_does_not_run():
    assert "x" not in run("%%bash\nx = 1")


def test_a_cell_that_is_not_python_raises():
    with pytest.raises(SyntaxError) as error:
        parsed("%time\nx = = 1", "cell 7")
    assert (error.value.filename, error.value.lineno) == ("cell 7", 2)


@pytest.mark.parametrize(
    "text",
    [
        "import a.b as c",
        "def f():\n    from a import b",
        "from a.b import *",
        "import importlib\nimportlib.import_module('a.b')",
        "from importlib import import_module as m, import_module\nimport_module('a.b')",
        "__import__('a.b')",
    ],
)
def test_imports_are_found_in_every_form(text):
    assert "a.b" in imports(parsed(text))


def test_names_that_are_no_imports_are_not_found():
    assert imports(parsed("x = 'a.b'; f(x); a.b.import_module(x)")) == []
