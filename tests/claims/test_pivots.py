"""A10 and A11 notice what is planted; test_claims.py has them confirmed."""

from collections import Counter

import numpy as np
import pytest

from cme323.claims import claim, divide, pivots
from cme323.claims.claim import REFUTED
from cme323.parallel import quickselect as selects
from cme323.parallel import quicksort as sorts


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def test_all_draws_come_once():
    seen = Counter()

    def run(rng):
        first = rng.integers(3)
        seen[first, rng.integers(first + 1)] += 1
        return first

    assert pivots.mean_over_all(run) == 1
    assert seen == {(i, j): 1 for i in range(3) for j in range(i + 1)}


def test_quicksort_has_as_many_runs_as_there_are_search_trees():
    runs = []
    pivots.mean_over_all(lambda rng: runs.append(pivots.comparisons(5, rng)) or 0)
    assert len(runs) == 42  # the Catalan number; a tree of 1 draws nothing


def test_nothing_to_draw_is_one_run():
    assert pivots.mean_over_all(lambda rng: 7) == 7


def test_the_expected_depth_of_three_is_that_of_its_three_pivots():
    depth = pivots.expected_depth(3, lambda m: 10 ** (m - 2))
    assert depth == pytest.approx(10 + 2 / 3)
    assert pivots.expected_depth(1, pivots.split_depth) == 0


def test_nested_splits_are_counted_on_the_dag():
    assert pivots.nested(9, pivots.Chosen()) == 8
    assert pivots.nested(3, pivots.Chosen([1])) == 1
    assert pivots.depth(9, pivots.Chosen()) > 8


# A10: quicksort.


def test_A10_notices_pivots_that_are_better_than_random(monkeypatch):
    class Middle:
        def integers(self, n):
            return n // 2

    sort = sorts.quicksort
    monkeypatch.setattr(
        pivots, "quicksort", lambda pram, x, rng: sort(pram, x, Middle())
    )
    assert "60 seeds: 2(n + 1) H_n - 4n comparisons on average" in refuted("A10")


def test_A10_notices_a_last_item_that_is_never_the_pivot(monkeypatch):
    class NeverLast:
        def __init__(self, rng):
            self.rng = rng

        def integers(self, n):
            return self.rng.integers(n - 1)

    sort = sorts.quicksort
    monkeypatch.setattr(
        pivots, "quicksort", lambda pram, x, rng: sort(pram, x, NeverLast(rng))
    )
    assert "all choices of pivots: 2(n + 1) H_n - 4n comparisons" in refuted("A10")


def test_A10_notices_a_pivot_that_is_compared_with_itself(monkeypatch):
    fair = sorts.partition

    def partition(pram, x, p):
        assert not x[p] < x[p]
        return fair(pram, x, p)

    monkeypatch.setattr(sorts, "partition", partition)
    assert refuted("A10")[:4] == [
        "all choices of pivots: 2(n + 1) H_n - 4n comparisons",
        "all choices of pivots: work, with the additions of the scans",
        "all choices of pivots: splits that follow each other",
        "all choices of pivots: depth",
    ]


def test_A10_notices_sides_that_wait_for_each_other(monkeypatch):
    def in_turn(pram, x, rng):
        if len(x) < 2:
            return x
        smaller, pivot, larger = sorts.partition(pram, x, int(rng.integers(len(x))))
        return [*in_turn(pram, smaller, rng), pivot, *in_turn(pram, larger, rng)]

    monkeypatch.setattr(pivots, "quicksort", in_turn)
    assert refuted("A10") == [
        "all choices of pivots: splits that follow each other",
        "all choices of pivots: depth",
        "60 seeds: splits that follow each other",
        "60 seeds: depth",
    ]


def test_A10_notices_a_scan_that_is_deeper(monkeypatch):
    split = sorts.split

    def slow(pram, x, flags):
        pram.array([0])[0] + 0
        return split(pram, x, flags)

    monkeypatch.setattr(sorts, "split", slow)
    assert refuted("A10") == [
        "all choices of pivots: work, with the additions of the scans",
        "all choices of pivots: depth",
        "60 seeds: depth",
    ]


# A11: quickselect.


def test_A11_notices_the_side_that_is_not_needed(monkeypatch):
    def sorts_all(pram, x, k, rng):
        return sorts.quicksort(pram, x, rng)[k]

    monkeypatch.setattr(pivots, "quickselect", sorts_all)
    assert "all choices of pivots, all items: Knuth's formula" in refuted("A11")


def test_A11_notices_one_comparison_too_many_in_a_split(monkeypatch):
    fair = selects.partition

    def partition(pram, x, p):
        assert not x[p] < x[p]
        return fair(pram, x, p)

    monkeypatch.setattr(selects, "partition", partition)
    assert "all choices of pivots, all items: Knuth's formula" in refuted("A11")


def test_A11_notices_a_pivot_that_is_always_the_first(monkeypatch):
    select = selects.quickselect

    def first(pram, x, k, rng):
        return select(pram, x, k, pivots.Chosen())

    monkeypatch.setattr(pivots, "quickselect", first)
    assert refuted("A11") == [
        "all choices of pivots, all items: Knuth's formula",
        "all choices of pivots: 2n - 2 H_n for the smallest",
        "300 seeds: Knuth's formula",
        "300 seeds: 3.386 n - 8 ln n + O(1) for the median",
    ]


def test_A11_notices_a_search_for_another_item(monkeypatch):
    select = selects.quickselect

    def next_item(pram, x, k, rng):
        return select(pram, x, min(k + 1, len(x) - 1), rng)

    monkeypatch.setattr(pivots, "quickselect", next_item)
    assert refuted("A11")[:2] == [
        "all choices of pivots, all items: Knuth's formula",
        "all choices of pivots: 2n - 2 H_n for the smallest",
    ]


def test_the_inputs_do_not_matter_to_random_pivots():
    rng = np.random.default_rng(0)
    sorted_input = divide.counted(sorts.quicksort, range(40), rng)
    rng = np.random.default_rng(0)
    equal_input = divide.counted(sorts.quicksort, [0] * 40, rng)
    assert sorted_input.cost == equal_input.cost
