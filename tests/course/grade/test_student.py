import builtins
import contextlib
import io
import re
import threading
import time
from dataclasses import replace

import pytest

from cme323.cost import Cost
from cme323.course.grade.answers import StudentError, cost_of, error_like
from cme323.course.grade.handles import Function
from cme323.course.grade.notebook import Cell
from cme323.course.grade.prints import Silence
from cme323.course.grade.session import Limits, Stopped
from cme323.course.grade.student import Student
from cme323.engine.context import Context
from cme323.network import Network
from cme323.pram import PRAM


def code(text, number=1):
    return Cell(None, "answer", text, 0, number, True)


@pytest.fixture
def student(server):
    with Student(server, Limits(seconds=10, memory=2**30)) as student:
        student.begin()
        yield student


def function(student, text):
    """The student's function f, which `text` defines."""
    assert student.run(code(text)) == ""
    student.begin()
    return student.look("f")


def test_data_comes_as_data_and_a_function_as_a_proxy(student):
    student.run(code("x = [1, (2, 3)]\ndef f(a, *, b): return a - b"))
    assert student.look("x") == [1, (2, 3)]
    f = student.look("f")
    assert type(f) is Function
    assert f(5, b=2) == 3


def test_a_name_that_is_nowhere_is_a_key_error(student):
    with pytest.raises(KeyError):
        student.look("nowhere")


def test_types_are_exact(student):
    assert function(student, "def f(): return True")() is True


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "class All:\n def __eq__(self, other): return True\ndef f(): return All()",
            "your function returned an All; return plain data",
        ),
        (
            "class I(int): pass\ndef f(): return I(3)",
            r"returned an I; return int\(\.\.\.\)",
        ),
        ("def f(): yield 1", r"returned a generator; return list\(\.\.\.\)"),
        (
            "def f(): return lambda: 1",
            "a function; return what it returns: call it",
        ),
        ("def f(): return 1 / 0", "your function raised ZeroDivisionError: division"),
        ("def f(): return f()", "raised RecursionError: maximum recursion"),
        ("import sys\ndef f(): sys.exit()", "your function raised SystemExit"),
        ("def f(): return 'x' * 10**8", "returned more than 64 MiB of data"),
    ],
)
def test_what_is_no_answer_is_told(student, text, sentence):
    f = function(student, text)
    with pytest.raises(StudentError) as told:
        assert f() == 1
    assert re.search(sentence, told.value.reason)


def test_data_that_is_not_plain_is_told(student):
    student.run(code("import math\nd = type('D', (dict,), {})()"))
    with pytest.raises(StudentError, match=r"`d` is a D; make it dict\(\.\.\.\)"):
        student.look("d")
    with pytest.raises(StudentError, match="`math` is a module"):
        student.look("math")


def test_an_error_can_be_what_a_test_waits_for(student):
    f = function(student, "def f(x): raise ValueError('must be positive')")
    with pytest.raises(ValueError, match=r"^must be positive$") as told:
        f(-1)
    assert told.value.args == ("must be positive",)
    assert told.value.reason == "your function raised ValueError: must be positive"


def test_so_can_one_that_inherits_from_it_and_one_of_the_instructor_s(student):
    text = "class Empty(LookupError): pass"
    student.tests.update({"Empty": type("Empty", (LookupError,), {})})
    student.run(replace(code(text), kind="locked"))
    f = function(student, "class Own(Empty): pass\ndef f(): raise Own('none')")
    for kind in (student.tests["Empty"], LookupError):
        with pytest.raises(kind, match=r"^none$") as told:
            f()
        assert told.value.reason == "your function raised Own: none"


def test_what_is_printed_is_heard_where_a_test_listens(student, capsys):
    f = function(student, "def f(n):\n print('é' * n)\n if n == 2: raise OSError")
    with contextlib.redirect_stdout(Silence()) as out:
        f(1)
    assert out.getvalue() == ""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        f(1)
        with pytest.raises(OSError, match=r"^$"):
            f(2)
    assert out.getvalue() == "é\néé\n"


def test_every_error_of_python_can_be_told():
    for kind in [n for n in vars(builtins) if n.endswith(("Error", "Warning"))]:
        error = error_like(getattr(builtins, kind), "because")
        assert isinstance(error, getattr(builtins, kind))
        assert str(error) == "because"


def test_no_error_of_a_student_s_ends_a_loop_of_the_test_s(student):
    f = function(student, "def f(x): raise StopIteration")
    with pytest.raises(StudentError):
        all(map(f, [1, 2]))


def test_an_argument_that_is_not_plain_is_the_instructor_s_mistake(student):
    f = function(student, "def f(x, y=0): return x")
    with pytest.raises(TypeError, match="argument 2 of `f` is a generator that cannot"):
        f(1, (n for n in "ab"))
    with pytest.raises(TypeError, match="argument `y` of `f` is a lock that cannot"):
        f(1, y=threading.Lock())


def test_a_context_is_told_what_it_cost(student):
    pairs = "sc.parallelize([(1, 2), (3, 4)]).groupByKey()"
    f = function(student, f"def f(sc): return {pairs}.count(), sc.defaultParallelism")
    sc, twin = Context(partitions=3), Context(partitions=3)
    sc.parallelize([1]).count()
    before = sc.cost
    assert f(sc) == (2, 3)
    assert twin.parallelize([(1, 2), (3, 4)]).groupByKey().count() == 2
    assert sc.cost == before + twin.cost
    assert sc.cost.rounds == 1


def test_one_context_twice_is_one_context(student):
    f = function(student, "def f(a, b, c): return a is b, a is c")
    sc = Context()
    assert f(sc, sc, c=Context()) == (True, False)


def test_a_pram_is_told_what_it_cost(student):
    text = "def f(pram, x): return pram.map(lambda a: a * a + 1, x), sum(x), len(x)"
    f, pram = function(student, text), PRAM()
    assert f(pram, pram.array([1, 2, 3])) == ([2, 5, 10], 6, 3)
    assert (pram.cost.work, pram.cost.depth) == (9, 5)
    assert f(pram, [1, 2]) == ([2, 5], 3, 2)  # no counted values, so no work
    assert (pram.cost.work, pram.cost.depth) == (9, 5)


def test_a_network_is_told_what_it_cost(student):
    text = """
def swap(rank, x):
    return (yield rank.exchange(1 - rank.number, x, 1 - rank.number))

def f(network, x): return network.run(swap, x)
"""
    f, network = function(student, text), Network(2, alpha=1)
    assert f(network, [[1, 2], [3]]) == [[3], [1, 2]]
    assert f(network, [4, 5]) == [5, 4]
    assert (network.cost.messages, network.cost.records) == (4, 5)
    assert network.cost.rounds == 2


def test_a_lie_about_work_ends_the_process(server):
    text = "def f(pram): pram._depth = -1"
    with Student(server, Limits(seconds=10, memory=2**30)) as student:
        f = function(student, text)
        with pytest.raises(Stopped, match="did not answer in the format"):
            f(PRAM())


def test_an_rdd_is_refused_by_name(student):
    f = function(student, "def f(sc): return sc.parallelize([1])")
    with pytest.raises(StudentError, match="returned an RDD; return its collect"):
        assert f(Context()) == [1]


def test_a_cost_is_made_of_counts():
    assert cost_of({"rounds": 2}) == Cost(rounds=2)
    for lie in [{"rounds": -1}, {"rounds": True}, {"rounds": float("nan")}]:
        with pytest.raises(ValueError, match="a cost must be a number"):
            cost_of(lie)
    with pytest.raises(TypeError):
        cost_of({"luck": 1})


def test_a_lie_about_cost_ends_the_process(server):
    text = "class Lie: known = {'rounds': -1}\ndef f(sc): sc.cost = Lie"
    with Student(server, Limits(seconds=10, memory=2**30)) as student:
        f = function(student, text)
        with pytest.raises(Stopped, match="did not answer in the format"):
            f(Context())


def test_after_an_end_all_cells_run_again_but_the_one_that_ended_it(server):
    with Student(server, Limits(seconds=10, memory=2**30)) as student:
        assert student.run(code("x = 1", 1)) == ""
        assert student.run(code("import os; os._exit(1)", 2)).startswith("ended its")
        assert student.run(code("def f(): os._exit(1)\nimport os; x += 1", 3)) == ""
        student.begin()
        with pytest.raises(Stopped):
            student.look("f")()
        student.begin()
        assert student.look("x") == 2


def test_a_cell_that_ends_the_process_when_it_runs_again_is_left_out(server):
    late = time.time() + 1
    with Student(server, Limits(seconds=10, memory=2**30)) as student:
        student.run(code("import os, time\nx = 1", 1))
        student.run(code(f"if time.time() > {late}: os._exit(1)\nx = 2", 2))
        student.run(code("def f(): os._exit(1)", 3))
        student.begin()
        assert student.look("x") == 2
        time.sleep(max(0, late - time.time()))
        with pytest.raises(Stopped):
            student.look("f")()
        student.begin()
        assert student.look("x") == 1


def test_all_cells_and_tasks_together_have_a_limit_too(server):
    limits = Limits(seconds=5, memory=2**30, total=1.5)
    with Student(server, limits) as student:
        assert student.run(code("import os, time\ntime.sleep(1)", 1)) == ""
        assert student.run(code("def f(): os._exit(1)", 2)) == ""
        for _ in range(3):  # each time all cells run again
            student.begin()
            with pytest.raises((Stopped, KeyError)):
                student.look("f")()
        assert student.run(code("x = 1", 3)) == "took longer than 1.5 s in all"


def test_a_name_of_a_class_that_is_a_format_is_only_a_name(server):
    text = "C = type('{0:99999999999}', (), {'m': lambda self, x: x})\nf = C()"
    limits = Limits(seconds=10, memory=2**30)
    with Student(server, limits, {"{0:99999999999}"}) as student:
        assert function(student, text).m(2) == 2


def test_no_process_is_started_for_who_has_used_up_all_time(server):
    with Student(server, Limits(seconds=5, memory=2**30, total=0.5)) as student:
        for number in range(20):
            student.run(code(f"x{number} = 0", number))
        student.run(code("import os, time; time.sleep(1); os._exit(0)"))
        before = student.generation
        assert "in all" in student.run(code("x = 1"))
        assert student.generation <= before + 1


def test_a_cell_has_little_to_say(student):
    text = """
import gc, io
for file in gc.get_objects():
    if type(file) is io.BufferedWriter:
        file.write(b'{"number": 2, "outcome": "value", "x": [' + b"[]," * 10**6)
        file.flush()
"""
    assert student.run(code(text)) == "sent more than 1 MiB"
