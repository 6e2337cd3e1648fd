import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.network import Deadlock, Network
from cme323.network.barrier import barrier, barrier_cost, superstep_seconds


def come_and_go(rank, work):
    """Compute on `work` words, wait for all, and compute on."""
    yield rank.compute(np.sum, np.zeros(work))
    yield from barrier(rank)
    yield rank.compute(np.sum, np.zeros(1))


def superstep(rank, work, words):
    right, left = (rank.number + 1) % rank.size, (rank.number - 1) % rank.size
    yield rank.compute(np.sum, np.zeros(work))
    yield rank.exchange(right, np.zeros(words), left)
    yield from barrier(rank)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=17))
def test_nobody_goes_on_before_the_last_has_come(work):
    network = Network(len(work), alpha=1, beta=1, gamma=1)
    network.run(come_and_go, work)
    came = [span.end for span in network.spans[: len(work)]]
    went_on = [span.start for span in network.spans[len(work) :]]
    assert min(went_on) >= max(came)


@pytest.mark.parametrize("P", [1, 2, 3, 8, 13])
def test_costs_what_is_predicted(P):
    network = Network(P, alpha=1)
    network.run(barrier)
    assert network.cost == barrier_cost(P)
    assert network.clock == barrier_cost(P).rounds


@given(st.lists(st.integers(1, 50), min_size=2, max_size=17), st.integers(0, 50))
def test_a_superstep_takes_as_long_as_its_slowest_rank(work, words):
    model = {"alpha": 1, "beta": 0.5, "gamma": 0.25}
    network = Network(len(work), **model)
    network.run(superstep, work, words=words)
    assert network.clock == superstep_seconds(max(work), words, len(work), **model)


def test_a_barrier_to_which_one_does_not_come_is_a_deadlock():
    def program(rank):
        if rank.number:
            yield from barrier(rank)

    with pytest.raises(Deadlock, match=r"rank 1 waits .* rank 0, which has ended"):
        Network(4).run(program)
