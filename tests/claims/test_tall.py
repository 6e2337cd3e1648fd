"""C7 and C8 notice what is planted; test_claims.py has them confirmed."""

import numpy as np

from cme323.claims import claim, tall
from cme323.claims.claim import REFUTED
from cme323.linalg import orthogonal, tsqr


def refuted(name):
    """What a claim says that does not hold."""
    experiments = claim(name).experiments
    return [e.says for e in experiments if e.perform().verdict == REFUTED]


def test_C7_notices_a_gram_matrix_that_is_none(monkeypatch):
    monkeypatch.setattr(tall, "by_gram", lambda a: np.linalg.svd(a, compute_uv=False))
    assert refuted("C7") == [
        "by the Gram matrix: the error of the smallest grows as kappa",
        "the Gram matrix's last digit is gone from kappa = 1/sqrt(eps) on",
    ]


def test_C7_notices_a_tree_of_gram_matrices(monkeypatch):
    def squared(r, s):
        square = r.T @ r + s.T @ s + 1e-15 * np.eye(len(r))
        return np.vstack([r, s]), np.linalg.cholesky(square).T

    monkeypatch.setattr(tsqr, "_stacked", squared)
    found = refuted("C7")
    assert "by TSQR: it does not depend on kappa" in found
    assert "by TSQR, every sigma: error at most n eps" in found


def test_C8_notices_whole_matrices_that_are_sent(monkeypatch):
    monkeypatch.setattr(tsqr, "packed", lambda r: r)
    monkeypatch.setattr(tsqr, "unpacked", lambda r: r)
    assert refuted("C8") == [
        "each of n(n+1)/2 words: ceil(log2 P) (alpha + beta n(n+1)/2) seconds",
        "in all (P - 1) n(n+1)/2 words",
    ]


def test_C8_notices_a_chain(monkeypatch):
    monkeypatch.setattr(tsqr, "parent", lambda place: place - 1)
    chained = lambda place, size: [place + 1] if place + 1 < size else []  # noqa: E731
    monkeypatch.setattr(tsqr, "children", chained)
    found = refuted("C8")
    assert "ceil(log2 P) messages follow one another until R is there" in found
    assert "Q R is A" not in found


def test_C8_notices_a_q_by_the_inverse_of_r(monkeypatch):
    def indirect(a):
        r = np.linalg.qr(a).R
        return a @ np.linalg.inv(r), r

    monkeypatch.setattr(tall, "reduced", indirect)
    assert refuted("C8") == ["TSQR: orthogonal whatever kappa"]


def test_C8_notices_gram_and_schmidts_own_way(monkeypatch):
    def classical(a):
        q = np.array(a)
        for j in range(a.shape[1]):
            q[:, j] = a[:, j] - q[:, :j] @ (q[:, :j].T @ a[:, j])
            q[:, j] /= np.linalg.norm(q[:, j])
        return q, q.T @ a

    monkeypatch.setattr(tall, "gram_schmidt", classical)
    assert refuted("C8") == ["modified Gram-Schmidt: off as kappa"]


def test_C8_notices_a_cholesky_that_is_repeated(monkeypatch):
    def twice(a):
        return orthogonal.cholesky_qr(orthogonal.cholesky_qr(a)[0])

    monkeypatch.setattr(tall, "cholesky_qr", twice)
    assert refuted("C8") == ["Cholesky: off as kappa^2"]


def test_C8_notices_parts_of_q_that_are_swapped(monkeypatch):
    right = tsqr._stacked
    monkeypatch.setattr(tsqr, "_stacked", lambda r, s: right(s, r))
    assert refuted("C8") == ["Q R is A"]
