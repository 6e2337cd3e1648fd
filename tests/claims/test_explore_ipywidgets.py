"""The sliders of a claim: they are bounded by the sweep, and to move one runs it."""

import sys

import pytest

from cme323.claims import claim, claims
from cme323.claims.claim import Claim, Experiment
from cme323.claims.verdicts import AtMost, Equal, Slope
from cme323.errors import BadInput

pytest.importorskip("ipywidgets")

SIZES = ((10, 2, "ring"), (20, 4, "tree"), (40, 8, "ring"))
ran = []


def run(n, p, way):
    ran.append((n, p, way))
    return n * p if p != 7 else 1 // 0


def made(verdict=Equal(), predict=lambda n, p, way: n * p):  # noqa: B008
    """A claim on three sizes, and a falsehood on one."""
    says = "n P records", "records"
    truth = Experiment(*says, "n, P, way", SIZES, predict, run, verdict)
    one = Experiment("n is 0", "n", "n", (1.5, 3.0), lambda n: 0, abs, Equal())
    return Claim("X1", "Title", "$nP$", "source", (truth,), (one,))


@pytest.fixture
def explorer():
    ran.clear()
    return made().explore()


def test_there_is_a_slider_for_each_size_bounded_by_the_sweep(explorer):
    n, p, way = explorer.sliders.values()
    assert list(explorer.sliders) == ["n", "P", "way"]
    assert (n.min, n.max, n.value) == (10, 40, 20)
    assert (p.min, p.max, p.value) == (2, 8, 4)
    assert way.options == ("ring", "tree")


def test_it_starts_with_the_sweep_and_a_size_from_its_middle(explorer):
    assert ran == [*SIZES, (20, 4, "tree")]
    told = explorer.outcome.value
    assert (
        "At n = 20, P = 4, way = tree: predicted <b>80</b>, measured <b>80</b>" in told
    )
    assert "It holds." in told


def test_a_moved_slider_runs_again_and_shows_the_new_numbers(explorer):
    explorer.sliders["n"].value = 33
    assert ran[-1] == (33, 4, "tree")
    assert "predicted <b>132</b>, measured <b>132</b> records" in explorer.outcome.value
    explorer.sliders["way"].value = "ring"
    assert ran[-1] == (33, 4, "ring")
    assert "way = ring" in explorer.outcome.value
    assert len(ran) == 3 + 1 + 2  # the sweep ran once


def test_a_size_that_cannot_run_is_a_sentence_and_the_next_one_runs(explorer):
    explorer.sliders["P"].value = 7
    assert "It cannot run at n = 20, P = 7" in explorer.outcome.value
    assert "ZeroDivisionError" in explorer.outcome.value
    explorer.sliders["P"].value = 6
    assert "predicted <b>120</b>" in explorer.outcome.value


def test_another_experiment_has_sliders_of_its_own(explorer):
    falsehood = explorer.choice.options[1][1]
    explorer.choice.value = falsehood
    assert list(explorer.sliders) == ["n"]
    assert (explorer.sliders["n"].min, explorer.sliders["n"].max) == (1.5, 3.0)
    assert "predicted <b>0</b>, measured <b>3</b> n. Refuted here." in (
        explorer.outcome.value
    )
    assert 'alt="Chart. Falsehood: n is 0.' in explorer.outcome.value


def test_the_chart_shows_the_sweep_and_the_size(explorer):
    assert "3 sizes" in explorer.outcome.value
    assert 'src="data:image/svg+xml;base64,' in explorer.outcome.value


@pytest.mark.parametrize(
    ("verdict", "predict", "told"),
    [
        (AtMost(), lambda n, p, way: 2 * n * p, "holds: at most 0.500 of the bound."),
        (Equal(), lambda n, p, way: n, "does not hold here."),
        (Slope(1, 1), lambda n, p, way: n, "shows in the sweep alone."),
    ],
)
def test_it_says_what_this_size_alone_decides(verdict, predict, told):
    assert told in made(verdict, predict).explore().outcome.value


def test_a_size_that_the_sweep_leaves_out_may_break_a_condition():
    explorer = made(predict=lambda n, p, way: n * p + (n == 21)).explore()
    assert "leaves this size out" not in explorer.outcome.value
    explorer.sliders["n"].value = 21
    assert "The sweep leaves this size out" in explorer.outcome.value


@pytest.mark.parametrize("name", [c.id for c in claims()])
def test_every_experiment_names_each_of_its_sizes(name):
    asked = claim(name)
    for experiment in (*asked.experiments, *asked.controls):
        for size in experiment.sweep:
            parts = size if isinstance(size, tuple) else (size,)
            assert len(experiment.axes.split(", ")) == len(parts), experiment.says


def test_a_claim_of_the_course_can_be_explored():
    explorer = claim("B13").explore()
    explorer.sliders["right"].value = 700
    assert "right = 700" in explorer.outcome.value
    assert "predicted <b>0</b>, measured <b>0</b> records moved" in (
        explorer.outcome.value
    )


def test_without_ipywidgets_there_is_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    monkeypatch.delitem(sys.modules, "cme323.claims.explore_ipywidgets", raising=False)
    with pytest.raises(BadInput, match="needs ipywidgets, which is not installed"):
        claim("B13").explore()
