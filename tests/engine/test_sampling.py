from statistics import fmean, pvariance

import pytest

from cme323 import Context
from cme323.engine.sampling import generator, poisson


@pytest.mark.parametrize("mean", [0.3, 25])
def test_poisson_has_its_mean_and_variance(mean):
    rng = generator(seed=0, partition=0)
    draws = [poisson(rng, mean) for _ in range(20_000)]
    assert fmean(draws) == pytest.approx(mean, rel=0.05)
    assert pvariance(draws) == pytest.approx(mean, rel=0.05)


@pytest.mark.parametrize(
    ("replacement", "fraction"), [(False, 0.3), (True, 0.3), (True, 1.7), (True, 25.0)]
)
def test_a_seed_gives_the_sample_that_it_gives_in_pyspark(replacement, fraction):
    rddsampler = pytest.importorskip("pyspark.rddsampler")
    rdd = Context().range(90, numSlices=3)
    theirs = rddsampler.RDDSampler(replacement, fraction, 5).func
    ours = rdd.sample(replacement, fraction, 5)
    assert ours.collect() == rdd.mapPartitionsWithIndex(theirs).collect()


def test_a_seed_gives_the_split_that_it_gives_in_pyspark():
    rddsampler = pytest.importorskip("pyspark.rddsampler")
    rdd = Context().range(90, numSlices=3)
    theirs = rddsampler.RDDRangeSampler(0.0, 0.25, 5).func
    ours, _ = rdd.randomSplit([1, 3], 5)
    assert ours.collect() == rdd.mapPartitionsWithIndex(theirs).collect()
