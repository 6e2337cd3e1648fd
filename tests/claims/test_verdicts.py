import random

import pytest

from cme323.claims.verdicts import AtMost, Crossover, Equal, Point, Slope, Within


def points(predicted, measured):
    return [Point(2**i, p, m) for i, (p, m) in enumerate(zip(predicted, measured))]


def holds(verdict, predicted, measured):
    return verdict.judge(points(predicted, measured))[0]


def test_Equal_is_exact():
    assert holds(Equal(), [1, 2], [1, 2])
    assert not holds(Equal(), [1, 2], [1, 3])
    assert not holds(Equal(), [1], [1 + 1e-15])


def test_Equal_allows_the_rounding_it_states_and_no_more():
    assert holds(Equal(rounding=1e-12), [2.0], [2.0 + 1e-12])
    assert not holds(Equal(rounding=1e-12), [2.0], [2.0 + 1e-11])


def test_AtMost_needs_every_point_and_tells_how_tight_it_is():
    assert AtMost().judge(points([10, 10], [5, 9])) == (
        True,
        "at most 0.900 of the bound",
    )
    held, remark = AtMost().judge(points([10, 10], [5, 11]))
    assert not held
    assert remark == "11 at 2, above 10"


def test_AtMost_zero_is_zero():
    assert holds(AtMost(), [0], [0])
    assert not holds(AtMost(), [0], [1])


@pytest.mark.parametrize(("power", "right"), [(1, False), (1.5, True), (2, False)])
def test_Slope_knows_exponents_apart(power, right):
    sizes = [2**i for i in range(7)]
    assert holds(Slope(1.5, 0.05), sizes, [s**power for s in sizes]) == right


def test_Slope_drops_the_smallest_size():
    measured = [1000, *(2**i for i in range(1, 7))]
    assert holds(Slope(1, 0.01), measured, measured)


def test_Slope_refuses_few_sizes_and_curves():
    assert not holds(Slope(1, 0.1), [1] * 5, [2**i for i in range(5)])
    bent = [2**i * (10 if i % 2 else 1) for i in range(9)]
    assert not holds(Slope(1, 1), bent, bent)


def test_Slope_zero_needs_no_variance():
    assert holds(Slope(0, 0.01), [7] * 6, [7] * 6)


def samples(mean, spread, number=100, seed=0):
    rng = random.Random(seed)
    return [rng.gauss(mean, spread) for _ in range(number)]


def test_Within_confirms_the_mean_and_refutes_another():
    assert Within().judge([Point(1, 10.0, samples(10, 1))])[0]
    assert not Within().judge([Point(1, 10.6, samples(10, 1))])[0]


def test_Within_is_not_fooled_by_noise_or_few_seeds():
    assert "too vague" in Within().judge([Point(1, 10.0, samples(10, 20))])[1]
    assert "too few" in Within().judge([Point(1, 10.0, samples(10, 1, 20))])[1]


def test_Within_keeps_its_confidence_over_many_points():
    drawn = [Point(i, 10.0, samples(10, 1, seed=i)) for i in range(200)]
    assert Within().judge(drawn)[0]


def test_Crossover_must_be_seen_within_one_step():
    assert holds(Crossover(), [-2, -1, 1, 2], [-2, -1, -1, 2])
    assert not holds(Crossover(), [-2, 1, 1, 2], [-2, -1, -1, 2])
    assert not holds(Crossover(), [-2, -1, 1, 2], [1, 1, 1, 1])
