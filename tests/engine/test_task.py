import pickle
from decimal import Decimal

import pytest

from cme323 import Context
from cme323.engine import TaskContext


@pytest.fixture(params=["serial", "processes"])
def sc(request):
    with Context(partitions=3, executor=request.param) as sc:
        yield sc


def test_a_task_knows_its_numbers(sc):
    sc.setLocalProperty("key", "value")
    found = sc.range(6).mapPartitions(lambda it: [TaskContext.get()]).collect()
    assert [context.partitionId() for context in found] == [0, 1, 2]
    assert {context.stageId() for context in found} == {0}
    assert {context.attemptNumber() for context in found} == {0}
    assert len({context.taskAttemptId() for context in found}) == 3
    assert {context.getLocalProperty("key") for context in found} == {"value"}
    assert found[0].getLocalProperty("other") is None
    assert (found[0].cpus(), found[0].cpuAmount()) == (1, Decimal(1))
    assert found[0].resources() == {}


def test_the_driver_is_in_no_task(sc):
    sc.range(3).count()
    assert TaskContext.get() is None


def test_is_the_same_after_a_journey():
    context = TaskContext.from_json({"stageId": 3, "partitionId": 1})
    assert pickle.loads(pickle.dumps(context)).stageId() == 3


def test_attempts_differ_in_their_id(sc):
    with Context(partitions=1, max_failures=2) as sc:
        ids = sc.accumulator(0)

        def fail_at_first(x):
            if TaskContext.get().attemptNumber() == 0:
                raise OSError("once")
            ids.add(TaskContext.get().taskAttemptId())

        sc.range(1).foreach(fail_at_first)
        assert ids.value == 1
