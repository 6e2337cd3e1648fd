"""MapReduce: one job by hand, bytes on disk, chains, misuse, and files that go."""

import pickle
from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cme323 import Cost
from cme323.errors import BadInput
from cme323.mapreduce import Counters, Job, MapReduce
from cme323.mapreduce.word_count import WITHOUT_COMBINER, WORD_COUNT
from cme323.measure import run

LINES = ["to be or", "not to be"]
AS_IT_IS = Job(lambda pair: [pair], lambda key, values: [(key, list(values))])


def size(records):
    return sum(len(pickle.dumps(record, 5)) for record in records)


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_job_by_hand():
    machine = MapReduce(partitions=2)
    out = machine.run(WORD_COUNT, machine.write(LINES * 2))
    assert dict(machine.read(out)) == {"to": 4, "be": 4, "or": 2, "not": 2}
    (job,) = machine.jobs
    assert (job.maps, job.reduces, job.cost.tasks) == (2, 2, 4)
    # Each map task gets 6 words, 4 of them distinct.
    pairs, ones = [(w, 2) for w in ("to", "be")], [(w, 1) for w in ("not", "or")]
    fetched = 2 * size(pairs + ones)
    assert job.counters == Counters(
        map_input_records=4,
        map_output_records=12,
        map_output_bytes=2 * size([(w, 1) for line in LINES for w in line.split()]),
        map_output_materialized_bytes=fetched,
        combine_input_records=12,
        combine_output_records=8,
        reduce_input_groups=4,
        reduce_shuffle_bytes=fetched,
        reduce_input_records=8,
        reduce_output_records=4,
        spilled_records=16,
        bytes_read=2 * size(LINES),
        bytes_written=size(machine.read(out)),
        file_bytes_read=2 * fetched,
        file_bytes_written=2 * fetched,
    )


def test_the_bytes_of_the_counters_are_those_of_the_files(tmp_path):
    machine = MapReduce(2, tmp_path / "new")
    lines = machine.write(LINES)
    out = machine.run(WORD_COUNT, lines)
    for data, counted in ((lines, "bytes_read"), (out, "bytes_written")):
        on_disk = sum(path.stat().st_size for path in data.folder.iterdir())
        assert on_disk == data.bytes == getattr(machine.jobs[0].counters, counted)


pairs = st.lists(st.tuples(st.integers(-3, 3), st.text(max_size=3)), max_size=30)


@given(pairs, st.integers(1, 4), st.integers(1, 4), st.integers(30, 200))
@settings(max_examples=40)
def test_groups_as_plain_python_does_in_the_order_of_the_input(items, p, r, buffer):
    expected = defaultdict(list)
    for key, value in items:
        expected[key].append(value)
    with MapReduce(p, buffer=buffer, factor=2) as machine:
        data = machine.write(items)
        found = machine.read(machine.run(replace(AS_IT_IS, reducers=r), data))
        assert dict(found) == expected
        assert len(found) == len(expected)
        assert machine.cost.records == len(items)


def test_each_part_is_sorted_by_key(machine):
    data = machine.write([(7 * i % 50, None) for i in range(50)])
    out = machine.run(AS_IT_IS, data)
    assert all(part.records for part in out.parts)
    for part in out.parts:
        keys = [key for key, _ in part.read()]
        assert keys == sorted(keys)


def test_spills_change_the_disk_and_not_the_result():
    words = [" ".join(f"w{i * j % 17}" for j in range(9)) for i in range(40)]
    results, spilled = [], []
    for buffer in ("1m", 300):
        machine = MapReduce(2, buffer=buffer)
        results.append(machine.read(machine.run(WORD_COUNT, machine.write(words))))
        spilled.append(machine.jobs[0].counters.spilled_records)
        assert machine.cost.records <= 2 * 17
    assert results[0] == results[1]
    assert spilled[0] < spilled[1]


@pytest.mark.parametrize(
    ("runs", "factor", "passes"),
    [(1, 2, 1), (2, 2, 2), (4, 2, 3), (5, 2, 4), (9, 3, 3), (10, 3, 4), (9, 10, 2)],
)
def test_a_merge_takes_a_pass_for_each_power_of_the_factor(runs, factor, passes):
    one = len(pickle.dumps((0, 0), 5))
    # So many spills of 4 records, the last one of 3.
    machine = MapReduce(1, buffer=4 * one, factor=factor)
    machine.run(AS_IT_IS, machine.write([(i % 5, 0) for i in range(4 * runs - 1)]))
    counted = machine.jobs[0].counters
    n = 4 * runs - 1
    assert counted.spilled_records == n * passes + n  # and the reducer's fetch


def test_a_chain_reads_what_the_former_job_wrote(machine):
    data = machine.write(LINES)
    counts = machine.run(WORD_COUNT, data)
    by_count = Job(lambda pair: [pair[::-1]], lambda n, words: [(n, sorted(words))])
    out = machine.run(by_count, counts)
    assert sorted(machine.read(out)) == [(1, ["not", "or"]), (2, ["be", "to"])]
    first, second = machine.jobs
    assert second.counters.bytes_read == first.counters.bytes_written
    assert machine.cost == first.cost + second.cost
    assert machine.cost.rounds == 2


def test_what_a_mapper_changes_later_stays_as_it_was(machine):
    def running(line):
        seen = []
        for word in line.split():
            seen.append(word)
            yield word, seen

    out = machine.run(
        Job(running, lambda key, values: [(key, list(values))]),
        machine.write(["a b"]),
    )
    assert dict(machine.read(out)) == {"a": [["a"]], "b": [["a", "b"]]}


def test_a_reducer_need_not_read_its_values(machine):
    job = Job(lambda pair: [pair], lambda key, values: [key])
    data = machine.write([(1, "a"), (2, "b"), (1, "c")])
    assert sorted(machine.read(machine.run(job, data))) == [1, 2]


def test_two_runs_cost_the_same_to_the_byte():
    def once():
        machine = MapReduce(3, buffer=500)
        machine.run(WORD_COUNT, machine.write(LINES * 20))
        return machine.jobs[0].counters

    assert once() == once()


def test_is_a_machine_of_measure(machine):
    data = machine.write(LINES)
    found = run(lambda machine: machine.run(WITHOUT_COMBINER, data), machine)
    assert found.cost <= Cost(rounds=1, records=6)
    assert found.cost.disk_read == data.bytes + 2 * found.cost.bytes


def test_nothing_in_gives_nothing_out(machine):
    out = machine.run(WORD_COUNT, machine.write([]))
    assert machine.read(out) == []
    assert len(out.parts) == 3
    assert machine.cost == Cost(
        rounds=1, tasks=6, records=0, bytes=0, disk_read=0, disk_written=0
    )


def test_jobs_show_themselves_as_a_table(machine):
    assert repr(machine.jobs) == "Jobs: none"
    machine.run(WORD_COUNT, machine.write(LINES))
    assert repr(machine.jobs).startswith("job  maps  reduces  in")


def test_the_temporary_folder_goes_with_the_machine():
    with MapReduce() as machine:
        machine.write(LINES)
        folder = machine.folder
        assert folder.exists()
    assert not folder.exists()
    forgotten = MapReduce()
    folder = forgotten.folder
    del forgotten
    assert not folder.exists()


def test_a_given_folder_keeps_part_files_alone(tmp_path):
    with MapReduce(2, tmp_path) as machine:
        out = machine.run(WORD_COUNT, machine.write(LINES))
    assert files(tmp_path) == ["part-00000", "part-00000", "part-00001", "part-00001"]
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_dir()) == [
        "0000-data",
        "0001-job",
    ]
    machine.delete(out)
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize("where", ["mapper", "combiner", "reducer"])
def test_a_job_that_fails_leaves_no_file_and_a_usable_machine(tmp_path, where):
    def fails(*arguments):
        raise ZeroDivisionError("mine")

    machine = MapReduce(2, tmp_path)
    data = machine.write(LINES)
    with pytest.raises(ZeroDivisionError, match="mine"):
        machine.run(replace(WORD_COUNT, **{where: fails}), data)
    assert len(files(tmp_path)) == 2
    assert machine.cost.rounds == 0
    assert len(machine.read(machine.run(WORD_COUNT, data))) == 4


def test_refuses_a_folder_that_has_files(tmp_path):
    (tmp_path / "mine").touch()
    with pytest.raises(BadInput, match="expected an empty folder"):
        MapReduce(folder=tmp_path)


@pytest.mark.parametrize("bad", [{"partitions": 0}, {"factor": 1}, {"buffer": "big"}])
def test_refuses_sizes_that_make_no_sense(bad):
    with pytest.raises(BadInput):
        MapReduce(**bad)


@pytest.mark.parametrize(
    ("job", "says"),
    [
        (replace(WORD_COUNT, mapper=lambda line: None), "iterable from the mapper"),
        (replace(WORD_COUNT, mapper=lambda line: ("a", 1)), "iterable from the mapper"),
        (replace(WORD_COUNT, mapper=lambda line: ["a"]), "pairs .* from the mapper"),
        (
            replace(WORD_COUNT, combiner=lambda k, vs: None),
            "iterable from the combiner",
        ),
        (replace(WORD_COUNT, combiner=lambda k, vs: [("x", 1)]), "only a reducer may"),
        (replace(WORD_COUNT, reducer=lambda k, vs: 3), "iterable from the reducer"),
        (replace(WORD_COUNT, reducer=lambda k, vs: (k, 3)), "got .'.*', 3.: use yield"),
        (replace(WORD_COUNT, partitioner=lambda key: 0.5), "no reducer for the key"),
        (replace(WORD_COUNT, mapper=lambda line: [([], 1)]), "cannot place a key"),
        (
            replace(WORD_COUNT, mapper=lambda line: [(("a", float("nan")), 1)]),
            "keys that have an order",
        ),
        (
            replace(WORD_COUNT, mapper=lambda line: [(frozenset(line), 1)]),
            "keys that have an order",
        ),
        (
            replace(WORD_COUNT, mapper=lambda line: [(1, 1), ("a", 1)], reducers=1),
            "compared with each other",
        ),
        (
            replace(WORD_COUNT, mapper=lambda line: [("a", lambda: 1)]),
            "records that pickle can write",
        ),
        (replace(WORD_COUNT, mapper=(None, None)), "as many inputs as mappers"),
        (replace(WORD_COUNT, reducers=-1), "at least 1 reducer"),
    ],
)
def test_a_job_that_cannot_run_is_told_in_a_sentence(machine, job, says):
    with pytest.raises(BadInput, match=says):
        machine.run(job, machine.write(LINES))


def test_keys_that_first_meet_in_a_merge_are_told_too():
    machine = MapReduce(2)
    job = replace(AS_IT_IS, reducers=1)
    with pytest.raises(BadInput, match="compared with each other"):
        machine.run(job, machine.write([(1, 0), ("a", 0)]))


def test_refuses_what_is_no_data_set(machine):
    with pytest.raises(BadInput, match="got a list"):
        machine.run(WORD_COUNT, LINES)
    with pytest.raises(BadInput, match="at least one DataSet"):
        machine.run(WORD_COUNT)
    with pytest.raises(BadInput, match="at least 1 part"):
        machine.write(LINES, 0)


def test_refuses_a_data_set_that_was_deleted(machine):
    data = machine.write(LINES)
    machine.delete(data)
    with pytest.raises(BadInput, match="were deleted"):
        machine.read(data)
