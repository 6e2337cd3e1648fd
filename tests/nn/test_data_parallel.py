"""Data parallel: one machine with the whole batch is the oracle; then gloo and DDP."""

import numpy as np
import pytest

from cme323.network import Network
from cme323.network.allreduce import tree_allreduce
from cme323.nn.data_parallel import train_together, train_together_cost
from cme323.nn.models import MLP
from cme323.nn.optimizers import SGD
from cme323.nn.training import step

SIZES = [6, 5, 3]


def example(shards, seed=0):
    """(images of each rank, labels of each rank)."""
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((sum(shards), 6)), rng.integers(0, 3, sum(shards))
    ends = np.cumsum(shards)[:-1]
    return np.split(x, ends), np.split(y, ends)


def alone(x, y, steps, rate):
    model = MLP(SIZES)
    for _ in range(steps):
        step(model, np.concatenate(x), np.concatenate(y), SGD(model.parameters, rate))
    return [p.value for p in model.parameters]


def together(shards, network, **options):
    x, y = example(shards)
    return network.run(
        train_together, x, y, model=MLP(SIZES), steps=3, rate=0.2, **options
    )


@pytest.mark.parametrize("shards", [[4], [4, 4], [1, 2, 3, 6]])
def test_many_ranks_learn_what_one_does_even_from_uneven_shards(shards):
    expected = alone(*example(shards), steps=3, rate=0.2)
    for net in together(shards, Network(len(shards))):
        for p, q in zip(net.parameters, expected):
            np.testing.assert_allclose(p.value, q, rtol=1e-12, atol=1e-14)


def test_all_nets_stay_equal_to_the_last_bit():
    first, *others = together([3, 5, 2], Network(3))
    for net in others:
        for p, q in zip(net.parameters, first.parameters):
            assert np.array_equal(p.value, q.value)


def test_any_allreduce_will_do():
    (ring, _), (tree, _) = (
        together([4, 4], Network(2), **options)
        for options in ({}, {"allreduce": tree_allreduce})
    )
    for p, q in zip(ring.parameters, tree.parameters):
        np.testing.assert_allclose(p.value, q.value, rtol=1e-12)


@pytest.mark.parametrize("shards", [[1, 1, 1, 1], [50, 50, 50, 50]])
def test_sends_what_is_predicted_whatever_the_batch(shards):
    network = Network(4)
    together(shards, network)
    predicted = train_together_cost(MLP(SIZES).size, steps=3, ranks=4)
    assert network.cost.records == predicted.records
    assert network.cost.rounds == predicted.rounds


def test_processes_learn_the_same_as_the_simulation():
    real = pytest.importorskip("cme323.network.machine_torch", reason="needs torch")
    nets = together([3, 5], real.TorchNetwork(2))
    for net, expected in zip(nets, together([3, 5], Network(2))):
        for p, q in zip(net.parameters, expected.parameters):
            assert np.array_equal(p.value, q.value)


def test_torchs_own_learns_the_same():
    real = pytest.importorskip("cme323.network.machine_torch", reason="needs torch")
    ddp = pytest.importorskip("cme323.nn.data_parallel_torch")
    x, y = example([3, 5])
    options = {"model": MLP(SIZES), "steps": 3, "rate": 0.2}
    expected = alone(x, y, 3, 0.2)
    for found in real.TorchNetwork(2).run(ddp.train_together, x, y, **options):
        for p, q in zip(found, expected):
            q = q.T if q.ndim == 2 else q
            np.testing.assert_allclose(p, q, rtol=1e-9, atol=1e-12)
