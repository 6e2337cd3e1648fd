import numpy as np
import pytest

load = pytest.importorskip("cme323.datasets.labelled_sklearn", reason="needs sklearn")


def test_digits_are_greys_from_0_to_1_and_none_is_learnt_and_tested():
    data = load.digits()
    both = np.concatenate([data.x, data.test_x])
    assert (both.min(), both.max(), len(both)) == (0, 1, 1797)
    assert set(data.y) == set(data.test_y) == set(range(10))
    learnt = {x.tobytes() for x in data.x}
    assert not learnt & {x.tobytes() for x in data.test_x}


def test_columns_are_scaled_by_what_is_learnt_alone():
    data = load.breast_cancer()
    assert data.x.mean(axis=0) == pytest.approx(0, abs=1e-12)
    assert data.x.std(axis=0) == pytest.approx(1)
    assert abs(data.test_x.mean(axis=0)).max() > 0.01


def test_another_seed_cuts_elsewhere():
    first, same, other = (load.digits(seed).y.tolist() for seed in (0, 0, 1))
    assert first == same
    assert first != other
