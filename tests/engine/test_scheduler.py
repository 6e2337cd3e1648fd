from operator import add

import pytest

from cme323.measure import run


def pair(x):
    return x % 4, x


def test_a_job_lists_its_stages(sc):
    sc.range(12).map(pair).reduceByKey(add).mapValues(str).count()
    (job,) = sc.jobs
    assert job.action == "count"
    assert [(stage.tasks, stage.records) for stage in job.stages] == [(3, 12), (3, 0)]


def test_shuffles_that_do_not_wait_for_each_other_share_a_round(sc):
    a, b = sc.range(9).map(pair).groupByKey(2), sc.range(9).map(pair).groupByKey(5)
    a.join(b).count()
    (job,) = sc.jobs
    assert [len(wave) for wave in job.rounds] == [2, 1]
    assert len(job.stages) == 4


def test_an_unbalanced_lineage_puts_each_shuffle_as_early_as_it_can(sc):
    deep = sc.range(9).map(pair).groupByKey().map(lambda kv: (kv[0], 1)).groupByKey(4)
    flat = sc.range(9).map(pair)
    deep.join(flat, 5).count()
    assert len(sc.jobs[0].rounds) == 3


def test_a_cached_rdd_is_computed_once_and_needs_no_ancestors(sc):
    seen = sc.accumulator(0)

    def note(x):
        seen.add(1)
        return pair(x)

    kept = sc.range(12).map(note).groupByKey().mapValues(len).cache()
    assert kept.count() == kept.count() == 4
    assert seen.value == 12
    assert sc.jobs[1].rounds == ()


def test_without_a_cache_narrow_work_is_done_again(sc):
    seen = sc.accumulator(0)
    rdd = sc.range(5).map(lambda x: seen.add(1))
    rdd.count(), rdd.count()
    assert seen.value == 10


def test_unpersist_forgets(sc):
    rdd = sc.range(9).cache()
    rdd.count()
    assert len(sc.storage) == 3
    rdd.unpersist()
    assert len(sc.storage) == 0
    assert rdd.count() == 9


def test_a_cache_dies_with_its_rdd(sc):
    sc.range(9).cache().count()
    assert len(sc.storage) == 0


def test_a_failed_task_leaves_the_context_usable(sc):
    total = sc.accumulator(0)

    def fail_at_seven(x):
        total.add(x)
        return 1 // (x - 7)

    with pytest.raises(ZeroDivisionError):
        sc.range(9).map(fail_at_seven).map(pair).groupByKey().count()
    assert total.value == 0 + 1 + 2 + 3 + 4 + 5, "the task that failed adds nothing"
    assert run(lambda sc: sc.range(9).map(pair).groupByKey().count(), sc).value == 4


def test_an_rdd_inside_a_task_is_refused(sc):
    inner = sc.range(3)
    with pytest.raises(RuntimeError, match="can only be used on the driver"):
        sc.range(3).map(lambda x: inner.count()).collect()
    assert inner.count() == 3


def test_an_accumulator_cannot_be_read_in_a_task(sc):
    total = sc.accumulator(0)
    with pytest.raises(RuntimeError, match="only the driver"):
        sc.range(3).map(lambda x: total.value).collect()


def test_the_lineage_as_text_shows_where_shuffles_cut(sc):
    rdd = sc.range(3).map(pair).partitionBy(2).mapValues(str).cache()
    assert rdd.toDebugString().decode() == (
        "(2) mapValues RDD[3] [cached]\n"
        " |  partitionBy RDD[2]\n"
        " +-(3) map RDD[1]\n"
        "    |  parallelize RDD[0]"
    )
