"""Assignment 7, backprop from scratch: the specs are formulas, loops and differences.

A Tensor is the notebook's: an array `value`, and `parents`, each with its way back. It
is asked for data only, so it may be a handle of one that lives with the student.
"""

from itertools import pairwise, product

import numpy as np

from cme323.course.exercises.exercise import Exercise

HIDE = (
    *(
        f"cme323.nn.{module}"
        for module in (
            "activations",
            "augmentation",
            "convolution",
            "data_parallel",
            "data_parallel_torch",
            "digits",
            "features",
            "gradcheck",
            "graph",
            "layers",
            "losses",
            "models",
            "optimizers",
            "pooling",
            "separable",
            "tape",
            "tensor",
            "training",
            "training_torch",
        )
    ),
    "cme323.claims",
    "torch",
    "jax",
    "autograd",
    "tensorflow",
)


def recorded(value, **ways):
    """Whether a Tensor has this value, and these ways back.

    value: from the arguments to the array; ways: by argument, from g and the arguments
    to the gradient in that argument.
    """

    def fault(received, *case):
        y = getattr(received, "value", None)
        parents = getattr(received, "parents", None)
        if not isinstance(y, np.ndarray) or not isinstance(parents, list | tuple):
            return "should be a Tensor with a value and parents"
        if told := unlike(y, value(*case)):
            return f"its value {told}"
        if len(parents) != len(ways):
            return f"it should have {len(ways)} parents, and has {len(parents)}"
        g = np.cos(np.arange(y.size)).reshape(y.shape)
        for (parent, way_back), x, (name, right) in zip(parents, case, ways.items()):
            if unlike(parent.value, np.asarray(x, float)):
                return f"the parent in the place of {name} has another value"
            gradient = np.asarray(way_back(g))
            if told := unlike(unbroadcast(gradient, np.shape(x)), right(g, *case)):
                return f"the way back to {name} gives a gradient that {told}"
        return None

    return fault


def unbroadcast(g, shape):
    """Summed up to this shape, if it is one that was broadcast to g's."""
    try:
        np.broadcast_to(np.empty(shape), g.shape)
    except ValueError:
        return g
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    once = tuple(i for i, n in enumerate(shape) if n == 1 and g.shape[i] > 1)
    return g.sum(axis=once, keepdims=True)


def unlike(received, expected, rounding=1e-9):
    """How an array differs from the expected one, as the end of a sentence."""
    received, expected = np.asarray(received), np.asarray(expected)
    if received.dtype.kind not in "fiu":
        return f"should have floats, and has {received.dtype}"
    if received.shape != expected.shape:
        return f"should have shape {expected.shape}, and has {received.shape}"
    far = ~np.isclose(received, expected, rtol=rounding, atol=rounding)
    if not far.any():
        return None
    place = tuple(map(int, np.argwhere(far)[0]))
    should, came = (float(f"{x[place]:.6g}") for x in (expected, received))
    if not place:
        return f"should be {should}, and is {came}"
    return f"should be {should} at place {list(place)}, and is {came} there"


def value_only(value):
    """Whether a Tensor has this value, however it was made."""

    def fault(received, *case):
        y = getattr(received, "value", None)
        if not isinstance(y, np.ndarray):
            return "should be a Tensor"
        told = unlike(y, value(*case))
        return told and f"its value {told}"

    return fault


def cross_entropy(scores, labels):
    shifted = scores - scores.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean([row[label] for row, label in zip(logs, labels)])


def cross_entropy_gradient(g, scores, labels):
    exps = np.exp(scores - scores.max(axis=1, keepdims=True))
    right = np.eye(scores.shape[1])[np.asarray(labels)]
    return g * (exps / exps.sum(axis=1, keepdims=True) - right) / len(scores)


def windows(x, K, stride):
    """Each place (i, j), and what a window sees there: (N, C, K, K)."""
    H, W = x.shape[2:]
    for i, j in product(range(0, H - K + 1, stride), range(0, W - K + 1, stride)):
        yield (i // stride, j // stride), x[:, :, i : i + K, j : j + K]


def columns(x, K, stride):
    return np.stack(
        [seen.reshape(len(x), -1) for _, seen in windows(x, K, stride)], axis=2
    )


def convolved(x, w, stride=1):
    K = w.shape[2]
    down, across = ((side - K) // stride + 1 for side in x.shape[2:])
    y = np.empty((len(x), len(w), down, across))
    for (i, j), seen in windows(x, K, stride):
        y[:, :, i, j] = np.einsum("ncuv,ocuv->no", seen, w)
    return y


def convolved_to_images(g, x, w, stride=1):
    back = np.zeros(x.shape)
    for (i, j), seen in windows(back, w.shape[2], stride):
        seen += np.einsum("no,ocuv->ncuv", g[:, :, i, j], w)
    return back


def convolved_to_windows(g, x, w, stride=1):
    seen = windows(x, w.shape[2], stride)
    return sum(np.einsum("no,ncuv->ocuv", g[:, :, i, j], s) for (i, j), s in seen)


def pooled(x, size):
    y = np.empty((*x.shape[:2], x.shape[2] // size, x.shape[3] // size))
    for (i, j), seen in windows(x, size, size):
        y[:, :, i, j] = seen.max(axis=(2, 3))
    return y


def pooled_back(g, x, size):
    back = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(g.shape):
        square = np.s_[n, c, size * i : size * (i + 1), size * j : size * (j + 1)]
        first = np.unravel_index(x[square].argmax(), (size, size))
        back[square][first] = g[n, c, i, j]
    return back


def differences(f, arrays, h=1e-5):
    """The gradient of f in each array, by central differences."""
    arrays = [np.array(x, float) for x in arrays]
    gradients = [np.zeros(x.shape) for x in arrays]
    for x, gradient in zip(arrays, gradients):
        for place in np.ndindex(x.shape):
            before, ends = x[place], []
            for change in (h, -h):
                x[place] = before + change
                ends.append(float(f(*arrays).value))
            x[place] = before
            gradient[place] = (ends[0] - ends[1]) / (2 * h)
    return gradients


def gradients_fault(received, f, *arrays):
    """Whether (value, gradients) are those of f."""
    if type(received) is not tuple or len(received) != 2:
        return "should be a tuple of two: the loss, and a list of gradients"
    value, gradients = received
    if not isinstance(value, float) or type(gradients) is not list:
        return "should be a float and a list"
    if told := unlike(value, float(f(*arrays).value)):
        return f"the loss {told}"
    if len(gradients) != len(arrays):
        return (
            f"there should be {len(arrays)} gradients, and there are {len(gradients)}"
        )
    for place, gradient in enumerate(differences(f, arrays)):
        if told := unlike(gradients[place], gradient, 1e-6):
            return f"the gradient in argument {place + 1} {told}"
    return None


def share_fault(received, f, *arrays):
    """Whether this is the error of a gradient that is off by f.share."""
    if not isinstance(received, float):
        return "should be a float"
    error = abs(f.share) / (abs(1 + f.share) + 1) if any(map(np.any, arrays)) else 0
    return None if abs(received - error) < 1e-6 else f"should be {error:.6f}"


def descent_fault(received, loss, parameters, rate, steps):
    """Whether (parameters, losses) are those of gradient descent."""
    if type(received) is not tuple or len(received) != 2:
        return "should be a tuple of two: the parameters, and a list of losses"
    ends, losses = received
    if type(ends) is not list or type(losses) is not list or len(losses) != steps:
        return f"should be a list of arrays, and a list of {steps} losses"
    if len(ends) != len(parameters):
        return f"there should be {len(parameters)} parameters, not {len(ends)}"
    for step in range(steps):
        if told := unlike(losses[step], float(loss(*parameters).value), 1e-6):
            return f"the loss before step {step + 1} {told}"
        gradients = differences(loss, parameters)
        parameters = [p - rate * g for p, g in zip(parameters, gradients)]
    for place, (end, right) in enumerate(zip(ends, parameters)):
        if told := unlike(end, right, 1e-6):
            return f"parameter {place + 1} {told}"
    return None


def perceptron(x, *parameters):
    for i in range(0, len(parameters), 2):
        x = (np.maximum(x, 0) if i else x) @ parameters[i] + parameters[i + 1]
    return x


def convolutional(x, w, W, b):
    return pooled(np.maximum(convolved(x, w), 0), 2).reshape(len(x), -1) @ W + b


def code_fault(received, x, V, W, rate, steps):
    """Whether (V, W, losses) are those of gradient descent from V and W."""
    if type(received) is not tuple or len(received) != 3:
        return "should be a tuple of three: V, W and a list of losses"
    losses = received[2]
    if type(losses) is not list or len(losses) != steps:
        return f"the losses should be a list of {steps}"
    for step in range(steps):
        far = x @ V @ W - x
        if told := unlike(losses[step], np.sum(far**2) / len(x), 1e-6):
            return f"the loss before step {step + 1} {told}"
        in_V, in_W = 2 / len(x) * (x.T @ far @ W.T), 2 / len(x) * ((x @ V).T @ far)
        V, W = V - rate * in_V, W - rate * in_W
    told_V, told_W = unlike(received[0], V, 1e-6), unlike(received[1], W, 1e-6)
    return (told_V and f"V {told_V}") or (told_W and f"W {told_W}")


def untold(right, rounding=1e-9):
    """Whether a prediction is right, without saying what is."""

    def fault(said, *case):
        expected = right(*case)
        kinds = int | float | np.integer | tuple
        if not isinstance(said, kinds) or np.shape(said) != np.shape(expected):
            return f"should be {'two ints' if np.ndim(expected) else 'a number'}"
        if np.allclose(said, expected, rtol=rounding, atol=1e-12):
            return None
        return "theory says something else"

    return fault


def product_flops(B, units):
    pairs = [d * e for d, e in pairwise(units)]
    return 2 * B * sum(pairs), 4 * B * sum(pairs) - 2 * B * pairs[0]


def check_fault(said):
    """What is wrong with (slope, slope, best h), without saying what is right."""
    if type(said) is not tuple or len(said) != 3 or not all(map(is_number, said)):
        return "should be a tuple of three numbers"
    large, small, best = said
    if abs(large - 2) > 0.2:
        return f"at large h the slope is not {large}"
    if abs(small + 1) > 0.2:
        return f"at small h the slope is not {small}"
    return None if 1e-6 <= best <= 2e-5 else f"the best h is not near {best}"


def is_number(x):
    return isinstance(x, int | float) and not isinstance(x, bool)


def labels_fault(said):
    """Only the form: who is ahead is for the experiment to say."""
    kinds = {"code", "raw"}
    if type(said) is not dict or set(said) != {"signs", "lamps"}:
        return "should be a dict with the keys signs and lamps"
    for name, who in said.items():
        if type(who) is not tuple or len(who) != 2 or not kinds.issuperset(who):
            return f'{name} should have a tuple of two, each "code" or "raw"'
    return None


def arm_fault(received, hs):
    """Whether these are the errors of e**x for large h: h**2 / 12, and no less."""
    if type(received) is not list or len(received) != len(hs):
        return f"should be a list of {len(hs)} errors"
    for h, error in zip(hs, received):
        if not isinstance(error, float) or abs(error / (h * h / 12) - 1) > 0.02:
            return f"at h = {h} the error is not {error}"
    return None


def line_error(x, y):
    """The least share of wrong answers: of all thresholds, for either side."""
    n = len(x)
    wrong = [sum(y[:i]) + sum(1 - y[i:]) for i in range(n + 1)]
    return float(min(*wrong, *(n - each for each in wrong)) / n)


def accuracy(learn, labels, test, right):
    """Of softmax regression by gradient descent from zeros."""
    W, b = np.zeros((learn.shape[1], 4)), np.zeros(4)
    for _ in range(100):
        g = cross_entropy_gradient(1.0, learn @ W + b, labels)
        W, b = W - learn.T @ g, b - g.sum(axis=0)
    return float(np.mean((test @ W + b).argmax(axis=1) == right))


def judged(rows):
    kept = rows and all(low <= measured <= high for _, low, measured, high in rows)
    return "CONFIRMED" if kept else "REFUTED"


def array_fault(spec):
    """Whether an array is that of the spec."""

    def fault(received, *case):
        if not isinstance(received, np.ndarray):
            return "should be an array"
        return unlike(received, spec(*case))

    return fault


def numbers(*shape):
    """Different numbers, some negative, in an array of this shape."""
    return np.round(3 * np.sin(1 + np.arange(np.prod(shape))), 2).reshape(shape)


CLASSES = np.arange(40) * 7 % 4
BLOBS = np.eye(4)[CLASSES] + numbers(40, 4) / 4


def exercise(number, idea, cases=(), *, spec=None, fault=None):
    return Exercise(number, spec, tuple(cases), idea, fault, hide=HIDE)


EXERCISES = (
    exercise(
        "7.1",
        "a sum hands its gradient on to both parents as it is",
        ((numbers(2, 3), numbers(2, 3)), (numbers(2, 3), numbers(3))),
        fault=recorded(
            lambda a, b: a + b,
            a=lambda g, a, b: unbroadcast(g, np.shape(a)),
            b=lambda g, a, b: unbroadcast(g, np.shape(b)),
        ),
    ),
    exercise(
        "7.2",
        "each factor gets the gradient times the other factor",
        ((numbers(2, 3), numbers(2, 3) + 1), (numbers(2, 3), numbers(3))),
        fault=recorded(
            lambda a, b: a * b,
            a=lambda g, a, b: unbroadcast(g * b, np.shape(a)),
            b=lambda g, a, b: unbroadcast(g * a, np.shape(b)),
        ),
    ),
    exercise(
        "7.3",
        "the gradient in A is G times B transposed, that in B is A transposed times G",
        ((numbers(2, 3), numbers(3, 4)), (numbers(1, 2), numbers(2, 1))),
        fault=recorded(
            lambda a, b: a @ b,
            a=lambda g, a, b: np.einsum("ij,kj->ik", g, b),
            b=lambda g, a, b: np.einsum("ki,kj->ij", a, g),
        ),
    ),
    exercise(
        "7.4",
        "a gradient passes where x is above 0, and nowhere else",
        ((numbers(2, 3),), (np.array([-1.0, 0.0, 2.0]),)),
        fault=recorded(
            lambda x: np.where(x > 0, x, 0.0), x=lambda g, x: np.where(x > 0, g, 0.0)
        ),
    ),
    exercise(
        "7.5",
        "with the largest score of each row subtracted, -log p(label) is the logarithm "
        "of the sum of exponentials less the label's score; the loss is a mean of rows",
        (
            (numbers(3, 4), [0, 3, 3]),
            (np.zeros((2, 5)), [1, 4]),
            (np.array([[1000.0, 0.0, -1000.0]]), [1]),
        ),
        fault=recorded(cross_entropy, scores=cross_entropy_gradient),
    ),
    exercise(
        "7.6",
        "a tensor hands its gradient on once, when all that it went into has handed "
        "theirs to it, and what comes over several paths adds up",
        fault=gradients_fault,
    ),
    exercise(
        "7.7",
        "a column holds what a window sees at one place: all channels, row by row",
        (
            (numbers(1, 1, 3, 3), 2, 1),
            (numbers(2, 3, 5, 4), 2, 1),
            (numbers(2, 2, 6, 7), 3, 2),
        ),
        fault=array_fault(columns),
    ),
    exercise(
        "7.8",
        "the windows as a matrix times the columns of 7.7; back, each number of the "
        "images gets a share from every window that saw it",
        (
            (numbers(1, 1, 3, 3), numbers(1, 1, 2, 2)),
            (numbers(2, 3, 6, 5), numbers(4, 3, 3, 3)),
            (numbers(2, 2, 7, 8), numbers(3, 2, 3, 3), 2),
        ),
        fault=recorded(convolved, x=convolved_to_images, w=convolved_to_windows),
    ),
    exercise(
        "7.9",
        "of each square only the first of its largest numbers gets a gradient",
        (
            (numbers(1, 1, 4, 4), 2),
            (numbers(2, 3, 6, 3), 3),
            (np.zeros((1, 2, 4, 4)), 2),
        ),
        fault=recorded(pooled, x=pooled_back),
    ),
    exercise(
        "7.10",
        "the error of an array is the norm of the difference of both gradients over "
        "the sum of their norms, and the largest error counts",
        fault=share_fault,
    ),
    exercise(
        "7.11",
        "a step is minus the rate times the gradient where you are, and the loss is "
        "taken before it",
        fault=descent_fault,
    ),
    exercise(
        "7.12",
        "x @ W + b for each layer, and a relu between two layers only",
        fault=value_only(perceptron),
    ),
    exercise(
        "7.13",
        "convolution, relu, pooling by 2, then each image as one row times W, plus b",
        fault=value_only(convolutional),
    ),
    exercise(
        "7.14",
        "the loss is the sum of squares over the number of rows, and `train` goes down",
        (
            (numbers(6, 3), numbers(3, 1) / 9, numbers(1, 3) / 9, 0.01, 3),
            (numbers(8, 4), numbers(4, 2) / 9, numbers(2, 4) / 9, 0.02, 10),
        ),
        fault=code_fault,
    ),
    exercise(
        "7.15",
        "write at each product of the net which products are on its way back, and of "
        "which shapes; a gradient that nobody wants is not computed",
        ((1, [3, 2]), (8, [10, 20, 5]), (128, [784, 256, 256, 10])),
        fault=untold(product_flops, rounding=0),
    ),
    exercise(
        "7.16",
        "the error is some h ** p where h is large, and rounding over h where it is "
        "small; the best h is where both are as large",
        ((),),
        fault=check_fault,
    ),
    exercise(
        "7.17",
        "draw the interval, and slide a threshold from 0 to 1, for either side",
        ((0.3, 0.7), (0.25, 0.5), (0.5, 0.6), (0.05, 0.9), (0.2, 0.95)),
        fault=untold(lambda a, b: min(a, 1 - b, b - a)),
    ),
    exercise(
        "7.18",
        "a code keeps k directions, and you may choose which",
        (([3.0, 2.0, 1.0], 1), ([3.0, 2.0, 1.0], 2), ([2.0, 2.0], 0)),
        fault=untold(lambda sigmas, k: sum(sigma**2 for sigma in sigmas[k:])),
    ),
    exercise("7.19", "say what you expect", ((),), fault=labels_fault),
    exercise(
        "7.20",
        "one row outside of its band, above or below, refutes it, and no rows confirm "
        "nothing",
        (
            ([("a", 2, 3, 4), ("b", 2, 2, 2)],),
            ([("a", 2, 3, 4), ("b", 2, 5, 4)],),
            ([("a", 2, 1, 4), ("b", 2, 2, 2)],),
            ([],),
        ),
        spec=judged,
    ),
    exercise(
        "7.21",
        "one error of `gradcheck` for each of POINTS, with this h, and their mean",
        (([0.25, 0.125, 2.0**-6],),),
        fault=arm_fault,
    ),
    exercise(
        "7.22",
        "a threshold below all x says the same of all, and so does one above; and the "
        "side of class 1 may be either",
        (
            (np.arange(4.0), np.array([0, 1, 1, 0])),
            (np.arange(5.0), np.array([1, 1, 0, 0, 0])),
            (np.arange(5.0), np.array([1, 0, 0, 0, 1])),
        ),
        spec=line_error,
    ),
    exercise(
        "7.23",
        "`train` the cross-entropy of `mlp` on `learn`, then count how often the "
        "largest score on `test` is that of the right class",
        ((BLOBS[:12], CLASSES[:12], BLOBS[12:], CLASSES[12:]),),
        spec=accuracy,
    ),
)
