from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from cme323.errors import BadInput
from cme323.network import Network
from cme323.network import sampling as ways
from cme323.network.sampling import (
    bernoulli_sample,
    bernoulli_words,
    random_sample,
    random_sample_cost,
)

programs = pytest.mark.parametrize("program", [random_sample, bernoulli_sample])


def spread(n, P):
    return [part.tolist() for part in np.array_split(np.arange(n), P)]


@programs
def test_a_sample_of_all_has_all(program):
    sample, *others = Network(3).run(program, [[1, 2], [], [3]], k=5)
    assert sorted(sample) == [1, 2, 3]
    assert others == [None, None]


@programs
@given(st.integers(0, 60), st.integers(1, 9), st.integers(0, 20), st.integers(0, 9))
def test_it_has_k_different_items(program, n, P, k, seed):
    sample = Network(P, seed=seed).run(program, spread(n, P), k=k)[0]
    assert len(sample) == len(set(sample)) == min(k, n)
    assert set(sample) <= set(range(n))


@given(st.integers(0, 60), st.integers(1, 9), st.integers(0, 20), st.integers(0, 9))
def test_both_draw_the_same_sample(n, P, k, seed):
    first = Network(P, seed=seed).run(random_sample, spread(n, P), k=k)
    assert first == Network(P, seed=seed).run(bernoulli_sample, spread(n, P), k=k)


def test_a_threshold_that_is_too_low_is_made_good(monkeypatch):
    monkeypatch.setattr(ways, "sqrt", lambda k: -4)
    network = Network(4)
    sample = network.run(bernoulli_sample, spread(400, 4), k=12)[0]
    assert sample == Network(4).run(random_sample, spread(400, 4), k=12)[0]
    assert network.cost.messages == 8 + 3 + 3 + 3


def test_every_item_is_as_likely_wherever_it_is():
    counts = Counter()
    parts = [[0], [1, 2, 3, 4, 5, 6, 7], [8, 9]]
    for seed in range(2000):
        counts.update(Network(3, seed=seed).run(random_sample, parts, k=3)[0])
    assert chisquare([counts[item] for item in range(10)]).pvalue > 0.001


@pytest.mark.parametrize("P", [1, 2, 3, 8, 13])
def test_costs_what_is_predicted(P):
    network = Network(P)
    network.run(random_sample, spread(20 * P, P), k=10)
    cost = network.cost
    predicted = random_sample_cost(10, P)
    assert cost.known | predicted.known == cost.known


@pytest.mark.parametrize("P", [8, 32])
def test_a_threshold_saves_words(P):
    network, plain = Network(P), Network(P)
    network.run(bernoulli_sample, spread(200 * P, P), k=100)
    plain.run(random_sample, spread(200 * P, P), k=100)
    counting = P * (P.bit_length() - 1) + P - 1
    assert network.cost.records - counting <= bernoulli_words(100, P) * 1.1
    assert network.cost.records < plain.cost.records / 3


@programs
def test_a_negative_sample_is_refused(program):
    with pytest.raises(BadInput, match="at least 0 items, not -1"):
        Network(2).run(program, [[1], [2]], k=-1)
