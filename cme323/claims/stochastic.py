"""Part E, stochastic gradients: minibatches (E4), plateaus (E5), averages (E8), and
Pegasos (E15).

A *chain* is one run of SGD in one dimension: f(w) = mu w^2/2, and each gradient comes
with noise of variance 1. Thousands of chains run at once, as the items of an array.
"""

from functools import cache, partial
from itertools import islice

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.descent import data, svm_minimum
from cme323.claims.verdicts import AtMost, Equal, Slope, Within
from cme323.engine import Context
from cme323.optimize import least_squares, svm
from cme323.optimize.averaging import averaged_runs, squared_error
from cme323.optimize.sgd import batch_variance, epochs, minibatches, plateau, sgd

LECTURE = "CME 323, lecture 8"
BOTTOU = "Bottou, Curtis, Nocedal, Optimization methods for large-scale ML, 2018"
ZINKEVICH = "Zinkevich et al., Parallelized stochastic gradient descent, NIPS 2010"
PEGASOS = "Shalev-Shwartz et al., Pegasos, Mathematical Programming 127, 2011"

# --- E4: the variance of a batch

N, DRAWS = 64, 2000
W = np.zeros(30)  # where gradients are taken


def shuffled(x, y, size, steps, seed=0):
    """One batch of each pass over the data: none of its examples is drawn twice."""
    every = -(-len(y) // size)
    return islice(epochs(x, y, size, steps, seed), 0, None, every)


def squared_deviations(draw, size, steps=DRAWS):
    """|batch gradient - gradient|^2 for each draw."""
    x, y = data(N, len(W))
    whole = least_squares.gradient(W, x, y)
    batches = draw(x, y, size, steps, seed=size)
    apart = [least_squares.gradient(W, *batch) - whole for batch in batches]
    return (np.square(apart).sum(axis=1)).tolist()


def example_variance():
    """sigma^2: the same for one example, on average."""
    x, y = data(N, len(W))
    each = x * (x @ W - y)[:, None]
    return float(((each - each.mean(axis=0)) ** 2).sum(axis=1).mean())


def variance(size, examples=None):
    return batch_variance(example_variance(), size, examples)


def mean_deviation(size, power=1.0):
    return float(np.mean(squared_deviations(minibatches, size)) ** power)


SIZES = (2, 8, 32, 64)
POWERS = tuple(2**k for k in range(7))

E4 = Claim(
    id="E4",
    title="The variance of a minibatch",
    statement=(
        "With $\\sigma^2$ the variance of one example's gradient, the mean of $b$ "
        "drawn with replacement has $\\sigma^2/b$, and of $b$ different ones of $N$ "
        "$\\frac{\\sigma^2}{b}\\frac{N-b}{N-1}$. Four times the work halves the "
        "noise."
    ),
    source=f"{LECTURE}; {BOTTOU}",
    experiments=(
        Experiment(
            "with replacement: sigma^2 / b",
            "squared deviation",
            "b",
            SIZES,
            predict=variance,
            run=partial(squared_deviations, minibatches),
            verdict=Within(),
        ),
        Experiment(
            "without: sigma^2/b (N - b)/(N - 1)",
            "squared deviation",
            "b",
            (2, 8, 16, 32),
            predict=partial(variance, examples=N),
            run=partial(squared_deviations, shuffled),
            verdict=Within(),
        ),
        Experiment(
            "without, and all of them: no noise",
            "squared deviation",
            "b",
            (N,),
            predict=lambda b: 0,
            run=lambda b: round(max(squared_deviations(shuffled, b, 30)), 20),
            verdict=Equal(),
        ),
        Experiment(
            "with replacement: as 1/b",
            "squared deviation",
            "b",
            POWERS,
            predict=variance,
            run=mean_deviation,
            verdict=Slope(-1, 0.05),
        ),
    ),
    controls=(
        Experiment(
            "without replacement, too, sigma^2 / b",
            "squared deviation",
            "b",
            (8, 32),
            predict=variance,
            run=partial(squared_deviations, shuffled),
            verdict=Within(),
        ),
        Experiment(
            "twice the batch halves the noise (the deviation, not its square)",
            "deviation",
            "b",
            POWERS,
            predict=lambda b: variance(1) ** 0.5 / b,
            run=partial(mean_deviation, power=0.5),
            verdict=Slope(-1, 0.05),
        ),
    ),
)

# --- E5: plateau and rate

CHAINS = 12_000
MU = 0.5


def noisy(w, noise, mu=MU):
    """The gradient of mu w^2/2, with noise."""
    return mu * w + noise


def noises(steps, chains=CHAINS, seed=0):
    """A batch for each step: noise of variance 1 for each chain."""
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        yield (rng.normal(size=chains),)


def after(steps, step, start=0.0, seed=0):
    """Where the chains are after so many steps, an array."""
    start = np.full(CHAINS, start)
    *_, w = sgd(noisy, start, noises(steps, seed=seed), step)
    return w


def on_plateau(eta):
    """w^2 of each chain when it has long forgotten its start."""
    steps = int(12 / (eta * MU * (2 - eta * MU)))
    return (after(steps, lambda t: eta, seed=steps) ** 2).tolist()


def gaps(T):
    """f - f* of each chain after T steps of 1/(mu t)."""
    return (MU / 2 * after(T, lambda t: 1 / (MU * t), start=1.0, seed=T) ** 2).tolist()


def mean_gap(T):
    return float(np.mean(gaps(T)))


def mean_gap_of_constant_step(T):
    return float(np.mean(MU / 2 * after(T, lambda t: 0.5, start=3.0, seed=T) ** 2))


LENGTHS = tuple(2**k for k in range(2, 9))

E5 = Claim(
    id="E5",
    title="SGD: a plateau, or a rate",
    statement=(
        "Curvature $\\mu$, gradients with noise of variance $\\sigma^2$. A constant "
        "step $\\eta$ ends in a plateau: $w$ varies by "
        "$\\eta\\sigma^2/(\\mu(2-\\eta\\mu))$ for ever. The step $1/(\\mu t)$ makes "
        "$w$ the mean of the noise so far, and $E f - f^* = \\sigma^2/(2\\mu T)$."
    ),
    source=f"{LECTURE}; {BOTTOU}, theorems 4.6, 4.7",
    experiments=(
        Experiment(
            "constant step: the plateau eta sigma^2 / (mu (2 - eta mu))",
            "squared distance",
            "eta",
            (0.2, 0.8, 2.0, 3.0),
            predict=lambda eta: plateau(eta, MU, 1.0),
            run=on_plateau,
            verdict=Within(),
        ),
        Experiment(
            "step 1/(mu t): sigma^2 / (2 mu T)",
            "f - f*",
            "T",
            (5, 20, 80),
            predict=lambda T: 1 / (2 * MU * T),
            run=gaps,
            verdict=Within(),
        ),
        Experiment(
            "step 1/(mu t): as 1/T",
            "f - f*",
            "T",
            LENGTHS,
            predict=lambda T: 1 / (2 * MU * T),
            run=mean_gap,
            verdict=Slope(-1, 0.1),
        ),
    ),
    controls=(
        Experiment(
            "a constant step, too, has f - f* as 1/T",
            "f - f*",
            "T",
            LENGTHS,
            predict=lambda T: 1 / (2 * MU * T),
            run=mean_gap_of_constant_step,
            verdict=Slope(-1, 0.1),
        ),
        Experiment(
            "the plateau is the noise of one step, eta^2 sigma^2",
            "squared distance",
            "eta",
            (0.2, 0.8, 2.0),
            predict=lambda eta: eta**2,
            run=on_plateau,
            verdict=Within(),
        ),
    ),
)

# --- E8: the mean of k runs

ETA, RUNS = 0.4, 3000


def squared_errors(k, T):
    """(mean of k runs of T steps from w = 1)^2, for each of many chains."""
    batches = [
        batch for run in range(k) for batch in noises(T, RUNS, seed=1000 * T + run)
    ]
    rdd = Context(k).parallelize(batches, k)
    w = averaged_runs(rdd, noisy, np.ones(RUNS), lambda t: ETA)
    return (w**2).tolist()


def mean_squared_error(k, T):
    return float(np.mean(squared_errors(k, T)))


def error_by_theory(k, T):
    """bias^2 + variance/k: each step keeps r = 1 - eta mu of w, and adds eta noise."""
    r = 1 - ETA * MU
    spread = ETA**2 * (1 - r ** (2 * T)) / (1 - r**2)
    return squared_error(r**T, spread, k)


MACHINES = tuple(2**k for k in range(7))

E8 = Claim(
    id="E8",
    title="Averaging independent runs",
    statement=(
        "The mean of $k$ independent SGD runs has the variance of one, over $k$, and "
        "the bias of one: $E(w - w^*)^2 = \\text{bias}^2 + \\text{variance}/k$. "
        "After few steps more machines help only down to bias$^2$."
    ),
    source=f"{ZINKEVICH}; derived for a quadratic",
    experiments=(
        Experiment(
            "bias^2 + variance/k",
            "squared error",
            "k, T",
            tuple((k, T) for k in (1, 4, 32) for T in (5, 40)),
            predict=error_by_theory,
            run=squared_errors,
            verdict=Within(precision=0.1),
        ),
        Experiment(
            "after 40 steps, almost no bias: as 1/k",
            "squared error",
            "k",
            MACHINES,
            predict=partial(error_by_theory, T=40),
            run=partial(mean_squared_error, T=40),
            verdict=Slope(-1, 0.05),
        ),
    ),
    controls=(
        Experiment(
            "after 5 steps, too: as 1/k",
            "squared error",
            "k",
            MACHINES,
            predict=partial(error_by_theory, T=5),
            run=partial(mean_squared_error, T=5),
            verdict=Slope(-1, 0.05),
        ),
        Experiment(
            "the bias, too, is divided by k",
            "squared error",
            "k, T",
            ((4, 5), (32, 5)),
            predict=lambda k, T: error_by_theory(1, T) / k,
            run=squared_errors,
            verdict=Within(precision=0.1),
        ),
    ),
)

# --- E15: Pegasos

RIDGE = 1.0


@cache
def pegasos_gap(T, copies, seeds=12):
    """f(w) - f* of Pegasos on the same 100 examples, each so often; mean over seeds.

    Copies change n, and neither f nor f*.
    """
    x, y = data()
    many, labels = np.tile(x, (copies, 1)), np.tile(y, copies)
    found = [svm.pegasos(many, labels, RIDGE, T, seed=seed) for seed in range(seeds)]
    mean = float(np.mean([svm.objective(w, x, y, RIDGE) for w in found]))
    return mean - svm_minimum(RIDGE)


def pegasos_by_theory(T, copies):
    radius = float(np.linalg.norm(data()[0], axis=1).max())
    return svm.pegasos_bound(radius, RIDGE, T)


HOW_LONG = tuple((T, copies) for T in (50, 200, 800) for copies in (1, 10))
COPIES = tuple(4**k for k in range(7))

E15 = Claim(
    id="E15",
    title="Pegasos",
    statement=(
        "An SVM by SGD with steps $1/(\\lambda t)$, on examples with $\\|x\\| \\le "
        "R$: the mean of the first $T$ weights has $E f(\\bar w) - f^* \\le 4R^2(1 + "
        "\\ln T)/(2\\lambda T)$. The number $n$ of examples does not occur: twice "
        "the data need no step more."
    ),
    source=PEGASOS,
    experiments=(
        Experiment(
            "f - f* is at most 4 R^2 (1 + ln T) / (2 lambda T)",
            "f - f*",
            "T, copies of the data",
            HOW_LONG,
            predict=pegasos_by_theory,
            run=pegasos_gap,
            verdict=AtMost(),
        ),
        Experiment(
            "the bound is loose, but the rate is seen: about 1/T",
            "f - f*",
            "T",
            tuple(25 * 2**k for k in range(7)),
            predict=lambda T: pegasos_by_theory(T, 1),
            run=partial(pegasos_gap, copies=1),
            verdict=Slope(-1, 0.1),
        ),
        Experiment(
            "the same accuracy after 100 steps, however many examples",
            "f - f*",
            "copies of the data",
            COPIES,
            predict=lambda copies: pegasos_gap(100, 1),
            run=partial(pegasos_gap, 100, seeds=40),
            verdict=Slope(0, 0.05),
        ),
    ),
    controls=(
        Experiment(
            "four times the data leave twice as much after 100 steps",
            "f - f*",
            "copies of the data",
            COPIES,
            predict=lambda copies: copies**0.5 * pegasos_gap(100, 1),
            run=partial(pegasos_gap, 100, seeds=40),
            verdict=Slope(0.5, 0.05),
        ),
        Experiment(
            "f - f* is at most R^2 / (lambda T^2)",
            "f - f*",
            "T, copies of the data",
            HOW_LONG,
            predict=lambda T, copies: pegasos_by_theory(1, 1) / 2 / T**2,
            run=pegasos_gap,
            verdict=AtMost(),
        ),
    ),
)

CLAIMS = (E4, E5, E8, E15)
