"""Statements as HTML: their formulas become MathML, which needs no script and no net.

    prose  $formula$  prose    ->    prose <math>...</math> prose

latex2mathml does the work. It never refuses: what it does not know is left in its
output as text, with the backslash. Left out: formulas on a line of their own.
"""

import re
from functools import cache
from html import escape
from xml.etree import ElementTree

from latex2mathml.converter import convert

from cme323.errors import BadInput

NAMESPACE = "http://www.w3.org/1998/Math/MathML"
NAMES = {"ln", "log", "max", "min", "exp", "sin", "cos", "lim", "Pr", "det"}
OPENING, CLOSING = {"(", "[", "⌈", "⌊"}, {")", "]", "⌉", "⌋"}
BREAKING = {"=", "<", ">", "≤", "≥", "≈", "+", "−", "/", ","}
FORMULA = "<math(?:(?!<math).)*?</math>"
LONG = 16  # letters; shorter formulas stay on a line


def statement_html(statement):
    """The statement, its prose escaped and its formulas as math elements.

    >>> statement_html("$n$ & no more")
    '<math ...><mrow><mi>n</mi></mrow></math> &amp; no more'
    """
    pieces = re.split(r"\$(.+?)\$", statement)
    html = "".join(
        mathml(piece) if i % 2 else escape(piece, quote=False)
        for i, piece in enumerate(pieces)
    )
    return re.sub(rf"\({FORMULA}[.,;:)]*|{FORMULA}[.,;:)]+", _together, html)


def _together(match):
    """A formula with its bracket or full stop, which would else begin a line."""
    return f'<span style="white-space: nowrap">{match.group()}</span>'


@cache
def mathml(latex):
    """One formula; raises BadInput for a command that is not known."""
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.fromstring(convert(latex))
    for row in root.iter(f"{{{NAMESPACE}}}mrow"):
        _space_names(row)
    text = "".join(
        ElementTree.tostring(part, encoding="unicode") for part in _lines(root)
    )
    if "\\" in text:
        unknown = re.search(r"\\\w*", text).group()
        raise BadInput(
            f"a formula must be LaTeX that MathML has words for, but {unknown} in "
            f"${latex}$ is not: write it in another way"
        )
    return text


def _lines(root):
    """A long formula in parts: browsers break lines only between them.

    As TeX does, after a relation or an operation outside all brackets.
    """
    if len("".join(root.itertext())) <= LONG:
        return [root]
    parts, depth = [[]], 0
    for child in root[0]:
        parts[-1].append(child)
        depth += (child.text in OPENING) - (child.text in CLOSING)
        if depth == 0 and child.text in BREAKING and len(parts[-1]) > 1:
            child.set("form", "infix")  # the last of a row would be a postfix
            parts.append([])
    return [_formula(part) for part in parts if part]


def _formula(children):
    root = ElementTree.Element(f"{{{NAMESPACE}}}math")
    ElementTree.SubElement(root, f"{{{NAMESPACE}}}mrow").extend(children)
    return root


def _space_names(row):
    """A thin space around each ln, log and max, which MathML would set close."""
    children = list(row)
    for before, child, after in zip([None, *children], children, [*children[1:], None]):
        if _is_name(child):
            if _is_letter(after) and _tag(child) in ("mi", "mo"):
                row.insert(list(row).index(child) + 1, _thin())
            if _is_letter(before):
                row.insert(list(row).index(child), _thin())


def _is_letter(element):
    """Would a name run into it?"""
    if element is None or element.text in OPENING | CLOSING:
        return False
    return _tag(element) in ("mi", "mn", "msub", "msup", "mfrac", "msqrt")


def _is_name(element):
    base = element[0] if _tag(element) in ("msub", "msup", "munder") else element
    return _tag(base) in ("mi", "mo") and base.text in NAMES


def _thin():
    return ElementTree.Element(f"{{{NAMESPACE}}}mspace", width="0.17em")


def _tag(element):
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")
