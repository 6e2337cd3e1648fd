import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.course.grade import changes
from cme323.course.grade.answers import StudentError
from cme323.course.grade.decode import Malformed
from cme323.course.grade.notebook import Cell
from cme323.course.grade.session import Limits, Stopped
from cme323.course.grade.student import Student
from cme323.course.grade.wire import encode

plain = st.recursive(
    st.integers() | st.booleans() | st.floats(allow_nan=False) | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(), inner, max_size=3)
        | st.tuples(inner, st.binary().map(bytearray))
    ),
    max_leaves=8,
)


@pytest.fixture
def defined(server):
    """defined(text): the student's function f, for a test with the line."""
    with Student(server, Limits(seconds=10, memory=2**30)) as student:

        def f(text, in_place=True):
            student.run(Cell(None, "answer", text, 0, 1, True))
            student.begin(in_place)
            return student.look("f")

        yield f


def test_a_test_asks_by_a_line_of_its_own():
    assert changes.asked("x = [2, 1]\n  ### IN PLACE\nsort(x)")
    assert not changes.asked("x = '### IN PLACE'")


CHANGES = [
    ([3, 1, 2], "x.sort()", [1, 2, 3]),
    ([1], "x[0] = True", [True]),
    ([[1, 2], [3, 4]], "x[0][1] = x.pop()", [[1, [3, 4]]]),
    ({"b": 1}, "x['a'] = [x.pop('b')]", {"a": [1]}),
    ({1, 2}, "x ^= {2, 3}", {1, 3}),
    (bytearray(b"abc"), "x[1:] = b'z'", bytearray(b"az")),
    (np.arange(6.0).reshape(2, 3), "x[1] = x[0]", np.array([[0.0, 1, 2]] * 2)),
    (([2, 1], 7, ([],)), "x[0].sort(); x[2][0].append(x[1])", ([1, 2], 7, ([7],))),
    ([np.zeros(2), {"a": {1}}], "x[0][:] = 5; x[1]['a'].clear()", None),
]


@pytest.mark.parametrize(("x", "text", "wanted"), CHANGES[:-1])
def test_a_test_that_asks_sees_its_own_object_change(defined, x, text, wanted):
    mine = copy.deepcopy(x)
    assert defined(f"def f(x):\n {text}\n return 7")(mine) == 7
    assert repr(mine) == repr(wanted)


@pytest.mark.parametrize(("x", "text", "wanted"), CHANGES)
def test_no_other_test_does(defined, x, text, wanted):
    mine = copy.deepcopy(x)
    assert defined(f"def f(x):\n {text}\n return 7", in_place=False)(mine) == 7
    assert repr(mine) == repr(x)


def test_what_is_in_an_argument_is_replaced(defined):
    inner = [1, 2]
    x, expected = [inner, 3], [inner, 4]
    defined("def f(x): x[0][:] = []; x[1] = 4")(x)
    assert x == [[], 4]
    assert expected == [[1, 2], 4]


def test_an_argument_by_name_and_several_at_once(defined):
    a, b, c = [1], {2}, [3]
    defined("def f(a, b, *, c): a += b; c += a")(a, b, c=c)
    assert (a, b, c) == ([1, 2], {2}, [3, 1, 2])


def test_an_argument_that_is_not_changed_is_left_alone(defined):
    class Watched(dict):
        pass

    f, x = defined("def f(x, y): return list(x)"), {3, 1, 2}
    inner = [x]
    assert sorted(f(x, inner)) == [1, 2, 3]
    assert inner[0] is x
    assert f(Watched(a=1), inner) == ["a"]


def test_what_a_function_does_before_it_fails_is_seen(defined):
    x = [1]
    with pytest.raises(ValueError, match="too late"):
        defined("def f(x):\n x.append(2)\n raise ValueError('too late')")(x)
    assert x == [1, 2]


def test_an_array_keeps_its_shape_and_who_may_not_write_does_not(defined):
    f = defined("def f(x): x.shape = (4,)")
    with pytest.raises(StudentError, match="shape or dtype of an argument"):
        f(np.zeros((2, 2)))
    fixed = np.zeros(4)
    fixed.flags.writeable = False
    defined("def f(x): x[0] = 1")(fixed)
    assert not fixed.any()


def test_what_is_no_data_cannot_be_put_into_an_argument(defined):
    x = [1]
    with pytest.raises(StudentError, match="made an argument a list with a function"):
        defined("def f(x): x.append(f)")(x)
    with pytest.raises(StudentError, match="more than 64 MiB"):
        defined("def f(x): x.append('x' * 2**26)")(x)
    assert x == [1]


def test_a_lie_about_an_argument_ends_the_process(defined):
    lies = "[[1, ['tuple', []]]]", "[[2, ['list', []]]]", "[[[], 1]]", "7", "[[1, 5]]"
    for lie in lies:
        x = [1]
        patch = f"changes.changed = lambda *a: {lie}"
        f = defined(f"from cme323.course.grade import changes\n{patch}\ndef f(x): 0")
        with pytest.raises(Stopped, match="did not answer in the format"):
            f(x)
        assert x == [1]


def test_a_child_that_was_not_asked_changes_nothing(defined):
    told = {"outcome": "value", "value": 0, "costs": [], "changed": [[1, []]]}
    patch = f"child.Workspace.operate = lambda *a, **k: {told}"
    f = defined(f"from cme323.course.grade import child\n{patch}\ndef f(x): 0", False)
    x = [1]
    assert f(x) == 0
    assert x == [1]


@given(plain.filter(lambda x: type(x) in changes.CONTAINERS), plain)
def test_an_argument_becomes_what_was_sent_or_nothing_happens(mine, value):
    before = repr(mine)
    try:
        changes.take([[1, encode(value)]], {1: mine})
    except Malformed:
        assert repr(mine) == before
        assert type(mine) is not type(value)
    else:
        assert repr(mine) == repr(value)
