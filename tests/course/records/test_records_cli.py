"""The commands on scores: what they print, how they end, one sentence on bad input."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from cme323.course import cli


@pytest.fixture
def command(monkeypatch, capsys, tmp_path):
    """Run `cme323 ...` in a folder of its own: (exit status, stdout, stderr)."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["cme323", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        told = capsys.readouterr()
        return end.value.code or 0, told.out, told.err

    return run


def hand_in(folder, text):
    folder.mkdir(parents=True)
    cell = {"cell_type": "code", "source": text, "metadata": {}, "outputs": []}
    (folder / "hw.ipynb").write_text(json.dumps({"cells": [cell]}))


def test_export_says_where_and_what_is_open(command, out, tmp_path):
    status, said, warned = command("export", "--scores", out, "--format", "canvas")
    assert (status, said) == (0, "The scores are in hw_canvas.csv\n")
    assert "3 scores of 3 students are for a person to give" in warned
    assert (tmp_path / "hw_canvas.csv").exists()


def test_feedback_says_how_many(command, out, tmp_path):
    hand_in(tmp_path / "in" / "ada", "1")
    options = ("--scores", out, "--submissions", "in", "--to", "back")
    status, said, _ = command("feedback", "hw", *options)
    assert (status, said) == (0, "4 pages and notebooks are in back\n")
    status, _, warned = command("feedback", "hw", *options)
    assert status == 2
    assert warned.startswith("cme323: back/ada/hw.html is there already")


def test_report_says_where(command, out):
    status, said, _ = command("report", "--scores", out, "--to", "page")
    assert (status, said) == (0, "The report is page/index.html\n")


def test_similar_prints_its_table(command, tmp_path):
    code = "\n".join(f"x = f(y, {n}) + g[z] * h" for n in range(9))
    for student in ("ada", "bob"):
        hand_in(tmp_path / "in" / student, code)
    status, said, _ = command("similar", "--submissions", "in", "--assignment", "hw")
    head, row = said.splitlines()
    assert status == 0
    assert head.split()[:4] == ["first", "second", "share", "shared"]
    assert row.split()[:3] == ["ada", "bob", "1.00"]


def test_bad_input_is_one_sentence(command, tmp_path):
    status, _, warned = command("report", "--scores", "no", "--to", "page")
    assert status == 2
    assert warned.startswith("cme323: no must hold the scores.json")
    assert warned.count("\n") == 1


SOURCE = """# %% nbgrader={"grade_id": "f", "solution": true, "locked": false}
def f(x):
    return x

# %% nbgrader={"grade_id": "t", "grade": true, "locked": true, "points": 3}
assert f(1) == 1
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Gradescope's container is Linux")
def test_the_autograder_of_the_readme_grades_in_gradescopes_folders(tmp_path):
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    (script,) = re.findall(r"^    #!/bin/bash\n(?:    .*\n)+", readme, re.MULTILINE)
    (tmp_path / "source/a5_graphs").mkdir(parents=True)
    (tmp_path / "source/a5_graphs/a5_graphs.py").write_text(SOURCE)
    hand_in(tmp_path / "submission", "def f(x): return x")
    (tmp_path / "results").mkdir()
    (tmp_path / "bin").mkdir()
    command = f'#!/bin/sh\nexec {sys.executable} -m cme323.course.cli "$@"\n'
    (tmp_path / "bin/cme323").write_text(command)
    (tmp_path / "bin/cme323").chmod(0o755)
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    text = dedent(script).replace("/autograder", str(tmp_path))
    subprocess.run(["bash", "-c", text], env=os.environ | {"PATH": path}, check=True)
    results = json.loads((tmp_path / "results/results.json").read_text())
    assert [test["score"] for test in results["tests"]] == [3]
    assert results["score"] == 3
