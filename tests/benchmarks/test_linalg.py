"""benchmarks/linalg.py: one answer everywhere, and its two targets."""

from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def suite(monkeypatch):
    pytest.importorskip("psutil")
    monkeypatch.syspath_prepend(ROOT)
    from benchmarks import linalg

    return linalg


def test_every_engine_here_gives_numpys_product(suite):
    data = suite.matrices(64)
    with suite.serial() as sc:
        np.testing.assert_allclose(suite.product(sc, data), data[0] @ data[1])
    pytest.importorskip("torch")
    np.testing.assert_allclose(suite.torch_product(data), suite.np_product(data))


@pytest.mark.spark
@pytest.mark.xdist_group("spark")
def test_mllib_gives_it_too(suite, spark):
    data = suite.matrices(8)
    np.testing.assert_allclose(suite.mllib_product(spark, data), data[0] @ data[1])


def test_targets_are_judged_by_ratios(suite):
    from benchmarks.suite import Result

    took = {"numpy": 0.8, "serial": 1.0, "processes": 2.0, "mllib": 3.0}
    results = [Result("matmul", e, 1, seconds=[s] * 3) for e, s in took.items()]
    judged = suite.targets(results, [])
    assert [(t.figure, t.verdict) for t in judged] == [(0.8, "met"), (3.0, "met")]
    assert [t.verdict for t in suite.targets(results[:2], [])] == ["met", "not judged"]
