import builtins

import pytest

from cme323 import Context, Cost
from cme323.claims import claim
from cme323.course.plots import Picture, bars, lines, plot
from cme323.course.show import Code, GlooRun, SparkRun, on_gloo, on_spark
from cme323.errors import BadInput
from cme323.network.allreduce import doubling_allreduce


def test_a_picture_of_a_claim_has_a_title_units_and_words():
    picture = plot(claim("B13").check())
    assert picture.figure.get_suptitle() == "B13: Co-partitioned joins"
    for axes in picture.figure.axes:
        assert axes.get_title()
        assert axes.get_xlabel()
        assert axes.get_ylabel() == "records moved"
    assert "both partitioned alike: 0 records: CONFIRMED" in picture.alt


def test_a_picture_shows_itself_with_its_words():
    picture = bars({"<a>": 1.0, "b": 0.5}, "Ranks", "rank")
    assert picture.png().startswith(b"\x89PNG")
    shown = picture._repr_html_()
    assert 'alt="Bar chart. Ranks, as rank: &lt;a&gt; 1.0000, b 0.5000."' in shown
    assert 'src="data:image/png;base64,iVBOR' in shown


def test_lines_tell_their_ends():
    picture = lines({"x": [4.0, 2.0, 1.0]}, "Title", "step", "distance", log=True)
    assert isinstance(picture, Picture)
    assert repr(picture) == "Line chart. Title. distance against step: x from 4 to 1."


def test_code_is_shown_as_it_stands():
    def double(x):
        return 2 * x

    assert "return 2 * x" in Code(double)._repr_markdown_()


RECORDED = SparkRun(0.0, Cost(rounds=4), "on a day")


@pytest.fixture
def context_pyspark():
    return pytest.importorskip("cme323.engine.context_pyspark", reason="needs pyspark")


def test_without_java_the_recorded_run_is_shown_as_recorded(
    monkeypatch, context_pyspark
):
    def none():
        raise BadInput("no Java")

    monkeypatch.setattr(context_pyspark, "spark_context", none)
    shown = repr(on_spark(lambda sc: 1, RECORDED))
    assert shown == (
        "Skipped: no Java.\nInstead, on Spark, recorded on a day: 0.0, Cost(rounds=4)"
    )


def test_without_pyspark_the_recorded_run_is_shown_as_recorded(monkeypatch):
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.endswith("_pyspark"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert "PySpark is not installed" in repr(on_spark(lambda sc: 1, RECORDED))


def test_with_spark_the_program_runs_now(monkeypatch, context_pyspark):
    monkeypatch.setattr(context_pyspark, "spark_context", Context)
    shown = repr(on_spark(lambda sc: sc.range(9).count(), RECORDED))
    assert shown.startswith("on Spark, run now: 9, Cost(rounds=0, tasks=4")


def test_an_error_of_the_program_is_not_mistaken_for_a_missing_spark(
    monkeypatch, context_pyspark
):
    def broken(sc):
        raise ImportError

    monkeypatch.setattr(context_pyspark, "spark_context", Context)
    with pytest.raises(ImportError):
        on_spark(broken, RECORDED)


ON_GLOO = GlooRun([3, 3], Cost(messages=2), "on a day")


def swap_sums(network):
    """The sum of 1 and 2, at both of two ranks."""
    return network.run(doubling_allreduce, [1, 2])


def test_without_torch_the_recorded_run_is_shown_as_recorded(monkeypatch):
    real = builtins.__import__

    def refuse(name, *args, **kwargs):
        if name.endswith("_torch"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert repr(on_gloo(swap_sums, ON_GLOO)) == (
        "Skipped: torch is not installed.\n"
        "Instead, by gloo, recorded on a day: [3, 3], Cost(messages=2)"
    )


def test_with_torch_the_program_runs_now_on_processes():
    pytest.importorskip("torch", reason="needs torch")
    shown = repr(on_gloo(swap_sums, ON_GLOO, ranks=2))
    assert shown == "by gloo, run now: [3, 3], Cost(work=2, records=2, messages=2)"
