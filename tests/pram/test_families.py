import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.pram import greedy
from cme323.pram.families import (
    graham_anomaly,
    jobs_beside_chain,
    layered_dag,
    random_dag,
)
from cme323.pram.schedule import brent_bound, longest_path_first


@given(st.integers(0, 60), st.integers(1, 10), st.integers(0, 4), st.integers(0, 99))
def test_a_random_task_waits_for_few_and_near_ones(tasks, reach, most, seed):
    dag = random_dag(tasks, reach, most, longest=5, seed=seed)
    assert len(dag.lengths) == tasks
    assert all(1 <= length <= 5 for length in dag.lengths)
    for task, parents in enumerate(dag.parents):
        assert len(set(parents)) == len(parents) <= most
        assert all(task - reach <= parent < task for parent in parents)


def test_equal_seeds_give_equal_dags():
    assert random_dag(50, seed=3) == random_dag(50, seed=3) != random_dag(50, seed=4)
    assert layered_dag([9, 9], 3) == layered_dag([9, 9], 3) != layered_dag([9, 9], 4)


@given(st.lists(st.integers(1, 9), max_size=6), st.integers(0, 99))
def test_layers_are_as_deep_as_they_are_many(widths, seed):
    dag = layered_dag(widths, seed)
    assert (dag.work, dag.depth) == (sum(widths), len(widths))
    assert sorted(dag.ends) == [
        layer for layer, width in enumerate(widths, start=1) for _ in range(width)
    ]


@pytest.mark.parametrize(("jobs", "depth", "P"), [(240, 10, 5), (4, 1, 2), (0, 3, 4)])
def test_jobs_beside_a_chain_attain_brents_bound(jobs, depth, P):
    dag = jobs_beside_chain(jobs, depth)
    assert (dag.work, dag.depth) == (jobs + depth, depth)
    assert greedy(dag, P).makespan == brent_bound(dag, P)
    assert longest_path_first(dag, P).makespan == max(-(-dag.work // P), depth)


def test_the_anomalies_are_those_of_graham():
    assert greedy(graham_anomaly(), 3).makespan == 12
    assert greedy(graham_anomaly(), 4).makespan == 15
    assert greedy(graham_anomaly(shorter=1), 3).makespan == 13
    assert greedy(graham_anomaly(waits=(6, 7)), 3).makespan == 16
