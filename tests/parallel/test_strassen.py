import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.parallel.strassen import classical, classical_cost, strassen, strassen_cost
from cme323.pram import PRAM, plain

both = pytest.mark.parametrize("product", [strassen, classical])
few = st.integers(0, 3)


def counted(pram, matrix):
    return [pram.array(row) for row in matrix]


def multiplied(product, a, b, *cutoff):
    pram = PRAM()
    result = product(pram, counted(pram, a), counted(pram, b), *cutoff)
    return plain(result), pram


def random_matrices(n, number, seed=0):
    return np.random.default_rng(seed).integers(-9, 10, size=(number, n, n)).tolist()


@both
def test_two_by_two_by_hand(product):
    assert multiplied(product, [[1, 2], [3, 4]], [[5, 6], [7, 8]])[0] == [
        [19, 22],
        [43, 50],
    ]


@both
@given(few, st.integers(0, 99))
def test_agrees_with_numpy(product, k, seed):
    a, b = random_matrices(2**k, 2, seed)
    assert multiplied(product, a, b)[0] == np.matmul(a, b).tolist()


@given(st.integers(1, 5), few, st.integers(0, 4), st.integers(0, 99))
def test_agrees_with_numpy_with_a_cutoff(odd, j, extra, seed):
    a, b = random_matrices(odd * 2 ** min(j, 2), 2, seed)
    assert multiplied(strassen, a, b, odd + extra)[0] == np.matmul(a, b).tolist()


def test_does_not_swap_factors_that_do_not_commute():
    letters = [["a", "b"], ["c", "d"]]
    a = [[Word({x: 1}) for x in row] for row in letters]
    product, _ = multiplied(strassen, a, a)
    assert [[dict(entry) for entry in row] for row in product] == [
        [{"aa": 1, "bc": 1}, {"ab": 1, "bd": 1}],
        [{"ca": 1, "dc": 1}, {"cb": 1, "dd": 1}],
    ]


class Word(dict):
    """A sum of words with coefficients; to multiply words is to join them."""

    def __add__(self, other):
        found = {word: self.get(word, 0) + other.get(word, 0) for word in self | other}
        return Word({word: times for word, times in found.items() if times})

    def __sub__(self, other):
        return self + Word({word: -times for word, times in other.items()})

    def __mul__(self, other):
        found = Word()
        for left, times in self.items():
            found += Word({left + word: times * more for word, more in other.items()})
        return found


@given(few, st.integers(0, 99))
def test_multiplying_by_one_changes_nothing(k, seed):
    (a,) = random_matrices(2**k, 1, seed)
    assert multiplied(strassen, a, np.eye(2**k, dtype=int).tolist())[0] == a


@pytest.mark.parametrize(("n", "cutoff"), [(8, 1), (6, 3), (12, 3), (16, 5), (5, 7)])
def test_costs_exactly_what_is_predicted(n, cutoff):
    _, pram = multiplied(strassen, *random_matrices(n, 2), cutoff)
    assert pram.cost == strassen_cost(n, cutoff)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8])
def test_the_classical_product_costs_exactly_what_is_predicted(n):
    _, pram = multiplied(classical, *random_matrices(n, 2))
    assert pram.cost == classical_cost(n)
    assert pram.cost.work == 2 * n**3 - n**2


@pytest.mark.parametrize("k", range(12))
def test_the_costs_have_a_closed_form(k):
    cost = strassen_cost(2**k)
    assert (cost.work, cost.depth) == (7 * 7**k - 6 * 4**k, 3 * k + 1)
    cut = strassen_cost(5 * 2**k, cutoff=5)
    assert cut.work == 7**k * (2 * 5**3 - 5**2) + 6 * (7**k - 4**k) * 5**2
    assert cut.depth == 3 * k + 1 + 3


@pytest.mark.parametrize("n", [32, 64, 1024])
def test_the_best_cutoff_for_a_power_of_2_is_8(n):
    cutoffs = [2**k for k in range(10) if 2**k <= n]
    assert min(cutoffs, key=lambda c: strassen_cost(n, c).work) == 8


@pytest.mark.parametrize(
    ("a", "b"),
    [([[1, 2]], [[1], [2]]), ([[1]], [[1, 0], [0, 1]]), ([], []), ([[1, 2], [3]],) * 2],
)
def test_refuses_what_is_not_square(a, b):
    with pytest.raises(BadInput, match="two square matrices of one size"):
        strassen(PRAM(), a, b)


@pytest.mark.parametrize(("n", "cutoff"), [(6, 1), (10, 4), (3, 2), (2, 0), (4, -1)])
def test_refuses_a_size_that_does_not_halve_to_the_cutoff(n, cutoff):
    with pytest.raises(BadInput, match=f"cannot halve {n} to at most cutoff={cutoff}"):
        strassen(PRAM(), [[1] * n] * n, [[1] * n] * n, cutoff)
