"""C1 and C2 notice what is planted; test_claims.py has them confirmed."""

from operator import add

import pytest

from cme323.claims import claim, matrices
from cme323.claims.claim import REFUTED
from cme323.linalg import matmul_mapreduce


def refuted(name):
    """What a claim says that does not hold."""
    experiments = claim(name).experiments
    return [e.says for e in experiments if e.perform().verdict == REFUTED]


def plant(monkeypatch, name, bug):
    monkeypatch.setattr(matmul_mapreduce, name, bug)
    monkeypatch.setattr(matrices, name, bug, raising=False)


def test_entries_that_are_sent_twice_are_noticed(monkeypatch):
    right = matmul_mapreduce.cubes
    plant(monkeypatch, "cubes", lambda a, *rest: right(a.union(a), *rest))
    assert refuted("C1") == ["a reducer has q = 2sn inputs", "4n^4/q records move"]
    assert "2n^3/s + n^3/t records move" in refuted("C2")


@pytest.mark.parametrize("name", ["C1", "C2"])
def test_entries_that_go_astray_are_noticed(monkeypatch, name):
    right = matmul_mapreduce.cubes
    lossy = lambda a, *rest: right(a.filter(lambda e: e[0] != (0, 0)), *rest)  # noqa: E731
    plant(monkeypatch, "cubes", lossy)
    assert "no entry is wrong" in refuted(name)


def test_C1_notices_reducers_that_are_too_small(monkeypatch):
    right = matmul_mapreduce.one_round
    plant(monkeypatch, "one_round", lambda a, b, n, s: right(a, b, n, 1))
    assert refuted("C1") == ["4n^4/q records move", "they fall as 1/q (n = 12)"]


def test_C2_notices_a_combiner(monkeypatch):
    def combined(a, b, n, s, t):
        met = matmul_mapreduce.cubes(a, b, n, s, t)
        return matmul_mapreduce.sums(met, s, t).reduceByKey(add)

    plant(monkeypatch, "two_rounds", combined)
    assert "2n^3/s + n^3/t records move" in refuted("C2")
    assert "no entry is wrong" not in refuted("C2")


def test_C2_notices_sums_that_are_not_added(monkeypatch):
    def first_only(a, b, n, s, t):
        met = matmul_mapreduce.cubes(a, b, n, s, t)
        return matmul_mapreduce.sums(met, s, t).groupByKey().mapValues(max)

    plant(monkeypatch, "two_rounds", first_only)
    assert refuted("C2") == ["no entry is wrong"]
