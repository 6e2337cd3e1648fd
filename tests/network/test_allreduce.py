import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.network import Link, Network
from cme323.network import allreduce as ways

NAMES = ("tree", "ring", "doubling", "rabenseifner")
SIZES = (1, 2, 3, 4, 6, 7, 8, 13, 16)
names = pytest.mark.parametrize("name", NAMES)


def program(name):
    return getattr(ways, f"{name}_allreduce")


def vectors(P, n, seed=0):
    return list(np.random.default_rng(seed).integers(100, size=(P, n)))


def ran(name, P, n, **settings):
    network = Network(P, **settings)
    network.run(program(name), vectors(P, n))
    return network


@names
def test_four_ranks_learn_the_sum(name):
    x = [np.array([number, 10 * number, 1, 0]) for number in range(4)]
    assert [y.tolist() for y in Network(4).run(program(name), x)] == [[6, 60, 4, 0]] * 4


@names
@given(st.integers(1, 17), st.integers(0, 20), st.integers(0, 9))
def test_agrees_with_numpy_for_any_number_of_ranks_and_words(name, P, n, seed):
    x = vectors(P, n, seed)
    expected = np.sum(x, axis=0).tolist()
    assert [y.tolist() for y in Network(P).run(program(name), x)] == [expected] * P


@names
@given(st.integers(1, 17), st.integers(0, 9))
def test_all_ranks_get_the_same_rounding(name, P, seed):
    x = list(np.random.default_rng(seed).standard_normal((P, 5)))
    results = [y.tolist() for y in Network(P).run(program(name), x)]
    assert results == [results[0]] * P


@names
@pytest.mark.parametrize("P", SIZES)
@pytest.mark.parametrize("n", [0, 1, 5, 48])
def test_costs_what_is_predicted(name, P, n):
    predict = getattr(ways, f"{name}_allreduce_cost")
    assert ran(name, P, n).cost == predict(n, P)


@names
@pytest.mark.parametrize("P", [1, 2, 4, 8, 16])
def test_takes_the_seconds_that_are_predicted(name, P):
    model = {"alpha": 1, "beta": 0.5, "gamma": 0.25}
    predict = getattr(ways, f"{name}_seconds")
    assert ran(name, P, 32, **model).clock == predict(32, P, **model)


@names
@given(st.integers(1, 17), st.integers(1, 20))
def test_the_busiest_rank_sends_no_less_than_the_lower_bound(name, P, n):
    assert max(ran(name, P, n).sent) * P >= 2 * n * (P - 1)


def test_the_ring_wins_from_the_crossover_on():
    model = {"alpha": 1, "beta": 0.5, "gamma": 0}
    turn = ways.crossover(8, 1, 0.5)
    for n, winner in ((8 * int(turn // 8), "tree"), (8 * int(turn // 8 + 1), "ring")):
        clocks = {name: ran(name, 8, n, **model).clock for name in ("tree", "ring")}
        assert min(clocks, key=clocks.get) == winner


def test_a_slow_link_holds_up_every_step_of_a_ring():
    slow = {(2, 3): Link(slow=4)}
    model = {"alpha": 1, "beta": 0, "gamma": 0}
    assert ran("ring", 8, 8, links=slow, **model).clock > 4 * 14 - 8
    assert ran("doubling", 8, 8, links=slow, **model).clock == 6


@names
def test_vectors_of_different_lengths_are_refused_by_numpy(name):
    with pytest.raises(ValueError, match="could not be broadcast"):
        Network(2).run(program(name), [np.ones(4), np.ones(6)])
