from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323.errors import BadInput
from cme323.pram import DAG, greedy, independent, list_schedule, lpt
from cme323.pram.schedule import (
    brent_bound,
    longest_path_first,
    worst_for_lists,
    worst_for_lpt,
)

processors = st.integers(1, 6)
jobs = st.lists(st.integers(1, 9), min_size=1, max_size=7)


@st.composite
def dags(draw, longest=4):
    """Any DAG: each task waits for a few of the earlier ones."""
    n = draw(st.integers(0, 20))
    parents = [
        draw(st.sets(st.integers(0, task - 1), max_size=3)) if task else ()
        for task in range(n)
    ]
    of = draw(st.lists(st.integers(0, longest), min_size=n, max_size=n))
    return DAG(tuple(of), tuple(map(tuple, parents)))


def optimum(lengths, processors):
    """The best makespan of independent jobs: the slow specification."""
    places = product(range(processors), repeat=len(lengths))
    return min(max(_loads(lengths, place, processors)) for place in places)


def _loads(lengths, place, processors):
    loads = [0] * processors
    for length, processor in zip(lengths, place):
        loads[processor] += length
    return loads


def test_a_diamond_on_two_processors_by_hand():
    diamond = DAG((1, 2, 5, 1), ((), (0,), (0,), (1, 2)))
    schedule = greedy(diamond, 2)
    when = [(s.task, s.processor, s.start, s.end) for s in schedule.spans]
    assert when == [(0, 0, 0, 1), (1, 0, 1, 3), (2, 1, 1, 6), (3, 0, 6, 7)]
    assert (schedule.makespan, schedule.idle, schedule.speedup) == (7, 5, 9 / 7)


@given(dags(), processors, st.randoms(use_true_random=False))
def test_any_list_gives_a_greedy_schedule_of_the_dag(dag, processors, random):
    order = random.sample(range(len(dag.lengths)), len(dag.lengths))
    schedule = list_schedule(dag, processors, order)
    lasting = [task for task, length in enumerate(dag.lengths) if length]
    assert sorted(span.task for span in schedule.spans) == lasting
    ready = _ready_times(dag, {span.task: span.end for span in schedule.spans})
    for span in schedule.spans:
        assert span.end == span.start + dag.lengths[span.task]
        assert span.start >= ready[span.task]
    for now in range(schedule.makespan):
        busy = [s.processor for s in schedule.spans if s.start <= now < s.end]
        assert len(set(busy)) == len(busy) <= processors
        late = [s for s in schedule.spans if ready[s.task] <= now < s.start]
        assert len(busy) == processors or not late


def _ready_times(dag, ends):
    ready = []
    for task, parents in enumerate(dag.parents):
        ready.append(max((ends[parent] for parent in parents), default=0))
        ends.setdefault(task, ready[-1])
    return ready


@given(dags(longest=1), processors)
def test_takes_no_longer_than_brents_bound_and_no_less_than_the_two_laws(dag, P):
    for schedule in (greedy(dag, P), longest_path_first(dag, P)):
        assert max(Fraction(dag.work, P), dag.depth) <= schedule.makespan
        assert schedule.makespan <= Fraction(dag.work - dag.depth, P) + dag.depth


@given(dags())
def test_one_processor_takes_the_work_and_enough_of_them_the_depth(dag):
    assert greedy(dag, 1).makespan == dag.work
    assert greedy(dag, 1).idle == 0
    assert greedy(dag, 1000).makespan == dag.depth


@given(jobs, st.integers(1, 3))
def test_no_list_is_worse_than_graham_says_and_lpt_is_better(lengths, P):
    best = optimum(lengths, P)
    by_list = list_schedule(independent(lengths), P, range(len(lengths))).makespan
    assert best <= by_list <= (2 - Fraction(1, P)) * best
    assert (
        best <= lpt(lengths, P).makespan <= (Fraction(4, 3) - Fraction(1, 3 * P)) * best
    )


@pytest.mark.parametrize("P", [2, 3])
def test_the_worst_jobs_have_the_optimum_that_is_said(P):
    assert optimum(worst_for_lpt(P), P) == 3 * P
    assert optimum(worst_for_lists(P), P) == P


@pytest.mark.parametrize("P", range(2, 17))
def test_the_bounds_of_graham_are_attained(P):
    assert greedy(independent(worst_for_lists(P)), P).makespan == 2 * P - 1
    assert lpt(worst_for_lpt(P), P).makespan == 4 * P - 1


def test_what_is_of_no_length_takes_no_processor():
    through = DAG((1, 0, 0, 1), ((), (0,), (1,), (2,)))
    schedule = greedy(through, 1)
    assert [(s.task, s.start) for s in schedule.spans] == [(0, 0), (3, 1)]
    empty = greedy(DAG((0,), ((),)), 4)
    assert (empty.makespan, empty.idle, empty.speedup) == (0, 0, 1)


def test_brents_bound_of_250_units_with_a_path_of_10_on_5_processors():
    assert brent_bound(independent([10] + [1] * 240), 5) == 58


@pytest.mark.parametrize("processors", [0, -1, 2.0, "two"])
def test_refuses_what_is_no_number_of_processors(processors):
    with pytest.raises(BadInput, match="whole number of processors from 1"):
        greedy(independent([1]), processors)


@pytest.mark.parametrize("order", [[0], [0, 0], [0, 2]])
def test_refuses_a_list_that_does_not_name_each_task_once(order):
    with pytest.raises(BadInput, match="each of the 2 tasks once"):
        list_schedule(independent([1, 1]), 2, order)
