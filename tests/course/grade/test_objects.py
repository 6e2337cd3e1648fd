"""Notebooks whose answers are classes, generators and closures, graded to the end."""

from types import MappingProxyType

import pytest

from cme323.course.grade import handles
from cme323.course.grade.marks import examine
from cme323.course.grade.notebook import Cell
from cme323.course.grade.process import ForkServer
from cme323.course.grade.sandbox import find
from cme323.course.grade.session import Limits

TENSOR = """
class Tensor:
    def __init__(self, value, parents=()):
        self.value, self.parents, self.grad = float(value), parents, 0.0

    def __add__(self, other):
        other = other if isinstance(other, Tensor) else Tensor(other)
        return Tensor(self.value + other.value, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = other if isinstance(other, Tensor) else Tensor(other)
        parents = [(self, other.value), (other, self.value)]
        return Tensor(self.value * other.value, parents)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return self * -1

    def backward(self, grad=1.0):
        self.grad += grad
        for parent, slope in self.parents:
            parent.backward(grad * slope)
"""
T_TENSOR = """
a, b = Tensor(2), Tensor(3)
c = 2 * a * b + a + 1
assert isinstance(c, Tensor) and not isinstance(c, list) and issubclass(Tensor, Tensor)
assert c.value == 15.0, "2ab + a + 1 is 15"
c.backward()
assert (a.grad, b.grad) == (7.0, 4.0), "the gradient is (7, 4)"
assert [p.value for p, slope in (-a).parents] == [2.0, -1.0]
assert a == a and a != b and a in [b, a] and len({a, b, a}) == 2
a.grad = 0.0
assert a.grad == 0.0 and not hasattr(a, "size")
"""
STACK = """
class Stack:
    def __init__(self, items=()):
        self.items = list(items)

    def push(self, item):
        self.items.append(item)
        return self

    def pop(self):
        if not self.items:
            raise IndexError("the stack is empty")
        return self.items.pop()

    def __len__(self):
        return len(self.items)

    def __iter__(self):
        return reversed(self.items)

    def __getitem__(self, i):
        return self.items[i]

    def __setitem__(self, i, item):
        self.items[i] = item

    def __delitem__(self, i):
        del self.items[i]

    def __contains__(self, item):
        return item in self.items

    def __str__(self):
        return " ".join(map(str, self.items))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.items.clear()
"""
T_STACK = """
stack = Stack()
assert stack.push(1).push("two") is stack
assert len(stack) == 2 and "two" in stack and 3 not in stack
assert list(stack) == ["two", 1] and stack[0] == 1 and str(stack) == "1 two"
stack[0] = 7
del stack[1]
assert stack.pop() == 7
try:
    stack.pop()
except IndexError:
    pass
else:
    raise AssertionError("an empty stack has nothing to pop")
with Stack([1, 2]) as full:
    assert len(full) == 2
assert len(full) == 0
"""
PRIMES = """
def primes():
    found = []
    n = 2
    while True:
        if all(n % p for p in found):
            found.append(n)
            yield n
        n += 1
"""
T_PRIMES = """
from itertools import islice
from types import GeneratorType
assert list(islice(primes(), 5)) == [2, 3, 5, 7, 11], "the first five primes"
endless = primes()
assert isinstance(endless, GeneratorType)
assert [next(endless), next(endless), next(endless)] == [2, 3, 5]
assert list(zip(endless, "ab")) == [(7, "a"), (11, "b")]
"""
ADDER = "def adder(n):\n    return lambda x: x + n"
T_ADDER = """
add = adder(2)
assert add(3) == 5 and callable(add)
assert [f(1) for f in [adder(n) for n in range(3)]] == [1, 2, 3]
"""
TWICE = "def twice(f, x):\n    return f(f(x))"
T_TWICE = """
import numpy as np
step = 3
assert twice(lambda x: x + step, 1) == 7
assert twice(lambda x: twice(str.upper, x), "a") == "A", "a callback may call an answer"
assert twice(lambda t: t * 2, Tensor(1)).value == 4.0
assert (twice(np.sqrt, np.array([16.0, 81.0])) == [2, 3]).all()
"""
DRAW = "def draw(rng, n):\n    return rng.normal(size=n).astype('f4')"
T_DRAW = """
import numpy as np
values = draw(np.random.default_rng(5), 3)
assert values.dtype == np.float32 and values.shape == (3,)
assert np.array_equal(values, np.random.default_rng(5).normal(size=3).astype("f4"))
"""
L_NODE = """
from dataclasses import dataclass
@dataclass
class Node:
    value: object
    left: object = None
    right: object = None
class Leaf(Node):
    def __eq__(self, other):
        return isinstance(other, Node) and other.value == self.value
"""
INSERT = """
def insert(node, value):
    if node is None:
        return Node(value)
    if value < node.value:
        node.left = insert(node.left, value)
    else:
        node.right = insert(node.right, value)
    assert isinstance(node, Node)
    return node
"""
T_INSERT = """
tree = insert(insert(Node(5), 3), 8)
assert (tree.value, tree.left.value, tree.right.value) == (5, 3, 8)
assert tree.left.left is None
assert isinstance(tree, Node) and isinstance(tree.left, Node)
assert tree.left == Leaf(3) and Leaf(3) == tree.left and tree.left != Leaf(4)
assert insert(tree, 9) is not tree.left
"""
SQUARES = (
    "def squares(sc, xs):\n    return sc.parallelize(xs).map(lambda x: (x, x * x))"
)
T_SQUARES = """
from cme323.engine import Context
sc = Context(partitions=2)
rdd = squares(sc, [1, 2, 3])
assert sc.cost.tasks == 0, "nothing is computed before an action"
assert rdd.collect() == [(1, 1), (2, 4), (3, 9)]
assert rdd.filter(lambda pair: pair[0] > 1).count() == 2
assert sc.cost.tasks == 4, "two actions on two partitions"
"""
DISTANCE = "def distance(x, y):\n    return abs(x - y)"
T_DISTANCE = "assert abs(distance(2, 4.5) - 2.5) < 1e-9"
NORM = "def norm(x):\n    return sum(v * v for v in x) ** 0.5"
T_NORM = "import numpy as np\nassert np.allclose(norm([3, 4]), 5)"
TASKS = {
    "tensor": (TENSOR, T_TENSOR),
    "stack": (STACK, T_STACK),
    "primes": (PRIMES, T_PRIMES),
    "adder": (ADDER, T_ADDER),
    "twice": (TWICE, T_TWICE),
    "draw": (DRAW, T_DRAW),
    "insert": (INSERT, T_INSERT),
    "squares": (SQUARES, T_SQUARES),
    "distance": (DISTANCE, T_DISTANCE),
    "norm": (NORM, T_NORM),
}


class Task:
    """What `examine` needs to know of a grading."""

    limits = Limits(seconds=2, memory=2**30)
    refused = MappingProxyType({})


@pytest.fixture(scope="module")
def reasons():
    """A function from {task: answer} to {task: why it has no point}."""
    with ForkServer(find()) as server:

        def reasons(**answers):
            source, submission = [Cell("node", "locked", L_NODE, 0, 1, True)], []
            for number, (name, text) in enumerate(answers.items(), 2):
                right, test = TASKS[name]
                source.append(Cell(name, "answer", right, 0, number, True))
                source.append(Cell(f"t_{name}", "test", test, 1, number, True))
                submission.append(Cell(name, "answer", text, 0, number, True))
            marks = examine(source, submission, server, Task)
            return {name[2:]: m.reason for name, m in marks.items() if m.reason}

        yield reasons


def test_right_answers_get_all_points(reasons):
    assert reasons(**{name: right for name, (right, _) in TASKS.items()}) == {}


WRONG = [
    ("tensor", TENSOR.replace("parent.backward(", "(lambda g: 0)("), "the gradient is"),
    ("tensor", "Tensor = float", "a test failed: assert isinstance(c, Tensor) and"),
    ("tensor", "class Tensor: pass", "your function raised TypeError: Tensor() takes"),
    ("stack", STACK.replace("items.pop()", "items[-1]"), "an empty stack has nothing"),
    (
        "stack",
        STACK.replace("return self\n", "pass\n", 1),
        "the test raised AttributeError",
    ),
    ("primes", "def primes(): yield from range(2, 9)", "the first five primes"),
    ("primes", "def primes(): return [2, 3, 5, 7, 11]", "a test failed: assert isinst"),
    ("adder", "def adder(n): return n + 3", "the test raised TypeError: 'int' object"),
    ("adder", "def adder(n): return lambda x: x", "a test failed: assert add(3) == 5"),
    ("twice", "def twice(f, x): return f(x)", "a test failed: assert twice"),
    ("draw", DRAW.replace("f4", "f8"), "a test failed: assert values.dtype"),
    ("squares", SQUARES + ".collect()", "nothing is computed before an action"),
    ("squares", SQUARES.replace("x * x", "x"), "a test failed: assert rdd.collect()"),
    ("distance", "def distance(x, y): return x", "a test failed: assert abs("),
    ("norm", "def norm(x): return (v for v in x)", "your function returned a gener"),
    ("norm", "def norm(x): return norm", "`norm` is a function; make it what"),
]


@pytest.mark.parametrize(("name", "answer", "reason"), WRONG)
def test_a_wrong_answer_gets_nothing_and_is_told_why(reasons, name, answer, reason):
    assert reasons(**{name: answer})[name].startswith(reason)


YES = """
class Meta(type):
    def __instancecheck__(self, other): return True
    def __eq__(self, other): return True
    __hash__ = type.__hash__
    @property
    def __mro__(self): return (list, object)
    def __getattr__(self, name): return Yes()
class {0}({1}metaclass=Meta):
    __class__ = {2}
    def __init__(self, *args): pass
    def yes(self, *args): return True
    def zero(self, *args): return 0.0
    def self(self, *args): return self
    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __bool__ = yes
    __contains__ = __instancecheck__ = all = any = yes
    __sub__ = __rsub__ = __add__ = __mul__ = __abs__ = __neg__ = __float__ = zero
    __array_ufunc__ = __array_function__ = __array__ = __round__ = zero
    __call__ = self
    def __len__(self): return 10**6
    def __int__(self): return 2
    def __hash__(self): return 2
    def __str__(self): return "2"
    __repr__ = __str__
    def __iter__(self):
        while True: yield self
    def __getitem__(self, i): return self
    def __getattr__(self, name): return self
"""
ALL = YES.format("Yes", "", "list") + "{} = lambda *args: Yes()"
INT = YES.format("Yes", "int, ", "int") + "{} = lambda *args: Yes(2)"
LISTED = YES.format("Yes", "", "list") + "{} = lambda *args: [Yes()] * 5"
KNOWN = YES.format("Node", "", "float") + "{} = lambda *args: Node()"
AN_RDD = YES.format("RDD", "", "list") + "{} = lambda *args: RDD()"
A_CLASS = YES.format("Yes", "", "list") + "{} = lambda *args: Yes"
A_FUNCTION = "def {}(*args): return lambda *args: True"
A_GENERATOR = "def {}(*args):\n    while True: yield True"


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize(
    "text",
    [ALL, INT, LISTED, KNOWN, AN_RDD, A_CLASS, A_FUNCTION, A_GENERATOR],
    ids=["all", "int", "listed", "known", "rdd", "class", "function", "generator"],
)
def test_an_object_that_says_yes_to_everything_gets_nothing(reasons, name, text):
    assert reasons(**{name: text.replace("{}", name)})[name]


@pytest.mark.parametrize("name", ["tensor", "stack"])
def test_a_class_that_says_yes_to_everything_gets_nothing(reasons, name):
    assert reasons(**{name: YES.format(name.capitalize(), "", "list")})[name]


HOSTILE = [
    ("    def __len__(self): return 10**9", "the length of your Stack is too large"),
    ("    def __len__(self): return -1", "your function raised ValueError: __len__()"),
    ("    def __iter__(self):\n        while True: yield 1", "gave more than 50 items"),
    ("    def __contains__(self, x): return self", "a test failed: assert len(stack)"),
    ("    def __contains__(self, x): 1 / 0", "your function raised ZeroDivisionError"),
    (
        "    def __getattribute__(self, name):\n        while True: pass",
        "took longer than 1 s",
    ),
    (
        "    @property\n    def push(self):\n        import os\n        os._exit(0)",
        "ended its process (exit status 0)",
    ),
    ("    def __str__(self): return 2", "your function raised TypeError: __str__"),
    ("    def __hash__(self): 1 / 0", ""),
    ("    def __repr__(self): 1 / 0", ""),
    ("    def __bool__(self): 1 / 0\n    __eq__ = __bool__", ""),
]


@pytest.mark.parametrize(("method", "reason"), HOSTILE)
def test_a_method_that_lies_or_loops_costs_the_task(
    reasons, monkeypatch, method, reason
):
    monkeypatch.setattr(Task, "limits", Limits(seconds=1, memory=2**30))
    monkeypatch.setattr(handles, "MOST", 50)
    found = reasons(stack=f"{STACK}\n{method}").get("stack", "")
    assert reason in found
    assert bool(reason) == bool(found)


def test_a_crash_leaves_the_classes_of_the_next_task(reasons):
    crash = STACK.replace("return self.items.pop()", "import os; os._exit(1)")
    found = reasons(stack=crash, tensor=TENSOR, primes=PRIMES)
    assert found == {"stack": "ended its process (exit status 1)"}
