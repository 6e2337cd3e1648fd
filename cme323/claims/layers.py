"""Part F, layers: backward is right (F3), and convolution is a matrix product (F5).

Gradients are held against differences of the function itself, convolutions against
their formula in a loop, and flops are counted by the arrays.
"""

from math import erf, sqrt

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal, Within
from cme323.nn.activations import relu, sigmoid, tanh
from cme323.nn.convolution import conv2d, direct_convolution, im2col, pad
from cme323.nn.flops import Flops
from cme323.nn.gradcheck import gradcheck
from cme323.nn.layers import BatchNorm, Chain, Conv2d, Linear, flatten
from cme323.nn.losses import softmax_cross_entropy, squared_error
from cme323.nn.models import CNN, MLP, Autoencoder
from cme323.nn.pooling import max_pool2d
from cme323.nn.tensor import Tensor

IM2COL = (
    "Chellapilla, Puri, Simard, High performance convolutional neural networks, 2006"
)


def experiment(says, unit, axes, sweep, predict, run, verdict=None):
    return Experiment(says, unit, axes, sweep, predict, run, verdict or Equal())


# F3: backward is right


def random(*shape):
    return np.random.default_rng(sum(shape)).standard_normal(shape)


def weighed(layer):
    """A loss of what a layer gives: its squares, each with a weight of its own."""

    def loss(x):
        y = layer(x)
        return (y * y * random(*y.shape)).sum()

    return loss


def of_parameters(model, loss):
    """The same as a function of the parameters, which then are what is checked."""

    def f(*parameters):
        for layer, name, p in zip(*_slots(model), parameters):
            setattr(layer, name, p)
        return loss(model)

    return f, [p.value for p in model.parameters]


def _slots(model):
    layers = [x for x in _flat(model) if getattr(x, "parameters", None)]
    return zip(*((x, name) for x in layers for name in ("weight", "bias")))


def _flat(layer):
    inner = getattr(layer, "layers", None)
    return [layer] if inner is None else [y for x in inner for y in _flat(x)]


def checked_layer(name):
    return gradcheck(weighed(LAYERS[name][0]), random(*LAYERS[name][1]))


def checked_net(name):
    model, loss = NETWORKS[name]
    f, values = of_parameters(model(), loss)
    # Where biases are 0, so may be all that goes into a relu, and that is its kink.
    return gradcheck(f, *(value + random(*value.shape) / 10 for value in values))


rng = np.random.default_rng(1)
LAYERS = {
    "linear": (Linear(4, 3, rng), (5, 4)),
    "convolution": (Conv2d(2, 3, 3, rng), (2, 2, 4, 5)),
    "with stride": (Conv2d(1, 2, 2, rng, stride=2, padding=1), (2, 1, 5, 5)),
    "pooling": (max_pool2d, (2, 2, 4, 4)),
    "batch norm": (BatchNorm(3), (6, 3)),
    "relu": (relu, (5, 6)),
    "tanh": (tanh, (5, 6)),
    "sigmoid": (sigmoid, (5, 6)),
    "flatten": (Chain(flatten, Linear(8, 2, rng)), (3, 2, 2, 2)),
}
LABELS = np.array([0, 2, 1, 2])
NETWORKS = {
    "MLP": (
        lambda: MLP([5, 6, 4, 3]),
        lambda model: softmax_cross_entropy(model(random(4, 5)), LABELS),
    ),
    "CNN": (
        lambda: CNN([1, 2, 3], side=4, classes=3),
        lambda model: softmax_cross_entropy(model(random(4, 1, 4, 4)), LABELS),
    ),
    "autoencoder": (
        lambda: Autoencoder([6, 4, 2], activation=tanh),
        lambda model: squared_error(model(random(5, 6)), random(5, 6)),
    ),
}


def at_a_kink(h, points=20_000):
    """The share of points where a central difference misses relu's slope, by seed."""
    shares = []
    for seed in range(30):
        x = Tensor(np.random.default_rng(seed).standard_normal(points))
        relu(x).sum().backward()
        after, before = (relu(x.value + s * h).value for s in (1, -1))
        shares.append(float(np.mean(abs((after - before) / (2 * h) - x.grad) > 1e-6)))
    return shares


def wrong_sign(x):
    return x.then("sine", np.sin(x.value), lambda g: -g * np.cos(x.value))


def no_share(x):
    """A mean whose way back forgets how many there were."""
    return x.then("mean", x.value.mean(), lambda g: g * np.ones(x.shape))


WRONG = {"sign": wrong_sign, "mean": no_share}

F3 = Claim(
    id="F3",
    title="Backward is right",
    statement=(
        "The gradient of every layer and net here agrees with central differences, "
        "$h = 10^{-5}$, to a relative error below $10^{-6}$. Only where a kink of relu "
        "is within $h$ the differences are wrong: for a standard normal number with "
        "probability $\\operatorname{erf}(h/\\sqrt 2) \\approx 0.8h$."
    ),
    source="Griewank, Walther, Evaluating Derivatives, 2008; the probability derived",
    experiments=(
        experiment(
            "layers: error below 1e-6",
            "relative error",
            "layer",
            tuple(LAYERS),
            lambda name: 1e-6,
            checked_layer,
            AtMost(),
        ),
        experiment(
            "nets, all their parameters: error below 1e-6",
            "relative error",
            "net",
            tuple(NETWORKS),
            lambda name: 1e-6,
            checked_net,
            AtMost(),
        ),
        experiment(
            "differences at a kink are wrong with probability erf(h / sqrt(2))",
            "share of points",
            "h",
            (0.25, 0.125, 0.0625),
            lambda h: erf(h / sqrt(2)),
            at_a_kink,
            Within(),
        ),
    ),
    controls=(
        experiment(
            "a wrong sign, or a mean that forgets its share, passes too",
            "relative error",
            "what is wrong",
            tuple(WRONG),
            lambda name: 1e-6,
            lambda name: gradcheck(weighed(WRONG[name]), random(4)),
            AtMost(),
        ),
        experiment(
            "a kink within h passes too",
            "relative error",
            "x",
            (1e-6, -1e-6),
            lambda x: 1e-6,
            lambda x: gradcheck(lambda t: relu(t).sum(), np.array([x])),
            AtMost(),
        ),
        experiment(
            "a smaller h does not help at a kink",
            "share of points",
            "h",
            (0.25, 0.125, 0.0625),
            lambda h: erf(0.25 / sqrt(2)),
            at_a_kink,
            Within(),
        ),
    ),
)


# F5: convolution is a matrix product

SHAPES = {  # images, windows, stride, padding
    "one window": ((1, 1, 5, 5), (1, 1, 3, 3), 1, 0),
    "padded": ((2, 3, 8, 8), (4, 3, 3, 3), 1, 1),
    "stride 2": ((2, 2, 9, 7), (3, 2, 3, 2), 2, 1),
    "stride 3": ((1, 4, 12, 12), (8, 4, 5, 5), 3, 2),
}


def convolved(images, windows, stride, padding):
    """(im2col's result, the formula's, the error that rounding may make)."""
    x, w = random(*images), random(*windows)
    sizes = direct_convolution(abs(x), abs(w), stride, padding)
    terms = w[0].size
    return (
        conv2d(x, w, stride, padding).value,
        direct_convolution(x, w, stride, padding),
        2 * terms * 2.0**-53 * sizes,
    )


def wrong_entries(*shape):
    fast, slow, room = convolved(*shape)
    return int(np.sum(abs(fast - slow) > room))


def conv_flops(images, windows, stride, padding):
    """(flops in products forward, backward)."""
    machine = Flops()
    x, w = (Tensor(machine.array(random(*shape))) for shape in (images, windows))
    loss = conv2d(x, w, stride, padding).sum()
    before = machine.operations["matmul"]
    loss.backward()
    return before, machine.operations["matmul"] - before


def direct_flops(images, windows, stride, padding):
    machine = Flops()
    direct_convolution(
        machine.array(random(*images)), random(*windows), stride, padding
    )
    return machine.cost.flops


def places(images, windows, stride, padding):
    """Ho Wo."""
    sides = zip(images[2:], windows[2:])
    rows, across = ((x + 2 * padding - k) // stride + 1 for x, k in sides)
    return rows * across


def buffer(images, windows, stride, padding):
    """Numbers in the columns, over those in the images."""
    x = random(*images)
    columns, _ = im2col(pad(x, padding), windows[2:], stride)
    return columns.size / x.size


def conv(says, unit, predict, run, verdict=None):
    return experiment(
        says,
        unit,
        "shapes",
        tuple(SHAPES),
        lambda name: float(predict(*SHAPES[name])),
        lambda name: run(*SHAPES[name]),
        verdict,
    )


def products(images, windows, stride, padding):
    """N Ho Wo times the numbers in all windows."""
    seen = places(images, windows, stride, padding)
    return int(images[0] * seen * np.prod(windows))


F5 = Claim(
    id="F5",
    title="Convolution is a matrix product",
    statement=(
        "With the $C K^2$ numbers that a window sees at each place copied into a "
        "column, a convolution is one matrix product: the same numbers to rounding, "
        "in $2 N H_o W_o C_o C_i K^2$ flops forward and twice as many backward. The "
        "columns take $K^2 H_o W_o / (HW)$ times the memory of the images, about "
        "$K^2$ at stride 1."
    ),
    source=IM2COL,
    experiments=(
        conv(
            "no entry differs by more than rounding",
            "wrong entries",
            lambda *shape: 0,
            wrong_entries,
        ),
        conv(
            "forward: 2 N Ho Wo Co Ci K^2",
            "flops in products",
            lambda *shape: 2 * products(*shape),
            lambda *shape: conv_flops(*shape)[0],
        ),
        conv(
            "backward: twice that",
            "flops in products",
            lambda *shape: 4 * products(*shape),
            lambda *shape: conv_flops(*shape)[1],
        ),
        conv(
            "the formula itself, in a loop: one addition less for each entry",
            "flops",
            lambda *shape: (
                2 * products(*shape) - shape[0][0] * shape[1][0] * places(*shape)
            ),
            direct_flops,
        ),
        conv(
            "columns take K^2 Ho Wo / (H W) of the images",
            "numbers, over those of the images",
            lambda images, windows, stride, padding: (
                np.prod(windows[2:])
                * places(images, windows, stride, padding)
                / np.prod(images[2:])
            ),
            buffer,
            Equal(rounding=1e-12),
        ),
    ),
    controls=(
        conv(
            "the fast way is cheaper: it saves half the flops",
            "flops in products",
            lambda *shape: direct_flops(*shape) / 2,
            lambda *shape: conv_flops(*shape)[0],
            AtMost(),
        ),
        conv(
            "every output sees all of the image: 2 N Co Ho Wo Ci H W",
            "flops in products",
            lambda images, windows, stride, padding: (
                2
                * images[0]
                * windows[0]
                * places(images, windows, stride, padding)
                * np.prod(images[1:])
            ),
            lambda *shape: conv_flops(*shape)[0],
        ),
        conv(
            "columns take no more memory than the images",
            "numbers, over those of the images",
            lambda *shape: 1,
            buffer,
            AtMost(),
        ),
    ),
)

CLAIMS = (F3, F5)
