"""The command line: what it prints, how it exits, and one sentence on bad input."""

import json
import shutil
import socket
import sys
from pathlib import Path

import pytest

from cme323.claims.claim import CONFIRMED
from cme323.course import cli, verify
from cme323.errors import BadInput

ROOT = Path(__file__).parents[2]


@pytest.fixture
def command(monkeypatch, capsys):
    """Run `cme323 ...`: (exit status, stdout, stderr)."""

    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["cme323", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        return end.value.code or 0, out, err

    return run


def one_sentence(err):
    return (
        err.startswith("cme323: ") and err.count("\n") == 1 and "Traceback" not in err
    )


def test_verify_prints_statement_source_and_verdicts(command):
    status, out, _ = command("verify", "D3", "b13")
    assert status == 0
    assert "PageRank keeps its mass: CONFIRMED, control REFUTED" in out
    assert "Source: Page, Brin" in out
    assert "2 of 2 claims are confirmed, their controls refuted." in out
    assert out.index("D3") < out.index("B13")


def test_verify_writes_json(command, tmp_path):
    path = tmp_path / "claims.json"
    assert command("verify", "B13", "--json", path)[0] == 0
    (report,) = json.loads(path.read_text())
    assert {
        "id",
        "statement",
        "source",
        "verdict",
        "control",
        "points",
        "seconds",
    } <= set(report)
    assert report["verdict"] == CONFIRMED
    assert {"size", "predicted", "measured"} <= set(report["points"][0])
    assert list(tmp_path.iterdir()) == [path]


def test_verify_writes_a_report_and_says_where(command, tmp_path):
    status, out, _ = command("verify", "B13", "B10", "-j", 2, "--report", tmp_path)
    assert status == 0
    assert f"The report is {tmp_path / 'index.html'}" in out.replace("\n", "")
    assert "2 of 2 claims are confirmed" in (tmp_path / "index.html").read_text()


def test_verify_refuses_a_foreign_folder_before_it_checks(command, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    status, out, err = command("verify", "B13", "--report", tmp_path)
    assert (status, out) == (2, "")
    assert one_sentence(err)


@pytest.mark.parametrize("options", [("-j", 0), ("-j", 2, "--spark")])
def test_processes_that_cannot_be_are_one_sentence(command, options):
    status, out, err = command("verify", "B13", *options)
    assert (status, out) == (2, "")
    assert one_sentence(err)


def test_verify_fails_if_the_code_of_a_claim_raises(command, monkeypatch, tmp_path):
    from cme323.claims import dataflow

    monkeypatch.setattr(dataflow, "joined", None)
    path = tmp_path / "claims.json"
    status, out, err = command("verify", "B13", "--json", path)
    assert (status, err) == (1, "")
    assert "B13  Co-partitioned joins: BROKEN, TypeError" in out
    assert json.loads(path.read_text())[0]["verdict"] == "BROKEN"


def test_verify_fails_if_a_claim_is_not_sound(command, monkeypatch, tmp_path):
    from cme323.claims import dataflow

    monkeypatch.setattr(dataflow, "joined", lambda *sizes: 1)
    path = tmp_path / "claims.json"
    status, out, _ = command("verify", "B13", "--json", path)
    assert status == 1
    assert "REFUTED, control REFUTED" in out
    assert "0 of 1 claims are confirmed" in out
    assert json.loads(path.read_text())[0]["verdict"] == "REFUTED"


def test_verify_on_a_graph_of_ones_own(command, tmp_path):
    path = tmp_path / "graph.txt"
    path.write_text("# a SNAP graph\na b\nb a\nc a\n")
    status, out, _ = command("verify", "D3", "--graph", path)
    assert status == 0
    assert "graph = real" in out


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_verify_asks_spark_too(command, monkeypatch, spark):
    class Kept:
        """The session's context, which must not be stopped here."""

        def __enter__(self):
            return spark

        def __exit__(self, *error):
            return False

    monkeypatch.setattr(verify, "_machine", lambda asked: Kept())
    status, out, _ = command("verify", "B13", "--spark")
    assert status == 0
    assert "on Spark, both partitioned alike" in out


def test_an_unknown_claim_is_one_sentence(command):
    status, out, err = command("verify", "Z1")
    assert (status, out) == (2, "")
    assert one_sentence(err)
    assert "no claim 'Z1'" in err


def test_a_bad_line_in_a_graph_is_one_sentence(command, tmp_path):
    path = tmp_path / "graph.txt"
    path.write_text("a b\nb\n")
    status, _, err = command("verify", "--graph", path)
    assert status == 2
    assert one_sentence(err)
    assert "graph.txt" in err
    assert "2" in err


def test_a_missing_graph_is_one_sentence(command, tmp_path):
    status, _, err = command("verify", "--graph", tmp_path / "none.txt")
    assert status == 2
    assert one_sentence(err)


def test_a_json_file_that_cannot_be_written_is_one_sentence(command, tmp_path):
    status, _, err = command("verify", "B13", "--json", tmp_path / "no" / "x.json")
    assert status == 2
    assert one_sentence(err)


def test_no_java_is_one_sentence(command, monkeypatch):
    def none():
        raise BadInput("expected Java 17 or newer for Spark, found none")

    java = pytest.importorskip("cme323.engine.java_pyspark", reason="needs pyspark")
    context = pytest.importorskip("cme323.engine.context_pyspark")
    monkeypatch.setattr(java, "find_java", none)
    monkeypatch.setattr(context, "gateway", java.start_java)
    monkeypatch.setattr(context.SparkContext, "_active_spark_context", None)
    status, _, err = command("verify", "B13", "--spark")
    assert status == 2
    assert one_sentence(err)
    assert "Java" in err


def test_a_busy_port_is_one_sentence(command, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        status, _, err = command("lab", "--port", port, "--work", tmp_path / "work")
    assert status == 2
    assert one_sentence(err)
    assert str(port) in err


@pytest.fixture
def submissions(tmp_path):
    for student in ("ada", "bob"):
        (tmp_path / "in" / student).mkdir(parents=True)
    blank = ROOT / "assignments/a5_graphs/a5_graphs.ipynb"
    shutil.copy(blank, tmp_path / "in/ada")
    (tmp_path / "in/bob/a5_graphs.ipynb").write_text("{ not JSON")
    return tmp_path / "in"


def test_grade_names_what_is_no_notebook_and_grades_the_rest(
    command, submissions, tmp_path
):
    status, _, err = command(
        "grade", "a5_graphs", "--submissions", submissions, "--out", tmp_path / "out",
        "--source", ROOT / "solutions",
    )  # fmt: skip
    assert status == 1
    assert err.startswith("bob: ")
    assert err.count("\n") == 1
    rows = json.loads((tmp_path / "out/scores.json").read_text())
    assert {row["student"] for row in rows} == {"ada", "bob"}
    assert len(rows) == 14
    assert (submissions / "bob/a5_graphs.ipynb").read_text() == "{ not JSON"


@pytest.mark.parametrize(
    ("assignment", "folder", "said"),
    [("a5_graphs", "none", "none"), ("a99", "in", "a99")],
)
def test_grade_without_its_input_is_one_sentence(
    command, submissions, tmp_path, assignment, folder, said
):
    status, _, err = command(
        "grade", assignment, "--submissions", tmp_path / folder, "--out",
        tmp_path / "out", "--source", ROOT / "solutions",
    )  # fmt: skip
    assert status == 2
    assert one_sentence(err)
    assert said in err
    assert not (tmp_path / "out/scores.csv").exists()


def test_release_check_fails_on_a_difference_and_writes_nothing(command, tmp_path):
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    status, out, _ = command("release", tmp_path, "--check")
    assert status == 1
    assert "a5_graphs.ipynb is missing" in out
    assert not (tmp_path / "assignments").exists()
    assert command("release", tmp_path)[0] == 0
    status, out, _ = command("release", tmp_path, "--check")
    assert (status, out) == (0, "All notebooks are what their sources build.\n")


def test_release_outside_a_checkout_is_one_sentence(command, tmp_path):
    status, _, err = command("release", tmp_path)
    assert status == 2
    assert one_sentence(err)
