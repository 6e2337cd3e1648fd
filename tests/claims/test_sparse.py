"""C3 and C5 notice what is planted; test_claims.py has them confirmed."""

from operator import add

from cme323.claims import claim, sparse
from cme323.claims.claim import REFUTED
from cme323.linalg import coordinate_matrix, gram
from cme323.linalg.coordinate_matrix import CoordinateMatrix


def refuted(name):
    """What a claim says that does not hold."""
    experiments = claim(name).experiments
    return [e.says for e in experiments if e.perform().verdict == REFUTED]


def test_C3_notices_a_combiner_that_is_missing(monkeypatch):
    def uncombined(a, b):
        sums = a.products(b).groupByKey().mapValues(sum)
        return CoordinateMatrix(sums, (a.shape[0], b.shape[1]))

    monkeypatch.setattr(CoordinateMatrix, "multiply", uncombined)
    assert refuted("C3") == [
        "the combiner leaves one for each (i, j) in each partition",
        "that is at most P n^2",
    ]


def test_C3_notices_a_join_of_all_with_all(monkeypatch):
    def everything(a, b):
        pairs = a.entries.cartesian(b.entries)
        met = pairs.filter(lambda pair: pair[0][0][1] == pair[1][0][0])
        return met.map(lambda p: ((p[0][0][0], p[1][0][1]), p[0][1] * p[1][1]))

    monkeypatch.setattr(CoordinateMatrix, "products", everything)
    assert "the join moves the nonzeros of both" in refuted("C3")


def test_C3_notices_places_that_are_swapped(monkeypatch):
    right = coordinate_matrix._product
    swapped = lambda pair: (right(pair)[0][::-1], right(pair)[1])  # noqa: E731
    monkeypatch.setattr(coordinate_matrix, "_product", swapped)
    assert "no entry is wrong" in refuted("C3")


def test_C5_notices_local_sums_that_are_missing(monkeypatch):
    def row_by_row(rows):
        for row in rows:
            yield from gram._local([row])

    monkeypatch.setattr(
        sparse,
        "gram",
        lambda rows: gram._array(
            len(rows.first()),
            rows.mapPartitions(row_by_row).groupByKey().mapValues(sum),
        ),
    )
    assert refuted("C5") == [
        "local sums first: P n^2 records",
        "local sums first: independent of m",
    ]


def test_C5_notices_a_combiner_in_the_naive_way(monkeypatch):
    def combined(rows):
        n = len(rows.first())
        return gram._array(n, rows.flatMap(gram._outer).reduceByKey(add))

    monkeypatch.setattr(sparse, "gram_naive", combined)
    found = refuted("C5")
    assert found[0] == "naive: m n^2 records"
    assert "naive: as m" in found
    assert "no entry is wrong" not in found


def test_C5_notices_half_a_gram_matrix(monkeypatch):
    right = gram._outer
    half = lambda row: [pair for pair in right(row) if pair[0][0] <= pair[0][1]]  # noqa: E731
    monkeypatch.setattr(gram, "_outer", half)
    found = refuted("C5")
    assert "naive: m n^2 records" in found
    assert "no entry is wrong" in found
