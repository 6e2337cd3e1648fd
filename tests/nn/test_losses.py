from math import log

import numpy as np
import pytest
from hypothesis import given, settings

from cme323.errors import BadInput
from cme323.nn.losses import accuracy, softmax_cross_entropy, squared_error
from tests.nn.oracle_torch import draw, same_as_torch, seeds, sides


def test_who_knows_nothing_of_ten_classes_loses_log_10():
    assert softmax_cross_entropy(np.zeros((4, 10)), [1, 2, 3, 4]).value == log(10)


@given(rows=sides, classes=sides, seed=seeds)
@settings(max_examples=30)
def test_cross_entropy_is_as_in_torch(rows, classes, seed):
    torch = pytest.importorskip("torch", reason="the oracle is torch")
    labels = np.random.default_rng(seed).integers(0, classes, rows)
    same_as_torch(
        lambda s: softmax_cross_entropy(s, labels),
        lambda s: torch.nn.functional.cross_entropy(s, torch.tensor(labels)),
        5 * draw((rows, classes), seed),
    )


@given(rows=sides, columns=sides, seed=seeds)
@settings(max_examples=20)
def test_squared_error_is_as_in_torch(rows, columns, seed):
    torch = pytest.importorskip("torch", reason="the oracle is torch")
    x, y = draw((rows, columns), seed), draw((rows, columns), seed + 1)
    same_as_torch(squared_error, torch.nn.functional.mse_loss, x, y)


@given(seed=seeds)
@settings(max_examples=20)
def test_the_same_more_for_all_classes_changes_nothing(seed):
    scores, labels = draw((3, 4), seed), [0, 1, 3]
    moved = softmax_cross_entropy(scores + 100.0, labels).value
    assert moved == pytest.approx(softmax_cross_entropy(scores, labels).value)


def test_large_scores_do_not_overflow():
    assert softmax_cross_entropy(np.array([[1e4, 0.0]]), [1]).value == 1e4


def test_accuracy_is_the_share_of_right_guesses():
    assert accuracy(np.array([[1, 2], [3, 1], [0, 9], [5, 6]]), [1, 0, 1, 0]) == 0.75


@pytest.mark.parametrize(
    ("f", "says"),
    [
        (
            lambda: softmax_cross_entropy(np.zeros((2, 3)), [0, 1, 2]),
            r"not shapes \(2, 3\) and \(3,\)",
        ),
        (
            lambda: softmax_cross_entropy(np.zeros((2, 3)), [0, 3]),
            r"whole numbers from 0 to 2.*\(2, 3\)",
        ),
        (
            lambda: squared_error(np.zeros((4, 1)), np.zeros(4)),
            r"squared_error needs two equal shapes, not \(4, 1\) and \(4,\)",
        ),
        (
            lambda: squared_error(np.zeros((2, 3)), np.zeros(3)),
            r"squared_error needs two equal shapes, not \(2, 3\) and \(3,\)",
        ),
        (
            lambda: squared_error(np.zeros((2, 3)), np.zeros((4, 5))),
            r"squared_error needs two equal shapes, not \(2, 3\) and \(4, 5\)",
        ),
        (
            lambda: accuracy(np.zeros((5, 2)), np.zeros((5, 1))),
            r"accuracy needs .* not shapes \(5, 2\) and \(5, 1\)",
        ),
    ],
)
def test_an_error_names_the_operation_and_both_shapes(f, says):
    with pytest.raises(BadInput, match=says):
        f()
