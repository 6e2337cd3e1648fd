import pytest


def test_jobs_by_group(sc):
    tracker = sc.statusTracker()
    sc.range(3).count()
    sc.setJobGroup("lecture 5", "ranks")
    sc.range(3).count()
    sc.range(3).count()
    assert tracker.getJobIdsForGroup() == [0]
    assert tracker.getJobIdsForGroup("lecture 5") == [1, 2]
    assert tracker.getJobIdsForGroup("lecture 4") == []


def test_a_job_tells_its_stages_and_they_their_tasks(sc):
    tracker = sc.statusTracker()
    sc.range(8).map(lambda x: (x % 2, x)).groupByKey(2).count()
    job = tracker.getJobInfo(0)
    stages = [tracker.getStageInfo(number) for number in job.stageIds]
    assert (job.jobId, job.status) == (0, "SUCCEEDED")
    assert sorted((s.numTasks, s.numCompletedTasks) for s in stages) == [(2, 2), (3, 3)]
    assert {stage.number for stage in sc.jobs[0].stages} == set(job.stageIds)


def test_a_shuffle_that_has_run_is_no_stage_of_the_next_job(sc):
    rdd = sc.range(8).map(lambda x: (x % 2, x)).groupByKey(2)
    rdd.count()
    rdd.count()
    assert len(sc.statusTracker().getJobInfo(1).stageIds) == 1


def test_a_job_that_fails_has_an_id_too(sc):
    tracker = sc.statusTracker()
    with pytest.raises(ZeroDivisionError):
        sc.range(3).map(lambda x: 1 // (x - 1)).count()
    sc.range(3).count()
    failed, succeeded = tracker.getJobInfo(0), tracker.getJobInfo(1)
    assert (failed.status, succeeded.status) == ("FAILED", "SUCCEEDED")
    stage = tracker.getStageInfo(failed.stageIds[0])
    assert (stage.numTasks, stage.numCompletedTasks, stage.numFailedTasks) == (3, 1, 1)
    assert tracker.getActiveStageIds() == []


@pytest.mark.parametrize("number", [-1, 1, 99])
def test_an_unknown_id_is_none(sc, number):
    sc.range(3).count()
    tracker = sc.statusTracker()
    assert tracker.getJobInfo(number) is tracker.getStageInfo(number) is None
