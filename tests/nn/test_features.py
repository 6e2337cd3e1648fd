"""The experiments with features; labelled_sklearn has the digits that they are for."""

import numpy as np
import pytest

from cme323.nn.features import (
    autoencode,
    by_labels,
    linear,
    oriented_edges,
    principal,
    rows,
)


@pytest.fixture(scope="module")
def digits():
    load = pytest.importorskip("cme323.datasets.labelled_sklearn", reason="sklearn")
    return load.digits()


def test_an_edge_is_counted_in_its_direction_alone():
    image = np.zeros((1, 1, 8, 8))
    image[0, 0, :, 4:] = 1
    edges = oriented_edges(image).reshape(8, 4, 4)
    assert edges[0].sum() == edges.sum() > 0


def test_principal_directions_are_those_of_the_svd():
    x = np.random.default_rng(0).standard_normal((30, 5)) * [9, 3, 1, 0.1, 0.1]
    first = principal(x, 2)
    assert first.T @ first == pytest.approx(np.eye(2), abs=1e-12)
    assert abs(first[0, 0]) > 0.9


def test_edges_and_pixels_are_both_enough_for_most_digits(digits):
    for features in rows, oriented_edges:
        assert linear(digits, features) > 0.95


def test_an_autoencoder_keeps_more_than_the_mean(digits):
    x = rows(digits.x)
    left = autoencode(x, code=8, epochs=10)(x).value - x
    assert (left**2).mean() < 0.5 * x.var(axis=0).mean()


def test_more_labels_tell_more_with_every_kind_of_features(digits):
    found = by_labels(digits, [10, 200], seeds=[0])
    assert set(found) == {"raw", "PCA", "autoencoder"}
    for few, many in found.values():
        assert 0.3 < few < many - 0.2
