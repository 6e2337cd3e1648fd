"""Statements become HTML with MathML."""

import re
from xml.etree import ElementTree

import pytest

from cme323.claims import claims
from cme323.course.mathml import mathml, statement_html
from cme323.errors import BadInput


def read(formula):
    """(tag, text) of everything in the formula that is written."""
    root = ElementTree.fromstring(f"<all>{mathml(formula)}</all>")
    return [
        (element.tag.split("}")[-1], element.text or "")
        for element in root.iter()
        if element.text or element.tag.endswith("mspace")
    ]


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.id)
def test_every_statement_becomes_well_formed_mathml(claim):
    html = statement_html(claim.statement)
    text = "".join(ElementTree.fromstring(f"<p>{html}</p>").itertext())
    assert html.count("<math") >= claim.statement.count("$") // 2
    assert not re.search(r"[$\\]", text)
    assert claim.statement.split("$")[0] in text


def test_a_formula_is_structure_not_text():
    assert read(r"\frac{n}{2}") == [("mi", "n"), ("mn", "2")]
    assert "<mfrac>" in mathml(r"\frac{n}{2}")
    assert "<msqrt>" in mathml(r"\sqrt{a}")


def test_a_name_does_not_run_into_the_letter_after_it():
    assert read(r"2\ln d") == [
        ("mn", "2"), ("mspace", ""), ("mi", "ln"), ("mspace", ""), ("mi", "d"),
    ]  # fmt: skip
    assert read(r"\ln(d)")[1] == ("mo", "(")


def test_a_long_formula_can_break_after_its_relations():
    short, long = r"n = m", r"n^* = \alpha(2(P-1) - 2k)/(\beta(2k - 2(P-1)/P))"
    assert mathml(short).count("<math") == 1
    assert mathml(long).count("<math") == 3  # after = and /, not inside brackets
    assert 'form="infix"' in mathml(long)


def test_prose_is_escaped_and_a_full_stop_stays_with_its_formula():
    html = statement_html("If $a < b$, then P & Q.")
    assert html.startswith("If <span")
    assert "</math>,</span> then P &amp; Q." in html


def test_an_unknown_command_is_one_sentence():
    with pytest.raises(BadInput, match=r"\\nonsense in \$\\nonsense x\$"):
        mathml(r"\nonsense x")
