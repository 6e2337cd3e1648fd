"""Part C, tall matrices: the rounding of Gram matrices (C7), TSQR (C8)."""

from functools import cache
from math import log10

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Crossover, Equal, Slope
from cme323.engine import Context
from cme323.linalg.gram import gram
from cme323.linalg.orthogonal import cholesky_qr, departure, gram_schmidt
from cme323.linalg.tsqr import climb, tsqr
from cme323.network import Network

ACCURACY = (
    "Golub, Van Loan, Matrix Computations, 2013, section 8.6; Trefethen, Bau, "
    "Numerical Linear Algebra, 1997, lecture 31"
)
DEMMEL = (
    "Demmel, Grigori, Hoemmen, Langou, Communication-optimal parallel and sequential "
    "QR and LU factorizations, SIAM J. Scientific Computing 34, 2012; Björck, Solving "
    "linear least squares problems by Gram-Schmidt orthogonalization, BIT 7, 1967"
)
EPS = 2.0**-52
COLUMNS = 5


def rows(m, n):
    """A matrix of small whole numbers."""
    rng = np.random.default_rng([m, n])
    return rng.integers(1, 10, (m, n)) + 0.0


ROWS, RANKS, SEEDS = 40, 4, range(12)
MILD = tuple(10**k for k in range(1, 8))
HARD = tuple(10**k for k in range(1, 13))


@cache
def conditioned(kappa, seed):
    """A tall matrix whose singular values fall evenly, on a log scale, to 1/kappa."""
    rng = np.random.default_rng(seed)
    u, v = (np.linalg.qr(rng.standard_normal((m, COLUMNS))).Q for m in (ROWS, COLUMNS))
    return u * spectrum(kappa) @ v.T


def spectrum(kappa):
    return kappa ** -np.linspace(0, 1, COLUMNS)


def by_gram(a):
    """Singular values as the roots of eigenvalues, the largest first."""
    squares = np.linalg.eigvalsh(gram(Context(RANKS).parallelize(a)))[::-1]
    return np.sqrt(np.maximum(squares, 0))


def by_tsqr(a):
    """Singular values of R."""
    return np.linalg.svd(reduced(a)[1], compute_uv=False)


def reduced(a):
    """(Q, R) by TSQR."""
    results = Network(RANKS).run(tsqr, np.array_split(a, RANKS))
    return np.vstack([q for q, _ in results]), results[0][1]


def errors(way, kappa):
    """The absolute error of each singular value, a row for each seed."""
    found = [way(conditioned(kappa, seed)) for seed in SEEDS]
    return abs(np.array(found) - spectrum(kappa))


def last_error(way, kappa):
    """Of the smallest singular value: the root mean square over seeds."""
    return float(np.sqrt(np.mean(errors(way, kappa)[:, -1] ** 2)))


def last_digits(way, kappa):
    """How far the smallest singular value is from having lost all digits."""
    return 0.5 - float(np.median(errors(way, kappa)[:, -1])) * kappa


def worst(way, kappa):
    """The largest error of any singular value sigma, in units of eps/sigma."""
    return float((errors(way, kappa) * spectrum(kappa)).max()) / EPS


C7 = Claim(
    id="C7",
    title="A Gram matrix squares the condition number",
    statement=(
        "$\\sigma_i$ as the root of an eigenvalue of $A^T A$ has an absolute error of "
        "about $\\varepsilon \\sigma_1^2/\\sigma_i$, by QR one of about $\\varepsilon "
        "\\sigma_1$. So with $\\kappa = \\sigma_1/\\sigma_n$ the error of $\\sigma_n$ "
        "grows as $\\kappa$, and no digit of it is right from $\\kappa = "
        "1/\\sqrt\\varepsilon \\approx 7 \\cdot 10^7$ or so on."
    ),
    source=ACCURACY,
    experiments=(
        Experiment(
            "by the Gram matrix: the error of the smallest grows as kappa",
            "absolute error",
            "kappa",
            MILD,
            predict=lambda kappa: EPS * kappa,
            run=lambda kappa: last_error(by_gram, kappa),
            verdict=Slope(1, 0.2),
        ),
        Experiment(
            "by TSQR: it does not depend on kappa",
            "absolute error",
            "kappa",
            HARD,
            predict=lambda kappa: EPS,
            run=lambda kappa: last_error(by_tsqr, kappa),
            verdict=Slope(0, 0.2),
        ),
        Experiment(
            "by the Gram matrix, every sigma: error at most n eps/sigma",
            "error in units of eps/sigma",
            "kappa",
            MILD,
            predict=lambda kappa: COLUMNS,
            run=lambda kappa: worst(by_gram, kappa),
            verdict=AtMost(),
        ),
        Experiment(
            "by TSQR, every sigma: error at most n eps",
            "largest error",
            "kappa",
            HARD,
            predict=lambda kappa: COLUMNS * EPS,
            run=lambda kappa: float(errors(by_tsqr, kappa).max()),
            verdict=AtMost(),
        ),
        Experiment(
            "the Gram matrix's last digit is gone from kappa = 1/sqrt(eps) on",
            "1/2 - relative error",
            "kappa",
            HARD[3:],
            predict=lambda kappa: EPS**-0.5 - kappa,
            run=lambda kappa: last_digits(by_gram, kappa),
            verdict=Crossover(),
        ),
    ),
    controls=(
        Experiment(
            "by the Gram matrix too it does not depend on kappa",
            "absolute error",
            "kappa",
            MILD,
            predict=lambda kappa: EPS,
            run=lambda kappa: last_error(by_gram, kappa),
            verdict=Slope(0, 0.2),
        ),
        Experiment(
            "digits last until kappa = 1/eps",
            "1/2 - relative error",
            "log10(kappa)",
            tuple(range(4, 17)),
            predict=lambda power: -log10(EPS) - power,
            run=lambda power: last_digits(by_gram, 10**power),
            verdict=Crossover(),
        ),
    ),
)

TREES = tuple((n, P) for n in (1, 3, 6) for P in (1, 2, 3, 4, 5, 8, 11, 16))
ALPHA, BETA = 1024, 1  # whole numbers of seconds: floating-point sums are exact


def until_r(n, P):
    """A network on which R of a matrix of n columns has come to rank 0."""
    network = Network(P, alpha=ALPHA, beta=BETA, gamma=0)
    network.run(climb, np.array_split(rows(n * P, n), P))
    return network


def with_q(n, P):
    """The same, and Q has been told to all."""
    network = Network(P)
    network.run(tsqr, np.array_split(rows(n * P, n), P))
    return network


def levels(P):
    return (P - 1).bit_length()


def lost(way, kappa):
    """How far Q is from orthogonal: the mean over seeds."""
    return float(np.mean([departure(way(conditioned(kappa, s))[0]) for s in SEEDS]))


def not_qr(n, P):
    """Does Q R differ from A by more than rounding?"""
    a = rows(4 * n * P, n)
    results = Network(P).run(tsqr, np.array_split(a, P))
    product = np.vstack([q for q, _ in results]) @ results[0][1]
    return int(not np.allclose(product, a, rtol=0, atol=1e-12))


C8 = Claim(
    id="C8",
    title="TSQR",
    statement=(
        "QR of a tall matrix by a binomial tree over $P$ ranks: $\\lceil \\log_2 P "
        "\\rceil$ messages of $n(n+1)/2$ words follow one another until $R$ is there, "
        "and as many of $n^2$ words until $Q$ is. $\\|Q^T Q - I\\|$ is of order "
        "$\\varepsilon$ for every $\\kappa$; by Cholesky's way it is of order "
        "$\\varepsilon \\kappa^2$, by modified Gram-Schmidt $\\varepsilon \\kappa$."
    ),
    source=DEMMEL,
    experiments=(
        Experiment(
            "ceil(log2 P) messages follow one another until R is there",
            "rounds",
            "n, P",
            TREES,
            predict=lambda n, P: levels(P),
            run=lambda n, P: until_r(n, P).cost.rounds,
            verdict=Equal(),
        ),
        Experiment(
            "each of n(n+1)/2 words: ceil(log2 P) (alpha + beta n(n+1)/2) seconds",
            "simulated seconds",
            "n, P",
            TREES,
            predict=lambda n, P: levels(P) * (ALPHA + BETA * n * (n + 1) // 2),
            run=lambda n, P: until_r(n, P).clock,
            verdict=Equal(),
        ),
        Experiment(
            "in all (P - 1) n(n+1)/2 words",
            "words",
            "n, P",
            TREES,
            predict=lambda n, P: (P - 1) * n * (n + 1) // 2,
            run=lambda n, P: until_r(n, P).cost.records,
            verdict=Equal(),
        ),
        Experiment(
            "with Q, (P - 1) n^2 words more",
            "words",
            "n, P",
            TREES,
            predict=lambda n, P: (P - 1) * n**2,
            run=lambda n, P: with_q(n, P).cost.records - until_r(n, P).cost.records,
            verdict=Equal(),
        ),
        Experiment(
            "and at most 2 ceil(log2 P) messages one after another",
            "rounds",
            "n, P",
            TREES,
            predict=lambda n, P: 2 * levels(P),
            run=lambda n, P: with_q(n, P).cost.rounds,
            verdict=AtMost(),
        ),
        Experiment(
            "TSQR: orthogonal whatever kappa",
            "norm of Q^T Q - I",
            "kappa",
            HARD,
            predict=lambda kappa: EPS,
            run=lambda kappa: lost(reduced, kappa),
            verdict=Slope(0, 0.1),
        ),
        Experiment(
            "modified Gram-Schmidt: off as kappa",
            "norm of Q^T Q - I",
            "kappa",
            HARD,
            predict=lambda kappa: EPS * kappa,
            run=lambda kappa: lost(gram_schmidt, kappa),
            verdict=Slope(1, 0.3),
        ),
        Experiment(
            "Cholesky: off as kappa^2",
            "norm of Q^T Q - I",
            "kappa",
            MILD,
            predict=lambda kappa: EPS * kappa**2,
            run=lambda kappa: lost(cholesky_qr, kappa),
            verdict=Slope(2, 0.3),
        ),
        Experiment(
            "Q R is A",
            "is it not",
            "n, P",
            TREES,
            predict=lambda n, P: 0,
            run=not_qr,
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "the ranks tell rank 0 one after another: P - 1 messages",
            "rounds",
            "n, P",
            TREES,
            predict=lambda n, P: P - 1,
            run=lambda n, P: until_r(n, P).cost.rounds,
            verdict=Equal(),
        ),
        Experiment(
            "a message is a whole n x n matrix",
            "words",
            "n, P",
            TREES,
            predict=lambda n, P: (P - 1) * n**2,
            run=lambda n, P: until_r(n, P).cost.records,
            verdict=Equal(),
        ),
        Experiment(
            "Cholesky's way loses no more than Gram and Schmidt's",
            "norm of Q^T Q - I",
            "kappa",
            MILD,
            predict=lambda kappa: lost(gram_schmidt, kappa),
            run=lambda kappa: lost(cholesky_qr, kappa),
            verdict=AtMost(rounding=1),
        ),
        Experiment(
            "modified Gram-Schmidt is as good as TSQR",
            "norm of Q^T Q - I",
            "kappa",
            HARD,
            predict=lambda kappa: EPS,
            run=lambda kappa: lost(gram_schmidt, kappa),
            verdict=Slope(0, 0.3),
        ),
    ),
)

CLAIMS = (C7, C8)
