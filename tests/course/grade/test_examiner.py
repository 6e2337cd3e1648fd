import pytest

from cme323.course.grade.answers import StudentError
from cme323.course.grade.examiner import Examiner
from cme323.course.grade.notebook import Cell
from cme323.course.grade.session import Limits


class Dummy:
    """A student with these names and no process."""

    def __init__(self, **names):
        self.names, self.looks = names, 0

    def look(self, name):
        self.looks += 1
        return self.names[name]


def locked(text):
    return Cell("t", "test", text, 1, 4, True)


def run(text, **names):
    return Examiner(Dummy(**names)).run(locked(text))


def test_a_test_that_runs_to_its_end_has_no_reason():
    assert run("assert f(2) == 4", f=lambda x: 2 * x) == ""


@pytest.mark.parametrize(
    "text",
    [
        "def test():\n    return x\nassert test() == 7",
        "class T:\n    y = x\nassert T.y == 7",
        "assert [x for _ in 'ab'] == [7, 7]",
        "assert (lambda: x)() == 7",
        "assert sum(x for _ in 'ab') == 14",
        "for _ in range(5_000):\n    assert x == 7",
    ],
)
def test_a_student_s_name_can_be_used_anywhere(text):
    assert run(text, x=7) == ""


def test_what_the_instructor_or_python_defines_is_never_the_student_s():
    student = Dummy(len=lambda x: 0, helper=lambda x: 0)
    examiner = Examiner(student)
    assert examiner.run(locked("def helper(x): return x")) == ""
    assert examiner.run(locked("assert len('abc') == helper(3)")) == ""
    assert student.looks == 0


def test_a_name_is_asked_for_once_a_cell_and_anew_in_the_next():
    student = Dummy(x=1)
    examiner = Examiner(student)
    assert examiner.run(locked("assert x + x == 2")) == ""
    student.names["x"] = 2
    assert examiner.run(locked("assert x + x == 4")) == ""
    assert student.looks == 2


def no_answer():
    raise StudentError("your function returned an RDD; return its collect()")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("assert False, 'be true'", "be true"),
        ("x = 1\nassert x == 2  # odd", "a test failed: assert x == 2  # odd"),
        ("def t():\n    assert 0\nt()", "a test failed: assert 0"),
        (
            "### BEGIN HIDDEN TESTS\nassert 0\n### END HIDDEN TESTS",
            "a hidden test failed",
        ),
        (
            "### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\nassert 1 == 2",
            "a test failed: assert 1 == 2",
        ),
        ("assert nope", "`nope` is not defined"),
        ("None[0]", "the test raised TypeError: 'NoneType' object is not"),
        ("f()", "your function returned an RDD; return its collect()"),
    ],
)
def test_a_test_that_fails_says_why(text, reason):
    assert run(text, f=no_answer).startswith(reason)


def test_what_a_test_prints_or_warns_of_goes_nowhere(capfd):
    assert run("import warnings; print('seen'); warnings.warn('x'); '\\d'") == ""
    assert capfd.readouterr() == ("", "")


def test_the_last_value_is_kept_as_a_notebook_shows_it():
    examiner = Examiner(Dummy(x=3))
    for text, value in [("x + 1", 4), ("y = 2", None), ("y\n", 2), ("", None)]:
        assert examiner.run(locked(text)) == ""
        assert examiner.value == value


def test_what_the_instructor_imports_is_never_the_student_s():
    examiner = Examiner(Dummy(math=None, sqrt=None))
    examiner.take_imports(locked("import math\nnope()\nfrom nowhere import x"))
    examiner.take_imports(locked("from math import sqrt\n1 +"))
    examiner.take_imports(locked("from math import sqrt"))
    assert examiner.run(locked("assert math.sqrt(4) == sqrt(4) == 2")) == ""


def test_a_number_with_too_many_digits_is_a_reason_too():
    reason = run("assert f(1) == 2, f(1)", f=lambda x: 10**6000)
    assert reason.startswith("ValueError: Exceeds the limit")


def test_a_test_that_counts_up_to_what_it_was_given_ends():
    limits = Limits(seconds=0.1)
    examiner = Examiner(Dummy(n=2**62), limits)
    reason = examiner.run(locked("for _ in range(n): pass"))
    assert reason == "the test took longer than 0.2 s with what it was given"


def test_globals_has_the_names_of_the_test_and_of_the_student():
    text = 'assert "x" in globals() and "y" not in globals() and "len" not in globals()'
    assert run(text, x=7) == ""
    assert run('mine = 2\nassert globals()["mine"] + globals()["x"] == 9', x=7) == ""
    assert run('assert "y" in globals(), "define y"', x=7) == "define y"
