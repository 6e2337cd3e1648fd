"""A7 to A9 notice what is planted; test_claims.py has them confirmed."""

from hypothesis import given
from hypothesis import strategies as st

from cme323.claims import claim, divide
from cme323.claims.claim import REFUTED
from cme323.parallel import merge as merges
from cme323.parallel import mergesort as sorts
from cme323.parallel import scan as scans
from cme323.parallel.mergesort import mergesort_cost


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


# The inputs.


def test_a_loop_loses_all_but_the_first_and_a_tree_one_in_each_level():
    assert divide.lost(divide.loop_sum, divide.bad_for_loops(100)) == 99
    assert divide.lost(divide.tree_sum, divide.bad_for_trees(64)) == 6


@given(st.integers(0, 70))
def test_the_lists_that_make_a_merge_slow_are_permutations(n):
    assert sorted(divide.alternating(range(n))) == list(range(n))
    assert sorted(divide.one_ahead(range(n))) == list(range(n))


@given(st.permutations(range(8)))
def test_no_order_of_eight_costs_more_than_the_bounds_that_are_attained(x):
    loop = divide.counted(sorts.mergesort, x, merges.merge).cost
    assert loop <= mergesort_cost(8)
    assert divide.work(sorts.mergesort, x) <= 8 * 3**2 / 2 + 8 - 1


def test_a_wrong_prefix_is_counted():
    assert divide.wrong_prefixes(lambda pram, x, op, start: [start, *x], 3) == 2


# A7: sums.


def test_A7_notices_a_tree_that_leans(monkeypatch):
    monkeypatch.setattr(divide, "tree_sum", divide.loop_sum)
    assert refuted("A7") == [
        "ceil(log2 n) one after another",
        "a tree, random numbers: off by ceil(log2 n) u at most",
        "a tree, random numbers: it stays",
    ]


def test_A7_notices_an_item_that_is_left_out(monkeypatch):
    tree = divide.tree_sum
    monkeypatch.setattr(divide, "tree_sum", lambda pram, x: tree(pram, x[1:]))
    assert "of whole numbers, nothing is lost" not in refuted("A7")  # it is the 0
    monkeypatch.setattr(divide, "tree_sum", lambda pram, x: tree(pram, x[:-1]))
    assert "n - 1 additions" in refuted("A7")
    assert "of whole numbers, nothing is lost" in refuted("A7")


def test_A7_notices_a_correction_with_the_wrong_sign(monkeypatch):
    def wrong(pram, x):
        total, lost = x[0], 0
        for number in x[1:]:
            y = number + lost
            total, before = total + y, total
            lost = (total - before) - y
        return total

    monkeypatch.setattr(divide, "kahan_sum", wrong)
    assert refuted("A7") == [
        "Kahan's loop, the worst numbers of a loop: off by 2u at most",
        "Kahan's loop, random numbers: off by 2u at most",
    ]


# A8: scans.


def test_A8_notices_a_level_too_many(monkeypatch):
    scan = scans.hillis_steele

    def one_more(pram, x, op=scans.add, identity=0):
        pram.map(op, x, x)
        return scan(pram, x, op, identity)

    monkeypatch.setattr(divide, "hillis_steele", one_more)
    assert refuted("A8")[:3] == [
        "Hillis-Steele: n log2 n - n + 1 combinations",
        "Hillis-Steele: n k - 2^k + 1 combinations, k = ceil(log2 n)",
        "Hillis-Steele: ceil(log2 n) levels",
    ]


def test_A8_notices_neighbours_in_the_wrong_order(monkeypatch):
    up = scans._up

    def swapped(pram, x, op):
        return up(pram, x, lambda a, b: op(b, a))

    monkeypatch.setattr(scans, "_up", swapped)
    assert refuted("A8") == ["Blelloch: no prefix is wrong"]


def test_A8_notices_a_sweep_down_that_waits_for_its_left_half(monkeypatch):
    def in_turn(pram, tree, before, op):
        _, left, right = tree
        if left is None:
            return [before]
        first = in_turn(pram, left, before, op)
        return first + in_turn(pram, right, op(before, left[0]), op)

    monkeypatch.setattr(scans, "_down", in_turn)
    assert "Blelloch: 2 ceil(log2 n) levels" in refuted("A8")


def test_A8_notices_a_step_that_grows_too_fast(monkeypatch):
    def by_threes(pram, x, op=scans.add, identity=0):
        step = 1
        while step < len(x):
            x = x[:step] + pram.map(op, x[:-step], x[step:])
            step *= 3
        return [identity, *x]

    monkeypatch.setattr(divide, "hillis_steele", by_threes)
    assert "Hillis-Steele: ceil(log2 n) levels" in refuted("A8")
    assert "Hillis-Steele: no prefix is wrong" in refuted("A8")


# A9: mergesort.


def test_A9_notices_halves_that_wait_for_each_other(monkeypatch):
    def in_turn(pram, x, merge=merges.merge_by_rank):
        if len(x) < 2:
            return x
        half = len(x) // 2
        left, right = in_turn(pram, x[:half], merge), in_turn(pram, x[half:], merge)
        return merge(pram, left, right)

    monkeypatch.setattr(divide, "mergesort", in_turn)
    assert refuted("A9") == [
        "by a loop, at worst: 2n - 2 - k one after another",
        "by a loop, random order: depth as n",
        "by ranks: k(k + 1)/2 one after another",
        "by ranks: depth as the square of log2 n",
    ]


def test_A9_notices_a_merge_that_compares_twice(monkeypatch):
    loop = merges.merge

    def twice(pram, a, b):
        assert isinstance(a[0] < b[0], bool)
        return loop(pram, a, b)

    monkeypatch.setattr(divide, "merge", twice)
    assert refuted("A9")[0] == "by a loop, at worst: n k - n + 1 comparisons"


def test_A9_notices_a_rank_that_is_sought_in_a_loop(monkeypatch):
    def linear(x, item):
        return sum(other < item for other in x)

    monkeypatch.setattr(merges, "bisect_left", linear)
    assert "by ranks: k(k + 1)/2 one after another" in refuted("A9")


def test_A9_notices_an_item_that_takes_the_place_of_another(monkeypatch):
    by_rank = merges.merge_by_rank

    def doubled(pram, a, b):
        merged = by_rank(pram, a, b)
        return [*merged[:-1], merged[-2]]

    monkeypatch.setattr(divide, "merge_by_rank", doubled)
    assert refuted("A9") == ["by ranks, no item is in a wrong place"]
