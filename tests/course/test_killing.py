"""A worker that dies in the middle of a job, and what that changes: nothing."""

from operator import add

import pytest

from cme323 import Context
from cme323.course.killing import Killing


def by_remainder(sc):
    return sc.range(30).map(lambda x: (x % 7, x)).reduceByKey(add).cache()


def test_one_attempt_is_lost_in_each_job_that_is_named():
    with Killing(jobs={0, 2}) as sc:
        rdd = by_remainder(sc)
        answers = [rdd.collect() for _ in range(3)]
        assert [job.failures for job in sc.jobs] == [1, 0, 1]
    assert answers == [by_remainder(Context(4)).collect()] * 3


def test_what_the_dead_had_is_computed_again():
    with Killing(jobs={1}, partitions=6, workers=3) as sc:
        rdd = sc.range(12).map(str).cache()
        assert [rdd.count(), rdd.count()] == [12, 12]
        # Two partitions of each worker, and each has two steps.
        assert sc.jobs[1].recomputed == 4


def test_without_a_named_job_nobody_dies():
    with Killing(jobs=()) as sc:
        assert sc.range(10).sum() == 45
        assert sc.jobs[0].failures == 0


def test_an_error_of_the_program_is_not_hidden_by_the_fuse():
    with Killing(jobs={0}) as sc, pytest.raises(ZeroDivisionError):
        sc.range(4).map(lambda x: 1 // 0).collect()
