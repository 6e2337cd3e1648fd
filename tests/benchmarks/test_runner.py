"""benchmarks/: a small race, a wrong answer, a dead child, the command."""

import json
import sys
from pathlib import Path

import pytest
from rich.console import Console

from cme323.course import bench, cli
from cme323.errors import BadInput

ROOT = Path(__file__).parents[2]

WRONG = """
import os
from benchmarks.suite import Engine, Suite, Workload

SUITE = Suite(
    title="a test",
    workloads={
        "sum": Workload("sum", "a sum", 10, range, {
            "plain": sum,
            "late": lambda data: sum(data) + 1,
            "mad": lambda data: 1 / 0,
            "dead": lambda data: os._exit(3),
        }),
    },
    engines={name: Engine(name) for name in ("plain", "late", "mad", "dead", "shy")},
    reference="plain",
    targets=lambda results, growth: [],
)
"""


@pytest.fixture(autouse=True)
def checkout(monkeypatch, tmp_path):
    """benchmarks/ can be imported, as can a suite that a test writes."""
    pytest.importorskip("psutil")
    monkeypatch.syspath_prepend(ROOT)
    monkeypatch.syspath_prepend(tmp_path)


def small_race(**asked):
    from benchmarks import runner

    return runner.run("benchmarks.engine", engines=["serial"], small=1000, **asked)


def text(outcome):
    from benchmarks import report

    console = Console(width=200)
    with console.capture() as captured:
        console.print(report.page(outcome))
    return captured.get()


def test_two_workloads_come_as_a_table_with_times_and_targets():
    outcome = small_race(only=["wordcount", "join"])
    found = [(r.workload, r.engine, len(r.seconds)) for r in outcome.results]
    assert found == [
        ("wordcount", "plain", 3),
        ("wordcount", "serial", 3),
        ("join", "plain", 3),
        ("join", "serial", 3),
    ]
    assert not any(result.problem for result in outcome.results)
    page = text(outcome)
    assert "word count, 1e6 words" in page
    assert "1.00" in page
    assert "not judged" in page  # the targets over all workloads


def test_every_pagerank_gives_the_same_ranks():
    from benchmarks import runner

    pytest.importorskip("sknetwork")
    outcome = runner.run("benchmarks.graphs", small=5000)
    assert [r.engine for r in outcome.results if r.problem is None] == [
        *("products", "scipy", "sknetwork", "networkx")
    ]


def test_every_way_to_train_a_net_has_the_same_losses():
    from benchmarks import runner

    pytest.importorskip("torch")
    outcome = runner.run("benchmarks.nn", engines=["tape", "numpy"], runs=1, small=2)
    found = {(r.workload, r.engine): r.kind for r in outcome.results}
    assert found[("mlp", "numpy")] is None
    assert {found[name, "tape"] for name in ("mlp", "cnn", "moons")} == {None}


@pytest.fixture
def wrong(tmp_path):
    from benchmarks import runner

    (tmp_path / "wrong_suite.py").write_text(WRONG)
    return runner.run("wrong_suite")


def test_a_wrong_answer_and_a_failure_are_named_and_nothing_is_dropped(wrong):
    kinds = {r.engine: (r.kind, r.problem, r.median) for r in wrong.results}
    assert kinds.pop("plain")[0] is None
    assert kinds == {
        "late": ("wrong answer", "46 instead of 45", None),
        "mad": ("failed", "ZeroDivisionError: division by zero", None),
        "dead": ("failed", "its process ended in 'run' with 3: and said nothing", None),
        "shy": ("none", "there is no program for it in shy", None),
    }
    assert not wrong.well
    assert "sum on late: wrong answer, 46 instead of 45" in text(wrong)


def test_targets_are_judged_from_the_medians():
    from benchmarks.engine_targets import ALL, targets
    from benchmarks.suite import Result

    def results(spark):
        took = {"plain": 1.0, "serial": 2.0, "processes": 1.0, "pyspark": spark}
        return [
            Result(w, engine, 1, start=0.01, seconds=[s] * 3, memory=50.0)
            for w in ALL
            for engine, s in took.items()
        ]

    judged = {t.says: (t.figure, t.verdict) for t in targets(results(7.0), [])}
    assert judged["PySpark / serial, geometric mean"] == (pytest.approx(3.5), "met")
    assert judged["serial / plain loop, on each of eight"] == (2.0, "met")
    assert judged["serial / pysparkling, geometric mean"] == (None, "not judged")
    judged = {t.says: (t.figure, t.verdict) for t in targets(results(4.0), [])}
    assert judged["PySpark / serial, geometric mean"] == (pytest.approx(2), "missed")


def test_every_workload_has_one_answer_on_every_engine_that_is_here():
    pytest.importorskip("pysparkling")
    from benchmarks.engine import SUITE

    sizes = {"ints": 1000, "jobs": 3, "pi": 40_000}
    for workload in SUITE.workloads.values():
        data = workload.data(sizes.get(workload.name, 500))
        expected = workload.programs["plain"](data)
        for name in ("serial", "pysparkling"):
            with SUITE.engines[name].open() as sc:
                answer = workload.programs["rdd"](sc, data)
            assert workload.wrong(answer, expected) is None, (workload.name, name)
        if workload.programs["numpy"] and workload.name != "pi":
            assert workload.wrong(workload.programs["numpy"](data), expected) is None


def test_every_way_to_learn_ends_at_one_loss():
    pytest.importorskip("sklearn")
    from benchmarks.optimize import SUITE

    workload = SUITE.workloads["logistic"]
    expected = workload.programs["array"](workload.data(2000))
    ours = workload.programs["sklearn"](workload.data(2000))
    assert workload.wrong(ours, expected) is None
    with SUITE.engines["serial"].open() as sc:
        data = workload.data(2000)
        for _ in range(2):  # the second finds its blocks
            assert workload.wrong(workload.programs["rdd"](sc, data), expected) is None


def test_a_target_of_learning_without_its_rival_is_not_judged():
    from benchmarks.optimize import targets
    from benchmarks.suite import Result

    took = {"alone": 2.0, "serial": 1.0, "sklearn": 2.0}
    results = [Result("logistic", name, 1, seconds=[s]) for name, s in took.items()]
    judged = [(t.figure, t.verdict) for t in targets(results, [])]
    assert judged == [(0.5, "met"), (None, "not judged")]


@pytest.mark.parametrize(
    ("answer", "expected", "said"),
    [
        ([1, 2], [1, 2], None),
        ([2, 1], [1, 2], "2 instead of 1 at 0"),
        ([1], [1, 2], "1 items instead of 2"),
        ({"a": 1.0 + 1e-12}, {"a": 1.0}, None),
        ({"b": 1}, {"a": 1}, "1 keys instead of 1, or other ones"),
        (None, [1], "None instead of [1]"),
        (3.1, 3, "3.1 instead of 3"),
    ],
)
def test_answers_are_compared_item_by_item(answer, expected, said):
    from benchmarks.suite import difference

    assert difference(answer, expected) == said


def test_the_command_writes_json_without_a_path(monkeypatch, tmp_path, capsys):
    from benchmarks import runner

    real = runner.run
    monkeypatch.setattr(runner, "run", lambda *a, **k: real(*a, **k, small=1000))
    file = tmp_path / "speeds.json"
    status = command(
        monkeypatch, "engine", "--only", "group", "--engines", "serial", "--json", file
    )
    assert status in (0, 1)  # whether 1,000 pairs meet a target is not the point
    told = json.loads(file.read_text())
    assert told["machine"]["cores"] >= 1
    assert [r["engine"] for r in told["results"]] == ["plain", "serial"]
    assert {"says", "figure", "limit", "verdict"} <= told["targets"][0].keys()
    assert str(ROOT) not in file.read_text()
    assert "groupByKey, 1e6 pairs" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["engine", "--only", "wordcont"], "'wordcont' is none of the workloads"),
        (["engine", "--engines", "flink"], "'flink' is none of the engines"),
        (["engine", "--runs", "2"], "a median needs at least 3 runs, not 2"),
        (["engines"], "'engines' is no benchmark: choose from engine, "),
    ],
)
def test_bad_input_gets_one_sentence(monkeypatch, capsys, arguments, says):
    assert command(monkeypatch, *arguments) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"cme323: {says}")
    assert err.count("\n") == 1


def test_without_a_checkout_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(bench.cme323, "__file__", str(tmp_path / "lib" / "x" / "y.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match="needs a checkout"):
        bench.checkout()


def command(monkeypatch, *arguments):
    """The exit status of `cme323 bench ...`."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(sys, "argv", ["cme323", "bench", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code or 0
