"""Training: a case by hand, torch as the oracle, real data."""

from importlib import import_module

import numpy as np
import pytest

from cme323.errors import BadInput
from cme323.nn.losses import accuracy, squared_error
from cme323.nn.models import CNN, MLP
from cme323.nn.optimizers import SGD, Adam
from cme323.nn.progress import with_progress
from cme323.nn.training import epochs, fit, step


def test_a_line_is_learnt():
    x = np.linspace(-1, 1, 20)[:, None]
    model = MLP([1, 1])
    optimizer = SGD(model.parameters, rate=0.3)
    fit(model, x, 3 * x + 1, optimizer, epochs=60, batch=5, loss=squared_error)
    weight, bias = (p.value.item() for p in model.parameters)
    assert (weight, bias) == pytest.approx((3, 1), abs=1e-3)


def test_each_example_is_seen_once_an_epoch():
    seen = []

    class Spy(MLP):
        def __call__(self, x):
            seen.append(x)
            return super().__call__(x)

    model, x = Spy([1, 2]), np.arange(7.0)[:, None]
    fit(model, x, np.zeros(7, int), SGD(model.parameters, 0.1), epochs=2, batch=3)
    assert [len(b) for b in seen] == [3, 2, 2] * 2
    for epoch in seen[:3], seen[3:]:
        assert sorted(np.concatenate(epoch).ravel()) == list(range(7))


@pytest.mark.parametrize("model", [MLP([64, 16, 10]), CNN([1, 4, 8], 8, 10)])
def test_torch_learns_the_same_from_the_same_batches(model):
    torch = pytest.importorskip("torch", reason="the oracle is torch")
    reference = import_module("cme323.nn.training_torch")
    rng = np.random.default_rng(0)
    shape = (64,) if isinstance(model, MLP) else (1, 8, 8)
    x, y = rng.standard_normal((30, *shape)), rng.integers(0, 10, 30)
    theirs = reference.mirror(model)
    options = {"epochs": 3, "batch": 8, "seed": 5}
    ours = fit(model, x, y, SGD(model.parameters, 0.1), **options)
    sgd = torch.optim.SGD(theirs.parameters(), 0.1)
    assert reference.fit(theirs, x, y, sgd, **options) == pytest.approx(ours, rel=1e-9)
    scores = theirs(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(scores, model(x).value, rtol=1e-6, atol=1e-9)


@pytest.mark.gpu
def test_cuda_learns_the_same():
    torch = pytest.importorskip("torch", reason="the oracle is torch")
    if not torch.cuda.is_available():
        pytest.skip("needs a CUDA device")
    reference = import_module("cme323.nn.training_torch")
    rng, model = np.random.default_rng(0), CNN([1, 4, 8], 8, 10)
    x, y = rng.standard_normal((30, 1, 8, 8)), rng.integers(0, 10, 30)
    theirs = reference.mirror(model, "cuda")
    sgd = torch.optim.SGD(theirs.parameters(), 0.1)
    found = reference.fit(theirs, x, y, sgd, epochs=3, batch=8)
    ours = fit(model, x, y, SGD(model.parameters, 0.1), epochs=3, batch=8)
    assert found == pytest.approx(ours, rel=1e-6)


def loader():
    """The module that loads real data, if scikit-learn is here."""
    pytest.importorskip("sklearn", reason="the data are scikit-learn's")
    return import_module("cme323.datasets.labelled_sklearn")


def test_a_batch_may_be_changed_before_it_is_learnt_from():
    def halved(x, rng):
        return x / 2

    x, y, nets = np.ones((4, 1)), np.array([0, 1, 1, 1]), (MLP([1, 2]), MLP([1, 2]))
    whole, half = (
        fit(net, x, y, SGD(net.parameters, 0.1), epochs=3, batch=2, **options)
        for net, options in zip(nets, ({}, {"change": halved}))
    )
    assert whole != half
    again = MLP([1, 2])
    optimizer = SGD(again.parameters, 0.1)
    assert fit(again, x / 2, y.tolist(), optimizer, epochs=3, batch=2) == half


def test_a_net_tells_95_of_100_tumours():
    load = loader()
    data, model = load.breast_cancer(), MLP([30, 16, 2])
    fit(model, data.x, data.y, Adam(model.parameters, 1e-2), epochs=20, batch=32)
    assert accuracy(model(data.test_x), data.test_y) >= 0.95


def test_losses_come_one_by_one_with_a_bar(capsys):
    model, x = MLP([1, 2]), np.ones((4, 1))
    optimizer = SGD(model.parameters, 0.1)
    losses = epochs(model, x, np.zeros(4, int), optimizer, epochs=3, batch=2)
    assert len(list(with_progress(losses, 3, mininterval=0))) == 3
    assert "loss=" in capsys.readouterr().err


def test_a_step_gives_the_loss_before_it():
    model, x, y = MLP([2, 2]), np.ones((3, 2)), np.array([0, 1, 0])
    optimizer = SGD(model.parameters, 0.5)
    first = step(model, x, y, optimizer)
    assert step(model, x, y, optimizer) < first


def test_examples_without_labels_are_refused():
    model = MLP([1, 2])
    with pytest.raises(BadInput, match="3 examples, 2 labels, batch 1"):
        fit(
            model,
            np.ones((3, 1)),
            [0, 1],
            SGD(model.parameters, 0.1),
            epochs=1,
            batch=1,
        )
