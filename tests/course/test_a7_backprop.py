"""Assignment 7: the solution scores in full, the blank nothing, every mutant less."""

from pathlib import Path

import numpy as np
import pytest

from cme323.course.check import check
from cme323.course.exercises import a7_backprop as specs
from cme323.course.grade.notebook import read_source
from cme323.course.marking import hidden_modules
from cme323.course.release import assignment
from cme323.nn import convolution, losses, pooling, separable
from cme323.nn.activations import relu
from cme323.nn.tensor import Tensor

pytestmark = pytest.mark.xdist_group("a7")  # all are graded once
ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "solutions/a7_backprop/a7_backprop.py"
TASKS = {
    "test_add": 2,
    "test_multiply": 2,
    "test_matmul": 2,
    "test_relu": 2,
    "test_softmax_xent": 3,
    "test_backward": 5,
    "test_im2col": 4,
    "test_conv2d": 8,
    "test_max_pool": 4,
    "test_gradcheck": 6,
    "test_train": 2,
    "test_mlp": 2,
    "test_cnn": 2,
    "test_autoencode": 6,
    "test_predict_flops": 4,
    "test_predict_check": 2,
    "test_predict_interval": 2,
    "test_predict_code": 1,
    "test_predict_labels": 1,
    "test_experiment_flops": 3,
    "test_experiment_check": 2,
    "test_experiment_lines": 4,
    "test_experiment_labels": 1,
}
BY_HAND = {"proof_cost": 9, "proof_code": 9, "proof_interval": 7, "explain": 5}

PATHS = """\
    def walk(tensor, g):
        tensor.grad = g if tensor.grad is None else tensor.grad + g
        for parent, way_back in tensor.parents:
            if not parent.constant:
                walk(parent, unbroadcast(way_back(g), parent.value.shape))

    return walk(loss, np.ones_like(loss.value))
"""
AS_FOUND = """\
    order = [loss]
    for tensor in order:
        for parent, _ in tensor.parents:
            if not parent.constant and parent not in order:
                order.append(parent)
    order.reverse()
"""

# name: (answer's cell, right text, wrong text, the tasks that it must cost)
# name: (answer's cell, right text, wrong text, the tasks that it must cost)
MUTANTS = {
    "add: no way back to b": (
        "add",
        "[(a, lambda g: g), (b, lambda g: g)]",
        "[(a, lambda g: g)]",
        ["add", "mlp", "experiment_flops", "experiment_lines", "experiment_labels"],
    ),
    "add: an array and no tensor": (
        "add",
        "return Tensor(",
        "return np.add(a.value, b.value) if a else Tensor(",
        [
            "add",
            "mlp",
            "cnn",
            "experiment_flops",
            "experiment_lines",
            "experiment_labels",
        ],
    ),
    "multiply: the gradient is not times the other": (
        "multiply",
        "(b, lambda g: g * a.value)",
        "(b, lambda g: g * b.value)",
        ["multiply"],
    ),
    "matmul: a sign is lost": (
        "matmul",
        "a.value.T @ g",
        "(a.value.T @ g) * -1",
        ["matmul", "mlp", "cnn", "autoencode", "experiment_lines", "experiment_labels"],
    ),
    "relu: everything passes back": (
        "relu",
        "g * (x.value > 0)",
        "g",
        ["relu", "mlp", "experiment_lines"],
    ),
    "relu: the kink passes": (
        "relu",
        "x.value > 0",
        "x.value >= 0",
        ["relu"],
    ),
    "softmax: overflows": (
        "softmax_xent",
        "scores.value - scores.value.max(axis=1, keepdims=True)",
        "scores.value",
        ["softmax_xent"],
    ),
    "softmax: a sum, no mean": (
        "softmax_xent",
        "return p * (g / len(rows))",
        "return p * g",
        ["softmax_xent", "cnn", "experiment_lines"],
    ),
    "backward: the last path wins": (
        "backward",
        "share if parent.grad is None else parent.grad + share",
        "share",
        ["backward"],
    ),
    "backward: as found, in no order": (
        "backward",
        "    loss.grad = np",
        AS_FOUND + "    loss.grad = np",
        ["backward"],
    ),
    "backward: every path, recursively": (
        "backward",
        "    order, seen, waiting",
        PATHS + "    order, seen, waiting",
        ["backward"],
    ),
    "backward: constants too": (
        "backward",
        "            if not parent.constant:\n                share",
        "            if True:\n                share",
        ["backward", "experiment_flops"],
    ),
    "backward: broadcast gradients stay large": (
        "backward",
        "unbroadcast(way_back(tensor.grad), parent.value.shape)",
        "way_back(tensor.grad)",
        ["backward", "cnn", "experiment_lines", "experiment_labels"],
    ),
    "im2col: the spec": (
        "im2col",
        "    N, C, H, W = x.shape",
        "    return windows_by_hand(x, K, stride)\n    N, C, H, W = x.shape",
        ["im2col"],
    ),
    "im2col: channels last": (
        "im2col",
        "return columns.reshape(",
        "return columns.transpose(0, 2, 3, 1, 4, 5).reshape(",
        ["im2col", "conv2d"],
    ),
    "conv2d: shares of several windows do not add up": (
        "conv2d",
        "] += back",
        "] = back",
        ["conv2d"],
    ),
    "conv2d: by * and a sum, in no product": (
        "conv2d",
        "y = (weights @ columns)",
        "y = (weights[:, :, None] * columns[:, None]).sum(axis=2)",
        ["conv2d"],
    ),
    "conv2d: the stride is forgotten on the way back": (
        "conv2d",
        "rows = slice(u, u + H - K + 1, stride)",
        "rows = slice(u, u + downs)",
        ["conv2d"],
    ),
    "max_pool: equal ones share": (
        "max_pool",
        "np.put_along_axis(back, first, g[..., None], axis=4)",
        "back[:] = (squares == squares.max(axis=4)[..., None]) * g[..., None]",
        ["max_pool"],
    ),
    "gradcheck: forward differences": (
        "gradcheck",
        "(at(x, i, h) - at(x, i, -h)) / (2 * h)",
        "(at(x, i, h) - at(x, i, 0)) / h",
        ["gradcheck", "experiment_check"],
    ),
    "gradcheck: only the last array": (
        "gradcheck",
        "float(max(errors))",
        "float(errors[-1])",
        ["gradcheck"],
    ),
    "gradcheck: always fine": (
        "gradcheck",
        "float(max(errors))",
        "float(min(1e-9, *errors, 1))",
        ["gradcheck", "experiment_check"],
    ),
    "train: uphill": (
        "train",
        "p - rate * g",
        "p + rate * g",
        ["train", "mlp", "cnn", "autoencode", "experiment_lines", "experiment_labels"],
    ),
    "train: losses after the steps": (
        "train",
        "losses.append(value)",
        "losses.append(value_and_gradients(loss, *parameters)[0])",
        ["train", "autoencode"],
    ),
    "mlp: a relu at the end": (
        "mlp",
        "    return x\n",
        "    return relu(x)\n",
        ["mlp", "experiment_lines", "experiment_labels"],
    ),
    "cnn: no relu": (
        "cnn",
        "relu(conv2d(x, windows))",
        "conv2d(x, windows)",
        ["cnn"],
    ),
    "autoencoder: a mean of all entries": (
        "autoencode",
        "1 / len(x)",
        "1 / x.size",
        ["autoencode", "experiment_lines", "experiment_labels"],
    ),
    "prediction: backward as forward": (
        "predict_flops",
        "4 * B * pairs - 2 * B * units[0] * units[1]",
        "2 * B * pairs",
        ["predict_flops", "experiment_flops"],
    ),
    "prediction: the gradient of the data too": (
        "predict_flops",
        " - 2 * B * units[0] * units[1]",
        "",
        ["predict_flops", "experiment_flops"],
    ),
    "prediction: the smaller h the better": (
        "predict_check",
        "6e-6",
        "1e-12",
        ["predict_check", "experiment_check"],
    ),
    "prediction: a line is always wrong in the interval": (
        "predict_interval",
        "min(a, 1 - b, b - a)",
        "b - a",
        ["predict_interval", "experiment_lines"],
    ),
    "prediction: the first singular values are lost": (
        "predict_code",
        "sigmas[k:]",
        "sigmas[:k]",
        ["predict_code", "experiment_lines"],
    ),
    "prediction: neither": (
        "predict_labels",
        '"lamps": ("code"',
        '"lamps": ("both"',
        ["predict_labels"],
    ),
    "experiment: the flops count twice": (
        "experiment_flops",
        "return products, back, machine.cost.flops / value",
        "return 2 * products, 2 * back, machine.cost.flops / value",
        ["experiment_flops"],
    ),
    "verdict: always confirmed": (
        "experiment_flops",
        'return "CONFIRMED" if holds else "REFUTED"',
        'return "CONFIRMED"',
        ["experiment_flops", "experiment_labels"],
    ),
    "experiment: the best h is what was said": (
        "experiment_check",
        "best = ALL[errors.index(min(errors))]",
        "best = said",
        ["experiment_check"],
    ),
    "experiment: one side of the threshold": (
        "experiment_lines",
        "min(*above, *(1 - error for error in above))",
        "min(above)",
        ["experiment_lines"],
    ),
    "experiment: the code sees few rows only": (
        "experiment_labels",
        "autoencode(learn,",
        "autoencode(learn[:5],",
        ["experiment_labels"],
    ),
    "imports the tape": (
        "add",
        "    ### BEGIN",
        "    from cme323.nn.tensor import Tensor\n    ### BEGIN",
        list(TASKS),
    ),
    "imports torch": (
        "conv2d",
        "    ### BEGIN",
        "    import torch\n    ### BEGIN",
        list(TASKS),
    ),
    "takes the tape by another way": (
        "gradcheck",
        "    arrays = [np.array(x, float) for x in arrays]",
        "    name = 'cme323.nn.' + 'gradcheck'\n"
        "    own = __import__('importlib').import_module(name)\n"
        "    return own.gradcheck(f, *arrays)",
        ["gradcheck", "experiment_check"],
    ),
}


# Right as well: a sorted tape, windows by numpy, a matrix for all images, other loops.
ANOTHER_WAY = {
    "backward": """
def backward(loss):
    depths, waiting = {}, [loss]
    while waiting:
        tensor = waiting[-1]
        parents = [p for p, _ in tensor.parents if not p.constant]
        missing = [p for p in parents if p not in depths]
        waiting += missing
        if not missing:
            depths[waiting.pop()] = 1 + max((depths[p] for p in parents), default=0)
    loss.grad = np.ones_like(loss.value)
    for tensor in depths:
        if tensor is not loss:
            tensor.grad = np.zeros_like(tensor.value)
    for tensor in sorted(depths, key=depths.get, reverse=True):
        for parent, way_back in tensor.parents:
            if not parent.constant:
                parent.grad += unbroadcast(way_back(tensor.grad), parent.value.shape)

def value_and_gradients(f, *arrays):
    tensors = list(map(Tensor, arrays))
    loss = f(*tensors)
    backward(loss)
    grads = [np.zeros(t.value.shape) if t.grad is None else t.grad for t in tensors]
    return loss.value.item(), grads
""",
    "im2col": """
def im2col(x, K, stride):
    seen = np.lib.stride_tricks.sliding_window_view(x, (K, K), axis=(2, 3))
    seen = seen[:, :, ::stride, ::stride].transpose(0, 1, 4, 5, 2, 3)
    N, C, K, K, downs, acrosses = seen.shape
    return seen.reshape(N, C * K * K, downs * acrosses)
""",
    "conv2d": """
def conv2d(x, w, stride=1):
    x, w = lift(x), lift(w)
    N, C, H, W = x.value.shape
    F, _, K, _ = w.value.shape
    columns = im2col(x.value, K, stride).transpose(1, 0, 2)
    numbers = np.arange(x.value.size, dtype=float).reshape(x.value.shape)
    places = im2col(numbers, K, stride).astype(int).transpose(1, 0, 2).reshape(-1)
    flat, weights = columns.reshape(C * K * K, -1), w.value.reshape(F, -1)
    downs, acrosses = (H - K) // stride + 1, (W - K) // stride + 1

    def apart(g):
        return g.transpose(1, 0, 2, 3).reshape(F, -1)

    def to_images(g):
        back = np.asarray(weights.T @ apart(g)).reshape(-1)
        return np.bincount(places, back, x.value.size).reshape(x.value.shape)

    y = (weights @ flat).reshape(F, N, downs, acrosses).transpose(1, 0, 2, 3)
    to_windows = lambda g: (apart(g) @ flat.T).reshape(w.value.shape)
    return Tensor(y, [(x, to_images), (w, to_windows)])
""",
    "max_pool": """
def max_pool(x, size):
    x = lift(x)
    corners = [(u, v) for u in range(size) for v in range(size)]
    parts = [x.value[:, :, u::size, v::size] for u, v in corners]
    y = np.maximum.reduce(parts)

    def way_back(g):
        back, left = np.zeros(x.value.shape), np.array(g)
        for (u, v), part in zip(corners, parts):
            share = np.where(part == y, left, 0)
            back[:, :, u::size, v::size] = share
            left -= share
        return back

    return Tensor(y, [(x, way_back)])
""",
    "gradcheck": """
def gradcheck(f, *arrays, h=1e-5):
    worst = 0.0
    _, tape = value_and_gradients(f, *arrays)
    for place, x in enumerate(arrays):
        numerical = np.zeros(x.shape)
        for at in np.ndindex(x.shape):
            ends = []
            for change in (h, -h):
                moved = x.astype(float)
                moved[at] += change
                changed = (*arrays[:place], moved, *arrays[place + 1 :])
                ends.append(f(*map(Tensor, changed)).value)
            numerical[at] = (ends[0] - ends[1]) / (2 * h)
        sizes = np.linalg.norm(tape[place]) + np.linalg.norm(numerical)
        if sizes > 0:
            worst = max(worst, np.linalg.norm(tape[place] - numerical) / sizes)
    return float(worst)
""",
}


def full(task):
    return task if task in TASKS else f"test_{task}"


@pytest.fixture(scope="module")
def scores(solved, caught):
    """{student: {task: (score, reason)}} of one run over everybody."""
    another = solved(SOURCE)
    for cell in another.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = ANOTHER_WAY.get(name, cell.source)
    everybody = {
        "solution": solved(SOURCE),
        "another": another,
        "blank": assignment(SOURCE),
    }
    return caught(SOURCE, everybody, MUTANTS, full)


def test_it_is_worth_a_hundred_points_of_which_fifty_are_for_functions():
    points = {cell.id: cell.points for cell in read_source(SOURCE) if cell.points}
    assert points == TASKS | BY_HAND
    assert sum(points.values()) == 100
    predicted = "predict", "experiment"
    functions = [p for task, p in TASKS.items() if not task[5:].startswith(predicted)]
    assert sum(functions) == 50


@pytest.mark.parametrize("student", ["solution", "another"])
def test_what_is_right_scores_in_full(scores, student):
    assert scores[student] == {
        **{task: (points, "") for task, points in TASKS.items()},
        **dict.fromkeys(BY_HAND, (None, "to be graded by hand")),
    }


def test_the_blank_scores_nothing(scores):
    assert {scores["blank"][task][0] for task in TASKS} == {0}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_loses_the_points_of_what_is_wrong_and_no_others(scores, name):
    marks = scores[name].items()
    lost = {task for task, (score, _) in marks if score != TASKS.get(task)}
    assert lost == {full(task) for task in MUTANTS[name][3]}
    for task in lost:
        score, reason = scores[name][task]
        assert score == 0
        assert reason


def test_the_sentence_says_why(scores):
    def reason(name, task):
        return scores[name][full(task)][1]

    assert "the way back to x gives a gradient that should be 0.0 at place [1]" in (
        reason("relu: the kink passes", "relu")
    )
    assert "it should have 2 parents, and has 1" in reason(
        "add: no way back to b", "add"
    )
    assert "should be 1000.0, and is inf" in reason(
        "softmax: overflows", "softmax_xent"
    )
    assert "more than 4 slices of the images" in reason("im2col: the spec", "im2col")
    assert "took (0, 7680) flops in products, not (3840, 7680)" in reason(
        "conv2d: by * and a sum, in no product", "conv2d"
    )
    assert "the gradient in argument 1 should be -0.5" in reason(
        "backward: the last path wins", "backward"
    )
    assert "RecursionError" in reason("backward: every path, recursively", "backward")
    assert "a way back to a constant was taken" in reason(
        "backward: constants too", "backward"
    )
    assert "came as 1e-09, but should be 0.047619" in reason(
        "gradcheck: always fine", "gradcheck"
    )
    assert "the best h is not near 1e-12" in reason(
        "prediction: the smaller h the better", "predict_check"
    )
    assert "imports cme323.nn.tensor" in reason("imports the tape", "conv2d")
    assert "imports torch" in reason("imports torch", "experiment_labels")
    assert "import of cme323.nn.gradcheck halted" in reason(
        "takes the tape by another way", "gradcheck"
    )


def test_every_test_of_an_exercise_hides_its_answers():
    hidden = hidden_modules(read_source(SOURCE))
    assert set(hidden) == set(TASKS)
    assert all(set(modules) == set(specs.HIDE) for modules in hidden.values())


def test_of_the_nets_only_the_counter_of_flops_is_not_hidden():
    modules = {path.stem for path in (ROOT / "cme323/nn").glob("*.py")}
    hidden = {name.split(".")[-1] for name in specs.HIDE if "cme323.nn." in name}
    assert modules - hidden == {"__init__", "flops", "progress"}


def test_the_release_shows_neither_solutions_nor_hidden_tests():
    text = "\n".join(cell.source for cell in assignment(SOURCE).cells)
    assert "raise NotImplementedError" in text
    for secret in ("BEGIN", "forty_doublings(x):", "columns.reshape", "min(a, 1 - b"):
        assert secret not in text


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).standard_normal((2, 3, 7, 8))


@pytest.mark.parametrize("stride", [1, 2])
def test_the_specs_of_convolution_are_those_of_the_course_s_own_code(images, stride):
    w = np.random.default_rng(1).standard_normal((4, 3, 3, 3))
    x, windows = Tensor(images), Tensor(w)
    y = convolution.conv2d(x, windows, stride)
    g = np.cos(np.arange(y.value.size)).reshape(y.shape)
    (y * g).sum().backward()
    assert specs.convolved(images, w, stride) == pytest.approx(y.value)
    assert specs.convolved_to_images(g, images, w, stride) == pytest.approx(x.grad)
    assert specs.convolved_to_windows(g, images, w, stride) == pytest.approx(
        windows.grad
    )
    columns, _ = convolution.im2col(images, (3, 3), stride)
    assert np.array_equal(specs.columns(images, 3, stride), columns)


def test_the_spec_of_pooling_is_the_course_s_own_with_ties_too(images):
    x = Tensor(np.maximum(images[:, :, :6, :6], 0))
    y = pooling.max_pool2d(x, 3)
    g = np.cos(np.arange(y.value.size)).reshape(y.shape)
    (y * g).sum().backward()
    assert np.array_equal(specs.pooled(x.value, 3), y.value)
    assert np.array_equal(specs.pooled_back(g, x.value, 3), x.grad)


def test_the_spec_of_cross_entropy_is_the_course_s_own():
    scores, labels = Tensor(3 * specs.numbers(5, 4)), [0, 1, 3, 3, 2]
    loss = losses.softmax_cross_entropy(scores, np.array(labels))
    loss.backward()
    assert specs.cross_entropy(scores.value, labels) == pytest.approx(loss.value)
    assert specs.cross_entropy_gradient(1, scores.value, labels) == pytest.approx(
        scores.grad
    )


def test_lines_are_tried_as_by_the_course_s_own_code():
    for seed in range(20):
        y = np.random.default_rng(seed).integers(2, size=7)
        wrong = separable.threshold_errors(np.arange(7), y)
        assert specs.line_error(np.arange(7), y) == wrong / 7


def test_check_reads_the_course_s_own_tensors_and_says_what_is_wrong():
    """A Tensor of the course has what one of the notebook has."""
    assert check("7.4", lambda x: relu(x)).cases == 2
    with pytest.raises(AssertionError, match=r"7\.4: relu\(array.*\) came as"):
        check("7.4", wrong_relu)
    with pytest.raises(AssertionError, match="should be a Tensor"):
        check("7.4", lambda x: np.maximum(x, 0))


def wrong_relu(x):
    return relu(-x)


wrong_relu.__name__ = "relu"


@pytest.mark.parametrize(
    ("number", "said", "fault"),
    [
        ("7.15", 12, "should be two ints"),
        ("7.15", (12, 24), "theory says something else"),
        ("7.16", (2.0, -1.0), "a tuple of three numbers"),
        ("7.16", (1.0, -1.0, 1e-5), "at large h the slope is not 1.0"),
        ("7.16", (2.0, 1.0, 1e-5), "at small h the slope is not 1.0"),
        ("7.16", (2.0, -1.0, 1e-8), "the best h is not near"),
        ("7.17", 0.4, "theory says something else"),
        ("7.18", "5", "should be a number"),
        ("7.18", 9.0, "theory says something else"),
        ("7.19", {"signs": ("raw", "raw")}, "the keys signs and lamps"),
        ("7.19", {"signs": ("raw", "raw"), "lamps": ("raw",)}, "lamps should have"),
    ],
)
def test_a_prediction_is_told_what_is_wrong_but_not_what_is_right(number, said, fault):
    with pytest.raises(AssertionError) as told:
        check(number, lambda *_: said)
    assert fault in str(told.value)
    assert not any(answer in str(told.value) for answer in ("6e-06", "(12, 12)"))


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("7.6", None),
        ("7.6", (1.0, None)),
        ("7.6", (1.0, [])),
        ("7.10", None),
        ("7.11", ([], [])),
        ("7.11", 3),
        ("7.14", (1, 2, 3)),
        ("7.21", 0.5),
    ],
)
def test_an_answer_of_another_form_is_told_so(number, answer):
    x = np.ones(2)
    more = {
        "7.6": [(cubes, x)],
        "7.10": [(cubes, x)],
        "7.11": [(cubes, [x], 0.1, 1)],
    }
    with pytest.raises(AssertionError, match=rf"{number}: .* (should|there should) be"):
        check(number, lambda *_: answer, more.get(number, ()))


def cubes(x):
    x = Tensor(x) if isinstance(x, np.ndarray) else x
    return (x * x * x).sum()


def test_stock_nbgrader_grades_the_same_notebooks(solved, autograded):
    """The release, the solved and the blank notebook through `nbgrader autograde`."""
    everybody = {"solved": solved(SOURCE), "blank": assignment(SOURCE)}
    scores = autograded(SOURCE, everybody)
    assert scores == {"solved": sum(TASKS.values()), "blank": 0}
