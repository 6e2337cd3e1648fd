"""What training makes small: cross-entropy for classes, squared error for numbers.

    cross-entropy    mean over rows of   -log p(label),   p = softmax of the scores
    gradient         (p - 1[label]) / rows

Softmax and logarithm are one operation here, so that nothing overflows: the largest
score of a row is subtracted first, which leaves p as it is.
"""

import numpy as np

from cme323.errors import BadInput
from cme323.nn.tensor import lift


def softmax_cross_entropy(scores, labels):
    """The mean loss of scores (rows, classes) against labels (rows,), whole numbers.

    >>> softmax_cross_entropy(np.zeros((5, 2)), [0, 1, 0, 1, 1]).value.round(4)
    np.float64(0.6931)
    """
    scores, labels = lift(scores), np.asarray(labels)
    _check(scores, labels)
    rows = np.arange(len(labels))
    shifted = scores.value - scores.value.max(axis=1, keepdims=True)
    exps = np.exp(shifted)
    totals = exps.sum(axis=1, keepdims=True)
    loss = (np.log(totals)[:, 0] - shifted[rows, labels]).mean()

    def way_back(g):
        gradient = exps / totals
        gradient[rows, labels] -= 1
        gradient *= g / len(rows)
        return gradient

    return scores.then("softmax_cross_entropy", loss, way_back)


def _check(scores, labels):
    if scores.value.ndim != 2 or labels.shape != scores.shape[:1] or not labels.size:
        raise BadInput(
            "softmax_cross_entropy needs scores (rows, classes) and as many labels, "
            f"not shapes {scores.shape} and {labels.shape}"
        )
    if (
        labels.dtype.kind not in "iu"
        or not 0 <= labels.min() <= labels.max() < (scores.shape[1])
    ):
        raise BadInput(
            f"softmax_cross_entropy needs labels that are whole numbers from 0 to "
            f"{scores.shape[1] - 1}, as scores have shape {scores.shape}"
        )


def squared_error(x, target):
    """The mean of (x - target)² over all entries.

    >>> squared_error(np.array([1.0, 2.0]), np.array([1.0, 4.0])).value
    array(2.)
    """
    x = lift(x)
    target = lift(target, x)
    if target.shape != x.shape:
        raise BadInput(
            f"squared_error needs two equal shapes, not {x.shape} and {target.shape}"
        )
    difference = x - target
    return (difference * difference).mean()


def accuracy(scores, labels):
    """The share of rows whose largest score is that of their label."""
    scores, labels = np.asarray(lift(scores).value), np.asarray(labels)
    if scores.ndim != 2 or labels.shape != scores.shape[:1]:
        raise BadInput(
            "accuracy needs scores (rows, classes) and as many labels, not shapes "
            f"{scores.shape} and {labels.shape}"
        )
    return float(np.mean(scores.argmax(axis=1) == labels))
