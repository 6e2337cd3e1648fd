import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.course.variants import (
    borrowed_name,
    me_in,
    my_graph,
    my_matrix,
    plain,
    variant,
)
from cme323.errors import BadInput

NAMES = [f"student{number:03}" for number in range(500)]


def test_a_variant_is_the_same_in_another_process():
    program = "from cme323.course.variants import variant; print(variant('ada', 'a5'))"
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert int(told.stdout) == variant("ada", "a5")


def test_students_assignments_and_items_have_variants_of_their_own():
    assert len({variant(name, "a5") for name in NAMES}) == len(NAMES)
    assert variant("ada", "a5") != variant("ada", "a6")
    assert variant("ada", "a5", "x") != variant("ada", "a5", "y")
    assert variant("ab", "c") != variant("a", "bc")


names = st.text(min_size=1, max_size=10).filter(lambda name: plain(name))


@given(names, names)
def test_a_variant_is_a_seed_whatever_the_name(student, assignment):
    assert 0 <= variant(student, assignment) < 2**63


def test_without_a_name_there_is_no_variant():
    with pytest.raises(BadInput, match="write the name of your folder"):
        variant(" ", "a5")


def test_a_graph_has_its_links_once_and_none_to_itself():
    for name in NAMES[:20]:
        graph = my_graph(name, "a5", pages=9, links=30)
        assert len(set(graph)) == 30
        assert all(0 <= u < 9 and 0 <= v < 9 and u != v for u, v in graph)


def test_the_whole_graph_is_the_whole_graph():
    whole = [(u, v) for u in range(4) for v in range(4) if u != v]
    assert my_graph("ada", "a5", pages=4, links=12) == whole


def test_every_link_is_as_likely():
    counts = np.zeros((4, 4))
    for name in NAMES:
        for u, v in my_graph(name, "a5", pages=4, links=3):
            counts[u, v] += 1
    off = counts[~np.eye(4, dtype=bool)]
    expected = len(NAMES) * 3 / 12
    assert ((off - expected) ** 2 / expected).sum() < 31.3  # chi-square, 11, 0.1%


def test_a_number_copied_from_another_student_is_wrong():
    edges = [len(set(my_graph(n, "a5", pages=50, links=200))) for n in NAMES[:9]]
    sums = [int(my_matrix(n, "a2", rows=9, columns=9).sum()) for n in NAMES[:9]]
    assert edges == [200] * 9
    assert len(set(sums)) > 6


def test_a_graph_that_cannot_be_is_one_sentence():
    with pytest.raises(BadInput, match="from 1 to 12 links, not 13"):
        my_graph("ada", "a5", pages=4, links=13)


def test_who_works_under_another_name_is_told():
    assert list(borrowed_name("ada", ["me = 'Ada '", "x = 1"])) == []
    (said,) = borrowed_name("ada", ["me = 'bob'"])
    assert said == "ada has worked as bob: their variant is another's"
    assert list(borrowed_name("ada", ["me = 'b' + 'ob'"]))


@pytest.mark.parametrize("text", ["me(", "you = 1", "x.me = 2", "\0", "(" * 10_000])
def test_a_cell_that_names_nobody_is_no_matter(text):
    assert me_in(text) is None
