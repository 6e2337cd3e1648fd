# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Assignment 7: Backprop from scratch
#
# You write what a library for neural nets has at its heart: arrays that remember how
# they were computed, and the way back. With it you train nets. Before you measure what
# a gradient costs, how exactly it can be checked and what nets can say that lines
# cannot, you *predict* it, and your own measurements confirm or refute what you said.
#
# - **`Tensor`**: an array that remembers; **`x.value`**: the array, of `float`s.
# - **loss**: one number that says how wrong a net is; a `Tensor` of shape `()`.
# - **way back**: a function from $g$, the gradient of the loss in a result (so an array
#   of its shape), to the gradient in something that the result was computed from.
# - **parameters**: a `list` of arrays, to be learned. Other arrays are **constants**.
# - **`Flops`**: a machine whose arrays count what is computed with them.
#
# After each exercise, `check` tells you in one sentence what is not right yet. More
# cases than you see here are tried when your work is graded. 70 points are graded by a
# program, 30 by a person. Write the functions yourself, with numpy only: a notebook that
# imports the rest of `cme323.nn`, or torch or its like, gets no points.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
from itertools import pairwise

import numpy as np

from cme323.course.check import check
from cme323.nn.flops import Flops

# %% [markdown]
# # Part 1: the tape
#
# A `Tensor` has a list of **parents**: pairs of a tensor that it was computed from, and
# the way back to it. An operation makes a new tensor and writes this list, and no more.


# %% nbgrader={"grade": false, "grade_id": "tensor", "locked": true, "schema_version": 3, "solution": false, "task": false}
class Tensor:
    """An array, and what it was computed from.

    parents   [(parent, way back)]
    constant  nobody wants its gradient: data, and what is computed from data alone
    grad      the gradient of the loss in this tensor, once `backward` has set it
    """

    __array_ufunc__ = None  # so numpy leaves `array + tensor` to us

    def __init__(self, value, parents=(), constant=False):
        self.value, self.parents, self.grad = np.asanyarray(value, float), parents, None
        self.constant = all(p.constant for p, _ in parents) if parents else constant

    def __add__(self, other):
        return add(self, other)

    def __mul__(self, other):
        return multiply(self, other)

    def __matmul__(self, other):
        return matmul(self, other)

    def __rmatmul__(self, other):
        return matmul(other, self)

    __radd__, __rmul__ = __add__, __mul__

    def then(self, f, *others):
        """f(self, *others), to write one step after another."""
        return f(self, *others)

    def __repr__(self):
        return f"a Tensor of shape {self.value.shape}"


def lift(x):
    """A tensor as it is; an array, or a number, as a constant."""
    return x if isinstance(x, Tensor) else Tensor(x, constant=True)


# %% [markdown]
# Four operations are done already. In `subtract`, as in numpy, a small array is
# *broadcast* to the shape of the large one. Each way back may give its gradient in the
# shape of the result: `unbroadcast`, which your `backward` will call, adds up what
# belongs to copies of one number.


# %% nbgrader={"grade": false, "grade_id": "operations", "locked": true, "schema_version": 3, "solution": false, "task": false}
def subtract(a, b):
    """a - b"""
    a, b = lift(a), lift(b)
    return Tensor(a.value - b.value, [(a, lambda g: g), (b, lambda g: -g)])


def power(x, p):
    """x ** p, for a number p"""
    x = lift(x)
    return Tensor(x.value**p, [(x, lambda g: g * (p * x.value ** (p - 1)))])


def total(x):
    """The sum of all entries: shape ()."""
    x = lift(x)
    return Tensor(x.value.sum(), [(x, lambda g: g * np.ones_like(x.value))])


def reshape(x, *shape):
    """The same entries in another shape."""
    x = lift(x)
    return Tensor(x.value.reshape(shape), [(x, lambda g: g.reshape(x.value.shape))])


def unbroadcast(g, shape):
    """The gradient in an array of this shape: those in its copies are added up."""
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    once = [i for i, n in enumerate(shape) if n == 1 and g.shape[i] > 1]
    return g.sum(axis=tuple(once), keepdims=True)


x = Tensor([[1, 2, 3], [4, 5, 6]])
y = total(power(subtract(x, np.ones(3)), 2))
y.value, unbroadcast(np.ones((2, 3)), (3,))

# %% [markdown]
# ## 7.1 Add (2 points)
#
# $a + b$, with the parents $a$ and $b$ in this order.


# %% nbgrader={"grade": false, "grade_id": "add", "locked": false, "schema_version": 3, "solution": true, "task": false}
def add(a, b):  # 1 line more
    """a + b"""
    a, b = lift(a), lift(b)
    ### BEGIN SOLUTION
    return Tensor(a.value + b.value, [(a, lambda g: g), (b, lambda g: g)])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_add", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("7.1", add)
### BEGIN HIDDEN TESTS
many = np.arange(24.0).reshape(2, 3, 4)
check("7.1", add, more=[(many, many[0, :, :1]), (np.float64(2), many), (many, many)])
### END HIDDEN TESTS

# %% [markdown]
# ## 7.2 Multiply (2 points)
#
# $ab$, entry by entry. A change of $a$ by $\delta$ changes the result by $\delta b$.


# %% nbgrader={"grade": false, "grade_id": "multiply", "locked": false, "schema_version": 3, "solution": true, "task": false}
def multiply(a, b):  # about 2 lines more
    """a * b"""
    a, b = lift(a), lift(b)
    ### BEGIN SOLUTION
    ways = [(a, lambda g: g * b.value), (b, lambda g: g * a.value)]
    return Tensor(a.value * b.value, ways)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_multiply", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("7.2", multiply)
### BEGIN HIDDEN TESTS
many = np.arange(24.0).reshape(2, 3, 4) - 7
check("7.2", multiply, more=[(many, many[0, :, :1]), (np.float64(2), many)])
check("7.2", multiply, more=[(many, many)])
### END HIDDEN TESTS

# %% [markdown]
# ## 7.3 Matrix product (2 points)
#
# $C = AB$ for two matrices, of shapes $(n, k)$ and $(k, m)$. The shapes leave you hardly
# a choice: which products of $G$, of shape $(n, m)$, with $A$ or $B$ have the right ones?


# %% nbgrader={"grade": false, "grade_id": "matmul", "locked": false, "schema_version": 3, "solution": true, "task": false}
def matmul(a, b):  # about 2 lines more
    """a @ b"""
    a, b = lift(a), lift(b)
    ### BEGIN SOLUTION
    ways = [(a, lambda g: g @ b.value.T), (b, lambda g: a.value.T @ g)]
    return Tensor(a.value @ b.value, ways)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_matmul", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("7.3", matmul)
### BEGIN HIDDEN TESTS
square, tall = np.sin(np.arange(16.0)).reshape(4, 4), np.cos(np.arange(8.0))[:, None]
check("7.3", matmul, more=[(square, square), (tall, tall.T), (tall.T, tall)])
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** One product forward, two on the way back. What does that say about the cost
# of a gradient? You will predict it in 7.15.
#
# ## 7.4 ReLU (2 points)
#
# $\max(0, x)$. At its kink, 0, it has no derivative: take 0.


# %% nbgrader={"grade": false, "grade_id": "relu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu(x):  # 1 line more
    """max(0, x), entry by entry"""
    x = lift(x)
    ### BEGIN SOLUTION
    return Tensor(np.maximum(x.value, 0), [(x, lambda g: g * (x.value > 0))])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_relu", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("7.4", relu)
### BEGIN HIDDEN TESTS
check("7.4", relu, more=[(np.sin(np.arange(30.0)).reshape(2, 3, 5),), (np.zeros(4),)])
### END HIDDEN TESTS

# %% [markdown]
# ## 7.5 Softmax and cross-entropy (3 points)
#
# Row $i$ of `scores`, $s$, says how well each class fits example $i$; `labels[i]` is the
# right class. The loss is the mean over the $n$ rows of
#
# $$-\log p_{i, \mathrm{label}_i}, \qquad p_{ij} = \frac{e^{s_{ij}}}{\sum_c e^{s_{ic}}},
# \qquad \text{and}\quad \frac{\partial\,\text{loss}}{\partial s_{ij}} = \frac{p_{ij} -
# [\,j = \mathrm{label}_i\,]}{n}.$$
#
# Scores may be 1,000, and $e^{1000}$ is no `float`: subtract from each row its largest
# score first, which changes no $p$, and do not take the logarithm of a $p$ that is 0.


# %% nbgrader={"grade": false, "grade_id": "softmax_xent", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax_xent(scores, labels):  # about 9 lines more
    """The mean of -log p(label) over the rows of scores: shape ()."""
    scores, labels = lift(scores), np.asarray(labels)
    ### BEGIN SOLUTION
    rows = np.arange(len(labels))
    shifted = scores.value - scores.value.max(axis=1, keepdims=True)
    exps = np.exp(shifted)
    sums = exps.sum(axis=1, keepdims=True)
    loss = (np.log(sums)[:, 0] - shifted[rows, labels]).mean()

    def way_back(g):
        p = exps / sums
        p[rows, labels] -= 1
        return p * (g / len(rows))

    return Tensor(loss, [(scores, way_back)])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_softmax_xent", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check("7.5", softmax_xent)
### BEGIN HIDDEN TESTS
scores = 3 * np.sin(np.arange(28.0)).reshape(7, 4)
check("7.5", softmax_xent, more=[(scores, [0, 1, 2, 3, 0, 0, 2])])
check("7.5", softmax_xent, more=[(300 * scores, [0, 1, 2, 3, 0, 0, 2])])
check("7.5", softmax_xent, more=[(np.zeros((1, 10)), [9])])
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** What is the loss of a net that gives all of ten classes the same score?
#
# ## 7.6 Backward (5 points)
#
# The gradient in the loss itself is 1. Walk from there to all that it was computed from.
# A tensor hands to each parent `unbroadcast(way_back(g), parent.value.shape)`, where $g$
# is its own gradient. What comes to a tensor over several paths **adds up**, and only
# when all of it has come may the tensor hand it on. So:
#
# - each way back is taken **once**, however many paths there are;
# - ways back to constants are not taken at all;
# - no recursion: a tape may be longer than Python's stack.
#
# `value_and_gradients(f, *arrays)` makes a new `Tensor` of each array, calls `f` on them,
# and returns the loss as a `float` and a list of the gradients: an array for each, in its
# shape, and zeros where the loss does not depend on it. These are the functions that
# yours is tried on:


# %% nbgrader={"grade": false, "grade_id": "graphs", "locked": true, "schema_version": 3, "solution": false, "task": false}
def cubes(x):
    return total(power(x, 3))


def squares(x, mean):
    return total(power(subtract(x, mean), 2))


def two_paths(x):
    """One path is longer: y may not hand its gradient on before z has."""
    y = power(x, 2)
    z = power(y, 2)
    return total(subtract(z, y))


def long_path(x):
    for _ in range(1500):
        x = subtract(x, 0.001)
    return total(x)


def second_only(x, y):
    return total(power(y, 2))


# %% nbgrader={"grade": false, "grade_id": "backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward(loss):  # about 16 lines
    """Set `grad` of the loss, and of all that it was computed from but constants."""
    ### BEGIN SOLUTION
    order, seen, waiting = [], set(), [(loss, False)]
    while waiting:
        tensor, ready = waiting.pop()
        if ready:  # its parents are in the order already
            order.append(tensor)
        elif tensor not in seen and not tensor.constant:
            seen.add(tensor)
            tensor.grad = None
            waiting.append((tensor, True))
            waiting += [(parent, False) for parent, _ in tensor.parents]
    loss.grad = np.ones_like(loss.value)
    for tensor in reversed(order):
        for parent, way_back in tensor.parents:
            if not parent.constant:
                share = unbroadcast(way_back(tensor.grad), parent.value.shape)
                parent.grad = share if parent.grad is None else parent.grad + share
    ### END SOLUTION


def value_and_gradients(f, *arrays):  # about 5 lines
    """(the loss f(*tensors) as a float, [its gradient in each array])"""
    ### BEGIN SOLUTION
    tensors = [Tensor(x) for x in arrays]
    loss = f(*tensors)
    backward(loss)
    grads = [np.zeros_like(t.value) if t.grad is None else t.grad for t in tensors]
    return float(loss.value), grads
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_backward", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
x = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])
cases = [(cubes, x), (squares, x, x[0]), (two_paths, x), (second_only, x, x[1])]
check("7.6", value_and_gradients, more=[*cases, (long_path, x[0, :1])])


### BEGIN HIDDEN TESTS
def once(way_back):
    taken = []

    def again(g):
        taken.append(g)
        assert len(taken) == 1, "a way back was taken more than once"
        return way_back(g)

    return again


def never(g):
    raise AssertionError("a way back to a constant was taken")


def forty_doublings(x):
    for _ in range(40):
        x = Tensor(2 * x.value, [(x, once(lambda g: g)), (x, once(lambda g: g))])
    return total(x)


def with_constant(x):
    x = lift(x)
    y = Tensor(x.value * 2, [(x, lambda g: g * 2), (lift(1.0), never)])
    return total(subtract(y, power(lift(np.ones(3)), 2)))


def lattice(x, y):
    """Each of two goes into both of the next, so the order among them matters."""
    for _ in range(6):
        x, y = subtract(x, power(y, 2)), subtract(power(x, 2), y)
    return total(subtract(x, y))


cases = [(with_constant, x), (lattice, x / 3, x[:1] / 4), (squares, x, x[:, :1])]
check("7.6", value_and_gradients, more=[*cases, (squares, x[0], x), (cubes, x[0, 0])])
_, (gradient,) = value_and_gradients(lambda x: forty_doublings(lift(x)), x[0])
assert np.array_equal(gradient, np.full(3, 2.0**40)), "7.6: 40 doublings: not 2 ** 40"
_, (gradient,) = value_and_gradients(
    lambda x: Tensor(0.0, [(x, lambda g: 7 * g * np.ones(3))]), x[0]
)
assert np.array_equal(gradient, np.full(3, 7.0)), (
    "7.6: a gradient that no way back gave"
)
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** In `forty_doublings`, which you do not see, there are $2^{40}$ paths from
# the loss to $x$ and 41 tensors. How many ways back does your program take?

# %% [markdown]
# # Part 2: images
#
# An array of images has shape $(N, C, H, W)$: images, channels, rows, columns.
#
# ## 7.7 Windows as columns (4 points)
#
# A window of $K \times K$ goes over each image in steps of `stride`, as far as it fits:
# $H_o = \lfloor (H - K)/\text{stride} \rfloor + 1$ places down, $W_o$ across. Write what
# it sees at each place, in all channels, as a column. The spec:


# %% nbgrader={"grade": false, "grade_id": "spec_im2col", "locked": true, "schema_version": 3, "solution": false, "task": false}
def windows_by_hand(x, K, stride):
    """(N, C K K, Ho Wo): for each image a column for each place, row by row."""
    N, _, H, W = x.shape
    downs, acrosses = range(0, H - K + 1, stride), range(0, W - K + 1, stride)
    columns = [
        x[:, :, i : i + K, j : j + K].reshape(N, -1) for i in downs for j in acrosses
    ]
    return np.stack(columns, axis=2)


def watched(x, most):
    """The array x, of which so many slices may be taken."""
    taken = []

    class Watched(np.ndarray):
        def __getitem__(self, key):
            taken.append(key)
            assert len(taken) <= most, f"more than {most} slices of the images"
            return np.asarray(self)[key]

    return x.view(Watched)


windows_by_hand(np.arange(9.0).reshape(1, 1, 3, 3), 2, 1)

# %% [markdown]
# The spec takes a slice of the images for each place. Take at most $K^2$, however large
# the images are: one for each place *in the window*, from all windows at once. Or none:
# `np.lib.stride_tricks.sliding_window_view` is allowed.


# %% nbgrader={"grade": false, "grade_id": "im2col", "locked": false, "schema_version": 3, "solution": true, "task": false}
def im2col(x, K, stride):  # about 6 lines
    """(N, C K K, Ho Wo): for each image a column for each place, row by row."""
    ### BEGIN SOLUTION
    N, C, H, W = x.shape
    downs, acrosses = (H - K) // stride + 1, (W - K) // stride + 1
    columns = np.empty((N, C, K, K, downs, acrosses))
    for u in range(K):
        for v in range(K):
            seen = x[:, :, u : u + H - K + 1 : stride, v : v + W - K + 1 : stride]
            columns[:, :, u, v] = seen
    return columns.reshape(N, C * K * K, downs * acrosses)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_im2col", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("7.7", im2col)
x = np.arange(2 * 3 * 8 * 9.0).reshape(2, 3, 8, 9)
columns = im2col(watched(x, most=4), 2, 1)  # 56 places
assert np.array_equal(columns, windows_by_hand(x, 2, 1)), (
    "7.7: other columns than before"
)
### BEGIN HIDDEN TESTS
images = np.sin(np.arange(2 * 3 * 7 * 9.0)).reshape(2, 3, 7, 9)
shapes = [(1, 1), (2, 1), (3, 2), (3, 3), (7, 1), (7, 4), (2, 5)]
check("7.7", im2col, more=[(images, K, stride) for K, stride in shapes])
columns = im2col(watched(images, most=9), 3, 2)  # 12 places
assert np.array_equal(columns, windows_by_hand(images, 3, 2)), "7.7: not these columns"
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** How many times as many numbers are there in the columns as in the images?
#
# ## 7.8 Convolution (8 points)
#
# Windows of weights, $w$ of shape $(O, C, K, K)$, over images $x$:
#
# $$y_{noij} = \sum_{c,u,v} w_{ocuv}\; x_{n,\,c,\,si + u,\,sj + v}, \qquad s =
# \text{stride}.$$
#
# By `im2col` that is **one matrix product**, $w$ as a matrix $(O, C K^2)$ by the columns.
# The ways back are products too, and the gradients of the columns are added up where
# `im2col` took them from. Exactly $2NOCK^2H_oW_o$ flops in products forward, and twice as
# many back. The parents are $x$ and $w$, in this order.


# %% nbgrader={"grade": false, "grade_id": "conv_flops", "locked": true, "schema_version": 3, "solution": false, "task": false}
def conv_flops(x, w):
    """Flops in the products of conv2d: forward, and on both ways back."""
    machine = Flops()
    y = conv2d(Tensor(machine.array(x)), Tensor(machine.array(w)))
    forward = machine.operations["matmul"]
    for _, way_back in y.parents:
        way_back(machine.array(np.ones(y.value.shape)))
    return forward, machine.operations["matmul"] - forward


# %% nbgrader={"grade": false, "grade_id": "conv2d", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv2d(x, w, stride=1):  # about 18 lines more, with two functions inside
    """(N, O, Ho, Wo): the windows w over the images x."""
    x, w = lift(x), lift(w)
    ### BEGIN SOLUTION
    (N, C, H, W), (outputs, _, K, _) = x.value.shape, w.value.shape
    downs, acrosses = (H - K) // stride + 1, (W - K) // stride + 1
    columns = im2col(x.value, K, stride)
    weights = w.value.reshape(outputs, -1)

    def to_images(g):
        back = (weights.T @ g.reshape(N, outputs, -1)).reshape(
            N, C, K, K, downs, acrosses
        )
        images = np.zeros_like(x.value)
        for u in range(K):
            for v in range(K):
                rows = slice(u, u + H - K + 1, stride)
                images[:, :, rows, v : v + W - K + 1 : stride] += back[:, :, u, v]
        return images

    def to_windows(g):
        products = g.reshape(N, outputs, -1) @ columns.transpose(0, 2, 1)
        return products.sum(axis=0).reshape(w.value.shape)

    y = (weights @ columns).reshape(N, outputs, downs, acrosses)
    return Tensor(y, [(x, to_images), (w, to_windows)])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_conv2d", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check("7.8", conv2d)
x, w = np.ones((2, 3, 6, 5)), np.ones((4, 3, 2, 2))
spent = conv2d(x, w).then(lambda _: conv_flops(x, w))
asked = 2 * 2 * 4 * 3 * 4 * 20, 4 * 2 * 4 * 3 * 4 * 20
assert spent == asked, (
    f"7.8: conv2d of shapes {x.shape} and {w.shape} is right, but took {spent} flops in "
    f"products, not {asked}: one product forward and one on each way back, by `@`"
)
### BEGIN HIDDEN TESTS
images = np.sin(np.arange(2 * 3 * 7 * 9.0)).reshape(2, 3, 7, 9)
weights = np.cos(np.arange(5 * 3 * 9.0)).reshape(5, 3, 3, 3)
check("7.8", conv2d, more=[(images, weights, s) for s in (1, 2, 3, 5)])
check("7.8", conv2d, more=[(images, weights[:1, :, :1, :1], 1)])
check("7.8", conv2d, more=[(images[:, :, :3, :3], weights, 1)])
spent = conv2d(images, weights).then(lambda _: conv_flops(images, weights))
asked = 2 * 2 * 5 * 27 * 35, 4 * 2 * 5 * 27 * 35
assert spent == asked, f"7.8: {spent} flops in products, not {asked}"
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** The formula of $y$ as seven loops takes as many flops. Why is one product
# faster all the same, and what does it cost in memory?
#
# ## 7.9 Max pooling (4 points)
#
# Cut each image into squares of `size` x `size`, and keep of each the largest number.
# ($H$ and $W$ are multiples of `size`.) All of its gradient goes back to the place that
# had it; if several had, to the first of them, row by row.


# %% nbgrader={"grade": false, "grade_id": "max_pool", "locked": false, "schema_version": 3, "solution": true, "task": false}
def max_pool(x, size):  # about 13 lines more, with a function inside
    """(N, C, H / size, W / size): the largest of each square."""
    x = lift(x)
    ### BEGIN SOLUTION
    N, C, H, W = x.value.shape
    downs, acrosses = H // size, W // size
    squares = x.value.reshape(N, C, downs, size, acrosses, size).swapaxes(3, 4)
    squares = squares.reshape(N, C, downs, acrosses, size * size)
    first = squares.argmax(axis=4)[..., None]

    def way_back(g):
        back = np.zeros_like(squares)
        np.put_along_axis(back, first, g[..., None], axis=4)
        back = back.reshape(N, C, downs, acrosses, size, size)
        return back.swapaxes(3, 4).reshape(x.value.shape)

    return Tensor(squares.max(axis=4), [(x, way_back)])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_max_pool", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("7.9", max_pool)
### BEGIN HIDDEN TESTS
images = np.sin(np.arange(2 * 3 * 6 * 12.0)).reshape(2, 3, 6, 12)
check("7.9", max_pool, more=[(images, size) for size in (1, 2, 3, 6)])
check("7.9", max_pool, more=[(np.maximum(images, 0), 3), (-abs(images), 2)])
### END HIDDEN TESTS

# %% [markdown]
# # Part 3: check, and train
#
# ## 7.10 Gradient check (6 points)
#
# Hold what your tape says against central differences, $n_i = (f(x + h e_i) - f(x - h
# e_i)) / 2h$ for each entry $i$ of each array, the others as they are. For one array,
# with the tape's gradient $a$,
#
# $$\text{error} = \frac{\lVert a - n \rVert}{\lVert a \rVert + \lVert n \rVert}
# \qquad (0 \text{ if both are zero}),$$
#
# in Euclidean norm over all its entries. Return the largest error among the arrays, a
# `float`. For $d$ entries evaluate $f$ at most $2d + 1$ times. Here is a function whose
# gradient is off by a share that you choose, to see if you find it:


# %% nbgrader={"grade": false, "grade_id": "off_by", "locked": true, "schema_version": 3, "solution": false, "task": false}
def off_by(share):
    """A sum of squares whose gradient is too large by this share."""

    def f(*tensors):
        tensors = [lift(x) for x in tensors]
        ways = [lambda g, x=x: g * (2 + 2 * share) * x.value for x in tensors]
        loss = sum((x.value**2).sum() for x in tensors)
        return Tensor(loss, list(zip(tensors, ways)))

    f.share, f.__name__ = share, f"off_by({share})"
    return f


# %% nbgrader={"grade": false, "grade_id": "gradcheck", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradcheck(f, *arrays, h=1e-5):  # about 17 lines
    """The largest error of the tape's gradients among the arrays."""
    ### BEGIN SOLUTION
    arrays = [np.array(x, float) for x in arrays]
    _, tape = value_and_gradients(f, *arrays)

    def at(x, i, change):
        """The loss with entry i of x, one of the arrays, changed."""
        before = x.flat[i]
        x.flat[i] = before + change
        loss = float(f(*map(Tensor, arrays)).value)
        x.flat[i] = before
        return loss

    errors = []
    for x, a in zip(arrays, tape):
        n = [(at(x, i, h) - at(x, i, -h)) / (2 * h) for i in range(x.size)]
        size = np.linalg.norm(a) + np.linalg.norm(n)
        errors.append(np.linalg.norm(a.ravel() - n) / size if size else 0.0)
    return float(max(errors))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_gradcheck", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
x = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])
check("7.10", gradcheck, more=[(off_by(share), x) for share in (0, 0.1, -2)])
check("7.10", gradcheck, more=[(off_by(0.5), x, x[0]), (off_by(0), 0 * x)])


### BEGIN HIDDEN TESTS
def at_most(times, f):
    count = []

    def counting(*tensors):
        count.append(1)
        assert len(count) <= times, f"f was evaluated more than {times} times"
        return f(*tensors)

    return counting


def one_is_wrong(x, y):
    """The gradient in y has the wrong sign; that in x is right."""
    x, y = lift(x), lift(y)
    ways = [(x, lambda g: 2 * g * x.value), (y, lambda g: -2 * g * y.value)]
    return Tensor((x.value**2).sum() + (y.value**2).sum(), ways)


def found(f, *arrays, **options):
    return float(gradcheck(f, *arrays, **options))


assert found(at_most(13, lambda x: total(power(x, 3))), x) < 1e-8, (
    "7.10: a right gradient of sum x ** 3 has a larger error"
)
assert found(lambda x: total(power(x, 3)), x, h=0.5) > 0.01, "7.10: h is not used"
for f in (one_is_wrong, lambda x, y: one_is_wrong(y, x)):
    assert found(f, x, x) > 0.99, "7.10: of two arrays one has a wrong gradient"
expected = 0.1 / 2.1
assert abs(found(off_by(0.1), x[0], x[0] * 5, x) - expected) < 1e-6, (
    f"7.10: all gradients are 10 % too large: {expected:.6f}"
)
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** A lost sign has an error of 1, and a gradient that is right one of
# $10^{-10}$. Now hold your own operations against differences: is each far below
# $10^{-6}$?


# %% nbgrader={"grade": false, "grade_id": "own_check", "locked": true, "schema_version": 3, "solution": false, "task": false}
def own_check():
    """{operation: its gradcheck}"""
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((2, 1, 6, 6)), rng.standard_normal((2, 1, 3, 3))
    a, b = rng.standard_normal((3, 4)), rng.standard_normal((4, 2))
    return {
        "add": gradcheck(lambda a, b: total(power(a + b, 3)), a, a[0]),
        "multiply": gradcheck(lambda a, b: total(power(a * b, 2)), a, a[0]),
        "matmul": gradcheck(lambda a, b: total(power(a @ b, 2)), a, b),
        "relu": gradcheck(lambda a: total(power(relu(a), 2)), a),
        "softmax_xent": gradcheck(lambda a: softmax_xent(a, [0, 3, 1]), a),
        "conv2d": gradcheck(lambda x, w: total(power(conv2d(x, w), 2)), x, w),
        "max_pool": gradcheck(lambda x: total(power(max_pool(x, 2), 2)), x),
    }


# %%
own_check()

# %% [markdown]
# ## 7.11 Gradient descent (2 points)
#
# From `parameters`, a list of arrays, take so many steps against the gradient of
# `loss(*tensors)`, each of length `rate` times the gradient. Return the parameters
# where you end, and a list of the losses **before** each step.


# %% nbgrader={"grade": false, "grade_id": "train", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(loss, parameters, rate, steps):  # about 6 lines
    """(the parameters after so many steps, [the loss before each])"""
    ### BEGIN SOLUTION
    losses = []
    for _ in range(steps):
        value, gradients = value_and_gradients(loss, *parameters)
        parameters = [p - rate * g for p, g in zip(parameters, gradients)]
        losses.append(value)
    return parameters, losses
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_train", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
x = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]])
check("7.11", train, more=[(squares, [x, x / 2], 0.1, 3), (cubes, [x], 0.05, 1)])
### BEGIN HIDDEN TESTS
check("7.11", train, more=[(cubes, [x / 2], 0.05, 4), (cubes, [x], 0.1, 0)])
check("7.11", train, more=[(second_only, [x, x[0]], 0.3, 5)])
### END HIDDEN TESTS

# %% [markdown]
# ## 7.12 A multilayer perceptron (2 points)
#
# Parameters $W_1, b_1, W_2, b_2, \dots$: each layer takes rows $x$ to $x W + b$, and
# between two layers, not after the last, is a `relu`. `start` draws the first parameters.


# %% nbgrader={"grade": false, "grade_id": "start", "locked": true, "schema_version": 3, "solution": false, "task": false}
def start(units, seed=0):
    """[W1, b1, W2, b2, ...] for layers of so many units, the first being inputs."""
    rng, parameters = np.random.default_rng(seed), []
    for inputs, outputs in pairwise(units):
        weights = rng.standard_normal((inputs, outputs)) * (2 / inputs) ** 0.5
        parameters += [weights, np.zeros(outputs)]
    return parameters


[p.shape for p in start([64, 16, 10])]


# %% nbgrader={"grade": false, "grade_id": "mlp", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mlp(x, *parameters):  # about 4 lines more
    """The scores of the rows of x."""
    x, parameters = lift(x), [lift(p) for p in parameters]
    ### BEGIN SOLUTION
    x = x @ parameters[0] + parameters[1]
    for W, b in zip(parameters[2::2], parameters[3::2]):
        x = relu(x) @ W + b
    return x
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_mlp", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
rows = np.sin(np.arange(15.0)).reshape(5, 3)
check("7.12", mlp, more=[(rows, *start([3, 4, 2])), (rows, *start([3, 2]))])
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(1)
deep = [p + rng.standard_normal(p.shape) for p in start([3, 5, 4, 6, 2], seed=1)]
check("7.12", mlp, more=[(rows, *deep)])
labels = np.array([0, 1, 1, 0, 1])
_, losses = train(lambda *p: softmax_xent(mlp(rows, *p), labels), deep, 0.05, 30)
assert losses[-1] < 0.8 * losses[0], (
    f"7.12: trained, the loss of mlp goes from {losses[0]:.3g} to {losses[-1]:.3g} only"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 7.13 A convolutional net (2 points)
#
# Images to scores: `conv2d`, `relu`, `max_pool` by 2, then all numbers of an image as one
# row, in numpy's order, and a linear layer $W$, $b$. It is to tell strokes apart, which
# lie or stand somewhere in an image of 8 x 8 with noise.


# %% nbgrader={"grade": false, "grade_id": "strokes", "locked": true, "schema_version": 3, "solution": false, "task": false}
def strokes(n, seed):
    """n images (n, 1, 8, 8) of a stroke of 5 in noise; labels: 0 lies, 1 stands."""
    rng = np.random.default_rng(seed)
    labels, images = rng.integers(2, size=n), 0.2 * rng.standard_normal((n, 1, 8, 8))
    lines, starts = rng.integers(8, size=n), rng.integers(4, size=n)
    for image, label, line, first in zip(images[:, 0], labels, lines, starts):
        lying = image.T if label else image
        lying[line, first : first + 5] += 1
    return images, labels


def cnn_start(seed=0):
    """The first parameters of cnn, for strokes: 6 windows of 3 x 3."""
    windows = np.random.default_rng(seed).standard_normal((6, 1, 3, 3)) / 2
    return [windows, *start([6 * 3 * 3, 2], seed)]


# %% nbgrader={"grade": false, "grade_id": "cnn", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cnn(x, windows, W, b):  # about 3 lines
    """The scores of images x."""
    ### BEGIN SOLUTION
    seen = max_pool(relu(conv2d(x, windows)), 2)
    return reshape(seen, len(seen.value), -1) @ W + b
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_cnn", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("7.13", cnn, more=[(strokes(3, seed=0)[0], *cnn_start())])
images, labels = strokes(150, seed=1)
trained, losses = train(
    lambda *p: softmax_xent(cnn(images, *p), labels), cnn_start(), 0.5, 50
)
others, right = strokes(300, seed=2)
share = np.mean(cnn(others, *trained).value.argmax(axis=1) == right)
assert share > 0.9, f"7.13: {share:.0%} of other strokes are right, not 90 %"
### BEGIN HIDDEN TESTS
shifted = [p + 0.5 for p in cnn_start(3)]
check("7.13", cnn, more=[(strokes(4, seed=3)[0], *shifted)])
### END HIDDEN TESTS

# %%
from cme323.course.plots_nn import images as pictures

pictures(images[:8, 0], labels[:8], "Eight strokes: the places differ, and so do greys")

# %% [markdown]
# **Notice.** A linear model of the pixels gets about 60 % of other strokes right, where a
# coin gets 50. Why can six windows and pooling do what it cannot?

# %%
from cme323.course.plots_nn import losses as loss_curve

loss_curve(CNN=losses)

# %% [markdown]
# ## 7.14 An autoencoder (6 points)
#
# Rows $x$ of $d$ numbers go through a **code** of $k < d$ and back: $x V W$, with $V$ of
# shape $(d, k)$ and $W$ of $(k, d)$. Nobody tells it any label: it learns to give back
# what it was given. By `train`, from the given $V$ and $W$, make
#
# $$\frac1n \lVert x V W - x \rVert^2, \qquad\text{squares of all entries, } n
# \text{ rows,}$$
#
# small. Return where it ends: $V$, $W$, and the list of losses.


# %% nbgrader={"grade": false, "grade_id": "autoencode", "locked": false, "schema_version": 3, "solution": true, "task": false}
def autoencode(x, V, W, rate, steps):  # about 5 lines
    """(V, W, [the loss before each step]) after so many steps."""

    ### BEGIN SOLUTION
    def loss(V, W):
        return total(power(subtract(x @ V @ W, x), 2)) * (1 / len(x))

    (V, W), losses = train(loss, [V, W], rate, steps)
    return V, W, losses
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_autoencode", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check("7.14", autoencode)
### BEGIN HIDDEN TESTS
rng = np.random.default_rng(5)
x, V, W = (rng.standard_normal(shape) for shape in ((20, 5), (5, 2), (2, 5)))
check(
    "7.14", autoencode, more=[(x, V / 3, W / 3, 0.05, 40), (x, V[:, :1], W[:1], 0, 2)]
)
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** `V` and `W` started at random. Another start ends at other matrices: what of
# them is the same? You will prove it in part 5.

# %% [markdown]
# # Part 4: predict
#
# Write this part **before** you write or run anything of part 6.
#
# ## 7.15 What a gradient costs (4 points)
#
# A batch of $B$ rows, which are constants, goes through your `mlp` with layers of $d_0,
# d_1, \dots, d_L$ units, the first being the inputs. How many flops are there in matrix
# products, $2nkm$ for each of $(n, k)$ by $(k, m)$: forward, and in `backward`? Two `int`s.


# %% nbgrader={"grade": false, "grade_id": "predict_flops", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_flops(B, units):  # about 2 lines
    """(flops in products forward, flops in products backward)"""
    ### BEGIN SOLUTION
    pairs = sum(d * e for d, e in pairwise(units))
    return 2 * B * pairs, 4 * B * pairs - 2 * B * units[0] * units[1]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_predict_flops", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("7.15", predict_flops)
### BEGIN HIDDEN TESTS
nets = [(1, [3, 2]), (32, [64, 32, 32, 10]), (7, [5, 4, 3, 2, 1]), (10**6, [10**6, 1])]
check("7.15", predict_flops, more=nets)
### END HIDDEN TESTS

# %% [markdown]
# ## 7.16 How exact a gradient check is (2 points)
#
# Of `gradcheck`, for $e^x$ at $x$ from 0 to 1, you will plot the error against $h$, both
# axes logarithmic. For large $h$ the difference is coarse; for small $h$ it loses digits,
# for a `float` has 16 of them. What is the slope of the curve on the right, where $h$ is
# large, and on the left, where it is small? At which $h$ is the error least, about?


# %% nbgrader={"grade": false, "grade_id": "predict_check", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_check():  # 1 line: numbers
    """(slope at large h, slope at small h, best h)"""
    ### BEGIN SOLUTION
    return 2.0, -1.0, 6e-6
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_predict_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("7.16", predict_check)

# %% [markdown]
# ## 7.17 What a line cannot say (2 points)
#
# Let $x$ be spread evenly over $[0, 1]$, and the right class be 1 if $a < x < b$. A linear
# model says 1 on one side of a threshold, 0 on the other. Of all thresholds, and both
# sides, which share of all $x$ does the best one get wrong?


# %% nbgrader={"grade": false, "grade_id": "predict_interval", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_interval(a, b):  # 1 line
    """The share of wrong answers of the best threshold, for 0 <= a <= b <= 1."""
    ### BEGIN SOLUTION
    return min(a, 1 - b, b - a)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_predict_interval", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("7.17", predict_interval)
### BEGIN HIDDEN TESTS
cases = [(0.25, 0.5), (0.1, 0.9), (0.6, 0.8), (0.0, 1.0), (0.0, 0.4), (0.05, 0.9)]
check("7.17", predict_interval, more=cases)
### END HIDDEN TESTS

# %% [markdown]
# ## 7.18 What a narrow code must lose (1 point)
#
# The rows of $X$ have singular values $\sigma_1 \ge \sigma_2 \ge \dots$. What is the
# least $\lVert X V W - X \rVert^2$ that any code of $k$ numbers can reach?


# %% nbgrader={"grade": false, "grade_id": "predict_code", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_code(sigmas, k):  # 1 line
    """The least squared error, given all singular values, the largest first."""
    ### BEGIN SOLUTION
    return float(sum(sigma**2 for sigma in sigmas[k:]))
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_predict_code", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("7.18", predict_code)
### BEGIN HIDDEN TESTS
check("7.18", predict_code, more=[([9.0, 4.0, 1.5, 0.5], k) for k in range(5)])
### END HIDDEN TESTS

# %% [markdown]
# ## 7.19 Do features without labels help? (1 point)
#
# "Labels are scarce, data are not", people say: let an autoencoder see all data, and then
# learn from its code with few labels; with many labels the raw data catch up. Rows of 64
# numbers are one of four *signs*, and noise; and in a second set also what six *lamps*
# add, each as bright as chance has it. With a code of 4 numbers, who is ahead in accuracy
# on new rows with 5 labels, and with 320: `"code"` or `"raw"`? Nobody marks this as right
# or wrong; in 7.24 you will explain what came out.


# %% nbgrader={"grade": false, "grade_id": "predict_labels", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_labels():  # 1 line
    """{"signs": (who with 5 labels, who with 320), "lamps": (the same)}"""
    ### BEGIN SOLUTION
    return {"signs": ("code", "raw"), "lamps": ("code", "raw")}
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_predict_labels", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("7.19", predict_labels)

# %% [markdown]
# # Part 5: prove
#
# ## The cost of going back (9 points, graded by a person)
#
# 1. Show that in a product $C = AB$ of an $(n, k)$ by a $(k, m)$ matrix the gradients are
#    $\bar A = \bar C B^T$ and $\bar B = A^T \bar C$, where a bar is the gradient of the
#    loss. Derive your formulas of 7.15.
# 2. A program of $+$, $-$ and $\times$ on numbers makes $m$ of these operations and has
#    $d$ inputs. Show that going back takes at most $4m$ more operations, whatever $d$ is.
#    What do central differences take?

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof_cost", "locked": false, "points": 9, "schema_version": 3, "solution": true, "task": false}
# 1. $C_{ij} = \sum_l A_{il} B_{lj}$, so $\partial C_{ij} / \partial A_{il} = B_{lj}$, and
# over all paths $\bar A_{il} = \sum_j \bar C_{ij} B_{lj} = (\bar C B^T)_{il}$; in the same
# way $\bar B_{lj} = \sum_i A_{il} \bar C_{ij}$. (3 points.) Each takes $2nkm$ flops, as
# many as $C$. In an MLP, layer $l$ multiplies $(B, d_{l-1})$ by $(d_{l-1}, d_l)$:
# $2B d_{l-1} d_l$ forward, twice that back, but in the first layer, whose $A$ is data,
# nobody wants $\bar A$: $2B \sum$ forward, $4B \sum - 2B d_0 d_1$ back. (2 points.)
#
# 2. For $c = a + b$ or $a - b$: $\bar a$ and $\bar b$ each get $\pm \bar c$ added, 2
# operations at most. For $c = ab$: $\bar a$ gets $\bar c b$, $\bar b$ gets $\bar c a$, two
# products and two sums. So 4 at most for each of the $m$ operations, each of which is
# passed once: $4m$, with no $d$ in it, and 5 evaluations with the value. (3 points.) Central
# differences evaluate twice for each input: $2dm$. (1 point.)

# %% [markdown]
# ## What a linear autoencoder finds (9 points, graded by a person)
#
# Prove your formula of 7.18: no $V$ of shape $(d, k)$ and $W$ of $(k, d)$ have a smaller
# $\lVert X V W - X \rVert_F^2$, and some have no larger one. You may use that the trace of
# $X^T X P$, for a projection $P$ of rank $k$, is at most $\sigma_1^2 + \dots + \sigma_k^2$
# (Ky Fan). Are $V$ and $W$ at the minimum determined by $X$?

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof_code", "locked": false, "points": 9, "schema_version": 3, "solution": true, "task": false}
# The rows of $XVW$ lie in the row space of $W$, which has dimension at most $k$. Let $P$ be
# the orthogonal projection onto a space of dimension $k$ that has it inside. Of all points
# of that space, the one nearest to a row $x$ is $xP$, so $\lVert XVW - X \rVert^2 \ge
# \lVert XP - X \rVert^2$. (3 points.) By Pythagoras, row by row, that is $\lVert X
# \rVert^2 - \lVert XP \rVert^2 = \sum_i \sigma_i^2 - \mathrm{tr}(X^T X P)$, as $P P^T =
# P$; by Ky Fan it is at least $\sum_{i > k} \sigma_i^2$. (3 points.) For equality take the
# first $k$ right singular vectors as the columns of $V$, and $W = V^T$: then $P = VW$ has
# trace $\sigma_1^2 + \dots + \sigma_k^2$. (2 points.) They are not determined: for every
# invertible $M$ of $k \times k$, $VM$ and $M^{-1}W$ have the same product. Only the space
# is, if $\sigma_k > \sigma_{k+1}$. (1 point.)

# %% [markdown]
# ## What a line must get wrong (7 points, graded by a person)
#
# Derive your formula of 7.17: give the error of each threshold $t$, for either side, and
# the least of them. Then give weights of a net with two hidden `relu` units that makes no
# error.

# %% [markdown] nbgrader={"grade": true, "grade_id": "proof_interval", "locked": false, "points": 7, "schema_version": 3, "solution": true, "task": false}
# *1 above $t$.* The error is the length where the answer is wrong: of $(a, b)$ below $t$,
# and of the rest above $t$. For $t \le a$ that is $(a - t) + (1 - b)$, falling in $t$; for
# $a \le t \le b$ it is $(t - a) + (1 - b)$, rising; for $t \ge b$ it is $(b - a) + (1 - t)$,
# falling. So the least is at $t = a$ or $t = 1$: $1 - b$ or $b - a$. (3 points.) *1 below
# $t$.* Turn the line round, $x \to 1 - x$: $a$ or $b - a$. (1 point.) Together $\min(a, 1 -
# b, b - a)$. (1 point.)
#
# With $m = (a + b)/2$, say 1 where $\mathrm{relu}(x - m) + \mathrm{relu}(m - x)$ is less
# than $(b - a)/2$: the two units add up to $|x - m|$, which is less than that just in the
# interval. (2 points.)

# %% [markdown]
# # Part 6: theory against running code
#
# All rows of your measurements are `(what, low, measured, high)`. `verdict` reads them
# and returns `"CONFIRMED"` or `"REFUTED"`; it must be able to do both, and no rows confirm
# nothing.
#
# ## 7.20 What a gradient costs (3 points)
#
# `flops(f, *arrays)` counts: put `machine.array(x)`, and not `x`, into a `Tensor` for each
# array, and `machine.operations["matmul"]` are the flops in products so far,
# `machine.cost.flops` all. What is computed from a counted array is counted; an array
# that you make in between is not, unless by `np.zeros_like(x.value)` or the like. Return those in products of `f`, those in products of
# `backward`, and what both together took, of all flops, over what `f` took.
#
# `experiment_flops(nets)` holds 7.15 against it, for the cross-entropy of `mlp` with the
# parameters `start(units)`, rows of ones, and label 0 for all. For each `(B, units)` three
# rows: `(f"{B} x {units} forward", said, measured, said)`, the same with `backward`, and
# with `ratio`, which theory puts from 1 to 5.


# %% nbgrader={"grade": false, "grade_id": "experiment_flops", "locked": false, "schema_version": 3, "solution": true, "task": false}
def flops(f, *arrays):  # about 7 lines
    """(in products of f, in products of backward, all of both over all of f)"""
    ### BEGIN SOLUTION
    machine = Flops()
    loss = f(*[Tensor(machine.array(x)) for x in arrays])
    products, value = machine.operations["matmul"], machine.cost.flops
    backward(loss)
    back = machine.operations["matmul"] - products
    return products, back, machine.cost.flops / value
    ### END SOLUTION


def experiment_flops(nets):  # about 13 lines
    """Three rows for each (B, units): forward, backward, ratio."""
    ### BEGIN SOLUTION
    rows = []
    for B, units in nets:
        data, labels = np.ones((B, units[0])), np.zeros(B, int)
        forward, back, ratio = flops(
            lambda *p, data=data, labels=labels: softmax_xent(mlp(data, *p), labels),
            *start(units),
        )
        ahead, behind = predict_flops(B, units)
        name = f"{B} x {units}"
        rows.append((f"{name} forward", ahead, forward, ahead))
        rows.append((f"{name} backward", behind, back, behind))
        rows.append((f"{name} ratio", 1, ratio, 5))
    return rows
    ### END SOLUTION


def verdict(rows):  # about 2 lines
    """Is measured from low to high, in every row?"""
    ### BEGIN SOLUTION
    holds = rows and all(low <= measured <= high for _, low, measured, high in rows)
    return "CONFIRMED" if holds else "REFUTED"
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_experiment_flops", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
NETS = [(1, [3, 2]), (8, [10, 20, 5]), (32, [64, 32, 32, 10]), (64, [64, 128, 10])]
rows = experiment_flops(NETS)
asked = [f"{B} x {d} {w}" for B, d in NETS for w in ("forward", "backward", "ratio")]
assert [row[0] for row in rows] == asked, f"7.20: rows should begin with {asked[:3]}"
outside = [row for row in rows if not row[1] <= row[2] <= row[3]]
assert not outside, f"7.20: {outside[0]} is not as predicted: revisit 7.15, 7.6, flops"
assert verdict(rows) == "CONFIRMED", "7.20: all rows are as predicted: CONFIRMED"
check("7.20", verdict)
### BEGIN HIDDEN TESTS
for (B, d), forward, back, ratio in zip(NETS, rows[::3], rows[1::3], rows[2::3]):
    pairs = sum(p * q for p, q in pairwise(d))
    exact = 2 * B * pairs, 4 * B * pairs - 2 * B * d[0] * d[1]
    assert forward[1:] == (exact[0],) * 3, f"7.20: {forward}, but forward is {exact[0]}"
    assert back[1:] == (exact[1],) * 3, f"7.20: {back}, but backward is {exact[1]}"
    assert ratio[1::2] == (1, 5), f"7.20: {ratio} should go from 1 to 5"
a, b = np.ones((3, 4)), np.ones((4, 5))
told = flops(lambda a, b: total(a @ b), a, b)
assert told[:2] == (120, 240), f"7.20: flops of one product of 60 pairs: {told}"
told = flops(lambda a: total(a @ b + (a @ b)), a)
assert told[:2] == (240, 240), f"7.20: flops of two products with a constant: {told}"
told = flops(lambda x: total(power(x, 2)), np.ones(100))
assert told[:2] == (0, 0), f"7.20: flops of a sum of 100 squares: {told}"
assert 1.5 < told[2] <= 5, f"7.20: flops of a sum of 100 squares: {told}"
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** The ratio in products tends to 3 for deep nets. Why is it smaller for a net
# of one layer, and why is a gradient by differences out of the question for 9,000 weights?

# %%
from cme323.course.plots import bars

bars(
    {row[0]: row[2] for row in rows[2::3]},
    title="What value and gradient cost",
    xlabel="flops, over those of the value (ratio)",
)

# %% [markdown]
# ## 7.21 The V of a gradient check (2 points)
#
# `errors_of(hs)` is a list with, for each $h$, the mean over $x$ in `POINTS` of the error
# that `gradcheck` tells of $e^x$, an array of one number. `experiment_check()` gives three rows for what you said in 7.16:
# `("large h", said - 0.2, slope, said + 0.2)` over `LARGE`, `("small h", ...)` in the same
# way over `SMALL`, and `("best h", said / 5, best, said * 5)` over `ALL`. The slope is that
# of the straight line that `np.polyfit(np.log(hs), np.log(errors), 1)` finds.


# %% nbgrader={"grade": false, "grade_id": "exponentials", "locked": true, "schema_version": 3, "solution": false, "task": false}
POINTS = np.random.default_rng(0).uniform(0, 1, 20)
ALL = [2.0**-k for k in range(2, 40)]
LARGE, SMALL = ALL[:8], ALL[-16:]


def exponential(x):
    """e ** x for an array of one number: shape ()."""
    x = lift(x)
    return Tensor(np.exp(x.value).sum(), [(x, lambda g: g * np.exp(x.value))])


# %% nbgrader={"grade": false, "grade_id": "experiment_check", "locked": false, "schema_version": 3, "solution": true, "task": false}
def errors_of(hs):  # about 4 lines
    """[the mean error of gradcheck over POINTS] for each h."""
    ### BEGIN SOLUTION
    return [
        float(np.mean([gradcheck(exponential, np.array([x]), h=h) for x in POINTS]))
        for h in hs
    ]
    ### END SOLUTION


def experiment_check():  # about 9 lines
    """Rows for the slope at large h, that at small h, and the best h."""
    ### BEGIN SOLUTION
    rows = []
    for name, hs, said in zip(("large h", "small h"), (LARGE, SMALL), predict_check()):
        slope = float(np.polyfit(np.log(hs), np.log(errors_of(hs)), 1)[0])
        rows.append((name, said - 0.2, slope, said + 0.2))
    said, errors = predict_check()[2], errors_of(ALL)
    best = ALL[errors.index(min(errors))]
    return [*rows, ("best h", said / 5, best, said * 5)]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_experiment_check", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check("7.21", errors_of)
rows = experiment_check()
names = [row[0] for row in rows]
assert names == ["large h", "small h", "best h"], f"7.21: three rows, not {names}"
outside = [row for row in rows if not row[1] <= row[2] <= row[3]]
assert not outside, f"7.21: {outside[0]} is not as predicted: revisit 7.10 and 7.16"
assert verdict(rows) == "CONFIRMED", "7.21: all rows are as predicted: CONFIRMED"
### BEGIN HIDDEN TESTS
errors = np.array(errors_of(ALL))
for name, hs, (_, low, measured, high) in zip(names, (LARGE, SMALL), rows):
    errors_here = errors[[ALL.index(h) for h in hs]]
    slope = np.polyfit(np.log(hs), np.log(errors_here), 1)[0]
    assert abs(measured - slope) < 1e-6, f"7.21: {name}: {measured}, but it is {slope}"
    assert abs(high - low - 0.4) < 1e-9, f"7.21: {name}: from {low} to {high}"
best = ALL[int(errors.argmin())]
assert rows[2][2] == best, f"7.21: the best h is {best}, not {rows[2][2]}"
assert 1e-12 < errors.min() < 1e-9, f"7.21: the least error is {errors.min()}"
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** The lines go through the outermost points, with the slopes that you said.
# Where they meet, a difference is as exact as it gets: how many digits of 16 are left, and
# would a `float32` do for a gradient check?

# %%
from cme323.course.plots import curves

slopes, ends = predict_check(), {h: errors_of([h])[0] for h in (ALL[0], ALL[-1])}


def arms(h):
    """The higher of two straight lines."""
    return max(ends[end] * (h / end) ** slope for end, slope in zip(ends, slopes))


curves(
    predict={"central": arms},
    run={"central": lambda h: errors_of([h])[0]},
    over=ALL,
    title="How wrong a central difference is",
    xlabel="step h",
    ylabel="error, as gradcheck tells it (relative)",
    log="xy",
)

# %% [markdown]
# ## 7.22 Lines, nets and codes (4 points)
#
# *An interval.* `line_error(x, y)` tries **all** thresholds between neighbouring $x$, those
# below and above all $x$, and both sides: the least share of wrong answers. `net_error(x,
# y)` trains a net of 16 hidden units, `start([1, 16, 2])`, on rows of $4x - 2$ with rate
# 1 and 200 steps, and gives its share of wrong answers. `experiment_interval` has two
# rows for each $(a, b)$: `(f"line {a} {b}", said - 1e-9, measured, said + 1e-9)`, said in
# 7.17, and `(f"net {a} {b}", 0, measured, 0.05)`.
#
# *A code.* `experiment_code(x, ks)` has a row `(f"code {k}", left, measured, 1.01 * left)`
# for each $k$, where `left` is what you said in 7.18, and measured is $\lVert X V W - X
# \rVert^2$ after `autoencode` with rate 0.1 and 250 steps, from the first $k$ columns
# of `V` and rows of `W`, which `code_start(x)` gives.


# %% nbgrader={"grade": false, "grade_id": "interval", "locked": true, "schema_version": 3, "solution": false, "task": false}
def interval(n, a, b):
    """n points in the middles of equal parts of [0, 1], and whether they are in (a, b)."""
    x = (np.arange(n) + 0.5) / n
    return x, ((a < x) & (x < b)).astype(int)


def code_start(x, seed=0):
    """(V, W) of shape (d, d), small and random."""
    rng, d = np.random.default_rng(seed), x.shape[1]
    return rng.standard_normal((d, d)) / 3, rng.standard_normal((d, d)) / 3


def stretched(seed):
    """50 rows of 6 numbers, which vary by less and less in 6 random directions."""
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.standard_normal((6, 6)))
    return rng.standard_normal((50, 6)) * [2, 1.5, 1.1, 0.8, 0.5, 0.3] @ turn


# %% nbgrader={"grade": false, "grade_id": "experiment_lines", "locked": false, "schema_version": 3, "solution": true, "task": false}
def line_error(x, y):  # about 4 lines
    """The least share of wrong answers of any threshold on x, in rising order."""
    ### BEGIN SOLUTION
    n = len(x)
    above = [(y[:i].sum() + (1 - y[i:]).sum()) / n for i in range(n + 1)]
    return float(min(*above, *(1 - error for error in above)))
    ### END SOLUTION


def net_error(x, y):  # about 6 lines
    """The share of wrong answers of a net that was trained on x."""
    ### BEGIN SOLUTION
    rows = 4 * x[:, None] - 2
    trained, _ = train(
        lambda *p: softmax_xent(mlp(rows, *p), y), start([1, 16, 2]), 1.0, 200
    )
    return float(np.mean(mlp(rows, *trained).value.argmax(axis=1) != y))
    ### END SOLUTION


def experiment_interval(intervals):  # about 7 lines
    """Two rows for each (a, b), of 100 points: the best line, and a net."""
    ### BEGIN SOLUTION
    rows = []
    for a, b in intervals:
        x, y = interval(100, a, b)
        said = predict_interval(a, b)
        rows.append((f"line {a} {b}", said - 1e-9, line_error(x, y), said + 1e-9))
        rows.append((f"net {a} {b}", 0, net_error(x, y), 0.05))
    return rows
    ### END SOLUTION


def experiment_code(x, ks):  # about 8 lines
    """A row for each k: what theory leaves, and what training leaves."""
    ### BEGIN SOLUTION
    sigmas, rows = np.linalg.svd(x, compute_uv=False), []
    V, W = code_start(x)
    for k in ks:
        left = predict_code(sigmas, k)
        narrow = autoencode(x, V[:, :k], W[:k], 0.1, 250)
        measured = float(np.sum((x @ narrow[0] @ narrow[1] - x) ** 2))
        rows.append((f"code {k}", left, measured, 1.01 * left))
    return rows
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_experiment_lines", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check("7.22", line_error)
INTERVALS = [(0.25, 0.5), (0.3, 0.7)]
lines = experiment_interval(INTERVALS)
asked = [f"{w} {a} {b}" for a, b in INTERVALS for w in ("line", "net")]
assert [row[0] for row in lines] == asked, f"7.22: rows should begin with {asked[:2]}"
codes = experiment_code(stretched(0), [1, 3])
asked = ["code 1", "code 3"]
assert [row[0] for row in codes] == asked, f"7.22: rows should begin with {asked}"
outside = [row for row in [*lines, *codes] if not row[1] <= row[2] <= row[3]]
assert not outside, f"7.22: {outside[0]} is not as predicted: revisit 7.17, 7.18, 7.14"
assert verdict(lines + codes) == "CONFIRMED", "7.22: all rows are as predicted"
### BEGIN HIDDEN TESTS
for (a, b), line, net in zip(INTERVALS, lines[::2], lines[1::2]):
    least = min(a, 1 - b, b - a)
    assert abs(line[2] - least) < 1e-9, f"7.22: {line}, but the best line has {least}"
    assert line[3] - line[1] < 1e-8, f"7.22: {line} has too wide a band"
    assert (net[1], net[3]) == (0, 0.05), f"7.22: {net} should go from 0 to 0.05"
wrong = [1, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0], [1] * 6, [0, 1, 1, 1, 0, 0]
check("7.22", line_error, more=[(np.arange(6.0), np.array(y)) for y in wrong])
x, y = interval(20, 0.25, 0.5)
assert net_error(x, y) <= 0.05, "7.22: net_error on 20 points is more than 5 %"
told = net_error(x, np.arange(20) * 7 % 3 % 2)
assert told > 0.05, f"7.22: net_error where labels are noise: {told}"
rows = experiment_code(stretched(1), [2])
left = float((np.linalg.svd(stretched(1), compute_uv=False)[2:] ** 2).sum())
for _, low, measured, high in rows:
    assert abs(low / left - 1) < 1e-9, f"7.22: codes of 2 leave {left}, not {low}"
    assert left * (1 - 1e-9) <= measured <= high <= left * 1.02, f"7.22: {rows}"
### END HIDDEN TESTS

# %% [markdown]
# **Notice.** A net of 16 units finds the interval that no line can say; and an
# autoencoder finds what the SVD finds, and nothing more. The course holds both against
# its own code as claims F11 and F6, and the rest of this part as F1 and F2.

# %% [markdown]
# ## 7.23 Features without labels (1 point)
#
# Now the opinion of 7.19. `SIGNS` and `LAMPS` are two sets of 320 rows to learn from, with
# their labels, and 400 others. `accuracy(learn, labels, test, right)` trains a linear
# model, `mlp` with two parameters which start at **zeros**, with rate 1 and 100 steps, and
# gives its share of right answers on `test`.
#
# `by_labels(data, budgets)` has a row `(n, raw, code)` for each number of labels: the
# accuracies with the first $n$ rows and labels, of rows as they are, and of their code
# `rows @ V`. Its $V$ is by `autoencode` of **all** 320 rows, with rate 0.2 and 250 steps,
# from the first 4 columns and rows of `code_start`, halved. `experiment_labels(name, data,
# budgets)` turns this into rows that `verdict` reads, `(f"{name} {n}", 0, code - raw, 1)`:
# is the code never behind?


# %% nbgrader={"grade": false, "grade_id": "signs", "locked": true, "schema_version": 3, "solution": false, "task": false}
def signs(n, seed, size, light):
    """n rows of 64 numbers, a sign each, noise and light; and which of 4 signs it is."""
    fixed, rng = np.random.default_rng(7), np.random.default_rng(seed)
    shapes, lamps = fixed.standard_normal((4, 64)), fixed.standard_normal((6, 64))
    labels, noise = rng.integers(4, size=n), rng.standard_normal((n, 64))
    lit = light * rng.standard_normal((n, 6)) @ lamps
    return (size * shapes[labels] + noise + lit) / 4, labels


SIGNS = *signs(320, 1, size=0.4, light=0), *signs(400, 2, size=0.4, light=0)
LAMPS = *signs(320, 1, size=0.7, light=0.5), *signs(400, 2, size=0.7, light=0.5)


# %% nbgrader={"grade": false, "grade_id": "experiment_labels", "locked": false, "schema_version": 3, "solution": true, "task": false}
def accuracy(learn, labels, test, right):  # about 4 lines
    """Of a linear model that was trained on rows and labels, its accuracy on others."""
    ### BEGIN SOLUTION
    zeros = [np.zeros((learn.shape[1], 4)), np.zeros(4)]
    trained, _ = train(lambda *p: softmax_xent(mlp(learn, *p), labels), zeros, 1.0, 100)
    return float(np.mean(mlp(test, *trained).value.argmax(axis=1) == right))
    ### END SOLUTION


def by_labels(data, budgets):  # about 9 lines
    """[(number of labels, accuracy on raw rows, accuracy on their code)]"""
    ### BEGIN SOLUTION
    learn, labels, test, right = data
    V, W = code_start(learn)
    V, _, _ = autoencode(learn, V[:, :4] / 2, W[:4] / 2, 0.2, 250)
    rows = []
    for n in budgets:
        raw = accuracy(learn[:n], labels[:n], test, right)
        rows.append((n, raw, accuracy(learn[:n] @ V, labels[:n], test @ V, right)))
    return rows
    ### END SOLUTION


def experiment_labels(name, data, budgets):  # 1 or 2 lines
    """[(f"{name} {n}", 0, accuracy on the code less that on raw rows, 1)]"""
    ### BEGIN SOLUTION
    found = by_labels(data, budgets)
    return [(f"{name} {n}", 0, code - raw, 1) for n, raw, code in found]
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test_experiment_labels", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
check("7.23", accuracy)
found = by_labels(SIGNS, [5, 320])
assert [row[0] for row in found] == [5, 320], f"7.23: rows for 5 and 320, not {found}"
assert all(0.4 < share <= 1 for row in found for share in row[1:]), (
    f"7.23: every accuracy on SIGNS is above 0.4, but yours are {found}"
)
### BEGIN HIDDEN TESTS
(_, raw, code), (_, all_raw, all_code) = found
assert abs(raw - 0.54) < 0.03, f"7.23: 5 labels, raw: {raw}"
assert abs(code - 0.79) < 0.04, f"7.23: 5 labels, code: {code}"
assert min(all_raw, all_code) > 0.89, f"7.23: 320 labels: {all_raw}, {all_code}"
((name, low, less, high),) = rows = experiment_labels("lamps", LAMPS, [20])
assert (name, low, high) == ("lamps 20", 0, 1), f"7.23: {rows}"
assert -0.55 < less < -0.25, f"7.23: {rows}"
assert verdict(rows) == "REFUTED", "7.23: REFUTED, where the code is behind"
### END HIDDEN TESTS

# %%
from cme323.course.plots_nn import accuracies

BUDGETS = [5, 20, 80, 320]
both = {"signs": by_labels(SIGNS, BUDGETS), "lamps": by_labels(LAMPS, BUDGETS)}
accuracies(
    {
        f"{name}, {kind}": [row[place] for row in rows]
        for name, rows in both.items()
        for place, kind in ((1, "raw"), (2, "code"))
    },
    over=BUDGETS,
    title="Few labels, many labels",
    xlabel="labels (number)",
)

# %% [markdown]
# **Notice.** Both autoencoders are as good as the SVD. One of them is of use.

# %% [markdown]
# ## 7.24 Where you and the machine disagree (5 points, graded by a person)
#
# Take the opinion of 7.19, and what you said there. What was measured on the two sets,
# and where were you wrong? What does the code keep of a row, and what does it throw away,
# in each of them? When would you trust features that were learned without labels?

# %% [markdown] nbgrader={"grade": true, "grade_id": "explain", "locked": false, "points": 5, "schema_version": 3, "solution": true, "task": false}
# I said that the code is ahead with 5 labels and behind with 320, on both. On the signs
# it is ahead by far with 5, 0.79 to 0.54, and the two are level with 320; on the lamps it
# is behind with 5, 0.35 to 0.56, and by half with 320. (2 points for the numbers.) A code
# keeps the directions in which rows vary most. Signs without lamps vary most in the four
# directions of the four signs, and the 60 others are noise: the code drops it. (1 point.)
# With lamps the largest variance is light, the code keeps that and drops the signs, and no label brings back what it has dropped. (1 point.) So the
# opinion is not a theorem: it holds where what varies most is what the labels are about,
# and that can only be measured with labels. (1 point.)

# %% [markdown]
# ## What we left out
#
# Batches, momentum and Adam (lecture 18 has them); biases of convolutions, padding;
# gradients of gradients; memory, as the tape keeps all values until the way back; other
# machines, which is assignment 8. Three questions to end with:
#
# 1. Your tape keeps every value. Which of them does the way back need?
# 2. What would `forty_doublings` cost if gradients were carried *forward*, from $x$?
# 3. A net with 10 million weights: which of your functions would not do any more?
