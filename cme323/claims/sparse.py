"""Part C, products that the nonzeros make: a join (C3), Gram matrices (C5).

The engine counts the records that its shuffles write.
"""

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.matrices import PARTITIONS, entries, integers
from cme323.claims.verdicts import AtMost, Equal, Slope
from cme323.engine import Context
from cme323.engine.partitioner import portable_hash
from cme323.linalg.coordinate_matrix import CoordinateMatrix
from cme323.linalg.gram import gram, gram_naive

LECTURE = "CME 323, lecture 13"
ZADEH = (
    "Zadeh et al., Matrix computations and optimization in Apache Spark, KDD 2016; "
    "CME 323, lecture 18"
)
SPARSE = tuple((n, share) for n in (8, 16) for share in (0.05, 0.2, 0.5, 1.0))
BANDS = tuple((24, width) for width in (1, 2, 3, 4, 6, 8, 12))


def sparse(n, share):
    """Two matrices in which each entry is there by chance."""
    there = np.random.default_rng(n).random((2, n, n)) < share
    return integers(n) * there


def band(n, width):
    """A matrix with `width` nonzeros in each row and in each column."""
    i, j = np.indices((n, n))
    return ((j - i) % n < width) * 1.0


def coordinates(sc, pair):
    return [CoordinateMatrix(entries(sc, x), x.shape) for x in pair]


def met(pair):
    """(how many products a join gives, what it costs)."""
    sc = Context(PARTITIONS)
    a, b = coordinates(sc, pair)
    return a.products(b).count(), sc.cost


def multiplied(pair):
    """(the product, what it costs)."""
    sc = Context(PARTITIONS)
    a, b = coordinates(sc, pair)
    return a.multiply(b).toLocalMatrix(), sc.cost


def sums_moved(pair):
    """Records that the sums write, after the combiner."""
    return multiplied(pair)[1].records - met(pair)[1].records


def places_by_partition(pair):
    """Sums of distinct (i, j) over the partitions where inner indices meet."""
    a, b = (x != 0 for x in pair)
    here = np.array([portable_hash(k) % PARTITIONS for k in range(len(b))])
    return sum(
        int((a[:, here == p].astype(int) @ b[here == p]).astype(bool).sum())
        for p in range(PARTITIONS)
    )


def ways_through(a, b):
    """Sum over k of (nonzeros in column k of A)(nonzeros in row k of B)."""
    return int(np.count_nonzero(a, axis=0) @ np.count_nonzero(b, axis=1))


def products_on(sc, pair):
    a, b = coordinates(sc, pair)
    return a.products(b).count()


C3 = Claim(
    id="C3",
    title="Sparse product by a join",
    statement=(
        "$A \\bowtie B$ on the inner index moves the nonzeros of both, and gives "
        "$\\sum_k c_k r_k$ products, $c_k$ the nonzeros in column $k$ of $A$, $r_k$ "
        "those in row $k$ of $B$: $n^3$ for dense matrices. A combiner leaves one "
        "record for each distinct $(i, j)$ in each of $P$ partitions, at most $Pn^2$."
    ),
    source=LECTURE,
    experiments=(
        Experiment(
            "the join moves the nonzeros of both",
            "records",
            "n, share of nonzeros",
            SPARSE,
            predict=lambda n, share: np.count_nonzero(sparse(n, share)),
            run=lambda n, share: met(sparse(n, share))[1].records,
            verdict=Equal(),
        ),
        Experiment(
            "it gives the sum of c_k r_k products",
            "products",
            "n, share of nonzeros",
            SPARSE,
            predict=lambda n, share: ways_through(*sparse(n, share)),
            run=lambda n, share: met(sparse(n, share))[0],
            verdict=Equal(),
        ),
        Experiment(
            "dense: as n^3",
            "products",
            "n",
            (4, 6, 8, 10, 12, 16),
            predict=lambda n: n**3,
            run=lambda n: met(integers(n))[0],
            verdict=Slope(3, 0.02),
        ),
        Experiment(
            "with w nonzeros in each row and column: as w^2 (n = 24)",
            "products",
            "w",
            tuple(width for _, width in BANDS),
            predict=lambda width: 24 * width**2,
            run=lambda width: met([band(24, width)] * 2)[0],
            verdict=Slope(2, 0.02),
        ),
        Experiment(
            "the combiner leaves one for each (i, j) in each partition",
            "records",
            "n, share of nonzeros",
            SPARSE,
            predict=lambda n, share: places_by_partition(sparse(n, share)),
            run=lambda n, share: sums_moved(sparse(n, share)),
            verdict=Equal(),
        ),
        Experiment(
            "that is at most P n^2",
            "records",
            "n, share of nonzeros",
            SPARSE,
            predict=lambda n, share: PARTITIONS * n**2,
            run=lambda n, share: sums_moved(sparse(n, share)),
            verdict=AtMost(),
        ),
        Experiment(
            "no entry is wrong",
            "wrong entries",
            "n, share of nonzeros",
            SPARSE,
            predict=lambda n, share: 0,
            run=lambda n, share: int(
                np.sum(multiplied(sparse(n, share))[0] != np.matmul(*sparse(n, share)))
            ),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "a product for each nonzero of A: products as w (n = 24)",
            "products",
            "w",
            tuple(width for _, width in BANDS),
            predict=lambda width: 24 * width,
            run=lambda width: met([band(24, width)] * 2)[0],
            verdict=Slope(1, 0.02),
        ),
        Experiment(
            "a combiner leaves one record for each nonzero of the result",
            "records",
            "n, share of nonzeros",
            SPARSE,
            predict=lambda n, share: np.count_nonzero(np.matmul(*sparse(n, share))),
            run=lambda n, share: sums_moved(sparse(n, share)),
            verdict=AtMost(),
        ),
    ),
    on_spark=lambda sc: (
        Experiment(
            "on Spark too, the sum of c_k r_k products",
            "products",
            "n, share of nonzeros",
            ((8, 0.5),),
            predict=lambda n, share: ways_through(*sparse(n, share)),
            run=lambda n, share: products_on(sc, sparse(n, share)),
            verdict=Equal(),
        ),
    ),
)


def rows(m, n, share=1.0):
    """A matrix of small integers, in which each entry is there by chance."""
    rng = np.random.default_rng([m, n])
    return rng.integers(1, 10, (m, n)) * (rng.random((m, n)) < share)


def moved(way, a, P):
    """Records that a Gram matrix moves."""
    sc = Context(P)
    way(sc.parallelize(a))
    return sc.cost.records


def wrong_entries(way, a, P):
    return int(np.sum(way(Context(P).parallelize(a)) != a.T @ a))


TALL = tuple((m, n, P) for m in (20, 80) for n in (3, 6) for P in (2, 5))
HOLES = tuple((m, share) for m in (20, 80) for share in (0.1, 0.3, 0.7))
LENGTHS = (20, 40, 80, 160, 320, 640, 1280)

C5 = Claim(
    id="C5",
    title="The Gram matrix of a tall matrix",
    statement=(
        "$A^T A = \\sum_i a_i a_i^T$ over the rows of an $m \\times n$ matrix. If each "
        "product of two entries moves, that is $\\sum_i \\mathrm{nnz}(a_i)^2$ records, "
        "$mn^2$ for a dense matrix. If each of $P$ partitions adds up its rows first, "
        "it is $Pn^2$, independent of $m$."
    ),
    source=ZADEH,
    experiments=(
        Experiment(
            "naive: m n^2 records",
            "records",
            "m, n, P",
            TALL,
            predict=lambda m, n, P: m * n**2,
            run=lambda m, n, P: moved(gram_naive, rows(m, n), P),
            verdict=Equal(),
        ),
        Experiment(
            "naive and sparse: the sum of nnz(a)^2",
            "records",
            "m, share of nonzeros",
            HOLES,
            predict=lambda m, share: int(
                np.sum(np.count_nonzero(rows(m, 6, share), axis=1) ** 2)
            ),
            run=lambda m, share: moved(gram_naive, rows(m, 6, share), 4),
            verdict=Equal(),
        ),
        Experiment(
            "local sums first: P n^2 records",
            "records",
            "m, n, P",
            TALL,
            predict=lambda m, n, P: P * n**2,
            run=lambda m, n, P: moved(gram, rows(m, n), P),
            verdict=Equal(),
        ),
        Experiment(
            "naive: as m",
            "records",
            "m",
            LENGTHS,
            predict=lambda m: m * 3**2,
            run=lambda m: moved(gram_naive, rows(m, 3), 4),
            verdict=Slope(1, 0.02),
        ),
        Experiment(
            "local sums first: independent of m",
            "records",
            "m",
            LENGTHS,
            predict=lambda m: 4 * 3**2,
            run=lambda m: moved(gram, rows(m, 3), 4),
            verdict=Slope(0, 0.02),
        ),
        Experiment(
            "no entry is wrong",
            "wrong entries",
            "m, share of nonzeros",
            HOLES,
            predict=lambda m, share: 0,
            run=lambda m, share: sum(
                wrong_entries(way, rows(m, 6, share), 4) for way in (gram, gram_naive)
            ),
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "sparse rows move their nonzeros once",
            "records",
            "m, share of nonzeros",
            HOLES,
            predict=lambda m, share: np.count_nonzero(rows(m, 6, share)),
            run=lambda m, share: moved(gram_naive, rows(m, 6, share), 4),
            verdict=AtMost(),
        ),
        Experiment(
            "however it is done, what moves grows as m",
            "records",
            "m",
            LENGTHS,
            predict=lambda m: m * 3**2,
            run=lambda m: moved(gram, rows(m, 3), 4),
            verdict=Slope(1, 0.02),
        ),
    ),
)

CLAIMS = (C3, C5)
