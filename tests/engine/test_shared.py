import os
import pickle
import subprocess
import sys

import pytest

from cme323 import Context
from cme323.engine import AccumulatorParam, Broadcast


@pytest.fixture
def sc():
    with Context(partitions=3) as sc:
        yield sc


@pytest.fixture(autouse=True)
def no_copies(monkeypatch):
    """This process has received no broadcast yet."""
    monkeypatch.setattr(Broadcast, "_copies", {})


def copied(broadcast):
    return pickle.loads(pickle.dumps(broadcast))


class Unpicklable:
    def __reduce__(self):
        raise TypeError("no pickle of me")


class Counting:
    """Counts how often it was pickled."""

    pickled = 0

    def __reduce__(self):
        Counting.pickled += 1
        return Counting, ()


class Longest(AccumulatorParam):
    def zero(self, value):
        return ""

    def addInPlace(self, value1, value2):
        return max(value1, value2, key=len)


class Appending(AccumulatorParam):
    """Adds in place, as PySpark allows."""

    def zero(self, value):
        return []

    def addInPlace(self, value1, value2):
        value1.extend(value2)
        return value1


def test_a_broadcast_is_read_by_tasks(sc):
    table = sc.broadcast({1: "one"})
    assert sc.parallelize([1, 2]).map(table.value.get).collect() == ["one", None]


def test_here_a_broadcast_is_the_object_itself(sc):
    value = Unpicklable()
    broadcast = sc.broadcast(value)
    assert broadcast.value is value
    assert sc.range(1).map(lambda x: broadcast.value is value).collect() == [True]


def test_a_pickle_carries_a_path_and_not_the_value(sc):
    small, large = sc.broadcast(0), sc.broadcast(list(range(10_000)))
    assert len(pickle.dumps(large)) < len(pickle.dumps(small)) + 50 < 400
    assert copied(large).value == large.value


def test_the_value_is_dumped_once_and_loaded_once(sc):
    Counting.pickled = 0
    broadcast = sc.broadcast(Counting())
    first, second = copied(broadcast), copied(broadcast)
    assert Counting.pickled == 1
    assert first is second
    assert first.value is second.value is not broadcast.value


def test_another_process_loads_it(sc):
    program = "import pickle, sys; print(sum(pickle.load(sys.stdin.buffer).value))"
    ran = subprocess.run(
        [sys.executable, "-c", program],
        input=pickle.dumps(sc.broadcast([1, 2, 3])),
        capture_output=True,
        check=True,
    )
    assert ran.stdout.split() == [b"6"]


def test_after_unpersist_it_is_sent_again(sc):
    broadcast = sc.broadcast([1, 2])
    first = copied(broadcast)
    assert first.value == [1, 2]
    broadcast.unpersist()
    second = copied(broadcast)
    assert second is not first
    assert second.value == broadcast.value == [1, 2]
    assert list(Broadcast._copies.values()) == [second], "the first is forgotten"


@pytest.mark.parametrize("blocking", [False, True])
def test_after_destroy_nothing_can_use_it(sc, blocking):
    broadcast = sc.broadcast([1, 2])
    unread = copied(broadcast)
    broadcast.destroy(blocking)
    message = r"Attempted to use Broadcast\(0\) after it was destroyed"
    for use in (
        lambda: broadcast.value,
        lambda: unread.value,
        lambda: pickle.dumps(broadcast),
        broadcast.unpersist,
        broadcast.destroy,
        lambda: sc.range(1).map(lambda x: broadcast.value).collect(),
    ):
        with pytest.raises(RuntimeError, match=message):
            use()
    assert list(sc.scratch.path.iterdir()) == []


def test_only_the_driver_can_take_it_away(sc):
    broadcast = sc.broadcast([1, 2])
    copy = copied(broadcast)
    for refused, operation in (
        (copy.unpersist, "unpersisted"),
        (copy.destroy, "destroyed"),
        (lambda: pickle.dumps(copy), "serialized"),
        (lambda: sc.range(1).foreach(lambda x: broadcast.destroy()), "destroyed"),
    ):
        with pytest.raises(RuntimeError, match=f"can only be {operation} in driver"):
            refused()


def test_dumps_and_loads_files(sc, tmp_path):
    one, other = sc.broadcast([1, 2]), sc.broadcast(0)
    path = tmp_path / "dumped"
    with path.open("wb") as f:
        one.dump(one.value, f)
        assert f.closed
    with path.open("rb") as f:
        assert other.load(f) == other.load_from_path(path) == [1, 2]


def test_says_what_cannot_be_pickled(sc):
    with pytest.raises(
        pickle.PicklingError,
        match="Could not serialize broadcast: TypeError: no pickle of me",
    ):
        pickle.dumps(sc.broadcast(Unpicklable()))


def test_the_value_cannot_be_replaced(sc):
    with pytest.raises(AttributeError):
        sc.broadcast(1).value = 2


@pytest.mark.parametrize(("start", "term"), [(1, 2), (1.5, 2), (1j, 2.5), (True, 1)])
def test_numbers_need_no_param(sc, start, term):
    total = sc.accumulator(start)
    assert total.value is start
    sc.range(3).foreach(lambda x: total.add(term))
    total += term
    assert total.value == start + 4 * term


def test_other_types_need_a_param(sc):
    with pytest.raises(TypeError, match="No default accumulator param for type <class"):
        sc.accumulator([])
    longest = sc.accumulator("", Longest())
    sc.parallelize(["a", "abc", "ab"]).foreach(longest.add)
    assert longest.value == "abc"


def test_a_param_may_add_in_place(sc):
    start = ["a"]
    letters = sc.accumulator(start, Appending())
    sc.parallelize("bcd").foreach(lambda letter: letters.add([letter]))
    letters += ["e"]
    assert letters.value == list("abcde")
    assert letters.value is start, "as in PySpark"


def test_a_param_says_what_it_cannot_do(sc):
    total = sc.accumulator([], AccumulatorParam())
    with pytest.raises(NotImplementedError):
        total.add([1])


def test_the_driver_sets_the_value(sc):
    total = sc.accumulator(1)
    total.value = 20
    sc.range(3).foreach(total.add)
    assert total.value == 23


def test_a_task_can_neither_read_nor_set_the_value(sc):
    total = sc.accumulator(1)

    def replace(x):
        total.value = x

    for refused in (lambda x: total.value, replace):
        with pytest.raises(RuntimeError, match="cannot be accessed inside tasks"):
            sc.range(3).foreach(refused)
    assert total.value == 1


def test_an_accumulator_shows_its_value_and_in_a_task_what_that_added(sc):
    sc.accumulator(0)
    total = sc.accumulator(5)
    assert (repr(total), str(total), total.aid) == (
        "Accumulator<id=1, value=5>",
        "5",
        1,
    )

    def shown(x):
        before = str(total)
        total.add(2)
        return before, repr(total)

    assert sc.range(1, numSlices=1).map(shown).collect() == [
        ("0", "Accumulator<id=1, value=2>")
    ]
    assert total.value == 7


def test_other_processes_read_and_add():
    with Context(partitions=4, executor="processes", workers=2) as sc:
        table, total = sc.broadcast(list(range(1000))), sc.accumulator(5)

        def task(x):
            total.add(table.value[x])
            return (os.getpid(), id(table.value)), str(total)

        seen = sc.range(4).map(task).collect() + sc.range(4).map(task).collect()
        assert [shown for _, shown in seen] == ["0", "1", "2", "3"] * 2
        assert len({where for where, _ in seen}) <= 2, "loaded once a process"
        assert total.value == 5 + 2 * 6
        assert len(list(sc.scratch.path.glob("broadcast-*"))) == 1
        table.unpersist()
        assert sc.range(4).map(lambda x: table.value[x]).sum() == 6
        for use, message in (
            (lambda x: table.destroy(), "can only be destroyed in driver"),
            (lambda x: table, "can only be serialized in driver"),
            (lambda x: total.value, "cannot be accessed inside tasks"),
        ):
            with pytest.raises(RuntimeError, match=message):
                sc.range(1).map(use).collect()
        table.destroy()
        with pytest.raises(RuntimeError, match="after it was destroyed"):
            sc.range(4).map(lambda x: table.value[x]).sum()
