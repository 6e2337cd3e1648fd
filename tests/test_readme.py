import doctest
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_code_in_the_readme_runs_as_shown():
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert (failed, tried > 5) == (0, True)


def test_the_readme_names_every_command():
    text = (ROOT / "README.md").read_text()
    for command in ("lab", "verify", "release", "grade", "bench"):
        assert f"cme323 {command}" in text
    for target in ("lab", "test", "verify", "setup", "clean"):
        assert f"make {target}" in text
