"""Part C, products on ranks: a line, a square, a cube of them (C4).

The network counts the words that come to each rank. These have a second-order term, as
a rank need not fetch what it has. Its exponent is seen on the words that a rank uses:
those that come and those that were there.
"""

from math import isqrt

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal, Slope
from cme323.linalg.cannon import cannon, rotate, skewed
from cme323.linalg.grid import from_blocks, in_blocks
from cme323.linalg.matmul_1d import matmul_1d
from cme323.linalg.matmul_3d import collected, dealt, matmul_3d
from cme323.linalg.summa import summa
from cme323.network import Network

SOURCE = (
    "Cannon 1969; van de Geijn, Watts, SUMMA, Concurrency 9, 1997; Irony, Toledo, "
    "Tiskin, Communication lower bounds for distributed-memory matrix multiplication, "
    "J. Parallel and Distributed Computing 64, 2004"
)


def side_of(P):
    return isqrt(P)


def edge_of(P):
    return round(P ** (1 / 3))


def slabs(a, b, P):
    return in_blocks(a, P, 1), in_blocks(b, P, 1)


def tiles(a, b, P):
    return tuple(in_blocks(x, side_of(P), side_of(P)) for x in (a, b))


def aligned(a, b, P):
    return skewed(tiles(a, b, P), side_of(P))


def portions(a, b, P):
    return dealt(a, b, edge_of(P))


WAYS = {  # how the matrices are dealt, the program, how its results come together
    "1-D": (slabs, matmul_1d, lambda parts, P: np.vstack(parts)),
    "SUMMA": (tiles, summa, lambda parts, P: from_blocks(parts, side_of(P))),
    "Cannon": (aligned, rotate, lambda parts, P: from_blocks(parts, side_of(P))),
    "skewed": (tiles, cannon, lambda parts, P: from_blocks(parts, side_of(P))),
    "3-D": (portions, matmul_3d, lambda parts, P: collected(parts, edge_of(P))),
}


def matrices(n):
    return np.random.default_rng(n).integers(-9, 10, (2, n, n))


def ran(way, n, P):
    """(the product, what each rank had before, the network)."""
    deal, program, together = WAYS[way]
    a, b = deal(*matrices(n), P)
    network = Network(P, alpha=0, beta=0, gamma=1)
    parts = network.run(program, a, b)
    had = [x.size + y.size for x, y in zip(a, b)]
    return together(parts, P), had, network


def received(way, n, P):
    """Words that come to the rank to which most come."""
    return max(ran(way, n, P)[2].received)


def least_received(way, n, P):
    return min(ran(way, n, P)[2].received)


def used(way, n, P):
    """Words of A, B and sums that come to a rank or were there, in shares of n²."""
    _, had, network = ran(way, n, P)
    there = {"1-D": had[0] // 2, "3-D": had[0] + had[0] // 2}  # B; A, B and its C
    own = there.get(way, had[0])
    return (max(network.received) + own) / n**2


def longest(way, n, P):
    """Words of the longest array that a rank computes with: a second for each."""
    spans = ran(way, n, P)[2].spans
    return max((span.end - span.start for span in spans), default=0)


def wrong_entries(way, n, P):
    return int(np.sum(ran(way, n, P)[0] != np.matmul(*matrices(n))))


LINES = ((12, 1), (12, 2), (12, 3), (24, 8), (24, 12), (32, 32))
SQUARES = ((12, 1), (12, 4), (24, 4), (12, 9), (24, 16), (24, 36), (24, 64))
CUBES = ((4, 1), (4, 8), (12, 8), (18, 27), (16, 64), (32, 64))
EVERY = tuple(
    (way, n, P)
    for way, sizes in (
        ("1-D", LINES[:5]),
        ("SUMMA", SQUARES[:5]),
        ("Cannon", SQUARES[:5]),
        ("skewed", SQUARES[:5]),
        ("3-D", CUBES[:5]),
    )
    for n, P in sizes
)
SIDES = tuple(side**2 for side in range(2, 9))
EDGES = tuple(edge**3 for edge in range(2, 8))


def words_in_2d(n, P):
    return 2 * n**2 * (side_of(P) - 1) // P


C4 = Claim(
    id="C4",
    title="Products on a line, a square and a cube of ranks",
    statement=(
        "$P$ ranks share $n \\times n$ matrices evenly. By rows (1-D) $n^2(1 - 1/P)$ "
        "words come to each rank; by SUMMA or Cannon's way (2-D) "
        "$2n^2(\\sqrt P - 1)/P$, about $2n^2/\\sqrt P$, and with Cannon's skew exactly "
        "that to the busiest. On a cube (3-D) it is $3n^2(1 - P^{-1/3})/P^{2/3}$, and "
        "a rank holds blocks of $n^2/P^{2/3}$ words, $P^{1/3}$ times an even share. "
        "With the words that were there already the exponents of $P$ are $0$, $-1/2$ "
        "and $-2/3$."
    ),
    source=SOURCE,
    experiments=(
        Experiment(
            "1-D: n^2 (1 - 1/P) words",
            "words that come to a rank",
            "n, P",
            LINES,
            predict=lambda n, P: n**2 - n**2 // P,
            run=lambda n, P: received("1-D", n, P),
            verdict=Equal(),
        ),
        *(
            Experiment(
                f"{way}: 2n^2 (sqrt(P) - 1)/P words, to each rank",
                "words that come to a rank",
                "n, P",
                SQUARES,
                predict=words_in_2d,
                run=lambda n, P, way=way, least=least: least(way, n, P),
                verdict=Equal(),
            )
            for way, least in (("SUMMA", received), ("Cannon", least_received))
        ),
        Experiment(
            "Cannon with the skew: 2n^2/sqrt(P) words to the busiest rank",
            "words that come to a rank",
            "n, P",
            SQUARES[1:],
            predict=lambda n, P: 2 * n**2 // side_of(P),
            run=lambda n, P: received("skewed", n, P),
            verdict=Equal(),
        ),
        Experiment(
            "3-D: 3n^2 (1 - P^(-1/3))/P^(2/3) words",
            "words that come to a rank",
            "n, P",
            CUBES,
            predict=lambda n, P: 3 * n**2 * (edge_of(P) - 1) // P,
            run=lambda n, P: received("3-D", n, P),
            verdict=Equal(),
        ),
        Experiment(
            "1-D: words used do not depend on P",
            "share of n^2",
            "P",
            (2, 3, 4, 6, 8, 12, 24),
            predict=lambda P: 1,
            run=lambda P: used("1-D", 24, P),
            verdict=Slope(0, 0.02),
        ),
        *(
            Experiment(
                f"{way}: words used as P^(-1/2)",
                "share of n^2",
                "P",
                SIDES,
                predict=lambda P: 2 / side_of(P),
                run=lambda P, way=way: used(way, 2 * side_of(P), P),
                verdict=Slope(-1 / 2, 0.02),
            )
            for way in ("SUMMA", "Cannon")
        ),
        Experiment(
            "3-D: words used as P^(-2/3)",
            "share of n^2",
            "P",
            EDGES,
            predict=lambda P: 3 / edge_of(P) ** 2,
            run=lambda P: used("3-D", edge_of(P) ** 2, P),
            verdict=Slope(-2 / 3, 0.02),
        ),
        Experiment(
            "3-D: blocks of n^2/P^(2/3) words",
            "words of the longest array",
            "n, P",
            CUBES,
            predict=lambda n, P: n**2 // edge_of(P) ** 2,
            run=lambda n, P: longest("3-D", n, P),
            verdict=Equal(),
        ),
        Experiment(
            "2-D: blocks of n^2/P words",
            "words of the longest array",
            "n, P",
            SQUARES,
            predict=lambda n, P: n**2 // P,
            run=lambda n, P: max(longest("SUMMA", n, P), longest("Cannon", n, P)),
            verdict=Equal(),
        ),
        Experiment(
            "no entry is wrong",
            "wrong entries",
            "way, n, P",
            EVERY,
            predict=lambda way, n, P: 0,
            run=wrong_entries,
            verdict=Equal(),
        ),
    ),
    controls=(
        Experiment(
            "more ranks on a line: fewer words for each",
            "share of n^2",
            "P",
            (2, 3, 4, 6, 8, 12, 24),
            predict=lambda P: P**-0.5,
            run=lambda P: used("1-D", 24, P),
            verdict=Slope(-1 / 2, 0.05),
        ),
        Experiment(
            "without a second-order term: 2n^2/sqrt(P) words by SUMMA",
            "words that come to a rank",
            "n, P",
            SQUARES,
            predict=lambda n, P: 2 * n**2 // side_of(P),
            run=lambda n, P: received("SUMMA", n, P),
            verdict=Equal(),
        ),
        Experiment(
            "so the words that come to a rank fall as P^(-1/2), for P up to 64",
            "share of n^2",
            "P",
            SIDES,
            predict=lambda P: 2 / side_of(P),
            run=lambda P: received("SUMMA", 2 * side_of(P), P) / (2 * side_of(P)) ** 2,
            verdict=Slope(-1 / 2, 0.05),
        ),
        Experiment(
            "a cube needs no more memory: blocks of n^2/P words",
            "words of the longest array",
            "n, P",
            CUBES,
            predict=lambda n, P: n**2 // P,
            run=lambda n, P: longest("3-D", n, P),
            verdict=AtMost(),
        ),
    ),
)

CLAIMS = (C4,)
