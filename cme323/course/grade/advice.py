"""What to know of the tests of a course that was written for nbgrader.

A test that calls the student's `sort(x)` for nothing that it returns, and then looks at
`x`, waits for what the call has done to x, and needs a line for that: see changes.py.
"""

import ast
import builtins

from cme323.course.grade.changes import LINE, asked
from cme323.course.grade.code import parsed


def remarks(cells):
    """A sentence for each test that seems to lack the line."""
    trees = {cell: tree_of(cell) for cell in cells if cell.kind in ("test", "locked")}
    ours = set(vars(builtins)).union(*map(bound, trees.values()))
    for cell, tree in trees.items():
        call = None if asked(cell.text) else overlooked(tree, ours)
        if call:
            yield (
                f"{cell.id} looks at an argument of {call}(...) after the call: if "
                f"that is to have changed, the cell needs the line {LINE}"
            )


def overlooked(tree, ours):
    """The name of a function that is called for what it does, or None."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
            continue
        call, name = node.value, getattr(node.value.func, "id", None)
        if name and name not in ours and names(call.args) & later(tree, node.lineno):
            return name
    return None


def later(tree, line):
    """The names that assertions after this line look at."""
    asserts = [n.test for n in ast.walk(tree) if isinstance(n, ast.Assert)]
    return names(test for test in asserts if test.lineno > line)


def names(nodes):
    return {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)}


def bound(tree):
    """The names that a cell defines or imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).split(".")[0]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def tree_of(cell):
    """Its syntax; of nothing if it is not Python."""
    try:
        return parsed(cell.text) if cell.code else ast.Module([], [])
    except SyntaxError:
        return ast.Module([], [])
