import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.course.check import Wrong, check
from cme323.course.exercises import exercise
from cme323.course.records.book import Entry
from cme323.course.records.told import WITHHELD, cost_against_bound, told


def of(reason, **options):
    return told(Entry("ada", "hw", "t", 0, 6, reason), **options)


IDEA = exercise("1.1").idea


def test_the_failing_input_and_the_idea_are_told_and_the_answer_is_not():
    said = of(f"1.1: tree_sum(pram, [1, 2]) should be 777, but came as 4: {IDEA}.")
    assert said == f"1.1: tree_sum(pram, [1, 2]) came as 4: {IDEA}."


def test_what_check_says_of_a_wrong_answer_is_understood():
    with pytest.raises(Wrong) as wrong:
        check("5.1", lambda sc, edges, damping, iterations: {"a": 0.125})
    said = of(str(wrong.value).replace("<lambda>", "pagerank_naive"))
    assert "5.1: pagerank_naive(sc, [" in said
    assert "came as {'a': 0.125}: a page sends" in said
    assert "should" not in said.split("came as")[0]


def test_that_a_function_is_not_written_yet_is_told():
    def blank(sc, edges, damping, iterations):
        raise NotImplementedError()

    with pytest.raises(Wrong) as wrong:
        check("5.1", blank)
    assert of(str(wrong.value)) == str(wrong.value)


def test_a_wrong_place_is_told_without_what_belongs_there():
    said = of(f"1.1: f(pram, [5]) should have 777 at place 3, but has 4 there: {IDEA}.")
    assert said == (f"1.1: f(pram, [5]) has 4 at place 3, which is not right: {IDEA}.")


def test_a_fault_is_told_without_its_numbers():
    said = of(f"1.1: f() came as 3, but the band of a does not begin at 777: {IDEA}.")
    assert said == (
        f"1.1: f() came as 3, but the band of a does not begin at …: {IDEA}."
    )


def test_a_cost_is_told_with_its_bound():
    reason = (
        "5.3: f(sc) is right, but one step took 2 rounds and moved 9 records, above "
        "1 and 4: move less."
    )
    assert of(reason) == reason
    assert cost_against_bound(reason) == [("rounds", 2, 1), ("records", 9, 4)]
    assert cost_against_bound("anything else") == []


@pytest.mark.parametrize(
    "reason",
    [
        "a test failed: assert scan([7]) == [777]",
        "scan([7]) must be [777]",
        "1.1: f(1) should be 777, but that was cut off he…",
        "1.1: f(1) should be 777, but came as 4: another course's 777.",
    ],
)
def test_a_plain_assert_is_withheld_unless_the_instructor_allows(reason):
    assert of(reason) == WITHHELD
    assert of(reason, show_tests=True) == reason


def test_what_the_error_of_a_test_says_is_withheld():
    assert of("the test raised KeyError: 777") == "the test raised KeyError"


@pytest.mark.parametrize(
    "reason",
    [
        "your function raised ValueError: no",
        "your function returned an RDD; return its collect()",
        "`scan` is not defined: cell 3 raised NameError: x",
        "took longer than 20 s",
        "ended its process (SIGKILL)",
        "a hidden test failed",
        "grading failed: its process ended (exit code 3)",
        "its test failed: it took too long and was stopped",
        "your function made an argument a list of an RDD; give its collect()",
        "your function changed the shape or dtype of an argument",
        "to be graded by hand",
        "imports networkx, which answers this exercise; write it yourself",
    ],
)
def test_what_is_about_the_students_code_alone_is_told(reason):
    assert of(reason) == reason


def test_an_assert_of_ours_that_ends_with_exercises_to_revisit_is_told():
    reason = "1.14: ('tree', 1, 250, 248) is outside of its band: revisit 1.6 and 1.9"
    assert of(reason) == reason
    assert of("1.14: 3, not 777: revisit 777s") == WITHHELD


def test_an_instructors_hint_is_told():
    assert of("hint: think of 0") == "think of 0"


def test_why_work_is_unreadable_is_told():
    assert of("hw.ipynb is damaged", unreadable="hw.ipynb is damaged") != WITHHELD


def test_a_persons_words_are_told():
    assert told(Entry("ada", "hw", "t", 3, 6, "see 777", by_hand=True)) == "see 777"


OUR_WORDS = [
    *(") is right, but has work 1 and depth 1, not 1 and 1: x.", ": revisit 1.1"),
    *("q() should be 1, but came as 4", "q() came as 4, but no", " there", "…"),
    *("q() should have 1 at place 3, but has 4 there", "hint: x", f": {IDEA}."),
]


@given(
    st.lists(st.sampled_from(OUR_WORDS) | st.text(max_size=9), max_size=4).map("".join)
)
def test_nothing_that_a_student_returns_uncovers_the_answer(came):
    for verdict in ("be 777777, but came as", "have 777777 items, but came with"):
        for end in (f": {IDEA}.", "…", ""):
            reason = f"1.1: f([1, 2]) should {verdict} {came!r}{end}"
            assert "777777" not in of(reason).replace(repr(came), "")
            assert "777777" not in of(reason.replace(repr(came), came))
