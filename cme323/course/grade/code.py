"""The Python in a cell: its syntax without IPython's magics, and what it imports.

A line that starts with %, ! or ?, or ends with ?, is dropped where Python cannot
read it. Under `%%time` and its like the cell runs; under any other cell magic
(`%%bash`) it is not Python, and nothing runs.

Left out: magics that are indented or to the right of `=`.
"""

import ast
from symtable import symtable

TRANSPARENT = ("%%time", "%%timeit", "%%capture", "%%prun")


def compiled(text, name):
    """The code of a cell, called `name` in tracebacks; raises SyntaxError."""
    return compile(parsed(text, name), name, "exec", dont_inherit=True)


def parsed(text, name="cell"):
    """The syntax tree of a cell, without its magics; raises SyntaxError."""
    text = without_cell_magic(text)
    while True:
        try:
            return ast.parse(text, name)
        except SyntaxError as error:
            text = without_magic(text, error)


def without_cell_magic(text):
    first, _, rest = text.partition("\n")
    if not first.startswith("%%"):
        return text
    return "\n" + rest if first.split()[0] in TRANSPARENT else ""


def without_magic(text, error):
    """`text` without the line at fault if that is a magic; else raises `error`."""
    lines = text.split("\n")
    line = lines[error.lineno - 1] if 0 < (error.lineno or 0) <= len(lines) else ""
    if not (line.startswith(("%", "!", "?")) or line.rstrip().endswith("?")):
        raise error
    lines[error.lineno - 1] = ""
    return "\n".join(lines)


def classes(text):
    """The names of the classes that a cell defines; none if it is not Python.

    >>> classes("class A: pass")
    {'A'}
    """
    try:
        nodes = ast.walk(parsed(text))
        return {node.name for node in nodes if isinstance(node, ast.ClassDef)}
    except (SyntaxError, ValueError, RecursionError):
        return set()


def bound(text):
    """The names that a cell binds; none if it is not Python.

    >>> sorted(bound("import os.path as p; a = [b for b in c]"))
    ['a', 'p']
    """
    try:
        names = symtable(ast.unparse(parsed(text)), "cell", "exec").get_symbols()
    except (SyntaxError, ValueError, RecursionError):
        return set()
    return {n.get_name() for n in names if n.is_assigned() or n.is_imported()}


def imports(tree):
    """The dotted names of all that a syntax tree imports, without repeats.

    >>> imports(ast.parse("import os.path; from a.b import c"))
    ['a.b', 'a.b.c', 'os.path']
    """
    return sorted({name for node in ast.walk(tree) for name in imported(node)})


def imported(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        package = node.module or ""
        return [package, *(f"{package}.{alias.name}" for alias in node.names)]
    if isinstance(node, ast.Call) and node.args:
        return called(node.func, node.args[0])
    return []


def called(function, argument):
    """The module in import_module("...") or __import__("...")."""
    name = getattr(function, "attr", getattr(function, "id", None))
    module = getattr(argument, "value", None)
    by_name = name in ("import_module", "__import__") and isinstance(module, str)
    return [module] if by_name else []
