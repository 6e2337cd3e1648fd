import numpy as np
import pytest

from cme323.errors import BadInput
from cme323.nn.optimizers import SGD, Adam, Momentum
from cme323.nn.tensor import Tensor


def test_sgd_steps_down_the_gradient():
    p = Tensor([1.0, 2.0])
    p.grad = np.array([10.0, -10.0])
    SGD([p], rate=0.1).step()
    assert p.value.tolist() == [0, 3]


@pytest.mark.parametrize(
    ("ours", "theirs", "options"),
    [
        (SGD, "SGD", {}),
        (Momentum, "SGD", {"momentum": 0.9}),
        (Adam, "Adam", {}),
    ],
)
def test_twenty_steps_are_as_in_torch(ours, theirs, options):
    torch = pytest.importorskip("torch", reason="the oracle is torch")
    start = np.random.default_rng(0).standard_normal((3, 4))
    p, q = Tensor(start.copy()), torch.tensor(start, requires_grad=True)
    mine = ours([p], rate=0.05)
    reference = getattr(torch.optim, theirs)([q], lr=0.05, **options)
    for _ in range(20):
        (p * p * p * p).sum().backward()
        mine.step()
        reference.zero_grad()
        (q**4).sum().backward()
        reference.step()
    np.testing.assert_allclose(p.value, q.detach().numpy(), rtol=1e-10)


@pytest.mark.parametrize("make", [SGD, Momentum, Adam])
def test_all_find_the_lowest_point_of_a_bowl(make):
    p = Tensor([3.0, -2.0])
    optimizer = make([p], rate=0.05)
    for _ in range(400):
        ((p - 1) ** 2).sum().backward()
        optimizer.step()
    assert p.value == pytest.approx([1, 1], abs=1e-3)


@pytest.mark.parametrize("make", [SGD, Momentum, Adam])
def test_a_step_before_backward_is_refused_and_changes_nothing(make):
    p, q = Tensor([3.0]), Tensor([[1.0, 2.0]])
    (p * p).sum().backward()
    with pytest.raises(
        BadInput, match=r"1 of 2 have none, the first of shape \(1, 2\)"
    ):
        make([p, q], rate=0.1).step()
    assert p.value.tolist() == [3]
