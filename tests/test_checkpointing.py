"""A run that saves its state: by hand, on the engine's cluster, and by the formulas."""

from itertools import count, repeat
from math import exp, inf, sqrt
from statistics import fmean, stdev

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import lambertw

from cme323 import Cluster, Context
from cme323.checkpointing import (
    best_interval,
    expected_seconds,
    exponential_lives,
    run_seconds,
    young_interval,
)
from cme323.errors import BadInput


def test_three_segments_and_a_death_by_hand():
    assert run_seconds(3, 10, 1, [25, 100], restart=5) == 25 + 5 + 11
    assert run_seconds(3, 10, 1, [33, 100]) == 33
    assert run_seconds(3, 10, 1, [32, 10, 11]) == 32 + 10 + 11


def by_the_second(segments, interval, checkpoint, lives, restart):
    """The same, second by second."""
    clock = saved = 0
    for life in lives:
        done = 0
        for _ in range(life):
            clock, done = clock + 1, done + 1
            if done == interval + checkpoint:
                saved, done = saved + 1, 0
            if saved == segments:
                return clock
        clock += restart


few = st.integers(0, 6)


@given(few.map(lambda n: n + 1), few, few, few, st.lists(st.integers(0, 40)))
def test_agrees_with_a_clock_that_ticks(segments, interval, checkpoint, restart, lives):
    lives = [*lives, 1000]
    setting = segments, interval + 1, checkpoint, lives, restart
    assert run_seconds(*setting) == by_the_second(*setting)


@pytest.mark.parametrize("seed", range(5))
def test_agrees_with_the_cluster_of_the_engine(seed):
    costs = {"overhead": 4, "alpha": 0, "beta": 0, "gamma": 0}
    machine = Cluster(1, failures=30, restart=3, seed=seed, **costs)
    sc = Context(cluster=machine)
    for _ in range(40):
        sc.range(1).count()
    seconds = run_seconds(40, 3, 1, map(machine.lifetime, count()), 3)
    assert sc.clock == pytest.approx(seconds, rel=1e-12)


@given(few, st.integers(1, 9), few, few)
def test_a_machine_that_never_dies_loses_only_the_checkpoints(n, tau, c, restart):
    assert run_seconds(n, tau, c, [inf], restart) == n * (tau + c)


@pytest.mark.parametrize(("tau", "c", "m", "r"), [(10, 1, 50, 5), (30, 10, 30, 100)])
def test_takes_on_average_what_is_predicted(tau, c, m, r):
    def seconds(seed):
        lives = exponential_lives(m, np.random.default_rng(seed))
        return run_seconds(50, tau, c, lives, r)

    runs = [seconds(seed) for seed in range(400)]
    room = 3 * stdev(runs) / sqrt(len(runs))
    assert abs(fmean(runs) - expected_seconds(50, tau, c, m, r)) <= room


costs = st.floats(1e-4, 10)


@given(costs)
def test_the_best_interval_is_what_scipy_finds(c):
    found = minimize_scalar(
        lambda tau: expected_seconds(1 / tau, tau, c, 1.0),
        bounds=(1e-3, 1),
        method="bounded",
        options={"xatol": 1e-9},
    )
    assert best_interval(c, 1.0) == pytest.approx(found.x, rel=1e-3)
    assert best_interval(c, 1.0) == pytest.approx(1 + lambertw(-exp(-1 - c)).real)


@given(costs, st.floats(0.1, 10))
def test_only_the_ratio_of_checkpoint_and_life_matters(c, scale):
    assert best_interval(c * scale, scale) == pytest.approx(scale * best_interval(c, 1))
    young = scale * young_interval(c, 1)
    assert young_interval(c * scale, scale) == pytest.approx(young)


@pytest.mark.parametrize(
    ("c", "ratio"), [(1e-6, 1), (0.001, 0.985), (0.01, 0.953), (0.1, 0.857), (1, 0.595)]
)
def test_youngs_interval_is_too_long_if_checkpoints_are_long(c, ratio):
    assert best_interval(c, 1) / young_interval(c, 1) == pytest.approx(ratio, abs=1e-3)


def test_a_machine_that_dies_for_good_is_told_of():
    with pytest.raises(BadInput, match="died for good with 2 segments to go"):
        run_seconds(5, 10, 1, [11, 22])


def test_a_segment_that_no_life_is_long_enough_for_is_told_of():
    with pytest.raises(BadInput, match="died for good with 1 segments"):
        run_seconds(1, 10, 1, repeat(10.5, 1000))


@pytest.mark.parametrize("setting", [(0, 0), (-1, 5), (5, -1)])
def test_refuses_a_segment_that_takes_no_time(setting):
    with pytest.raises(BadInput, match=f"interval={setting[0]}, checkpoint"):
        run_seconds(1, *setting, [10])
