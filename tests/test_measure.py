import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme323 import Context, Cost
from cme323.measure import compare, run, slope
from cme323.pram import PRAM


def group(sc, n):
    return sc.range(n).map(lambda x: (x % 3, x)).groupByKey().count()


def test_run_gives_value_cost_and_seconds():
    sc = Context(partitions=2)
    group(sc, 5)
    result = run(group, sc, 30)
    assert result.value == 3
    assert (result.cost.rounds, result.cost.records) == (1, 30)
    assert result.seconds > 0


def test_run_without_a_machine_knows_no_cost():
    assert run(sorted, [2, 1]).cost is None


def test_run_adds_the_costs_of_several_machines():
    both = run(lambda a, b: (group(a, 4), group(b, 6)), Context(), b=Context())
    assert both.cost.records == 10


def test_compare_puts_predicted_beside_measured():
    table = compare(
        predict=lambda n: Cost(rounds=1, records=2 * n),
        run=lambda n: run(group, Context(partitions=2), n),
        over=[1000, 2000],
    )
    assert table.names == ["rounds", "records"]
    first = repr(table).splitlines()[1]
    assert first.split() == ["1,000", "1", "1", "1.000", "2,000", "1,000", "0.500"]


def test_compare_shows_itself_as_html_and_escapes_sizes():
    table = compare(lambda n: Cost(rounds=1), lambda n: Cost(rounds=2), ["<b>"])
    shown = table._repr_html_()
    assert "<th scope" in shown
    assert "&lt;b&gt;" in shown
    assert "<td>2.000</td>" in shown


@given(
    st.floats(-3, 3),
    st.floats(0.1, 10),
    st.lists(st.integers(1, 10**6), min_size=2, max_size=9, unique=True),
)
def test_slope_finds_the_exponent_of_a_power(exponent, constant, sizes):
    fit = slope(sizes, [constant * size**exponent for size in sizes])
    assert fit.exponent == pytest.approx(exponent, abs=1e-6)
    assert fit.constant == pytest.approx(constant, rel=1e-3)
    assert fit.r2 == pytest.approx(1, abs=1e-6)


def test_slope_agrees_with_numpy_on_noise():
    rng = np.random.default_rng(0)
    sizes = 2.0 ** np.arange(4, 14)
    costs = sizes**1.5 * rng.uniform(0.5, 2, len(sizes))
    expected = np.polyfit(np.log(sizes), np.log(costs), 1)[0]
    fit = slope(sizes.tolist(), costs.tolist())
    assert fit.exponent == pytest.approx(expected)
    assert 0.8 < fit.r2 < 1


@pytest.mark.parametrize("costs", [[1], [1, 0], [1, 2, 3]])
def test_slope_refuses_what_has_no_logarithm_or_no_partner(costs):
    with pytest.raises(ValueError, match="at least two sizes"):
        slope([1, 2], costs)


def test_a_run_on_a_new_machine_tells_rounds_that_it_did_not_know_of():
    done = run(lambda pram: pram.round(), PRAM())
    assert done.cost == Cost(work=0, depth=0, rounds=1)
