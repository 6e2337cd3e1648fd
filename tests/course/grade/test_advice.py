import pytest

from cme323.course.grade.advice import remarks
from cme323.course.grade.notebook import Cell


def told(*texts):
    cells = [Cell(f"t{i}", "test", text, 1, i, True) for i, text in enumerate(texts)]
    return list(remarks([*cells, Cell("k", "locked", "def ours(x): ...", 0, 9, True)]))


def test_a_test_that_waits_for_a_change_is_told_of():
    (sentence,) = told("x = [3, 1]\nsort(x)\nassert x == [1, 3]", "x = 1")
    assert sentence == (
        "t0 looks at an argument of sort(...) after the call: if that is to have "
        "changed, the cell needs the line ### IN PLACE"
    )
    assert told("for x in [[2], [1]]:\n    sort(x)\n    assert x[0] in (1, 2)")


@pytest.mark.parametrize(
    "text",
    [
        "### IN PLACE\nx = [3, 1]\nsort(x)\nassert x == [1, 3]",
        "x = [3, 1]\ny = sort(x)\nassert y == sorted(x)",
        "x = [3, 1]\nassert x\nsort(x)",
        "x = [3, 1]\nprint(x)\nours(x)\nx.sort()\nassert x == [1, 3]",
        "import numpy as np\nfrom m import check\ncheck(x)\nassert x",
        "x = (",
    ],
)
def test_other_tests_are_not(text):
    assert told(text) == []
