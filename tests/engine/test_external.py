import pickle
import subprocess
import sys
from collections import defaultdict
from itertools import count
from operator import add

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323 import Context
from cme323.engine.external import Values, combined, grouped, in_order
from cme323.engine.task import Task, TaskContext, TaskSet
from cme323.engine.worker import Worker

PAIRS = st.lists(st.tuples(st.integers(0, 20), st.integers() | st.text()))
LIMITS = st.sampled_from([2_000, 5_000, 20_000, 10**6])


def task(memory):
    """As in a task of a worker with this much memory."""
    some = Task(TaskSet(0, None, list, {}, count(), {}), 0, 0, 0)
    return TaskContext(some, Worker(memory=memory))


def first(pair):
    return pair[0]


def test_a_sort_that_spills_is_a_sort():
    numbers = [x * 48271 % 65537 for x in range(20_000)]
    with task(memory=100_000) as context:
        assert list(in_order(numbers, lambda x: x, False)) == sorted(numbers)
    assert context.counts.spilled > 40_000


@given(PAIRS, LIMITS, st.booleans())
def test_a_sort_is_stable_in_both_directions_under_every_limit(pairs, memory, reverse):
    with task(memory):
        found = list(in_order(pairs, first, reverse))
    assert found == sorted(pairs, key=first, reverse=reverse)


def test_more_runs_than_are_merged_at_once_are_merged_in_passes():
    numbers = [(x * 48271 % 97, x) for x in range(30_000)]
    with task(memory=16_000) as context:
        found = list(in_order(numbers, first, True))
    assert found == sorted(numbers, key=first, reverse=True)
    once = len(pickle.dumps(numbers))
    assert context.counts.spilled > 1.8 * once, "each record is written twice"


@given(PAIRS, LIMITS)
def test_combiners_meet_their_values_in_order_under_every_limit(pairs, memory):
    expected = defaultdict(list)
    for key, value in pairs:
        expected[key].append(value)
    with task(memory):
        found = list(combined(pairs, lambda v: [v], lambda c, v: [*c, v]))
    assert dict(found) == expected
    assert len(found) == len(expected)


@given(PAIRS, PAIRS, LIMITS)
def test_groups_hold_the_values_of_each_side_in_order(left, right, memory):
    expected = defaultdict(lambda: ([], []))
    for side, pairs in enumerate((left, right)):
        for key, value in pairs:
            expected[key][side].append(value)
    with task(memory):
        found = {k: tuple(map(list, v)) for k, v in grouped([left, right])}
    assert found == expected


def test_many_keys_are_dealt_out_again_and_again():
    pairs = [(f"{x % 7919}", x) for x in range(40_000)]
    with task(memory=50_000) as context:
        found = dict(combined(pairs, lambda v: v, add))
    assert len(found) == 7919
    assert sum(found.values()) == sum(range(40_000))
    assert context.counts.spilled > 2 * len(pickle.dumps(pairs))


def test_few_combiners_of_many_values_never_spill():
    pairs = ((x % 7, 1) for x in range(100_000))
    with task(memory=50_000) as context:
        assert set(dict(combined(pairs, lambda v: v, add)).values()) <= {14285, 14286}
    assert context.counts.spilled == 0


def test_the_values_of_a_huge_key_stay_on_disk():
    with task(memory=50_000):
        ((_, (values, others)),) = grouped([((1, x) for x in range(20_000)), []])
        assert isinstance(values, Values)
        assert len(values) == 20_000
        assert list(values) == list(values) == list(range(20_000))
        assert others == []
        assert len(values.recent) < 2_000
    assert list(pickle.loads(pickle.dumps(values))) == list(range(20_000))


def test_keys_that_only_python_can_hash_are_grouped_too():
    pairs = [(frozenset([(x % 50, slice)]), x) for x in range(5_000)]
    with task(memory=20_000):
        found = {key: len(values) for key, (values,) in grouped([pairs])}
    assert len(found) == 50
    assert set(found.values()) == {100}


def programs(sc):
    """Records of each kind of wide operation, by partition."""
    pairs = sc.range(6_000).map(lambda x: (x * 48271 % 997, x + 0.1))
    other = sc.range(900).map(lambda x: (x, str(x)))
    return {
        "sort": pairs.sortByKey(False),
        "reduce": pairs.reduceByKey(add),
        "group": pairs.groupByKey().mapValues(list),
        "join": pairs.leftOuterJoin(other),
        "distinct": pairs.keys().distinct(),
        "subtract": pairs.subtractByKey(other),
        "move": pairs.partitionBy(5),
        "secondary": pairs.repartitionAndSortWithinPartitions(3),
    }


@pytest.mark.parametrize("name", programs(Context()))
def test_a_limit_changes_no_partition_but_for_the_order_of_keys(name):
    free, tight = Context(3), Context(3, memory="48k")
    expected, found = (programs(sc)[name].glom().collect() for sc in (free, tight))
    if name not in ("sort", "move", "secondary"):
        expected, found = (
            [sorted(part) for part in parts] for parts in (expected, found)
        )
    assert found == expected
    assert sum(job.total("spilled") for job in tight.jobs) > 0
    assert sum(job.total("spilled") for job in free.jobs) == 0
    assert tight.cost.records == free.cost.records
    tight.stop()


def test_large_records_come_one_at_a_time(sc):
    tight = Context(2, memory="1m")
    arrays = tight.range(40).map(lambda x: (-x, np.full(20_000, x)))
    assert arrays.sortByKey().map(lambda kv: kv[1][0]).collect() == [*range(39, -1, -1)]
    assert tight.jobs[-1].total("spilled") > 3_000_000
    tight.stop()


def test_the_files_of_a_shuffle_go_with_it():
    sc = Context(2, memory="64k")
    folder = sc._executor.worker.storage.folder
    moved = sc.range(5_000).map(lambda x: (x, x)).partitionBy(2)
    moved.count()
    assert len(list(folder.iterdir())) == 2
    moved.cleanShuffleDependencies()
    assert not list(folder.iterdir())
    assert moved.count() == 5_000
    del moved
    assert not list(folder.iterdir())
    sc.stop()
    assert not folder.exists()


def test_a_task_that_fails_leaves_no_file_and_no_share():
    sc = Context(2, memory="64k")
    storage = sc._executor.worker.storage
    pairs = sc.range(5_000).map(lambda x: (x, 1 // (4_000 - x)))
    with pytest.raises(ZeroDivisionError):
        pairs.sortByKey().map(lambda x: x).groupByKey().count()
    assert not storage._shares
    assert not list(storage.folder.iterdir())
    sc.stop()


SORT = """
import sys
from pathlib import Path
from cme323 import Context

def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024

def check(numbers):
    last, count = next(numbers), 1
    for x in numbers:
        assert last <= x
        last, count = x, count + 1
    return [count]

before = peak()
sc = Context(memory=sys.argv[1] if len(sys.argv) > 1 else None)
numbers = sc.range(2 * 10**6).map(lambda x: x * 48271 % 2147483647)
assert sum(numbers.sortBy(lambda x: x).mapPartitions(check).collect()) == 2 * 10**6
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_sort_of_two_million_ints_under_48_mb_takes_no_more_of_the_machine():
    # NB: ru_maxrss would be at least that of pytest, which this is a fork of.
    assert grown("48m") < 48 * 2**20
    assert grown() > 60 * 2**20, "without a limit it takes more"


def grown(*memory):
    """The bytes by which a process that sorts grows."""
    command = [sys.executable, "-c", SORT, *memory]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)
