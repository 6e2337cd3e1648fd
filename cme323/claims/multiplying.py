"""Part A, multiplying: matrices by Strassen (A12), numbers by Karatsuba (A13).

The PRAM counts operations on numbers, for A13 on bits, and the longest chain of them.
The work of both has a lower term: Strassen's additions of 4^k, Karatsuba's of 2^k. So
at the sizes that can be run a fitted exponent of the work is too high. Here the work is
predicted exactly, and exponents are those of the products, which have no such term, or
of a difference of works that takes it out.
"""

from math import log2

import numpy as np

from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal, Slope
from cme323.parallel.adders import lookahead, ripple
from cme323.parallel.karatsuba import karatsuba
from cme323.parallel.strassen import classical, strassen
from cme323.pram import PRAM, plain

STRASSEN = (
    "Strassen, Gaussian elimination is not optimal, Numerische Mathematik 13, 1969"
)
HIGHAM = "Higham, Accuracy and Stability of Numerical Algorithms, 2002, chapter 23"
KARATSUBA = (
    "Karatsuba, Ofman, Multiplication of many-digital numbers by automatic computers, "
    "1962; Ladner, Fischer, Parallel prefix computation, 1980"
)
UNIT = 2.0**-24  # half the distance of float32 numbers at 1
SEEDS = 30


def integers(n):
    return np.random.default_rng(n).integers(-9, 10, size=(2, n, n)).tolist()


def multiplied(product, a, b):
    """(the product of two matrices, the machine that counted it)."""
    pram = PRAM()
    result = product(pram, *([pram.array(row) for row in x] for x in (a, b)))
    return plain(result), pram


def cut_at(cutoff):
    return lambda pram, a, b: strassen(pram, a, b, cutoff)


def matrix_cost(product, n):
    return multiplied(product, *integers(n))[1].cost


def work(n, cutoff=1):
    return matrix_cost(cut_at(cutoff), n).work


def products(n):
    return multiplied(strassen, *integers(n))[1].operations["*"]


def saved(n):
    """How many operations one step of Strassen's saves."""
    return matrix_cost(classical, n).work - work(n, cutoff=n // 2)


def wrong_entries(n, cutoff):
    """How many entries of a product are not numpy's."""
    a, b = integers(n)
    result, _ = multiplied(cut_at(cutoff), a, b)
    return int(np.sum(np.array(result) != np.matmul(a, b)))


def errors(product, n):
    """(error in float32, sum of |a| |b|) of each entry for each seed."""
    x = np.random.default_rng(n).uniform(-1, 1, (2, n, n, SEEDS)).astype(np.float32)
    # An entry is a vector, with a number for each seed: all products in one run.
    rounded, _ = multiplied(product, *([list(row) for row in matrix] for matrix in x))
    a, b = x.astype(float)
    exact, sizes = (np.einsum("ikt,kjt->ijt", *f) for f in ((a, b), (abs(a), abs(b))))
    return abs(np.array(rounded) - exact), sizes


def largest_error(product, n):
    """Of all entries for each seed."""
    return errors(product, n)[0].max(axis=(0, 1))


def worst_entry(product, n):
    """The largest error of an entry, in units of the sum of |a| |b| for it."""
    error, size = errors(product, n)
    return float((error / size).max()) / UNIT


def seeds_without_more_error(n):
    """For how many seeds the error by Strassen's is no larger than the school's."""
    more = largest_error(strassen, n) > largest_error(classical, n)
    return int(np.sum(~more))


POWERS = tuple(2**k for k in range(5))
MORE_POWERS = (*POWERS, 32)
CUTOFFS = ((16, 1), (16, 2), (16, 4), (16, 8), (16, 16), (12, 3), (15, 15), (20, 5))
EVEN = (8, 10, 12, 14, 16, 18)


def cut_work(n, c):
    """With blocks of c x c at the end, n/c a power of 2."""
    k = round(log2(n // c))
    return 7**k * (2 * c**3 - c**2) + 6 * (7**k - 4**k) * c**2


def matrices(says, unit, predict, run, verdict=None, sweep=POWERS, axes="n"):
    return Experiment(says, unit, axes, sweep, predict, run, verdict or Equal())


A12 = Claim(
    id="A12",
    title="Strassen's product",
    statement=(
        "The product of two $n \\times n$ matrices, $n = 2^k$, takes exactly $7^k = "
        "n^{\\log_2 7}$ products of numbers by Strassen's method; with its additions "
        "$7 \\cdot 7^k - 6 \\cdot 4^k$ operations, in depth $3k + 1$. One step of it "
        "saves operations if $n > 15$. In floating point its error is larger: the "
        "school's is at most $(1 + \\log_2 n) u \\sum |a_{ik}| |b_{kj}|$ in each entry "
        "to first order, if it sums by a tree; Strassen's exceeds that."
    ),
    source=STRASSEN + "; " + HIGHAM + "; the additions and the depth derived",
    experiments=(
        matrices(
            "7^k products of numbers",
            "products of numbers",
            lambda n: 7 ** round(log2(n)),
            products,
        ),
        matrices(
            "they grow as n^log2(7), n^2.807",
            "products of numbers",
            lambda n: n ** log2(7),
            products,
            Slope(log2(7), 0.001),
            MORE_POWERS,
        ),
        matrices(
            "7 7^k - 6 4^k operations",
            "operations",
            lambda n: 7 * 7 ** round(log2(n)) - 6 * n**2,
            work,
        ),
        matrices(
            "a depth of 3k + 1",
            "operations in a row",
            lambda n: 3 * log2(n) + 1,
            lambda n: matrix_cost(strassen, n).depth,
        ),
        matrices(
            "blocks of c left to the school: 7^j (2c^3 - c^2) + 6 (7^j - 4^j) c^2",
            "operations",
            cut_work,
            work,
            sweep=CUTOFFS,
            axes="n, c",
        ),
        matrices(
            "a step saves n^3/4 - 15 n^2/4: it pays from n = 16 on",
            "operations that a step saves",
            lambda n: n**3 / 4 - 15 * n**2 / 4,
            saved,
            sweep=EVEN,
        ),
        matrices(
            "no entry is wrong",
            "wrong entries",
            lambda n, c: 0,
            wrong_entries,
            sweep=CUTOFFS,
            axes="n, c",
        ),
        matrices(
            "the school's error in an entry: at most 1 + log2(n) units",
            "units u of the sum of |a||b|",
            lambda n: 1 + log2(n),
            lambda n: worst_entry(classical, n),
            AtMost(),
            (4, 8, 16),
        ),
        matrices(
            "Strassen's largest error is larger, with each of 30 seeds",
            "seeds where it is not",
            lambda n: 0,
            seeds_without_more_error,
            sweep=(8, 16),
        ),
    ),
    controls=(
        matrices(
            "four quarters take 8 products: 8^k",
            "products of numbers",
            lambda n: n**3,
            products,
            sweep=POWERS[:4],
        ),
        matrices(
            "additions do not matter: all operations as n^2.807 at these sizes",
            "operations",
            lambda n: n ** log2(7),
            work,
            Slope(log2(7), 0.03),
            MORE_POWERS,
        ),
        matrices(
            "no deeper than the school's: k + 1",
            "operations in a row",
            lambda n: log2(n) + 1,
            lambda n: matrix_cost(strassen, n).depth,
            sweep=POWERS[:4],
        ),
        matrices(
            "fewer products are always cheaper: a step pays at any n",
            "operations of the school's method",
            lambda n: matrix_cost(classical, n).work,
            lambda n: work(n, cutoff=n // 2),
            AtMost(),
            (4, 8, 12),
        ),
        matrices(
            "Strassen's error in an entry, too: at most 1 + log2(n) units",
            "units u of the sum of |a||b|",
            lambda n: 1 + log2(n),
            lambda n: worst_entry(strassen, n),
            AtMost(),
            (4, 8, 16),
        ),
    ),
)


def bits(number, length):
    """The lowest `length` bits, the lowest first."""
    return [number >> place & 1 for place in range(length)]


def bit_product(n, adder, seed=0):
    """(two numbers of n bits, their product, the machine that counted it)."""
    x, y = (int.from_bytes(np.random.default_rng([seed, i]).bytes(n)) for i in (0, 1))
    x, y, pram = x % 2**n, y % 2**n, PRAM()
    result = karatsuba(pram, pram.array(bits(x, n)), pram.array(bits(y, n)), adder)
    return x, y, plain(result), pram


def bit_work(n, adder):
    return bit_product(n, adder)[-1].cost.work


def bit_depth(n, adder):
    return bit_product(n, adder)[-1].cost.depth


def bit_products(n):
    return bit_product(n, ripple)[-1].operations["*"]


def beyond_doubling(n):
    """The work for n bits, less twice that for n/2: no term that is linear is left."""
    return bit_work(n, ripple) - 2 * bit_work(n // 2, ripple)


def wrong_products(n, adder):
    """How many of 5 products are not Python's."""
    found = (bit_product(n, ADDERS[adder], seed) for seed in range(5))
    return sum(result != bits(x * y, 2 * n) for x, y, result, _ in found)


ADDERS = {"ripple": ripple, "lookahead": lookahead}
LENGTHS = tuple(2**k for k in range(7))
LOG3 = log2(3)


def numbers(says, unit, predict, run, verdict=None, sweep=LENGTHS, axes="n"):
    return Experiment(says, unit, axes, sweep, predict, run, verdict or Equal())


A13 = Claim(
    id="A13",
    title="Karatsuba's product",
    statement=(
        "The product of two numbers of $n = 2^k$ bits takes $3^k = n^{\\log_2 3}$ "
        "products of bits by Karatsuba's method, and as many operations, up to a "
        "factor, with any adder of linear work: $66 \\cdot 3^k - 61n - 4$ if carries "
        "ripple, $98 \\cdot 3^k - 105n + 8$ if a scan looks ahead. The depth is "
        "$45n + 10k - 44 = \\Theta(n)$, or $15k^2 + 45k + 1 = \\Theta(\\log^2 n)$."
    ),
    source=KARATSUBA + "; the constants derived, for the adders of this package",
    experiments=(
        numbers(
            "3^k products of bits",
            "products of bits",
            lambda n: 3 ** round(log2(n)),
            bit_products,
        ),
        numbers(
            "ripple: 66 3^k - 61 n - 4 operations",
            "operations on bits",
            lambda n: 66 * 3 ** round(log2(n)) - 61 * n - 4,
            lambda n: bit_work(n, ripple),
        ),
        numbers(
            "lookahead: 98 3^k - 105 n + 8 operations",
            "operations on bits",
            lambda n: 98 * 3 ** round(log2(n)) - 105 * n + 8,
            lambda n: bit_work(n, lookahead),
        ),
        numbers(
            "W(n) - 2 W(n/2), which has no linear term, as n^log2(3), n^1.585",
            "operations on bits",
            lambda n: 22 * n**LOG3,
            beyond_doubling,
            Slope(LOG3, 0.03),
            LENGTHS[1:],
        ),
        numbers(
            "ripple: a depth of 45 n + 10 k - 44",
            "operations in a row",
            lambda n: 45 * n + 10 * log2(n) - 44,
            lambda n: bit_depth(n, ripple),
        ),
        numbers(
            "ripple: depth as n",
            "operations in a row",
            lambda n: 45 * n,
            lambda n: bit_depth(n, ripple),
            Slope(1, 0.05),
            (*LENGTHS[2:], 128),
        ),
        numbers(
            "lookahead: a depth of 15 k^2 + 45 k + 1",
            "operations in a row",
            lambda n: 15 * log2(n) ** 2 + 45 * log2(n) + 1,
            lambda n: bit_depth(n, lookahead),
        ),
        numbers(
            "no product is wrong",
            "wrong products",
            lambda n, adder: 0,
            wrong_products,
            sweep=tuple((n, name) for n in LENGTHS[:5] for name in ADDERS),
            axes="n, adder",
        ),
    ),
    controls=(
        numbers(
            "halves take 4 products: 4^k",
            "products of bits",
            lambda n: n**2,
            bit_products,
            sweep=LENGTHS[:4],
        ),
        numbers(
            "additions do not matter: all operations as n^1.585 at these sizes",
            "operations on bits",
            lambda n: n**LOG3,
            lambda n: bit_work(n, ripple),
            Slope(LOG3, 0.03),
        ),
        numbers(
            "the recursion is log2 n deep, so the depth is as log2 n: 55 k + 1",
            "operations in a row",
            lambda n: 1 + 55 * log2(n),
            lambda n: bit_depth(n, ripple),
            sweep=LENGTHS[:5],
        ),
        numbers(
            "a scan makes the depth as that of one addition: 60 k + 1",
            "operations in a row",
            lambda n: 60 * log2(n) + 1,
            lambda n: bit_depth(n, lookahead),
            sweep=LENGTHS[:5],
        ),
    ),
)

CLAIMS = (A12, A13)
