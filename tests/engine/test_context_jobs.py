from threading import Event, Thread

import pytest

from cme323 import Context
from cme323.engine import JobCancelled

PATIENCE = 60  # seconds until a test that hangs is given up


def hold(sc, group=None, parts=3, at=0):
    """Start a job in a thread that waits in task `at`: (go on, what came of it)."""
    begun, go_on, came = Event(), Event(), {}

    def wait(number, records):
        if number == at:
            begun.set()
            assert go_on.wait(PATIENCE)
        return records

    def work():
        if group:
            sc.setJobGroup(group, "in a thread")
        try:
            came["value"] = rdd.mapPartitionsWithIndex(wait).count()
        except JobCancelled as error:
            came["error"] = str(error)

    rdd, thread = sc.range(9, numSlices=parts), Thread(target=work)
    thread.start()
    assert begun.wait(PATIENCE)

    def end():
        go_on.set()
        thread.join(PATIENCE)
        return came

    return end


def test_jobs_carry_their_group_and_description(sc):
    sc.setJobGroup("lecture 5", "ranks")
    sc.range(3).count()
    sc.setJobDescription("once more")
    sc.range(3).count()
    sc.setLocalProperty("spark.jobGroup.id", None)
    sc.setJobDescription(None)
    sc.range(3).count()
    assert [(job.group, job.description) for job in sc.jobs] == [
        ("lecture 5", "ranks"),
        ("lecture 5", "once more"),
        (None, None),
    ]


def test_a_job_of_a_cancelled_group_raises_in_its_own_thread(sc):
    end = hold(sc, "lecture 5")
    sc.cancelJobGroup("lecture 5")
    assert end() == {"error": "Job 0 cancelled part of cancelled job group lecture 5"}
    assert sc.jobs == []
    assert sc.range(4).map(lambda x: (x % 2, x)).groupByKey().count() == 2


def test_a_cancelled_group_can_run_again(sc):
    end = hold(sc, "lecture 5")
    sc.cancelJobGroup("lecture 5")
    end()
    sc.setJobGroup("lecture 5", "once more")
    assert sc.range(4).count() == 4


def test_jobs_of_other_groups_go_on(sc):
    end = hold(sc, "lecture 5")
    sc.cancelJobGroup("lecture 4")
    sc.cancelJobGroup(None)
    assert end() == {"value": 9}


@pytest.mark.parametrize("group", ["lecture 5", None])
def test_cancelling_all_needs_no_group(sc, group):
    end = hold(sc, group)
    sc.cancelAllJobs()
    assert end() == {"error": "Job 0 cancelled as part of cancellation of all jobs"}


def test_no_task_begins_after_a_cancel(sc):
    end = hold(sc, at=1)
    sc.cancelAllJobs()
    end()
    (stage,) = sc.statusTracker().getJobInfo(0).stageIds
    info = sc.statusTracker().getStageInfo(stage)
    assert (info.numTasks, info.numCompletedTasks) == (3, 2)


def test_a_cancel_during_the_last_task_counts(sc):
    end = hold(sc, at=2)
    sc.cancelAllJobs()
    assert "error" in end()


def test_a_shuffle_that_was_cancelled_runs_again(sc):
    def cancel(x):
        if sc.jobs == [] and x == 5:
            sc.cancelAllJobs()
        return x % 2, x

    grouped = sc.range(9).map(cancel).groupByKey().mapValues(sorted)
    with pytest.raises(JobCancelled):
        grouped.collect()
    sc.range(1).count()
    assert dict(grouped.collect()) == {0: [0, 2, 4, 6, 8], 1: [1, 3, 5, 7]}


def test_stopping_the_context_cancels_its_jobs(sc):
    end = hold(sc)
    sc.stop()
    assert end() == {"error": "Job 0 cancelled because the context was stopped"}


def test_each_thread_has_its_own_properties(sc):
    seen = []
    sc.setJobGroup("mine", "here")
    thread = Thread(
        target=lambda: seen.append(sc.getLocalProperty("spark.jobGroup.id"))
    )
    thread.start()
    thread.join(PATIENCE)
    assert seen == [None]
    assert sc.getLocalProperty("spark.jobGroup.id") == "mine"


def test_a_collect_can_name_its_group(sc):
    with pytest.warns(FutureWarning, match="Deprecated in 3.1"):
        assert sc.range(3).collectWithJobGroup("lecture 5", "ranks") == [0, 1, 2]
    assert (sc.jobs[0].group, sc.jobs[0].description) == ("lecture 5", "ranks")


def test_refuses_what_it_cannot_promise_a_group(sc):
    for refused in (
        lambda: sc.setJobGroup("lecture 5", "ranks", interruptOnCancel=True),
        lambda: sc.setInterruptOnCancel(True),
    ):
        with pytest.raises(
            NotImplementedError, match="stops when one of its tasks ends"
        ):
            refused()
    with pytest.raises(TypeError, match="must be a str, not int"):
        sc.setLocalProperty("key", 3)


def test_the_tracker_follows_a_job(sc):
    tracker = sc.statusTracker()
    end = hold(sc, "lecture 5", at=1)
    assert tracker.getActiveJobsIds() == tracker.getJobIdsForGroup("lecture 5") == [0]
    assert tracker.getJobInfo(0).status == "RUNNING"
    (stage,) = tracker.getActiveStageIds()
    info = tracker.getStageInfo(stage)
    assert (info.numTasks, info.numActiveTasks, info.numCompletedTasks) == (3, 2, 1)
    end()
    assert tracker.getActiveJobsIds() == tracker.getActiveStageIds() == []
    assert tracker.getJobInfo(0).status == "SUCCEEDED"


def test_a_job_on_other_processes_is_cancelled_too(tmp_path):
    begun, said = tmp_path / "begun", []

    def task(x):
        begun.touch()
        return x

    def work():
        sc.setJobGroup("lecture 5", "ranks")
        try:
            for _ in range(1000):
                sc.range(4).foreach(task)
        except JobCancelled as error:
            said.append(str(error))

    with Context(executor="processes") as sc:
        thread = Thread(target=work)
        thread.start()
        while thread.is_alive() and not said:
            thread.join(0.01)
            if begun.exists():
                sc.cancelJobGroup("lecture 5")
        thread.join(PATIENCE)
        assert "cancelled part of cancelled job group lecture 5" in said[0]
        assert sc.range(4).count() == 4
