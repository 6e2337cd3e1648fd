"""Claims checked in processes: the same reports, whatever becomes of a worker."""

import io
import multiprocessing
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from rich.console import Console

from cme323.claims import claim, claims, dataflow
from cme323.claims.claim import BROKEN, SKIPPED, Claim
from cme323.course import verify as verifying
from cme323.course.checking import all_checked, checked, cores
from cme323.course.verify import verify
from cme323.errors import BadInput

IDS = ["D3", "B13", "B10", "B1", "B5"]


def verified(ids, **options):
    """(reports as data without their seconds, what was printed without it)."""
    console = Console(file=io.StringIO(), width=200)
    reports = verify(ids, console=console, **options)
    data = [report.as_json() | {"seconds": None} for report in reports]
    lines = console.file.getvalue().splitlines()
    return data, [line.partition("REFUTED, ")[0] for line in lines]


def test_any_number_of_processes_gives_the_same_reports_in_the_same_order():
    alone, printed = verified(IDS, jobs=1)
    assert [report["id"] for report in alone] == IDS
    for jobs in (2, 3):
        assert verified(IDS, jobs=jobs) == (alone, printed)


def test_a_graph_of_ones_own_travels_to_the_workers(tmp_path):
    path = tmp_path / "graph.txt"
    path.write_text("a b\nb a\nc a\n")
    ids = ["D2", "D3"]
    assert verified(ids, jobs=2, graph=path) == verified(ids, jobs=1, graph=path)


def test_no_worker_is_left():
    before = multiprocessing.active_children()
    verified(IDS[:2], jobs=2)
    assert multiprocessing.active_children() == before


def test_progress_is_told_of_every_experiment():
    done, chosen = [], claims(["B13", "B10"])
    reports = list(all_checked(chosen, 2, progress=done.append))
    assert len(done) == sum(len(r.findings) + len(r.controls) for r in reports)


def test_an_error_in_a_claim_is_a_line_and_the_others_go_on(monkeypatch):
    def broken(*sizes):
        raise ZeroDivisionError("no\nreason")

    monkeypatch.setattr(dataflow, "joined", broken)
    data, printed = verified(["B13", "B10"], jobs=1)
    assert [report["verdict"] for report in data] == [BROKEN, "CONFIRMED"]
    assert data[0]["control"] == SKIPPED
    told = "BROKEN, ZeroDivisionError: no (tests/course/test_checking.py, line"
    assert len([line for line in printed if told in line]) == 1
    assert "1 of 2 claims are confirmed" in printed[-1]


def test_an_error_in_a_worker_is_a_line_and_the_others_go_on(tmp_path):
    none = tmp_path / "none.txt"
    found = {r.claim.id: r for r in all_checked(claims(["B13", "D2"]), 2, none)}
    assert found["D2"].error.startswith("BadInput: ")
    assert not found["D2"].sound
    assert found["B13"].sound


def test_a_worker_that_dies_takes_only_its_claim_along():
    killed = []

    def kill_once(working):
        if not killed:
            killed.append(working.id)
            for child in set(multiprocessing.active_children()) - before:
                child.kill()

    before = set(multiprocessing.active_children())
    chosen = claims(["D3", "B10", "B13"])
    reports = {r.claim.id: r for r in all_checked(chosen, 1, progress=kill_once)}
    assert reports.keys() == {"D3", "B10", "B13"}
    assert reports["D3"].error == "its process ended (exit code -9)"
    assert reports["B10"].sound
    assert reports["B13"].sound


def test_an_error_here_ends_the_workers():
    before = multiprocessing.active_children()

    def interrupted(working):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(all_checked(claims(["D1", "D3"]), 2, progress=interrupted))
    assert multiprocessing.active_children() == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_ctrl_c_ends_everything_without_a_traceback():
    process = subprocess.Popen(
        [sys.executable, "-m", "cme323.course.cli", "verify", "-j", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    family = psutil.Process(process.pid)
    while len(family.children()) < 2:
        time.sleep(0.05)
    time.sleep(0.3)
    children = family.children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, err = process.communicate(timeout=30)
    assert process.returncode not in (0, None)
    assert "Traceback" not in err
    assert psutil.wait_procs(children, timeout=10)[1] == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"jobs": 0}, "at least 1, not 0"),
        ({"jobs": 2, "spark": True}, "out -j 2"),
    ],
)
def test_processes_that_cannot_be_are_bad_input(options, said):
    with pytest.raises(BadInput, match=said):
        verify(["B13"], **options)


def test_one_claim_is_checked_in_this_process(monkeypatch):
    monkeypatch.setattr(verifying, "all_checked", None)
    assert verified(["B13", "b13"])[0][0]["id"] == "B13"


def test_a_report_of_an_error_says_where(monkeypatch):
    def broken(asked, spark, progress):
        raise ValueError("x")

    monkeypatch.setattr(Claim, "check", broken)
    report = checked(claim("B13"))
    assert "ValueError: x (tests/course/test_checking.py, line" in report.error


def test_there_is_a_core():
    assert 1 <= cores() <= os.cpu_count()
