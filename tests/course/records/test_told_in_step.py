"""Every sentence that the grader can give as a reason is told, or withheld on purpose.

The sentences are read from the grader's code, so a new one that nobody thought of in
told.py fails here.
"""

import ast
import re
from pathlib import Path

import pytest

from cme323.course import grade
from cme323.course.records.book import Entry
from cme323.course.records.told import told

FOLDER = Path(grade.__file__).parent
# What makes a reason of its argument, and functions that return one.
RAISED = {"StudentError", "Stopped", "stop", "lost"}
RETURNED = {
    *("_ending", "_too_late", "_too_long", "excess", "refusals", "placed"),
    *("failed_line", "_failure", "raised", "lacking"),
}
SHORTENED = {
    "a test failed: x": "a test failed; what it compares is not shown",
    "the test raised ValueError: x": "the test raised ValueError",
    "an argument cannot be made in your process: x": "an argument cannot be made in "
    "your process",
    "a test asks for `x`, but x": "a test failed; what it compares is not shown",
}
# What it says of work that it cannot read, which read_book finds beside the scores.
UNREAD = {"x cannot be read", "grading failed: x"}


def sentences():
    """All of them, with "x" for whatever is filled in."""
    trees = [ast.parse(path.read_text("utf-8")) for path in FOLDER.glob("*.py")]
    found = {text for tree in trees for text in in_tree(tree)}
    return sorted(text for text in found if " " in text)


def in_tree(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node.func) in RAISED:
            for argument in node.args:
                yield from texts(argument)
        if isinstance(node, ast.FunctionDef) and node.name in RETURNED:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and inner.value:
                    yield from texts(inner.value)
        if isinstance(node, ast.Assign) and name_of(node.targets[0]) == "BY_HAND":
            yield from texts(node.value)


def name_of(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def texts(node):
    """The text of a string with its holes filled; of both ends of a choice, too."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.sub(r"\{\w+\}", "x", node.value)
    elif isinstance(node, ast.JoinedStr):
        yield re.sub(r"\{\w+\}", "x", "".join(map(part, node.values)))
    else:
        for inner in ast.iter_child_nodes(node):
            yield from texts(inner)


def part(node):
    if isinstance(node, ast.Constant):
        return node.value
    words = ast.unparse(node.value)
    return "ValueError" if "kind" in words or "__name__" in words else "x"


@pytest.mark.parametrize("text", sentences())
def test_a_sentence_of_the_graders_is_told_or_shortened_on_purpose(text):
    unread = text if text in UNREAD else ""
    said = told(Entry("ada", "hw", "t", 0, 1, text), unreadable=unread)
    assert said == SHORTENED.get(text, text)


def test_the_code_has_been_read():
    assert {*SHORTENED, "took longer than x s"} <= set(sentences())
    assert len(sentences()) > 25


def test_of_what_a_test_asks_for_the_students_part_is_told():
    reason = "a test asks for `shape`, but your function returned an RDD; return x"
    said = told(Entry("ada", "hw", "t", 0, 1, reason))
    assert said == "your function returned an RDD; return x"
