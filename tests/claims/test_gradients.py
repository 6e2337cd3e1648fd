"""F1 and F2 notice what is planted; test_claims.py has them confirmed."""

import numpy as np

from cme323.claims import claim, gradients
from cme323.claims.claim import REFUTED
from cme323.nn import tensor
from cme323.nn.tensor import Tensor


def refuted(name):
    """What a claim says that does not hold."""
    report = claim(name).check()
    return [f.experiment.says for f in report.findings if f.verdict == REFUTED]


def test_F1_notices_a_product_that_is_computed_again_on_the_way_back(monkeypatch):
    matmul = Tensor.__matmul__

    def again(a, b):
        result = matmul(a, b)
        ((x, to_x), (w, to_w)) = result.parents
        result.parents = (x, lambda g: to_x(0 * (x.value @ w.value) + g)), (w, to_w)
        return result

    monkeypatch.setattr(Tensor, "__matmul__", again)
    assert "backward: 4B sum - 2B d_0 d_1" in refuted("F1")


def test_F1_notices_gradients_of_the_data_that_nobody_wants(monkeypatch):
    lift = tensor.lift
    monkeypatch.setattr(
        tensor, "lift", lambda x, like=None: Tensor(lift(x, like).value)
    )
    assert "backward: 4B sum - 2B d_0 d_1" in refuted("F1")


def test_F2_notices_a_gradient_that_is_a_bit_wrong(monkeypatch):
    def wrong(x):
        y = np.exp(x.value)
        return x.then("exp", y, lambda g: g * y * (1 + 1e-6))

    monkeypatch.setattr(Tensor, "exp", wrong)
    found = refuted("F2")
    assert "central, large h: h^2 / 6" in found
    assert "the best h is within a factor of 2 of the formula" in found


def test_F2_notices_a_function_in_short_floats(monkeypatch):
    monkeypatch.setattr(gradients, "value", lambda x: float(np.exp(np.float32(x[0]))))
    assert "the best h is within a factor of 2 of the formula" in refuted("F2")
