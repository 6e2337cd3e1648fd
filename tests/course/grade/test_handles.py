"""What a test can do with a handle, and what no handle answers."""

import builtins
import copy
import gc
import json
import math
import pickle
import sys
import types
from contextlib import suppress
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323.course.grade import child, decode, renewed, wire
from cme323.course.grade.answers import StudentError
from cme323.course.grade.handles import Handle
from cme323.course.grade.notebook import Cell
from cme323.course.grade.session import Limits, Stopped
from cme323.course.grade.student import Student
from cme323.engine import Context
from cme323.pram import PRAM

CELL = """
class Vector:
    def __init__(self, *items): self.items = list(items)
    def __add__(self, other): return Vector(*self.items, other)
    def __matmul__(self, other): return len(self.items)
    def __mul__(self, other): return 0
    __rmul__ = __mul__
    __array_ufunc__ = None
    def __eq__(self, other): return True
    def __getitem__(self, i): return self.items[i]
    def __len__(self): raise TypeError("it is endless")
class Sub(Vector): pass
class Hidden:
    def __sub__(self, other): return 0
same = Vector(1)
def give(x=same): return x
def hidden(): return [Hidden()]
def numbers(): yield from range(3)
def closure():
    def inner(x): return x
    inner.issubset = lambda other: True
    return inner
def stop(): import os; os._exit(1)
"""


class Here:
    """A session without a process: the child's program runs in this one."""

    def __init__(self, workspace):
        self.workspace, self.alive, self.sent = workspace, True, []

    def ask(self, do, seconds, **details):
        request = {"number": 1, "do": do, "seconds": 1e6, **details}
        self.sent.append(request)
        line = child.answer(self.workspace, json.loads(json.dumps(request)))
        return json.loads(line)

    def stop_liar(self):
        return Stopped("did not answer in the format of the grader")

    def close(self):
        self.alive = False


@pytest.fixture
def pupil(monkeypatch):
    """A Student whose cells run in this process, as they would in a child."""
    monkeypatch.setattr(child, "limit", lambda *limits: None)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setattr(renewed, "Session", lambda *_: Here(child.Workspace()))
    with Student(None, Limits()) as pupil:
        assert pupil.run(Cell("v", "answer", CELL, 0, 1, True)) == ""
        pupil.begin()
        yield pupil


def vector(pupil, *items):
    return pupil.look("Vector")(*items)


def sent(pupil):
    return pupil._process._session.sent[-1]


def held(pupil):
    return pupil._process._session.workspace.objects._kept


def test_an_object_is_seen_once_a_test_has_named_its_class(pupil):
    with pytest.raises(StudentError, match="your function returned a Vector; return"):
        pupil.look("give")()
    pupil.look("Vector")
    assert pupil.look("give")().items == [1]


def test_one_object_is_one_handle_and_equal_to_no_other(pupil):
    made, give = vector(pupil, 1), pupil.look("give")
    assert give() is pupil.look("same")
    assert give(made) is made
    assert made != vector(pupil, 1)
    assert len({made, give(made), give()}) == 2


NEVER = [
    bool,
    len,
    int,
    float,
    complex,
    round,
    math.floor,
    [0].__getitem__,
    np.asarray,
    np.sum,
    np.abs,
    lambda x: x == 1,
    lambda x: x == 1,
    lambda x: x != [x],
    lambda x: x < 1,
    lambda x: max(x, 1),
    lambda x: x in [1],
    lambda x: np.array([x, x]),
    lambda x: np.array([x], dtype=object),
    lambda x: np.ones(2) == x,
    lambda x: np.allclose(x, 1),
    lambda x: np.isclose(1, x),
    lambda x: x * 2,
    lambda x: abs(x * 2) < 1e-9,
    lambda x: x @ [1],
    lambda x: np.ones(2) * x,
    lambda x: np.float64(1) * x,
]


@pytest.mark.parametrize("ask", NEVER)
def test_no_handle_answers_for_truth_or_order_or_data(pupil, ask):
    made = vector(pupil, 1)
    function, items = pupil.look("closure")(), pupil.look("numbers")()
    for handle in (made, function, items):
        with pytest.raises(StudentError, match=r" (is|made|returned|gave) "):
            ask(handle)


def test_operators_give_objects_and_data_between_two_of_them(pupil):
    made = vector(pupil, 1)
    assert (made + 2).items == [1, 2]
    assert made @ made == 1
    with pytest.raises(TypeError, match="unsupported operand"):
        made / made


def test_items_come_one_by_one_and_to_an_end(pupil):
    items = pupil.look("numbers")()
    assert next(items) == 0
    assert list(items) == [1, 2]
    assert next(items, None) is None
    assert sorted(pupil.look("numbers")(), reverse=True) == [2, 1, 0]
    assert 2 in pupil.look("numbers")()


def test_an_object_whose_class_no_test_has_named_is_refused_where_it_hides(pupil):
    with pytest.raises(StudentError, match="returned a list with a Hidden inside;"):
        pupil.look("hidden")()


def test_a_function_that_a_function_returned_can_only_be_called(pupil):
    inner = pupil.look("closure")()
    assert inner(3) == 3
    with pytest.raises(StudentError, match="asks for `issubset`, but your function"):
        inner.issubset([1])
    assert pupil.look("give").__name__ == "give"
    assert pupil.look("give").__doc__ is None


def test_isinstance_asks_the_class_that_the_object_has(pupil):
    cls, sub = pupil.look("Vector"), pupil.look("Sub")
    one = sub(1)
    assert isinstance(one, cls)
    assert isinstance(one, (int, sub))
    assert not isinstance(vector(pupil, 1), sub)
    assert not isinstance(1, cls)
    assert not isinstance(cls, cls)
    assert issubclass(sub, cls)
    assert not issubclass(cls, sub)
    assert not isinstance(one, (list, int, float, tuple, dict))


def test_the_words_for_an_instance_are_its_own_and_for_others_the_grader_s(pupil):
    pupil.run(Cell(None, "answer", "Vector.__repr__ = lambda self: 'V'", 0, 1, True))
    assert f"{[vector(pupil, 1)]} {vector(pupil, 2)}" == "[V] V"
    assert repr(pupil.look("Vector")) == "<the student's Vector>"
    assert str(pupil.look("numbers")()) == "<the student's generator>"


@pytest.mark.parametrize("take", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_handle_cannot_be_copied(pupil, take):
    for handle in (vector(pupil, 1), pupil.look("give")):
        with pytest.raises(TypeError, match="cannot be copied: it stays in"):
            take(handle)


def test_handles_functions_and_machines_travel_wherever_they_are(pupil):
    give, made, sc = pupil.look("give"), vector(pupil, 1), Context()
    assert give({"key": [made]})["key"][0] is made
    assert give(lambda: made)() is made
    assert give(lambda n: sc.parallelize(range(n)).count())(5) == 5
    assert sc.cost.tasks == sc.defaultParallelism, "the twin's cost has come back"


def test_what_a_test_lets_go_the_child_lets_go(pupil):
    closure = pupil.look("closure")
    before = len(held(pupil))
    kept = [closure() for _ in range(5)]
    assert len(held(pupil)) == before + 5
    del kept[1:]
    kept[0](1)
    assert len(held(pupil)) == before + 1


def test_machines_stay_as_long_as_the_test_has_them(pupil):
    give, machines = pupil.look("give"), [Context(), PRAM()]
    give(1)
    assert sent(pupil)["machines"] == []
    give(lambda: machines)
    assert len(sent(pupil)["machines"]) == 2
    machines.clear()
    gc.collect()
    give(1)
    assert sent(pupil)["machines"] == []


def test_a_handle_of_a_process_that_ended_is_told(pupil):
    made, give = vector(pupil, 1), pupil.look("give")
    pupil._process._session.close()
    pupil.begin()
    assert give(7) == 7, "what a test has named is looked up anew"
    with pytest.raises(StudentError, match="a Vector that an earlier cell made was"):
        made.items.clear()
    assert not isinstance(made, pupil.look("Vector"))


def test_an_argument_that_the_child_cannot_make_is_told(pupil, monkeypatch):
    module = types.ModuleType("only_here")
    exec("class Spy: pass", vars(module))
    monkeypatch.setitem(sys.modules, "only_here", module)
    spy = module.Spy()
    give = pupil.look("give")
    monkeypatch.setattr(
        pupil._process._session,
        "ask",
        without("only_here", pupil._process._session.ask),
    )
    with pytest.raises(StudentError, match="cannot be made in your process: ModuleNot"):
        give(spy)


def without(name, ask):
    """`ask`, while there is no such module."""

    def asked(*args, **details):
        module = sys.modules.pop(name)
        try:
            return ask(*args, **details)
        finally:
            sys.modules[name] = module

    return asked


class Liar:
    """A session whose child answers what it likes."""

    alive = True

    def __init__(self, answers):
        self.answers = iter(answers)

    def ask(self, do, seconds, **details):
        json.dumps(details)
        return next(self.answers, {})

    def stop_liar(self):
        return Stopped("did not answer in the format of the grader")

    def close(self):
        pass


handles = st.tuples(
    st.integers(-1, 3) | st.just(2**60),
    st.sampled_from(["class", "generator", "iterator", "function", "object", "odd"]),
    st.just("a T"),
    st.just("{what}"),
    st.lists(st.sampled_from(["T", "RDD", "list", 1]), max_size=2),
    st.lists(st.integers(-1, 3), max_size=2),
).map(lambda content: ["handle", list(content)])
nodes = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | handles,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(
            st.sampled_from([*decode.DECODERS, "handle", "pickled"]), inner
        ).map(list)
        | st.tuples(st.just("list"), st.lists(inner, max_size=2)).map(list)
        | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=8,
)
answers = st.fixed_dictionaries(
    {},
    optional={
        "outcome": st.sampled_from(
            ["value", "raised", "refused", "missing", "unreadable"]
        )
        | nodes,
        "value": nodes | handles,
        "type": st.sampled_from(dir(builtins)) | st.text() | nodes,
        "text": st.text() | nodes,
        "what": nodes,
        "instead": nodes,
        "costs": st.just([]) | nodes,
        "types": st.lists(st.sampled_from(dir(builtins))) | nodes,
        "printed": nodes,
        "changed": st.lists(st.tuples(st.integers(0, 2), nodes)) | nodes,
    },
)
honest = handles.map(lambda node: {"outcome": "value", "value": node, "costs": []})
ASKED = [
    lambda x: x(1, key=x),
    lambda x: x([1], ({2}, 3), key={}),
    lambda x: x.value,
    lambda x: setattr(x, "value", x),
    lambda x: x[0],
    len,
    str,
    bool,
    next,
    lambda x: 2 * x,
    lambda x: -x,
    lambda x: x @ x,
    lambda x: 1 in x,
    lambda x: [item for item, _ in zip(x, range(9))],
    lambda x: isinstance(x, x),
    lambda x: x(Context(), [Context()]),
    lambda x: np.ones(2) + x,
    lambda x: hash(x) and repr(x),
]


@settings(max_examples=400, deadline=None)
@given(st.lists(honest | answers, max_size=5), st.sampled_from(ASKED))
def test_no_lie_of_a_child_does_more_than_fail_a_test(lies, ask):
    pupil = Student(None, Limits(), classes=["T"])
    with mock.patch.object(renewed, "Session", return_value=Liar(lies)):
        pupil.begin(in_place=True)
    try:
        found = pupil.look("x")
    except (StudentError, Stopped, KeyError):
        return
    with suppress(StudentError, Stopped, StopIteration, TypeError, AttributeError):
        assert_harmless(ask(found) if isinstance(found, Handle) else found)


@settings(max_examples=100, deadline=None)
@given(honest | answers)
def test_no_lie_about_a_cell_does_more(lie):
    pupil = Student(None, Limits(), classes=["T"])
    cell = Cell("v", "answer", "", 0, 1, True)
    with mock.patch.object(renewed, "Session", side_effect=lambda *_: Liar([lie])):
        assert type(pupil.run(cell)) is str
        assert {*pupil.imports(cell, ["os"])} <= {"os"}


def assert_harmless(value):
    """Plain data and handles."""
    wire.encode(value, lambda other, _: isinstance(other, Handle) or 1 / 0)
