"""A bar that grows while a net is trained, and tells the loss.

losses = list(with_progress(epochs(model, x, y, optimizer, epochs=20, batch=32), 20))
"""

from tqdm.auto import tqdm


def with_progress(losses, total, **options):
    """The same losses, as they come; options are tqdm's.

    >>> list(with_progress([0.5, 0.25], 2, disable=True))
    [0.5, 0.25]
    """
    with tqdm(losses, total=total, unit="epoch", **options) as bar:
        for loss in bar:
            bar.set_postfix(loss=f"{loss:.4f}")
            yield loss
