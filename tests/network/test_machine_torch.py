"""The same programs on processes: the same answers, and the same words."""

from importlib import import_module
from inspect import isgeneratorfunction
from pathlib import Path

import numpy as np
import pytest

from cme323 import network
from cme323.network import Network
from cme323.network.all_to_all import all_to_all
from cme323.network.allreduce import (
    doubling_allreduce,
    rabenseifner_allreduce,
    ring_allreduce,
    tree_allreduce,
)
from cme323.network.barrier import barrier
from cme323.network.distributed_sum import distributed_sum
from cme323.network.gather import all_gather, gather, scatter
from cme323.network.sampling import bernoulli_sample, random_sample
from cme323.network.sorting import psrs, sample_sort
from cme323.network.tree import (
    broadcast,
    broadcast_by_driver,
    reduce,
    reduce_by_driver,
    reduce_in_two_levels,
)

real = pytest.importorskip("cme323.network.machine_torch", reason="needs torch")


def every_program(rank, x):
    """All programs of this package, one after another."""
    P, answers = rank.size, {}
    for way in (
        tree_allreduce,
        ring_allreduce,
        doubling_allreduce,
        rabenseifner_allreduce,
        reduce,
        reduce_by_driver,
        reduce_in_two_levels,
        broadcast_by_driver,
        sample_sort,
        psrs,
        distributed_sum,
        gather,
        all_gather,
    ):
        answers[way.__name__] = yield from way(rank, x)
    answers["broadcast"] = yield from broadcast(rank, x, root=P - 1)
    answers["scatter"] = yield from scatter(rank, list(range(P)))
    answers["all_to_all"] = yield from all_to_all(rank, np.array_split(x, P))
    for way in (random_sample, bernoulli_sample):
        answers[way.__name__] = yield from way(rank, x.tolist(), 3)
    answers["barrier"] = yield from barrier(rank)
    return answers


def test_no_program_of_the_package_is_left_out():
    files = Path(network.__file__).parent.glob("*.py")
    modules = [import_module(f"cme323.network.{path.stem}") for path in files]
    names = {
        name
        for module in modules
        for name, value in vars(module).items()
        if isgeneratorfunction(value) and value.__module__ == module.__name__
        if not name.startswith("_")
    }
    (answers,) = Network(1).run(every_program, [np.arange(24.0)])
    assert answers.keys() == names


@pytest.mark.parametrize("P", [1, 3, 4])
def test_gives_the_same_answers_and_counts_as_the_simulation(P):
    x = list(np.random.default_rng(0).standard_normal((P, 24)))
    simulated, processes = Network(P, seed=7), real.TorchNetwork(P, seed=7)
    theirs = processes.run(every_program, x)
    for ours, answers in zip(simulated.run(every_program, x), theirs):
        assert ours.keys() == answers.keys()
        for name in ours:
            np.testing.assert_equal(answers[name], ours[name], err_msg=name)
    assert processes.sent == simulated.sent
    assert processes.received == simulated.received
    assert processes.cost <= simulated.cost
    assert simulated.cost <= processes.cost


def test_a_long_array_arrives():
    def swap(rank, x):
        return (yield rank.exchange(1 - rank.number, x, 1 - rank.number))

    x = [np.arange(300_000.0), np.arange(5)]
    got = real.TorchNetwork(2).run(swap, x)
    np.testing.assert_equal(got, x[::-1])


def test_an_error_of_a_rank_is_told_with_its_number():
    def program(rank):
        if rank.number == 1:
            raise ZeroDivisionError("mine")
        yield rank.receive(1)

    with pytest.raises(RuntimeError, match=r"rank 1 failed(?s:.*)mine"):
        real.TorchNetwork(2, patience=20).run(program)


def test_a_deadlock_ends_after_some_patience():
    def program(rank):
        yield rank.receive(1 - rank.number)

    with pytest.raises(RuntimeError, match=r"rank [01] failed(?s:.*)[Tt]imed out"):
        real.TorchNetwork(2, patience=2).run(program)


def test_a_timeout_is_refused():
    def program(rank):
        yield rank.receive(1 - rank.number, timeout=1)

    with pytest.raises(RuntimeError, match="gloo has no timeout for one message"):
        real.TorchNetwork(2, patience=20).run(program)
