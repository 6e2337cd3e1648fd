"""Assignment 4, matrices on a cluster: the specs are slow, on one machine, and right.

A matrix of part 2 is a list of its entries ((i, j), value), all of them; one of parts
3 and 4 is an array, or a list of rows. Whole numbers, so that sums are exact.
"""

from math import isclose, isqrt

import numpy as np

from cme323.cost import Cost
from cme323.course.exercises.exercise import Exercise

LINALG = (
    "block_matrix",
    "block_matrix_pyspark",
    "cannon",
    "coordinate_matrix",
    "gram",
    "matmul",
    "matmul_1d",
    "matmul_3d",
    "matmul_mapreduce",
    "matmul_torch",
    "matmul_triton",
    "orthogonal",
    "row_matrix",
    "summa",
    "tsqr",
)
HIDE = (
    *(f"cme323.linalg.{name}" for name in LINALG),
    "cme323.mapreduce.matmul",
    "cme323.claims",
)
PARTITIONS = 4
SLOPES = {"tsqr": 0, "gram_schmidt": 1, "cholesky": 2}


def entries(n, seed=0):
    """All entries of an n x n matrix of small whole numbers, row by row."""
    values = np.random.default_rng([seed, n]).integers(1, 10, (n, n))
    return [(place, float(value)) for place, value in np.ndenumerate(values)]


def whole(m, n, seed=0):
    """An m x n array of small whole numbers, none of them 0."""
    return np.random.default_rng([seed, m, n]).integers(1, 10, (m, n)) + 0.0


def falling(m, n, ratio, seed=0):
    """Rows of an m x n matrix; each singular value is about `ratio` of the last."""
    rng = np.random.default_rng([seed, m, n])
    u, v = (np.linalg.qr(rng.standard_normal((length, n))).Q for length in (m, n))
    return (u * (8.0 * ratio ** np.arange(n)) @ v.T).round(2).tolist()


def records_fault(said, n, q):
    """What is wrong with (one round, two rounds); it does not say what is right."""
    if not _numbers(said, 2):
        return "should be a tuple of two numbers: one round, two rounds"
    for name, number, right in zip(
        ("one round does not move", "two rounds of the best shape do not move"),
        said,
        (4 * n**4 / q, 4 * n**3 / q**0.5),
    ):
        if not isclose(number, right):
            return f"{name} {number:.6g} records"
    return None


def words_fault(said, n, P):
    if not _numbers(said, 2):
        return "should be a tuple of two numbers: words that come, words used"
    side = isqrt(P)
    come = 2 * n**2 * (side - 1) / P
    for name, number, right in zip(
        (f"to each of {P} ranks do not come", f"each of {P} ranks does not use"),
        said,
        (come, come + 2 * n**2 / P),
    ):
        if not isclose(number, right):
            return f"{name} {number:.6g} words"
    return None


def slopes_fault(said):
    if type(said) is not dict or set(said) != set(SLOPES):
        return f"should be a dict with the keys {', '.join(SLOPES)}"
    for name, right in SLOPES.items():
        if not _numbers((said[name],), 1):
            return f"{name} should have a number"
        if said[name] != right:
            return f"what {name} loses does not grow as kappa to the {said[name]}"
    return None


def _numbers(said, length):
    """A tuple of so many numbers?"""
    kinds = int, float, np.integer, np.floating
    return (
        type(said) is tuple
        and len(said) == length
        and all(isinstance(x, kinds) and type(x) is not bool for x in said)
    )


def product(a, b, n, *shape):
    """{(i, j): the sum over k of A_ik B_kj}."""
    a, b = dict(a), dict(b)
    places = [(i, j) for i in range(n) for j in range(n)]
    return {(i, j): sum(a[i, k] * b[k, j] for k in range(n)) for i, j in places}


def one_round_cost(a, b, n, q):
    return Cost(rounds=1, records=4 * n**4 // q)


def two_rounds_cost(a, b, n, s, t):
    return Cost(rounds=2, records=2 * n**3 // s + n**3 // t)


def array_fault(received, right):
    """How an array differs from another, as the end of a sentence, or None."""
    if type(received) is not np.ndarray:
        return f"should be an array, and is a {type(received).__name__}"
    if received.shape != right.shape:
        return f"should have the shape {right.shape}, and has {received.shape}"
    close = np.isclose(received, right, rtol=1e-9, atol=1e-9)
    if close.all():
        return None
    i, j = map(int, np.argwhere(~close)[0])
    return f"at ({i}, {j}) it should have {right[i, j]:.6g}, not {received[i, j]:.6g}"


def product_fault(received, P, a, b):
    return array_fault(received, a @ b)


def summa_cost(P, a, b):
    side = isqrt(P)
    return Cost(records=(side - 1) * (a.size + b.size), messages=2 * P * (side - 1))


def summa_most(P, a, b):
    side = isqrt(P)
    return Cost(rounds=2 * side * levels(side))


def levels(P):
    """ceil(log2 P)"""
    return (P - 1).bit_length()


def gram(rows):
    """{(i, j): the sum over rows of a_i a_j}, for those that are not 0."""
    sums = {}
    for row in rows:
        for i, x in enumerate(row):
            for j, y in enumerate(row):
                if x and y:
                    sums[i, j] = sums.get((i, j), 0.0) + x * y
    return sums


def naive_cost(rows):
    return Cost(rounds=1, records=sum(sum(x != 0 for x in row) ** 2 for row in rows))


def gram_most(rows):
    return Cost(rounds=1, records=PARTITIONS * len(rows[0]) ** 2)


def qr_fault(received, P, a):
    if type(received) is not tuple or len(received) != 2:
        return "should be a tuple (Q, R)"
    (m, n), (q, r) = a.shape, received
    for name, part, shape in (("Q", q, (m, n)), ("R", r, (n, n))):
        if type(part) is not np.ndarray or part.shape != shape:
            came = getattr(part, "shape", type(part).__name__)
            return f"{name} should be an array of shape {shape}, not {came}"
    if not np.allclose(r, np.triu(r), rtol=0, atol=1e-12 * np.linalg.norm(a)):
        return "R is not zero below its diagonal"
    if fault := array_fault(q @ r, a):
        return f"Q R should be A: {fault}"
    lost = np.linalg.norm(q.T @ q - np.eye(n), 2)
    if not lost < 1e-13 * n:
        return f"the norm of Q^T Q - I is {lost:.1e}, far above rounding"
    return None


def tsqr_cost(P, a):
    n = a.shape[1]
    words = (P - 1) * (n * (n + 1) // 2 + n**2)
    return Cost(records=words, messages=2 * (P - 1))


def tsqr_most(P, a):
    return Cost(rounds=2 * levels(P))


def svd_fault(received, rows, k, iterations):
    if type(received) is not tuple or len(received) != 2:
        return "should be a tuple: the k singular values, an array of k columns"
    a = np.array(rows)
    sigma, v = (np.asarray(part) for part in received)
    if sigma.shape != (k,) or v.shape != (a.shape[1], k):
        return (
            f"should have {k} singular values and an array of shape "
            f"{(a.shape[1], k)}, not shapes {sigma.shape} and {v.shape}"
        )
    right = np.linalg.svd(a, compute_uv=False)[:k]
    for place, (mine, theirs) in enumerate(zip(sigma, right), start=1):
        if not isclose(mine, theirs, rel_tol=1e-8):
            return f"singular value {place} should be {theirs:.10g}, not {mine:.10g}"
    if not np.allclose(v.T @ v, np.eye(k), rtol=0, atol=1e-8):
        return "the columns of V are not orthogonal, or not of length 1"
    if not np.allclose(a.T @ (a @ v), v * right**2, rtol=0, atol=1e-6 * right[0] ** 2):
        return "A^T A v is not sigma^2 v for a column v of V"
    return None


def svd_step(rows, k, iterations):
    return Cost(rounds=1, records=PARTITIONS * len(rows[0]))


def judged(rows, tolerance):
    kept = rows and all(abs(row[-1] - row[-2]) <= tolerance for row in rows)
    return "CONFIRMED" if kept else "REFUTED"


def exponent(x, y):
    """The slope of the line by least squares through (log x, log y)."""
    x, y = np.log(x), np.log(y)
    x = x - x.mean()
    return float(x @ y / (x @ x))


def experiment_fault(rows, kappas, seeds):
    """What is wrong with [(way, predicted, measured)]."""
    if type(rows) is not list or not all(_row(row) for row in rows):
        return "should be a list of rows (way, predicted, measured)"
    if [row[0] for row in rows] != list(SLOPES):
        return f"should have a row for each of {', '.join(SLOPES)}, in this order"
    for way, predicted, measured in rows:
        if predicted != SLOPES[way]:
            return f"for {way} it does not have the right prediction, of 4.3"
        if not abs(measured - predicted) <= 0.3:
            return f"for {way} you measured a slope of {measured:.3g}"
    return None


def _row(row):
    return type(row) is tuple and len(row) == 3 and _numbers(row[1:], 2)


MILD = [10.0**k for k in range(1, 8)]

EXERCISES = (
    Exercise(
        "4.1",
        spec=None,
        fault=records_fault,
        cases=((16, 64), (16, 256), (100, 400)),
        idea="count to how many reducers an entry goes, then put q in place of s and "
        "t; for two rounds count both, and look for the s that makes the sum smallest",
        hide=HIDE,
    ),
    Exercise(
        "4.2",
        spec=None,
        fault=words_fault,
        cases=((12, 1), (12, 4), (24, 16)),
        idea="a rank needs a row of blocks of A and a column of blocks of B, and has "
        "one block of each; a block has n^2/P words",
        hide=HIDE,
    ),
    Exercise(
        "4.3",
        spec=None,
        fault=slopes_fault,
        cases=((),),
        idea="look where an error of eps is divided by the smallest singular value, or "
        "by its square, and where by nothing",
        hide=HIDE,
    ),
    Exercise(
        "4.4",
        spec=product,
        cases=(
            (entries(2, 1), entries(2, 2), 2, 4),
            (entries(4, 1), entries(4, 2), 4, 8),
            (entries(4, 1), entries(4, 2), 4, 16),
            (entries(4, 1), entries(4, 2), 4, 32),
        ),
        idea="reducer (I, J) gets rows Is to Is + s - 1 of A and as many columns of B, "
        "so an entry goes to n/s reducers, each time as one record",
        partitions=PARTITIONS,
        cost=one_round_cost,
        hide=HIDE,
    ),
    Exercise(
        "4.5",
        spec=product,
        cases=(
            (entries(2, 1), entries(2, 2), 2, 2, 1),
            (entries(4, 1), entries(4, 2), 4, 2, 1),
            (entries(4, 1), entries(4, 2), 4, 1, 2),
            (entries(4, 1), entries(4, 2), 4, 4, 4),
        ),
        idea="reducer (I, J, K) gets s x t entries of A and t x s of B, and gives s x "
        "s sums; those of one place (i, j) meet, uncombined, in the second round",
        partitions=PARTITIONS,
        cost=two_rounds_cost,
        hide=HIDE,
    ),
    Exercise(
        "4.7",
        spec=None,
        fault=product_fault,
        cases=(
            (1, whole(2, 2, 1), whole(2, 2, 2)),
            (4, whole(4, 4, 1), whole(4, 4, 2)),
            (4, whole(2, 4, 1), whole(4, 6, 2)),
            (9, whole(6, 6, 1), whole(6, 6, 2)),
        ),
        idea="in step k a block of A is told along each row, by its rank in column k, "
        "and a block of B along each column, by its rank in row k",
        ranks=True,
        cost=summa_cost,
        most=summa_most,
        hide=HIDE,
    ),
    Exercise(
        "4.8",
        spec=gram,
        cases=(
            ([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]],),
            ([[1.0, 0.0, 2.0], [0.0, 3.0, 0.0]],),
            (whole(9, 3).tolist(),),
        ),
        idea="a row gives a record for each pair of its nonzeros, and all of them move",
        partitions=PARTITIONS,
        cost=naive_cost,
        hide=HIDE,
    ),
    Exercise(
        "4.9",
        spec=gram,
        cases=(
            ([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]],),
            (whole(9, 3).tolist(),),
            (whole(40, 3).tolist(),),
        ),
        idea="each partition adds up its own rows before anything moves, and then has "
        "at most a record for each place (i, j)",
        partitions=PARTITIONS,
        rounds=lambda rows: 1,
        most=gram_most,
        hide=HIDE,
    ),
    Exercise(
        "4.10",
        spec=None,
        fault=qr_fault,
        cases=(
            (1, whole(4, 2)),
            (2, whole(6, 2)),
            (4, whole(12, 3)),
            (5, whole(20, 3)),
            (4, np.array(falling(20, 4, 0.01))),
        ),
        idea="up the tree each parent stacks its R on a child's triangle; down the "
        "tree it tells the child the lower n rows of its Q, times what it was told",
        ranks=True,
        cost=tsqr_cost,
        most=tsqr_most,
        hide=HIDE,
    ),
    Exercise(
        "4.11",
        spec=None,
        fault=svd_fault,
        cases=(
            (falling(12, 6, 0.3), 1, 5),
            (falling(30, 10, 0.3), 3, 8),
            (falling(30, 10, 0.5), 2, 9),
        ),
        idea="a step is one distributed product by A^T A, in one round, with at most a "
        "record for each column from each partition; all else is at the driver",
        partitions=PARTITIONS,
        rounds=lambda rows, k, iterations: iterations,
        step=svd_step,
        hide=HIDE,
    ),
    Exercise(
        "4.13",
        spec=judged,
        cases=(
            ([("one", 32, 8192, 8192), ("two", 64, 2048, 2048)], 0),
            ([("one", 32, 8192, 8192), ("two", 64, 2048, 2049)], 0),
            ([("one", 32, 8192, 8191), ("two", 64, 2048, 2048)], 0),
            ([("tsqr", 0, 0.2), ("cholesky", 2, 1.8)], 0.3),
            ([("tsqr", 0, 0.2), ("cholesky", 2, 1.6)], 0.3),
            ([], 0.3),
        ),
        idea="the last two of a row are predicted and measured; one that is too far "
        "off, above or below, refutes it, and no rows confirm nothing",
        hide=HIDE,
    ),
    Exercise(
        "4.14",
        spec=exponent,
        cases=(
            ([1.0, 2.0, 4.0], [3.0, 12.0, 48.0]),
            ([4.0, 16.0, 64.0], [8.0, 4.0, 2.0]),
            ([1.0, 10.0, 100.0, 1000.0], [5.0, 4.0, 7.0, 5.0]),
        ),
        idea="if y = c x^p then log y = log c + p log x: p is the slope of a line by "
        "least squares",
        rounding=1e-6,
        hide=HIDE,
    ),
    Exercise(
        "4.15",
        spec=None,
        fault=experiment_fault,
        cases=((MILD, [0, 1, 2]),),
        idea="for each kappa take the mean of `lost(q)` over the seeds, and then the "
        "exponent of these in kappa",
        hide=HIDE,
    ),
)
