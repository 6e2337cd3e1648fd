"""`cme323 lab`: which files a student gets, and how JupyterLab is started."""

import os
import shutil
import socket

import nbformat
import pytest

import cme323
from cme323.course import lab
from cme323.errors import BadInput


@pytest.fixture
def course(tmp_path):
    """A small course, as a checkout has it."""
    folder = tmp_path / "course"
    files = {
        "lectures/15_pagerank.ipynb": nbformat.writes(nbformat.v4.new_notebook()),
        "lectures/15_pagerank.py": "a source",
        "lectures/ring.png": "a picture",
        "lectures/.ipynb_checkpoints/15_pagerank-checkpoint.ipynb": "a checkpoint",
        "assignments/a5/a5.ipynb": nbformat.writes(nbformat.v4.new_notebook()),
        "assignments/a5/data/edges.txt": "1 2",
        "assignments/a5/__pycache__/x.pyc": "a cache",
        "solutions/a5/a5.py": "the answers",
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


@pytest.fixture
def taken():
    """A port that someone listens on."""
    with socket.create_server(("localhost", 0)) as server:
        yield server.getsockname()[1]


def test_a_student_gets_notebooks_and_what_they_show_but_no_sources(course):
    assert set(lab.contents(course)) == {
        "lectures/15_pagerank.ipynb",
        "lectures/ring.png",
        "assignments/a5/a5.ipynb",
        "assignments/a5/data/edges.txt",
    }


def test_the_working_copy_has_the_course_and_a_home_page(course, tmp_path):
    assert lab.fill(tmp_path / "work", course) == []
    assert (tmp_path / "work" / "assignments" / "a5" / "data" / "edges.txt").exists()
    assert "15_pagerank" in (tmp_path / "work" / "Home.ipynb").read_text()


def test_a_home_page_that_nobody_changed_lists_what_is_new(course, tmp_path):
    lab.fill(tmp_path / "work", course)
    (course / "lectures" / "16_more.ipynb").write_text('{"cells": []}')
    assert lab.fill(tmp_path / "work", course, release="9.9") == []
    assert "16_more" in (tmp_path / "work" / "Home.ipynb").read_text()


def test_the_material_of_this_checkout_is_found():
    folder = lab.material()
    assert (folder / "lectures").is_dir()
    assert (folder / "assignments").is_dir()


def test_an_installed_package_uses_the_material_that_it_carries(monkeypatch, course):
    package = course.parent / "cme323"
    (package / "course").mkdir(parents=True)
    course.rename(package / "course" / "material")
    monkeypatch.setattr(cme323, "__file__", str(package / "__init__.py"))
    assert lab.material() == package / "course" / "material"


def test_the_lab_fills_the_working_copy_says_so_and_serves(
    monkeypatch, course, tmp_path
):
    said, served = [], []
    monkeypatch.setattr(lab, "material", lambda: course)
    monkeypatch.setattr(lab, "serve", lambda work, **how: served.append((work, how)))
    work = tmp_path / "work"
    (work / "lectures").mkdir(parents=True)
    (work / "lectures" / "ring.png").write_text("mine")
    lab.lab(work, browser=False, port=8899, say=said.append)
    assert served == [(work, {"browser": False, "port": 8899})]
    assert "lectures/ring.png" in said[0]
    assert str(work) in said[1]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has no root")
@pytest.mark.parametrize(("user", "root"), [(0, True), (1000, False)])
def test_jupyter_is_told_to_run_as_root_only_as_root(monkeypatch, tmp_path, user, root):
    monkeypatch.setattr(os, "geteuid", lambda: user)
    options = lab.arguments(tmp_path, browser=True, port=None)
    assert ("--ServerApp.allow_root=True" in options) == root


def test_a_port_that_was_asked_for_is_the_port_that_is_used(tmp_path):
    options = lab.arguments(tmp_path, browser=False, port=8899)
    assert "--ServerApp.port=8899" in options
    assert "--ServerApp.port_retries=0" in options
    assert "--ServerApp.open_browser=False" in options


def test_this_environments_commands_come_first(monkeypatch):
    monkeypatch.setenv("PATH", "/somewhere")
    first, rest = lab.environment()["PATH"].split(os.pathsep)
    assert shutil.which("jupyter", path=first)
    assert rest == "/somewhere"


def test_a_free_port_is_accepted(taken):
    with socket.create_server(("localhost", 0)) as server:
        free = server.getsockname()[1]
    assert lab.refuse_taken(free) is None


def test_a_busy_port_is_refused_before_a_server_starts(taken, tmp_path):
    with pytest.raises(BadInput, match=f"port {taken} must be free, but it is taken"):
        lab.serve(tmp_path, browser=False, port=taken)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_number_that_is_no_port_is_refused(port):
    with pytest.raises(BadInput, match=f"from 1 to 65535, not {port}"):
        lab.refuse_taken(port)


def test_a_package_without_its_material_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(cme323, "__file__", str(tmp_path / "cme323" / "__init__.py"))
    with pytest.raises(BadInput, match="reinstall cme323"):
        lab.material()


def test_a_working_copy_that_is_a_file_is_refused(course, tmp_path):
    (tmp_path / "work").write_text("a file")
    with pytest.raises(BadInput, match="is a file"):
        lab.fill(tmp_path / "work", course)
