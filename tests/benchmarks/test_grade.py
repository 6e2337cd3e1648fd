"""benchmarks/grade.py: a small run of each workload, and how it is judged."""

from pathlib import Path

import pytest

from cme323.errors import BadInput

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def checkout(monkeypatch):
    pytest.importorskip("psutil")
    monkeypatch.syspath_prepend(ROOT)


@pytest.fixture
def grade():
    from benchmarks import grade

    return grade


def figures(outcome):
    return {target.says: target.figure for target in outcome.targets}


def test_a_small_class_and_a_short_row_have_all_scores_twice_the_same(grade):
    ticks = []
    asked = {"runs": 1, "engines": ["cme323"]}
    outcome = grade.run("", small=2, tick=ticks.append, **asked)
    assert [r.engine for r in outcome.results] == ["own work", "cme323"]
    assert all(r.seconds and r.memory != 0 for r in outcome.results)
    assert outcome.growth[-1].size == 21  # at the start, and after each of them
    found = figures(outcome)
    assert found[grade.MISSING] == found[grade.CHANGED] == 0
    assert found[grade.OTHERS] is None  # nbgrader did not run
    assert len(ticks) == grade.steps(grade.SUITE, (), ["cme323"], 1, False)


def test_what_is_missing_or_changed_is_counted(grade, tmp_path):
    from benchmarks.grade_classroom import Classroom

    room, faults = Classroom(tmp_path, 2, tiny=True), {}
    whole = {("0000", "test_f"): 1, ("0001", "test_f"): 0}
    lost = {("0000", "test_f"): 1, ("0001", "test_f"): None}
    grade.judge(room, [lost, whole], faults)
    assert faults == {grade.MISSING: 1, grade.CHANGED: 1}


def test_points_are_compared_with_nbgrader_s(grade):
    ours = {("0000", "a"): 1, ("0000", "b"): 2, ("0001", "a"): 1, ("0001", "b"): None}
    assert grade.others(ours, {"0000": 3.0, "0001": 1.0}) == 0
    assert grade.others(ours, {"0000": 2.0}) == 1


def test_targets_are_judged_by_the_middle_round_of_what_ran(grade):
    from benchmarks.suite import Result

    took = {"own work": [0.2] * 3, "cme323": [0.2, 0.3, 9], "nbgrader": [1.2, 1.5, 1.8]}
    results = [Result("a5", e, 3, seconds=s) for e, s in took.items()]
    row = [Result("row", "cme323", n, memory=100 + n) for n in (5, 10)]
    met = grade.targets(results, row, {})
    assert [(t.figure, t.verdict) for t in met[:3]] == [
        (pytest.approx(5), "met"),
        (pytest.approx(0.4), "met"),
        (pytest.approx(5 / 105), "met"),
    ]
    assert {t.verdict for t in grade.targets([], [], {})} == {"not judged"}


def test_a_mistake_that_the_assignment_does_not_have_is_told():
    from benchmarks.grade_submissions import mistake, tiny

    cells = tiny("return 1").cells
    with pytest.raises(ValueError, match="no 'return 2'"):
        mistake(cells, "f", "return 2", "return 3")


def test_growth_is_refused_with_a_sentence(grade):
    with pytest.raises(BadInput, match="no --growth"):
        grade.run("", growth=True)
