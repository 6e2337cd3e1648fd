"""A12 and A13 notice what is planted; test_claims.py has them confirmed."""

from functools import partial
from operator import add

import pytest

from cme323.claims import claim, multiplying
from cme323.claims.claim import REFUTED
from cme323.parallel import adders, karatsuba, strassen
from cme323.pram import PRAM


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def by_eight_products(pram, cutoff, a, b):
    """Each quarter of the product by two products of quarters."""
    if len(a) <= cutoff:
        return strassen.classical(pram, a, b)
    x, y = strassen._quarters(a), strassen._quarters(b)
    places = [(i, k, j) for i in (0, 1) for j in (0, 1) for k in (0, 1)]
    products = pram.map(
        lambda place: by_eight_products(
            pram, cutoff, x[2 * place[0] + place[1]], y[2 * place[1] + place[2]]
        ),
        places,
    )
    sums = [(products[i], add, products[i + 1]) for i in range(0, 8, 2)]
    c11, c12, c21, c22 = pram.map(partial(strassen._sum, pram), sums)
    top = [left + right for left, right in zip(c11, c12)]
    return top + [left + right for left, right in zip(c21, c22)]


def test_A12_notices_eight_products(monkeypatch):
    monkeypatch.setattr(strassen, "_product", by_eight_products)
    found = refuted("A12")
    assert "7^k products of numbers" in found
    assert "they grow as n^log2(7), n^2.807" in found
    assert "Strassen's largest error is larger, with each of 30 seeds" in found
    assert "no entry is wrong" not in found


def test_A12_notices_a_wrong_sign(monkeypatch):
    right = strassen._right

    def with_a_plus(b11, b12, b21, b22):
        first, second, _, *rest = right(b11, b12, b21, b22)
        return first, second, (b12, add, b22), *rest

    monkeypatch.setattr(strassen, "_right", with_a_plus)
    assert refuted("A12") == ["no entry is wrong"]


def test_A12_notices_additions_that_wait_for_each_other(monkeypatch):
    def one_by_one(pram, block):
        if len(block) == 1:
            return block[0]
        x, op, y = block
        return [[op(*pair) for pair in zip(*rows)] for rows in zip(x, y)]

    monkeypatch.setattr(strassen, "_sum", one_by_one)
    assert refuted("A12") == ["a depth of 3k + 1"]


def test_A12_notices_a_cutoff_that_is_not_heeded(monkeypatch):
    product = strassen._product
    monkeypatch.setattr(
        strassen,
        "_product",
        lambda pram, cutoff, a, b: product(pram, 1 if len(a) % 2 == 0 else 15, a, b),
    )
    assert refuted("A12") == [
        "blocks of c left to the school: 7^j (2c^3 - c^2) + 6 (7^j - 4^j) c^2",
        "a step saves n^3/4 - 15 n^2/4: it pays from n = 16 on",
    ]


def test_A12_notices_a_sum_that_is_no_tree(monkeypatch):
    def backwards(pram, x):
        return sum(x[1:], start=x[0]) + x[0] - x[0]

    monkeypatch.setattr(strassen, "tree_sum", backwards)
    assert "the school's error in an entry: at most 1 + log2(n) units" in refuted("A12")


def by_four_products(pram, x, y, adder=adders.lookahead):
    """Each half with each half."""
    if len(x) == 1:
        return [x[0] * y[0], *pram.array([0])]
    half = len(x) // 2
    low, one, other, high = pram.map(
        lambda a, b: by_four_products(pram, a, b, adder),
        (x[:half], x[:half], x[half:], x[half:]),
        (y[:half], y[half:], y[:half], y[half:]),
    )
    middle = adder(pram, one, other) + [0] * (half - 1)
    return low[:half] + adder(pram, low[half:] + high, middle)[:-1]


def test_A13_notices_four_products(monkeypatch):
    monkeypatch.setattr(multiplying, "karatsuba", by_four_products)
    found = refuted("A13")
    assert found[0] == "3^k products of bits"
    assert "W(n) - 2 W(n/2), which has no linear term, as n^log2(3), n^1.585" in found
    assert "no product is wrong" not in found


def test_A13_notices_a_wrong_sign(monkeypatch):
    distance = karatsuba._distance

    def without_a_sign(pram, a, b, adder):
        size, sign = distance(pram, a, b, adder)
        return size, sign.machine.array([0])[0]

    monkeypatch.setattr(karatsuba, "_distance", without_a_sign)
    assert refuted("A13") == ["no product is wrong"]


def test_A13_notices_a_scan_that_is_a_loop(monkeypatch):
    def loop(pram, x, op, identity):
        prefixes = [identity]
        for item in x:
            prefixes.append(op(prefixes[-1], item))
        return prefixes

    monkeypatch.setattr(adders, "blelloch", loop)
    assert refuted("A13")[:2] == [
        "lookahead: 98 3^k - 105 n + 8 operations",
        "lookahead: a depth of 15 k^2 + 45 k + 1",
    ]


class OneByOne(PRAM):
    """A machine whose branches wait for each other."""

    def _together(self, branches):
        return [branch() for branch in branches]


@pytest.mark.parametrize(
    ("name", "depths"),
    [
        ("A12", ["a depth of 3k + 1"]),
        (
            "A13",
            [
                "ripple: a depth of 45 n + 10 k - 44",
                "ripple: depth as n",
                "lookahead: a depth of 15 k^2 + 45 k + 1",
            ],
        ),
    ],
)
def test_branches_that_wait_for_each_other_are_noticed(name, depths, monkeypatch):
    monkeypatch.setattr(multiplying, "PRAM", OneByOne)
    assert refuted(name) == depths
