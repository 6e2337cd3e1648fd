import json
from functools import reduce

import pytest

from cme323.claims import claim, claims
from cme323.claims.claim import (
    BROKEN,
    CONFIRMED,
    REFUTED,
    SKIPPED,
    Claim,
    Experiment,
    Report,
)
from cme323.claims.verdicts import AtMost, Equal
from cme323.engine.pairs import PairOperations
from cme323.engine.rdd import Shuffled
from cme323.engine.transformations import Transformations
from cme323.errors import BadInput
from cme323.graphs import pagerank as program

IDS = [claim.id for claim in claims()]


@pytest.mark.parametrize("name", IDS)
def test_is_confirmed_and_every_falsehood_refuted(name):
    report = claim(name).check()
    assert report.verdict == CONFIRMED, [f.remark for f in report.findings]
    assert report.controls, "a claim needs a negative control"
    assert {finding.verdict for finding in report.controls} == {REFUTED}


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
@pytest.mark.parametrize("name", IDS)
def test_spark_confirms_what_it_can_be_asked(name, spark):
    asked = claim(name).on_spark(spark)
    assert [e.perform().verdict for e in asked] == [CONFIRMED] * len(asked)


def trivial(predicted, control, verdict=Equal()):  # noqa: B008
    """A claim that n is `predicted`, with a falsehood that it is `control`."""

    def experiment(values):
        return Experiment(
            "n is n", "things", "n", (1, 2, 3), values, lambda n: n, verdict
        )

    falsehoods = (experiment(control),) if control else ()
    return Claim("X1", "t", "$n$", "s", (experiment(predicted),), falsehoods)


def test_a_wrong_prediction_is_refuted():
    report = trivial(lambda n: n + (n == 3), lambda n: 0).check()
    assert (report.verdict, report.control, report.sound) == (REFUTED, REFUTED, False)
    assert report.findings[0].remark == "3 at 3, not 4"


def test_a_control_that_passes_makes_a_claim_unsound():
    report = trivial(lambda n: n, lambda n: 9, AtMost()).check()
    assert (report.verdict, report.control) == (CONFIRMED, CONFIRMED)
    assert not report.sound


def test_a_claim_without_a_control_is_unsound():
    assert not trivial(lambda n: n, None).check().sound


def test_a_claim_without_experiments_is_skipped_not_confirmed():
    report = Claim("X2", "t", "$n$", "s", (), trivial(int, int).controls).check()
    assert report.verdict == SKIPPED
    assert not report.sound


def test_the_report_is_plain_data_and_shows_itself():
    report = claim("B13").check()
    data = json.loads(json.dumps(report.as_json()))
    assert data["id"] == "B13"
    assert (data["verdict"], data["control"]) == (CONFIRMED, REFUTED)
    assert data["points"][0] == {
        "experiment": "both partitioned alike: 0 records",
        "size": [100, 100, 2],
        "predicted": 0,
        "measured": 0,
    }
    assert "| *Falsehood:*" in report._repr_markdown_()


def test_a_claim_in_a_notebook_is_checked_and_shows_its_report_and_charts():
    shown = claim("B13")._repr_mimebundle_()
    report = claim("B13").check()
    assert shown["text/plain"] == "B13 CONFIRMED, its control REFUTED"
    assert shown["text/markdown"].startswith(report._repr_markdown_())
    charts = shown["text/markdown"].count('<img alt="Chart. ')
    assert charts == len(report.findings) + len(report.controls)
    assert repr(claim("B13")) == "B13. Co-partitioned joins"


def test_an_error_is_told_where_the_report_is_shown():
    report = Report(claim("B13"), (), (), 0.0, "ValueError: x (a.py, line 1)")
    assert (report.verdict, report.control, report.sound) == (BROKEN, SKIPPED, False)
    assert report.as_json()["error"] == "ValueError: x (a.py, line 1)"
    assert "ValueError: x" in report._repr_markdown_()


def test_two_runs_measure_the_same():
    first, second = (claim("B11").check().as_json()["points"] for _ in "ab")
    assert first == second


def test_progress_is_told_of_every_experiment():
    done = []
    report = claim("B13").check(progress=done.append)
    assert len(done) == len(report.findings) + len(report.controls)


def test_ids_are_found_in_any_case_and_in_the_order_asked():
    assert [c.id for c in claims(["d3", "B10"])] == ["D3", "B10"]


def test_an_unknown_id_is_bad_input_that_names_the_known():
    with pytest.raises(BadInput, match=r"no claim 'Z9'.*B10.*D3"):
        claim("Z9")


def test_a_graph_of_ones_own_is_the_real_one():
    (d2,) = claims(["D2"], real=lambda: [(0, 1), (1, 0), (0, 1)])
    real = next(e for e in d2.experiments if "real graph" in e.says)
    assert [point.predicted for point in real.perform().points] == [2, 2, 2]


def planted(monkeypatch, name, function):
    monkeypatch.setattr(program, name, function)


def test_B10_notices_a_transformation_that_runs_at_once(monkeypatch):
    lazy = Transformations.map

    def eager(rdd, f, preservesPartitioning=False):
        rdd.count()
        return lazy(rdd, f, preservesPartitioning)

    monkeypatch.setattr(Transformations, "map", eager)
    assert claim("B10").check().verdict == REFUTED


def test_B11_notices_a_combiner_that_is_missing(monkeypatch):
    def uncombined(rdd, func, numPartitions=None):
        return rdd.groupByKey(numPartitions).mapValues(lambda vs: reduce(func, vs))

    monkeypatch.setattr(PairOperations, "reduceByKey", uncombined)
    assert claim("B11").check().verdict == REFUTED


def test_B13_notices_a_join_that_forgets_the_partitioner(monkeypatch):
    def always_moved(rdd, partitioner, name):
        return Shuffled(rdd, partitioner, name)

    monkeypatch.setattr(PairOperations, "_moved_to", always_moved)
    assert claim("B13").check().verdict == REFUTED


def test_D1_notices_a_step_that_damps_too_little(monkeypatch):
    step = program._step
    planted(monkeypatch, "_step", lambda *a: step(*a[:3], min(1, a[3] + 0.02)))
    assert claim("D1").check().verdict == REFUTED


def test_D2_notices_links_that_move_again(monkeypatch):
    step = program._step
    forgetful = lambda links, *rest: step(links.map(lambda kv: kv), *rest)  # noqa: E731
    planted(monkeypatch, "_step", forgetful)
    assert claim("D2").check().verdict == REFUTED


def test_D3_notices_rank_that_gets_lost(monkeypatch):
    step = program._step

    def leaky(links, ranks, home, damping):
        return step(links.filter(lambda link: link[1]), ranks, home, damping)

    planted(monkeypatch, "_step", leaky)
    assert claim("D3").check().verdict == REFUTED
