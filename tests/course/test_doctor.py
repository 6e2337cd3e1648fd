import shutil

from rich.console import Console

from cme323.course import doctor
from cme323.course.grade.sandbox import Sandbox


def told(lines):
    console = Console(width=200)
    with console.capture() as captured:
        console.print(doctor.table(lines))
    return captured.get()


def test_each_line_says_what_is_here():
    lines = {line.what: line for line in doctor.examine()}
    assert lines["Python"].here
    assert lines["nbgrader"].here
    assert lines["sandbox"].found
    assert all(line.fix for line in lines.values() if not line.here)


def test_what_is_missing_comes_with_its_fix(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(doctor, "find", lambda: Sandbox("limits", "no bubblewrap"))
    text = told(doctor.examine())
    assert "limits (no bubblewrap): apt-get install bubblewrap" in text
    assert "no Chromium: apt-get install chromium" in text


def test_a_package_that_is_not_there_is_not_there():
    line = doctor.package("Nothing", "cme323_nothing", "pip install it")
    assert (line.here, line.found) == (False, "not installed")
    assert "not installed: pip install it" in told([line])
