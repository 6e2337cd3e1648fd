"""The process executor: real processes, real faults, nothing left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from operator import add
from pathlib import Path

import psutil
import pytest

from cme323 import Context
from cme323.engine.task import TaskContext


@pytest.fixture
def sc():
    with Context(partitions=4, executor="processes", workers=2) as sc:
        yield sc


def workers_of(pid):
    """The worker processes of a driver."""
    children = psutil.Process(pid).children(recursive=True)
    return [p for p in children if "worker_process" in " ".join(p.cmdline())]


def wait_for(condition):
    for _ in range(200):
        if condition():
            return True
        time.sleep(0.05)
    return False


PROGRAMS = {
    "narrow": lambda sc: sc.range(20).map(lambda x: x + 1).filter(lambda x: x % 2),
    "reduce": lambda sc: sc.range(20).map(lambda x: (x % 3, x)).reduceByKey(add),
    "group": lambda sc: (
        sc.parallelize(["to", "be", "or", "not", "to", "be"])
        .map(lambda w: (w, 1))
        .groupByKey()
        .mapValues(list)
    ),
    "join": lambda sc: (
        sc.range(9).map(lambda x: (x % 3, x)).join(sc.parallelize([(0, "a"), (2, "b")]))
    ),
    "sort": lambda sc: sc.parallelize([5, 3, 1, 4, 1]).sortBy(lambda x: -x),
    "union": lambda sc: sc.range(3).union(sc.range(2)).map(str),
    "cartesian": lambda sc: sc.range(3).cartesian(sc.range(3)),
    "coalesce": lambda sc: sc.range(9).coalesce(2).glom(),
    "zip": lambda sc: sc.range(9).zipWithIndex(),
    "sample": lambda sc: sc.range(99).sample(False, 0.3, 7),
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_gives_the_records_in_the_order_and_at_the_cost_of_serial(sc, program):
    serial = Context(partitions=4)
    assert program(sc).collect() == program(serial).collect()
    assert sc.cost == serial.cost


def test_bytes_are_those_of_serial_where_records_are_one_object(sc):
    word, serial = "a word", Context(partitions=4)
    for context in (sc, serial):
        once = context.parallelize([word] * 8).map(lambda w: (w, 1)).partitionBy(3)
        assert once.map(lambda kv: kv).partitionBy(2).count() == 8
        apart = context.parallelize([(i, word) for i in range(8)]).partitionBy(3)
        assert apart.map(lambda kv: (0, kv[1])).partitionBy(2).count() == 8
    assert sc.cost == serial.cost


def test_tasks_run_in_processes_that_stay(sc):
    def who(records):
        return [os.getpid()]

    first, second = (sc.range(8).mapPartitions(who).collect() for _ in range(2))
    assert first == second
    assert len({*first}) == 2
    assert os.getpid() not in first


def test_no_record_of_a_shuffle_passes_through_the_driver(sc, monkeypatch):
    heard = []
    for remote in sc._executor._remotes:
        receive = remote.connection.recv_bytes
        monkeypatch.setattr(
            remote.connection,
            "recv_bytes",
            lambda receive=receive: heard.append(receive()) or heard[-1],
        )
    marked = sc.range(4).map(lambda x: (x, f"the-record-{x}"))
    assert marked.partitionBy(3).mapPartitions(lambda it: [len(list(it))]).sum() == 4
    assert heard
    assert not any(b"the-record" in message for message in heard)


def test_classes_and_functions_of_a_script_travel(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from dataclasses import dataclass\n"
        "from cme323 import Context\n"
        "@dataclass(frozen=True)\n"
        "class Point:\n"
        "    x: int\n"
        "def double(p):\n"
        "    return Point(2 * p.x)\n"
        "sc = Context(executor='processes')\n"
        "points = sc.parallelize([Point(1), Point(2)]).map(double)\n"
        "print(points.map(lambda p: (p.x, p)).groupByKey().mapValues(list).collect())\n"
    )
    ended = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=60
    )
    assert ended.stderr == ""
    assert ended.stdout == "[(4, [Point(x=4)]), (2, [Point(x=2)])]\n"


def test_a_worker_killed_in_mid_job_changes_no_answer(sc, tmp_path):
    once = tmp_path / "killed"

    def kill_once(x):
        if x == 9 and not once.exists():
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return x % 3, x

    program = sc.range(16).map(kill_once).reduceByKey(add)
    assert sorted(program.collect()) == [(0, 45), (1, 35), (2, 40)]
    assert sc.jobs[0].failures == 1


def test_what_a_killed_worker_had_is_computed_again_and_nothing_else(sc):
    chain = sc.range(8).map(lambda x: x + 1).map(lambda x: x * 2).cache()
    assert chain.sum() == 72
    sc.kill(0)
    assert chain.sum() == 72
    # Worker 0 had 2 of 4 partitions; each is a slice of a range and two maps.
    assert sc.jobs[-1].recomputed == 2 * 3
    assert chain.sum() == 72
    assert sc.jobs[-1].recomputed == 0


def test_lost_shuffle_outputs_are_the_only_map_tasks_that_run_again(sc):
    grouped = sc.range(8).map(lambda x: (x % 4, x)).groupByKey()
    assert grouped.count() == 4
    sc.kill(1)
    assert grouped.count() == 4
    (again,) = sc.jobs[-1].rounds
    assert [report.partition for report in again[0].reports] == [1, 3]


def test_a_worker_killed_from_outside_between_jobs_is_missed_at_once(sc):
    kept = sc.range(8).cache()
    kept.count()
    victim = workers_of(os.getpid())[0]
    victim.kill()
    victim.wait()
    assert kept.count() == 8
    assert (sc.jobs[-1].recomputed, sc.jobs[-1].failures) == (2, 0)


def test_a_task_that_always_kills_its_worker_ends_in_a_sentence(sc):
    with pytest.raises(RuntimeError, match=r"died \(killed by signal 9, SIGKILL\)"):
        sc.range(4).foreach(lambda x: os.kill(os.getpid(), 9))
    assert sc.range(4).count() == 4


def test_a_task_that_raises_is_tried_again(sc):
    def fail_at_first(x):
        if TaskContext.get().attemptNumber() < 3:
            raise OSError("a bad disk")
        return x

    assert sc.range(4).map(fail_at_first).sum() == 6
    assert sc.jobs[0].failures == 4 * 3


def test_after_the_last_attempt_the_student_sees_where(sc):
    def divide(x):
        return 1 // (x - 2)

    divided = sc.range(4).map(divide).map(str)
    with pytest.raises(ZeroDivisionError) as failure:
        divided.collect()
    (note,) = failure.value.__notes__
    assert note.startswith("after 4 attempts, in partition 2 of map RDD[1] in 4 part")
    assert "test_processes.py" in note
    assert "divided = sc.range(4).map(divide).map(str)" in note
    assert "return 1 // (x - 2)" in str(failure.value.__cause__)
    assert sc.range(4).count() == 4


def test_an_accumulator_counts_what_succeeded(sc):
    total = sc.accumulator(0)

    def note(x):
        total.add(x)
        if x == 3 and TaskContext.get().attemptNumber() == 0:
            raise OSError("once")

    sc.range(8).foreach(note)
    assert total.value == 28


def test_an_rdd_or_a_context_inside_a_task_is_refused(sc):
    inner = sc.range(3)
    with pytest.raises(RuntimeError, match="can only be used on the driver"):
        sc.range(3).map(lambda x: inner.count()).collect()
    with pytest.raises(RuntimeError, match="can only be used on the driver"):
        sc.range(3).map(lambda x: sc.range(x)).collect()


def test_what_cannot_travel_is_named(sc):
    lock = threading.Lock()
    with pytest.raises(TypeError, match="cannot travel to another process"):
        sc.range(3).map(lambda x: lock).collect()
    with pytest.raises(TypeError, match="cannot pickle"):
        sc.range(3).map(lambda x: threading.Lock()).collect()


@pytest.mark.skipif(os.name != "posix", reason="needs file size limits")
def test_a_full_disk_is_an_error_and_leaves_no_half_file(sc):
    def fill(x):
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        return x, "x" * 10_000

    with pytest.raises(OSError, match="too large"):
        sc.range(4).map(fill).groupByKey().count()
    assert not list(sc.scratch.path.glob("worker-*/shuffle-*"))


@pytest.mark.skipif(os.name != "posix", reason="needs memory limits")
def test_a_task_out_of_memory_is_an_error_and_the_worker_lives(sc):
    def fill(x):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
        return len(bytearray(2**31))

    with pytest.raises(MemoryError):
        sc.range(4).map(fill).collect()
    assert sc.range(4).count() == 4


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_ctrl_c_ends_the_job_and_keeps_the_context_and_the_cache(sc):
    kept = sc.range(8).cache()
    kept.count()

    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        sc.range(4).foreach(lambda x: time.sleep(60))
    timer.join()
    assert kept.count() == 8
    assert sc.jobs[-1].recomputed == 0


def test_a_straggler_gets_a_copy_and_the_first_to_end_counts(tmp_path):
    once = tmp_path / "slow"
    with Context(4, executor="processes", workers=2, speculation=True) as sc:
        calls = sc.accumulator(0)

        def slow_once(x):
            calls.add(1)
            if x == 3 and not once.exists():
                once.touch()
                time.sleep(60)
            return x

        assert sc.range(4).map(slow_once).collect() == [0, 1, 2, 3]
        assert calls.value == 4


def test_nothing_is_left_after_stop():
    sc = Context(executor="processes")
    sc.range(9).map(pair_of).groupByKey().cache().count()
    folder, processes = sc.scratch.path, workers_of(os.getpid())
    assert len(processes) == 2
    sc.stop()
    assert not folder.exists()
    assert not any(process.is_running() for process in processes)


def test_shuffle_files_go_with_their_rdd(sc):
    grouped = sc.range(9).map(lambda x: (x, x)).groupByKey()
    grouped.count()
    assert list(sc.scratch.path.glob("worker-*/shuffle-*"))
    del grouped
    assert not list(sc.scratch.path.glob("worker-*/shuffle-*"))


@pytest.mark.parametrize("end", ["sys.exit(3)", "os.kill(os.getpid(), 9)"])
def test_workers_end_with_the_driver_however_it_ends(tmp_path, end):
    program = (
        "import os, sys, threading, time\n"
        "from cme323 import Context\n"
        "sc = Context(executor='processes')\n"
        "sc.range(4).count()\n"
        "print(sc.scratch.path, flush=True)\n"
        "slow = sc.range(4).map(lambda x: time.sleep(60))\n"
        "threading.Thread(target=slow.count, daemon=True).start()\n"
        "time.sleep(0.3)\n"
        f"{end}\n"
    )
    driver = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    folder = Path(driver.stdout.readline().decode().strip())
    workers = workers_of(driver.pid)
    assert len(workers) == 2
    driver.communicate(timeout=30)
    assert wait_for(lambda: not any(process.is_running() for process in workers))
    assert wait_for(lambda: not folder.exists())


def test_refuses_an_executor_that_there_is_not():
    with pytest.raises(ValueError, match="must be 'serial' or 'processes', not 'gpu'"):
        Context(executor="gpu")
    with pytest.raises(ValueError, match="workers must be at least 1, not 0"):
        Context(executor="processes", workers=0)


def pair_of(x):
    return x, x
