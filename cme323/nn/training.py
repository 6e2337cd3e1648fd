"""Training: all examples in a random order, a batch at a time, again and again.

An epoch is one pass over the data. What comes back are the losses, one for each epoch:
the mean over its batches, each taken before the step that it led to.
"""

import numpy as np

from cme323.errors import BadInput
from cme323.nn.losses import softmax_cross_entropy


def fit(model, x, y, optimizer, **options):
    """Train to the end: the losses of all epochs. Options as those of `epochs`.

    >>> from cme323.nn.models import MLP
    >>> from cme323.nn.optimizers import SGD
    >>> x, model = np.array([[0.0], [1.0]]), MLP([1, 2])
    >>> optimizer = SGD(model.parameters, rate=0.5)
    >>> losses = fit(model, x, np.array([0, 1]), optimizer, epochs=20, batch=2)
    >>> len(losses), losses[-1] < losses[0]
    (20, True)
    """
    return list(epochs(model, x, y, optimizer, **options))


def epochs(
    model,
    x,
    y,
    optimizer,
    *,
    epochs,
    batch,
    loss=softmax_cross_entropy,
    seed=0,
    change=None,
):
    """Train, and give the loss of each epoch as it ends: a generator.

    y: labels, or what `loss(model(x), y)` needs. The last batch may be a bit smaller.
    change: what becomes of a batch before it is learnt from, of (x, rng); or nothing.
    """
    if len(x) != len(y) or not len(x) or batch < 1:
        raise BadInput(
            f"training needs as many labels as examples, and batches from 1, not "
            f"{len(x)} examples, {len(y)} labels, batch {batch}"
        )
    x, y = np.asanyarray(x), np.asarray(y)
    rng = np.random.default_rng(seed)
    seen = change or (lambda x, rng: x)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        batches = np.array_split(order, -(-len(x) // batch))
        found = [step(model, seen(x[b], rng), y[b], optimizer, loss) for b in batches]
        yield float(np.mean(found))


def step(model, x, y, optimizer, loss=softmax_cross_entropy):
    """One step on one batch: its loss before."""
    value = loss(model(x), y)
    value.backward()
    optimizer.step()
    return float(value.value)
