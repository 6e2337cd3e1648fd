"""The simulated cluster: the same answers, on a clock that can be computed by hand."""

from contextlib import suppress
from math import inf
from operator import add

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323 import Cluster, Context
from cme323.engine.task import TaskContext
from cme323.errors import BadInput

# Powers of two, so that sums of times are exact.
PLAIN = {"overhead": 1.0, "alpha": 0.5, "beta": 0.0, "gamma": 0.25}


def cluster(machines, speculation=False, **parameters):
    simulated = Cluster(machines, **{**PLAIN, **parameters})
    return Context(cluster=simulated, speculation=speculation)


def spans(job, fate="done"):
    """(machine, partition, start, end) of each attempt that had this fate."""
    return [
        (span.machine, span.partition, span.start, span.end)
        for span in job.timeline
        if span.fate == fate
    ]


def test_two_machines_and_four_tasks_by_hand():
    """Tasks of 1, 3, 1 and 1 records: 1 s each, and 1/4 s for each record."""
    sc = cluster(2)
    uneven = sc.range(4, numSlices=4)
    uneven.slices[1] = [1, 1, 1]
    assert uneven.count() == 6
    (job,) = sc.jobs
    assert spans(job) == [
        (0, 0, 0.0, 1.25),
        (1, 1, 0.0, 1.75),
        (0, 2, 1.25, 2.5),
        (1, 3, 1.75, 3.0),
    ]
    # The results leave at 1.25, 1.75, 2.5 and 3, and take the driver 1/2 s each.
    assert sc.clock == job.seconds == 3.5
    assert job.result.seconds == 3.0


def test_a_shuffle_by_hand():
    """A task takes 2 records and writes 2; then fetches 1 of the 2 that it reads."""
    sc = cluster(2)
    pairs = sc.parallelize([(0, 0), (1, 1), (0, 2), (1, 3)])
    assert pairs.reduceByKey(add).collectAsMap() == {0: 2, 1: 4}
    (job,) = sc.jobs
    assert [stage.seconds for stage in job.stages] == [1 + 4 / 4, 1 + 2 / 4 + 0.5]
    assert job.seconds == 2 + 2 + 2 * 0.5


def test_bytes_cost_beta():
    sizes, beta = {}, 2**-20
    for data in ("", "x" * 1000):
        sc = cluster(2, beta=beta)
        sc.parallelize([data], 1).collect()
        sizes[data] = sc.clock
    assert 1000 * beta <= max(sizes.values()) - min(sizes.values()) <= 1010 * beta


def test_a_broadcast_takes_a_round_each_time_that_twice_as_many_know():
    for machines, rounds in ((1, 1), (2, 2), (3, 2), (4, 3), (1023, 10), (1024, 11)):
        sc = cluster(machines)
        assert sc.broadcast("w").value == "w"
        assert sc.clock == 0.5 * rounds


def test_a_machine_with_two_cores_runs_two_tasks_at_a_time():
    sc = cluster(1, cores=2)
    assert sc.defaultParallelism == 2
    sc.range(3, numSlices=3).count()
    assert [start for *_, start, _ in spans(sc.jobs[0])] == [0.0, 0.0, 1.25]


def test_cached_records_are_read_where_they_are():
    sc = cluster(4)
    kept = sc.range(8).map(str).cache()
    first, second = (kept.map(lambda x: x).count() and sc.jobs[-1] for _ in range(2))
    placed = [[report.worker for report in j.result.reports] for j in (first, second)]
    assert placed == [[0, 1, 2, 3]] * 2
    assert (second.result.computed, second.total("hits")) == (4, 4)
    assert first.seconds == second.seconds


def test_only_a_simulated_cluster_has_a_clock():
    sc = Context()
    sc.range(3).count()
    assert sc.clock is sc.jobs[0].seconds is sc.jobs[0].result.seconds is None


PROGRAMS = {
    "narrow": lambda sc: sc.range(20).map(lambda x: x + 1).filter(lambda x: x % 2),
    "reduce": lambda sc: sc.range(20).map(lambda x: (x % 3, x)).reduceByKey(add),
    "group": lambda sc: sc.range(9).groupBy(lambda x: x % 4).mapValues(list),
    "sort": lambda sc: sc.parallelize([5, 3, 1, 4, 1]).sortBy(lambda x: -x),
    "join": lambda sc: (
        sc.range(9).map(lambda x: (x % 3, x)).join(sc.parallelize([(0, "a"), (2, "b")]))
    ),
    "twice": lambda sc: (
        sc.range(30).map(lambda x: (x % 7, x)).reduceByKey(add, 5)
        .map(lambda kv: (kv[1] % 2, kv[0])).reduceByKey(max)
    ),
    "zip": lambda sc: sc.range(9).map(lambda x: (x, x)).partitionBy(3).zipWithIndex(),
    "cartesian": lambda sc: sc.range(3).distinct().cartesian(sc.range(3)),
    "coalesce": lambda sc: sc.range(9).distinct().coalesce(2).glom(),
}  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    program=st.sampled_from(list(PROGRAMS.values())),
    cached=st.booleans(),
    partitions=st.integers(1, 6),
    simulated=st.builds(
        Cluster,
        st.integers(1, 6),
        failures=st.none()
        | st.floats(3, 30)
        | st.dictionaries(st.just(0), st.floats(0, 10)),
        stragglers=st.floats(0, 1) | st.just({0: 3.0}),
        restart=st.floats(0, 4),
        cores=st.integers(1, 2),
        seed=st.integers(0, 99),
        overhead=st.floats(0, 0.5),
        gamma=st.floats(0, 0.01),
        alpha=st.floats(0, 0.1),
    ),
    speculation=st.booleans(),
)
def test_gives_the_records_of_the_serial_executor_in_their_order(
    program, cached, partitions, simulated, speculation
):
    sc = Context(
        partitions, cluster=simulated, speculation=speculation, max_failures=99
    )
    rdd, expected = program(sc), program(Context(partitions)).collect()
    if cached:
        rdd.cache()
    assert rdd.collect() == expected
    with suppress(BadInput):  # it can be down already
        sc.kill(0)
    assert rdd.collect() == expected


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_costs_what_it_costs_in_serial_if_nothing_fails(program):
    sc, serial = cluster(3), Context(partitions=3)
    assert program(sc).collect() == program(serial).collect()
    assert sc.cost == serial.cost


@pytest.mark.parametrize("steps", [1, 4, 9])
def test_a_killed_machine_costs_one_computation_for_each_step_of_the_lineage(steps):
    sc = cluster(4)
    rdd = sc.range(8)
    for _ in range(steps - 1):
        rdd = rdd.map(lambda x: x + 1)
    rdd = rdd.cache()
    assert rdd.sum() == 28 + 8 * (steps - 1)
    sc.kill(2)
    assert len(sc.storage) == 3
    assert rdd.sum() == 28 + 8 * (steps - 1)
    assert sc.jobs[-1].recomputed == steps
    rdd.sum()
    assert sc.jobs[-1].recomputed == 0


def test_a_killed_machine_takes_its_shuffle_outputs_with_it():
    sc = cluster(4)
    sums = sc.range(40).map(lambda x: (x % 5, x)).reduceByKey(add)
    before = sums.collect()
    sc.kill(1)
    assert sums.collect() == before
    (wave,) = sc.jobs[-1].rounds
    assert [(stage.tasks, stage.reports[0].partition) for stage in wave] == [(1, 1)]


def test_a_machine_that_dies_in_mid_job_changes_no_answer():
    """It dies 1/2 s into a map task, and is back 1 s later under a new number."""
    sc = cluster(2, failures={1: 0.5}, restart=1.0)
    pairs = sc.parallelize([(0, 0), (1, 1), (0, 2), (1, 3)])
    assert pairs.reduceByKey(add).collectAsMap() == {0: 2, 1: 4}
    (job,) = sc.jobs
    assert job.failures == 1
    assert spans(job, "lost") == [(1, 1, 0.0, 0.5)]
    assert spans(job, "down") == [(1, None, 0.5, 1.5)]
    # What is lost is planned anew once the tasks that run have ended.
    assert spans(job)[:2] == [(0, 0, 0.0, 2.0), (1, 1, 2.0, 4.0)]
    assert {report.worker for report in job.result.reports} == {0, 3}


def test_a_task_is_given_up_when_its_machine_dies_each_time():
    sc = cluster(1, failures=0.01, restart=0.0)
    with pytest.raises(RuntimeError, match=r"machine 0 died at .* s on the clock"):
        sc.range(1, numSlices=1).count()
    assert Context(cluster=Cluster(1)).range(1).count() == 1


def test_a_machine_that_never_comes_back_leaves_its_tasks_to_others():
    sc = cluster(2, failures={0: 0.0}, restart=inf)
    assert sc.range(4).count() == 4
    assert {report.worker for report in sc.jobs[0].result.reports} == {1}
    sc.kill(1)
    with pytest.raises(RuntimeError, match="every machine of the cluster has died"):
        sc.range(4).count()


def test_a_block_on_another_machine_does_not_stand_for_a_lost_shuffle():
    """The task runs where `here` is cached, and has to compute `there`, whose block is
    on another machine, and which needs a map output that went with a third one."""
    sc = cluster(3, restart=4.0)
    there = sc.range(3).map(lambda x: (2, x)).partitionBy(3).values().cache()
    sc.kill(2)
    assert there.count() == 3
    while sc.clock < 9:
        sc.broadcast("machine 2 is back, but has nothing")
    here = sc.range(9).mapPartitions(lambda it: list(it)[:3]).cache()
    here.count()
    holders = [sc.storage.workers(rdd, 2) for rdd in (here, there)]
    assert holders == [[5], [0]]
    sc.kill(1)
    assert sc.runJob(here.zip(there), list, [2]) == [(6, 0), (7, 1), (8, 2)]


def test_a_copy_beats_a_straggler():
    """3 tasks take 1 s; the 4th would take 8. It is late after 1.5 s, and copied."""
    ends = {}
    for speculation in (False, True):
        sc = cluster(4, speculation, stragglers={1: 8.0}, gamma=0.0)
        assert sc.range(4).sum() == 6
        ends[speculation] = sc.jobs[0].result.seconds
    assert ends == {False: 8.0, True: 2.5}
    (job,) = sc.jobs
    assert job.copies == 1
    assert spans(job, "dropped") == [(1, 1, 0.0, 2.5)]


def test_no_task_is_copied_while_others_wait():
    sc = cluster(2, speculation=True, stragglers={1: 2.0}, gamma=0.0)
    sc.range(8, numSlices=8).count()
    assert sc.jobs[0].copies == 1  # of the last one, when machine 0 is done


def test_accumulators_count_the_copy_that_ended_first_and_no_other():
    sc = cluster(4, speculation=True, stragglers={1: 8.0})
    seen = sc.accumulator(0)
    sc.range(8).foreach(seen.add)
    assert (seen.value, sc.jobs[0].copies) == (28, 1)


def story(seed):
    """All that a run tells: the clock, what it cost, and what ran where and when."""
    simulated = Cluster(5, failures=20.0, stragglers=0.3, restart=1.0, seed=seed)
    sc = Context(cluster=simulated, speculation=True)
    for _ in range(3):
        sc.range(5000).map(lambda x: (x % 7, x)).reduceByKey(add).collect()
    return sc.clock, sc.cost, [job.timeline for job in sc.jobs]


def test_two_runs_tell_the_same_story_and_another_seed_another():
    assert story(seed=0) == story(seed=0)
    assert story(seed=0) != story(seed=1)


def test_the_draw_of_stragglers_does_not_depend_on_the_order_of_tasks():
    def slow(machines):
        sc = cluster(machines, stragglers=0.5, gamma=0.0)
        sc.range(16, numSlices=16).count()
        return {i for _, i, start, end in spans(sc.jobs[0]) if end - start > 1}

    assert slow(16) == slow(3) != set()


def test_machines_live_for_the_mean_of_an_exponential_distribution():
    lifetimes = [Cluster(failures=60.0, seed=1).lifetime(i) for i in range(10_000)]
    assert sum(lifetimes) / 10_000 == pytest.approx(60, rel=4 / 100)  # 4 deviations


def test_collect_pays_for_each_result_and_a_tree_for_their_root():
    clocks = {}
    for action in ("sum", "treeReduce"):
        sc = cluster(64)
        numbers = sc.range(64)
        numbers.sum() if action == "sum" else numbers.treeReduce(add)
        clocks[action] = sc.clock
    assert clocks["sum"] == 1.25 + 64 * 0.5
    # 8 partitions: each fetches from 7 others; then 8 results.
    assert clocks["treeReduce"] == (1 + 2 / 4) + (1 + 8 / 4 + 7 * 0.5) + 8 * 0.5


def test_a_thousand_machines_take_no_more_work_than_there_are_blocks(monkeypatch):
    """1,024 tasks with 1 key each: 1,024 blocks, not 1,024 x 1,024."""
    sc = cluster(1024)
    pairs = sc.range(1024).map(lambda x: (0, x)).reduceByKey(add)
    assert pairs.collect() == [(0, 1023 * 512)]
    (job,) = sc.jobs
    assert sum(report.counts.fetches for report in job.result.reports) == 1023
    assert job.seconds == (1 + 2 / 4) + (1 + 1024 / 4 + 1023 / 2) + 1024 / 2 - (
        # All but one result have arrived long before the last task ends.
        1023 / 2
    )


def test_an_error_in_a_task_ends_the_job_and_leaves_the_cluster_usable():
    sc = cluster(2)
    with pytest.raises(ZeroDivisionError):
        sc.range(4).map(lambda x: 1 // (x - 3)).collect()
    assert sc.range(4).collect() == [0, 1, 2, 3]


def test_a_task_that_fails_is_tried_again_on_the_clock():
    sc = cluster(2, gamma=0.0)
    rdd = sc.range(2).map(lambda x: 1 // TaskContext.get().attemptNumber())
    assert rdd.collect() == [1, 1]
    assert spans(sc.jobs[0], "failed") == [(0, 0, 0.0, 1.0), (1, 1, 0.0, 1.0)]


BAD = {
    "no machine": ({"machines": 0}, "machines must be a whole number from 1, not 0"),
    "half a core": ({"cores": 0.5}, "cores must be a whole number from 1, not 0.5"),
    "who fails": ({"failures": {8: 1}}, "failures must be of machines 0 to 7, not 8"),
    "who is slow": ({"stragglers": {-1: 2}}, "stragglers must be of machines 0 to 7"),
    "when": ({"failures": {0: -1}}, r"failures\[0\] must be a number from 0"),
    "no life": ({"failures": 0}, "failures must be a mean lifetime above 0"),
    "chance": ({"stragglers": 2}, "stragglers must be a number from 0 to 1, not 2"),
    "latency": ({"alpha": -1}, "alpha must be a number from 0 to inf, not -1"),
}


@pytest.mark.parametrize(("parameters", "message"), BAD.values(), ids=BAD)
def test_says_what_a_cluster_cannot_be(parameters, message):
    with pytest.raises(BadInput, match=message):
        Cluster(**parameters)


def test_refuses_a_cluster_beside_another_executor():
    for other in ({"executor": "processes"}, {"executor": "serial"}, {"workers": 2}):
        with pytest.raises(BadInput, match="give cluster=, or executor="):
            Context(cluster=Cluster(), **other)


def test_refuses_to_kill_what_does_not_live():
    sc = cluster(2)
    with pytest.raises(BadInput, match="needs the number of a machine, 0 to 1, not 7"):
        sc.kill(7)
    sc.kill(1)
    with pytest.raises(BadInput, match="machine 1 is down already"):
        sc.kill(1)
    with pytest.raises(BadInput, match="has no worker that could die"):
        Context().kill(0)
    with pytest.raises(RuntimeError, match="inside a task"):
        sc.range(2).foreach(sc.kill)
