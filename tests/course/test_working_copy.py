"""What a student wrote stays; what we wrote stays up to date."""

import os
import shutil
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path
from unittest.mock import patch

import nbformat
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from cme323.course.working_copy import MANIFEST, deliver
from cme323.errors import BadInput

A, BESIDE = "lectures/a.txt", "lectures/a (release 0.2.0).txt"


@pytest.fixture
def work(tmp_path):
    return tmp_path / "work"


def texts(folder):
    """Every file below `folder` but the manifest, by path."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {
        file.relative_to(folder).as_posix(): file.read_text()
        for file in files
        if file.name != MANIFEST
    }


def test_new_material_is_added(work):
    assert deliver(work, {A: b"one"}, "0.1.0") == []
    assert deliver(work, {A: b"one", "b.txt": b"new"}, "0.2.0") == []
    assert texts(work) == {A: "one", "b.txt": "new"}


def test_a_file_that_the_student_left_alone_is_updated(work):
    deliver(work, {A: b"one"}, "0.1.0")
    assert deliver(work, {A: b"two"}, "0.2.0") == []
    assert texts(work) == {A: "two"}


def test_a_newer_release_goes_beside_what_the_student_changed(work):
    deliver(work, {A: b"one"}, "0.1.0")
    (work / A).write_text("mine")
    (sentence,) = deliver(work, {A: b"two"}, "0.2.0")
    assert texts(work) == {A: "mine", BESIDE: "two"}
    assert A in sentence
    assert "a (release 0.2.0).txt" in sentence


def test_a_file_that_was_there_before_us_is_kept(work):
    (work / A).parent.mkdir(parents=True)
    (work / A).write_text("mine")
    assert len(deliver(work, {A: b"two"}, "0.2.0")) == 1
    assert texts(work) == {A: "mine", BESIDE: "two"}


def test_notes_in_the_newer_release_are_kept_too(work):
    deliver(work, {A: b"one"}, "0.1.0")
    (work / A).write_text("mine")
    deliver(work, {A: b"two"}, "0.2.0")
    (work / BESIDE).write_text("mine as well")
    deliver(work, {A: b"three"}, "0.2.0")
    assert texts(work) == {
        A: "mine",
        BESIDE: "mine as well",
        "lectures/a (release 0.2.0, 2).txt": "three",
    }


@pytest.mark.parametrize("edit", ["one", "mine"])
def test_a_second_start_changes_nothing_and_says_nothing(work, edit):
    deliver(work, {A: b"one"}, "0.1.0")
    (work / A).write_text(edit)
    deliver(work, {A: b"two"}, "0.2.0")
    before = {file: file.stat().st_mtime_ns for file in work.rglob("*")}
    assert deliver(work, {A: b"two"}, "0.2.0") == []
    assert {file: file.stat().st_mtime_ns for file in work.rglob("*")} == before


def test_a_newer_release_that_the_student_deleted_is_not_offered_again(work):
    deliver(work, {A: b"one"}, "0.1.0")
    (work / A).write_text("mine")
    deliver(work, {A: b"two"}, "0.2.0")
    (work / BESIDE).unlink()
    assert deliver(work, {A: b"two"}, "0.2.0") == []
    assert texts(work) == {A: "mine"}


def test_a_deleted_file_comes_back(work):
    deliver(work, {A: b"one"}, "0.1.0")
    (work / A).unlink()
    assert deliver(work, {A: b"one"}, "0.1.0") == []
    assert texts(work) == {A: "one"}


@pytest.mark.parametrize(
    "damage", [b"", b"\xff", b"[]", b'{"delivered": 1, "offered": {}}', b"[" * 100_000]
)
def test_with_a_damaged_manifest_every_file_counts_as_the_students(work, damage):
    deliver(work, {A: b"one"}, "0.1.0")
    (work / MANIFEST).write_bytes(damage)
    said = deliver(work, {A: b"two"}, "0.2.0")
    assert "is damaged" in said[0]
    assert len(said) == 2
    assert texts(work) == {A: "one", BESIDE: "two"}
    assert deliver(work, {A: b"two"}, "0.2.0") == []


def test_to_open_a_notebook_is_not_to_change_it(work):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A")])
    deliver(work, {"a.ipynb": nbformat.writes(notebook).encode()}, "0.1.0")
    # NB: JupyterLab writes this when it saves a notebook that was only looked at.
    notebook.metadata["language_info"] = {"name": "python", "version": "3.13"}
    (work / "a.ipynb").write_text(nbformat.writes(notebook, indent=4))
    notebook.cells[0].source = "# B"
    assert deliver(work, {"a.ipynb": nbformat.writes(notebook).encode()}, "0.2.0") == []
    assert nbformat.read(work / "a.ipynb", as_version=4).cells[0].source == "# B"


@pytest.mark.parametrize("part", ["source", "outputs", "metadata"])
def test_to_change_any_part_of_a_cell_is_to_change_the_notebook(work, part):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    deliver(work, {"a.ipynb": nbformat.writes(notebook).encode()}, "0.1.0")
    mine = nbformat.from_dict(notebook)
    output = nbformat.v4.new_output("stream", text="1")
    changed = {"source": "2", "outputs": [output], "metadata": {"tags": ["mine"]}}
    mine.cells[0][part] = changed[part]
    (work / "a.ipynb").write_text(nbformat.writes(mine))
    assert len(deliver(work, {"a.ipynb": b"{}"}, "0.2.0")) == 1
    assert (work / "a.ipynb").read_text() == nbformat.writes(mine)


def test_a_folder_where_a_file_should_go_is_kept(work):
    (work / A).mkdir(parents=True)
    assert len(deliver(work, {A: b"two"}, "0.2.0")) == 1
    assert texts(work) == {BESIDE: "two"}


class Student(RuleBasedStateMachine):
    """A student, a teacher and bad luck, in any order."""

    names = st.sampled_from(["a.txt", "b.txt", "d/c.txt", "a (release 1).txt"])

    def __init__(self):
        super().__init__()
        self.work = Path(tempfile.mkdtemp(), "work")
        self.files, self.theirs = {}, {}
        self.fresh, self.release, self.lucky = count(), 0, True

    def teardown(self):
        shutil.rmtree(self.work.parent)

    @rule(name=names)
    def teacher_releases(self, name):
        self.files[name] = f"ours {next(self.fresh)}".encode()

    @rule()
    def teacher_counts_up(self):
        self.release += 1

    @rule(name=names)
    def student_writes(self, name):
        self.theirs[name] = f"theirs {next(self.fresh)}"
        (self.work / name).parent.mkdir(parents=True, exist_ok=True)
        (self.work / name).write_text(self.theirs[name])

    @rule(data=st.data())
    def student_edits_what_is_there(self, data):
        found = sorted(texts(self.work))
        if found:
            self.student_writes(data.draw(st.sampled_from(found)))

    @rule(name=names)
    def student_deletes(self, name):
        self.theirs.pop(name, None)
        (self.work / name).unlink(missing_ok=True)

    @rule(damage=st.sampled_from([b"", b"{", b"{}"]))
    def manifest_is_damaged(self, damage):
        if self.work.exists():
            (self.work / MANIFEST).write_bytes(damage)
        self.lucky = False

    @rule()
    def manifest_is_lost(self):
        (self.work / MANIFEST).unlink(missing_ok=True)
        self.lucky = False

    @rule(after=st.integers(0, 4))
    def start_crashes(self, after):
        with patch("os.replace", crashing(after)), suppress(Crash):
            deliver(self.work, self.files, str(self.release))
        self.lucky = False

    @rule()
    def start(self):
        deliver(self.work, self.files, str(self.release))
        before = texts(self.work)
        assert before.keys() >= self.files.keys()
        for name, content in self.files.items() if self.lucky else ():
            assert before[name] in (content.decode(), self.theirs.get(name))
        assert deliver(self.work, self.files, str(self.release)) == []
        assert texts(self.work) == before

    @invariant()
    def nothing_of_theirs_is_lost(self):
        found = texts(self.work)
        assert {name: found.get(name) for name in self.theirs} == self.theirs


class Crash(BaseException):
    """Power fails."""


def crashing(after, replace=os.replace):
    """`os.replace` that works `after` times, and then crashes."""
    calls = count()

    def replace_or_crash(source, target):
        if next(calls) >= after:
            raise Crash
        replace(source, target)

    return replace_or_crash


TestStudent = Student.TestCase
TestStudent.settings = settings(
    max_examples=80, stateful_step_count=25, deadline=None, derandomize=True
)


def test_a_working_copy_that_is_a_file_is_refused(work):
    work.write_text("a file")
    with pytest.raises(BadInput, match="is a file: choose another with --work"):
        deliver(work, {A: b"one"}, "0.1.0")


def test_a_working_copy_that_cannot_be_written_is_refused(work):
    work.mkdir()
    (work / "lectures").write_text("a file where a folder must be")
    with pytest.raises(BadInput, match="must be writable"):
        deliver(work, {A: b"one"}, "0.1.0")
    assert texts(work) == {"lectures": "a file where a folder must be"}
