"""Part E, gradient descent: its two rates (E1, E2), and certificates (E14)."""

from functools import cache, partial
from itertools import pairwise, takewhile
from math import log

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal, Slope
from cme323.optimize import least_squares, logistic, svm
from cme323.optimize.descent import certificate, convex_bound, gradient_descent

LECTURE = "CME 323, lecture 7"
NESTEROV = "Nesterov, Introductory Lectures on Convex Optimization, 2004, 2.1.5"
DRORI = "Drori, Teboulle, Performance of first-order methods, 2014"
SHALEV = "Shalev-Shwartz, Zhang, Stochastic dual coordinate ascent, JMLR 2013"
MODELS = {"least squares": least_squares, "logistic": logistic}
STARTS = range(20)


@cache
def data(n=100, d=5, seed=0):
    """(x, y): normal features, labels of -1 and 1 that a plane tells with errors."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, d))
    y = np.where(x @ rng.normal(size=d) + rng.logistic(size=n) > 0, 1.0, -1.0)
    return x, y


# --- E1: convex


@cache
def problem(name):
    """(objective, gradient, L, start, f*, distance of the start from w*)."""
    if name == "quadratic":
        curvatures = 1 / np.arange(1, 51) ** 2
        f, slope = lambda w: curvatures @ w**2 / 2, lambda w: curvatures * w
        return f, slope, 1.0, np.ones(50), 0.0, 50**0.5
    x, y = data()
    f, slope = (partial(part, x=x, y=y) for part in of(MODELS[name]))
    end, L = MODELS[name].fit(x, y, 1e-12), MODELS[name].curvature(x)[1]
    return f, slope, L, np.zeros(5), f(end), np.linalg.norm(end)


def of(model):
    return model.objective, model.gradient


def gap(name, t, length=1.0):
    """f(w_t) - f*, with steps of length/L."""
    f, slope, L, start, best, _ = problem(name)
    *_, w = gradient_descent(slope, start, length / L, t)
    return float(f(w) - best)


def gap_of_huber(t):
    """The same for the function that is worst for t steps: L = 1, from w = 1, w* = 0.

    |w| is its slope near 0, and 1/(2t + 1) where |w| is above that: it walks t steps on
    the straight part and is not yet at its end.
    """
    knee = 1 / (2 * t + 1)
    *_, w = gradient_descent(lambda w: np.clip(w, -knee, knee), 1.0, 1.0, t)
    return float(knee * abs(w) - knee**2 / 2 if abs(w) > knee else w**2 / 2)


def bound(name, t):
    _, _, L, _, _, distance = problem(name)
    return convex_bound(L, distance, t)


NAMES = ("quadratic", "least squares", "logistic")
TIMES = tuple((name, t) for name in NAMES for t in (1, 10, 100, 1000))
HORIZONS = tuple(2**k for k in range(3, 10))

E1 = Claim(
    id="E1",
    title="Gradient descent, convex",
    statement=(
        "If $f$ is convex and no curvature exceeds $L$, gradient descent with steps "
        "$1/L$ has $f(w_t) - f^* \\le L\\|w_0 - w^*\\|^2/(2t)$. The $1/t$ is needed: "
        "for each $t$ there is an $f$, quadratic near $w^*$ and straight elsewhere, "
        "with $f(w_t) - f^* = L\\|w_0 - w^*\\|^2/(4t + 2)$."
    ),
    source=f"{LECTURE}; {NESTEROV}; the worst case: {DRORI}",
    experiments=(
        Experiment(
            "f(w_t) - f* is at most L |w_0 - w*|^2 / (2t)",
            "f - f*",
            "model, t",
            TIMES,
            predict=bound,
            run=gap,
            verdict=AtMost(),
        ),
        Experiment(
            "the worst f for t steps: L |w_0 - w*|^2 / (4t + 2)",
            "f - f*",
            "t",
            HORIZONS,
            predict=lambda t: 1 / (4 * t + 2),
            run=gap_of_huber,
            verdict=Equal(rounding=1e-9),
        ),
        Experiment(
            "the worst f for t steps: as 1/t",
            "f - f*",
            "t",
            HORIZONS,
            predict=lambda t: 1 / (4 * t + 2),
            run=gap_of_huber,
            verdict=Slope(-1, 0.02),
        ),
    ),
    controls=(
        Experiment(
            "plain gradient descent has Nesterov's rate: 2L |w_0 - w*|^2 / (t + 1)^2",
            "f - f*",
            "t",
            HORIZONS,
            predict=lambda t: 2 / (t + 1) ** 2,
            run=gap_of_huber,
            verdict=AtMost(),
        ),
        Experiment(
            "a step of 2.1/L is as safe",
            "f - f*",
            "model, t",
            tuple(size for size in TIMES if size[0] == "quadratic"),
            predict=bound,
            run=partial(gap, length=2.1),
            verdict=AtMost(),
        ),
    ),
)


# --- E2: strongly convex


def worst_ratio(name, ridge):
    """The most that is left of f - f* after a step of 1/L, above the rounding."""
    x, y = data()
    f, slope = (partial(part, x=x, y=y, ridge=ridge) for part in of(MODELS[name]))
    L, best = MODELS[name].curvature(x, ridge)[1], f(MODELS[name].fit(x, y, ridge))
    gaps = [f(w) - best for w in gradient_descent(slope, np.zeros(5), 1 / L, 200)]
    kept = list(takewhile(lambda left: left > 1e-9 * gaps[0], gaps))
    return max(after / before for before, after in pairwise(kept))


def left_by_theory(name, ridge):
    """1 - mu/L."""
    mu, L = MODELS[name].curvature(data()[0], ridge)
    return 1 - mu / L


def bowl(K):
    """The gradient of (w_0^2 + K w_1^2)/2: mu = 1, L = K."""
    return lambda w: np.array([1.0, K]) * w


def distance_factor(K):
    """By which ten steps of 2/(mu + L) bring (1, 1) nearer to 0, each."""
    *_, w = gradient_descent(bowl(K), np.ones(2), 2 / (1 + K), 10)
    return float(np.linalg.norm(w) / 2**0.5) ** 0.1


def steps_to(K, share):
    """Steps of 1/L until f - f* is that share of what it was, half of it due to mu."""
    start = np.array([1, K**-0.5])
    gaps = (w @ bowl(K)(w) / 2 for w in gradient_descent(bowl(K), start, 1 / K, 10**4))
    return sum(1 for _ in takewhile(lambda left: left > share, gaps))


CONDITIONS = tuple(2**k for k in range(2, 10))
RIDGES = tuple((name, r) for name in MODELS for r in (1.0, 0.1, 0.01, 0.001))

E2 = Claim(
    id="E2",
    title="Gradient descent, strongly convex",
    statement=(
        "If all curvatures are between $\\mu$ and $L = K\\mu$, a step of $1/L$ "
        "leaves at most $1 - \\mu/L$ of $f - f^*$, so steps to a given accuracy grow "
        "as $K$. A step of $2/(\\mu + L)$ brings $w$ nearer to $w^*$ by "
        "$(K-1)/(K+1)$, which $(w_0^2 + K w_1^2)/2$ from $(1, 1)$ attains in every "
        "step."
    ),
    source=f"{LECTURE}; {NESTEROV}",
    experiments=(
        Experiment(
            "each step of 1/L leaves at most 1 - mu/L",
            "share of f - f* left",
            "model, ridge",
            RIDGES,
            predict=left_by_theory,
            run=worst_ratio,
            verdict=AtMost(),
        ),
        Experiment(
            "steps of 2/(mu + L): nearer by (K - 1)/(K + 1)",
            "share of the distance left",
            "K",
            CONDITIONS,
            predict=lambda K: (K - 1) / (K + 1),
            run=distance_factor,
            verdict=Equal(rounding=1e-9),
        ),
        Experiment(
            "steps to a millionth grow as K",
            "steps",
            "K",
            CONDITIONS,
            predict=lambda K: K * log(1e6 / 2) / 2,
            run=partial(steps_to, share=1e-6),
            verdict=Slope(1, 0.05),
        ),
    ),
    controls=(
        Experiment(
            "steps to a millionth grow as the root of K",
            "steps",
            "K",
            CONDITIONS,
            predict=lambda K: K**0.5 * log(1e6 / 2) / 2,
            run=partial(steps_to, share=1e-6),
            verdict=Slope(0.5, 0.05),
        ),
        Experiment(
            "a step leaves half, whatever K",
            "share of the distance left",
            "K",
            CONDITIONS,
            predict=lambda K: 1 / 2,
            run=distance_factor,
            verdict=AtMost(),
        ),
    ),
)


# --- E14: certificates


def worst_certificate(name, ridge):
    """The most that f - f* is of |gradient|^2/(2 mu), over the iterates."""
    x, y = data()
    f, slope = (partial(part, x=x, y=y, ridge=ridge) for part in of(MODELS[name]))
    mu, L = MODELS[name].curvature(x, ridge)
    best = f(MODELS[name].fit(x, y, ridge))
    path = gradient_descent(slope, np.zeros(5), 1 / L, 200)
    pairs = [(f(w) - best, certificate(slope(w), mu)) for w in path]
    kept = takewhile(lambda pair: pair[0] > 1e-9 * pairs[0][0], pairs)
    return max(left / told for left, told in kept)


@cache
def svm_minimum(ridge):
    """f* of the SVM, from above, by exact ascent on one dual value after another."""
    x, y = data()
    a, w, n = np.zeros(len(y)), np.zeros(5), len(y)
    squares = (x * x).sum(axis=1)
    for i in np.tile(np.arange(n), 100):
        more = (1 - y[i] * (x[i] @ w)) * ridge * n / squares[i]
        more = min(max(a[i] + more, 0.0), 1.0) - a[i]
        a[i] += more
        w += more * y[i] * x[i] / (ridge * n)
    return svm.objective(w, x, y, ridge)


def best_dual(ridge, steps):
    """The greatest dual objective in so many steps."""
    x, y = data()
    return max(dual for _, dual in svm.certified(x, y, ridge, steps))


def ends_of_logistic(ridge, seed):
    """(loss, certificate) after descent from a start of that seed."""
    x, y = data()
    slope = partial(logistic.gradient, x=x, y=y, ridge=ridge)
    mu, L = logistic.curvature(x, ridge)
    start = np.random.default_rng(seed).normal(size=5)
    *_, w = gradient_descent(slope, start, 1 / L, 10)
    return logistic.objective(w, x, y, ridge), certificate(slope(w), mu)


def ends_of_net(ridge, seed, steps=1000):
    """The same for a net of two hidden tanh units on the four points of XOR."""
    x = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1.0]])
    y = np.array([-1, 1, 1, -1.0])

    def slope(w):
        hidden, out = w[:6].reshape(3, 2), w[6:]
        h = np.tanh(x @ hidden)
        back = -y / (1 + np.exp(y * (h @ out))) / 4
        inner = x.T @ (np.outer(back, out) * (1 - h**2))
        return np.concatenate([inner.ravel(), h.T @ back]) + ridge * w

    start = np.random.default_rng(seed).normal(size=8)
    *_, w = gradient_descent(slope, start, 1.0, steps)
    outputs = np.tanh(x @ w[:6].reshape(3, 2)) @ w[6:]
    loss = np.logaddexp(0, -y * outputs).mean() + ridge / 2 * (w @ w)
    return float(loss), certificate(slope(w), ridge)


def spread(ends, ridge, seeds=STARTS):
    """The greatest of the final losses, less the least."""
    losses = [loss for loss, _ in all_ends(ends, ridge, seeds)]
    return max(losses) - min(losses)


def certified_spread(ends, ridge, seeds=STARTS):
    """What the certificates allow: the greatest of them."""
    return max(told for _, told in all_ends(ends, ridge, seeds))


@cache
def all_ends(ends, ridge, seeds):
    return [ends(ridge, seed) for seed in seeds]


E14 = Claim(
    id="E14",
    title="Certificates",
    statement=(
        "If no curvature is below $\\mu$, then $f(w) - f^* \\le \\|\\nabla "
        "f(w)\\|^2/(2\\mu)$ at every $w$; a ridge is such a $\\mu$. For an SVM any "
        "dual point $a \\in [0, 1]^n$ has $D(a) \\le f^*$, so $f(w) - D(a)$ is a "
        "certificate. Who trains such a model knows when to stop, and every start "
        "ends at one loss. A neural net has no such promise."
    ),
    source=f"{NESTEROV}; {SHALEV}",
    experiments=(
        Experiment(
            "f - f* is at most |gradient|^2 / (2 mu), at every step",
            "share of the certificate",
            "model, ridge",
            RIDGES,
            predict=lambda name, ridge: 1,
            run=worst_certificate,
            verdict=AtMost(rounding=1e-6),
        ),
        Experiment(
            "SVM: no dual objective is above f*",
            "dual objective",
            "ridge, steps",
            ((1.0, 300), (0.1, 300), (0.01, 300)),
            predict=lambda ridge, steps: svm_minimum(ridge),
            run=best_dual,
            verdict=AtMost(),
        ),
        Experiment(
            "logistic, 20 starts: the losses differ by no more than the certificate",
            "difference of losses",
            "ridge",
            (0.1, 0.03),
            predict=partial(certified_spread, ends_of_logistic),
            run=partial(spread, ends_of_logistic),
            verdict=AtMost(),
        ),
    ),
    controls=(
        Experiment(
            "a net, four starts: the losses differ by no more than the certificate",
            "difference of losses",
            "ridge",
            (0.01,),
            predict=partial(certified_spread, ends_of_net, seeds=range(4)),
            run=partial(spread, ends_of_net, seeds=range(4)),
            verdict=AtMost(),
        ),
        Experiment(
            "without mu: f - f* is at most |gradient|^2",
            "f - f*",
            "model, ridge",
            tuple(size for size in RIDGES if size[1] < 0.1),
            predict=lambda name, ridge: MODELS[name].curvature(data()[0], ridge)[0] * 2,
            run=worst_certificate,
            verdict=AtMost(),
        ),
    ),
)

CLAIMS = (E1, E2, E14)
