"""What torch says of a function of arrays: its value, and the gradients of its sum."""

import numpy as np
import pytest
from hypothesis import strategies as st

from cme323.nn.tensor import Tensor


def same_as_torch(ours, theirs, *arrays):
    """Value and gradients agree to 1e-6, if each result is weighed by a number."""
    torch = pytest.importorskip("torch", reason="the oracle is torch")
    tensors = [Tensor(x.copy()) for x in arrays]
    mirrors = [torch.tensor(x, requires_grad=True) for x in arrays]
    result, expected = ours(*tensors), theirs(*mirrors)
    assert result.shape == tuple(expected.shape)
    np.testing.assert_allclose(
        result.value, expected.detach().numpy(), rtol=1e-6, atol=1e-9
    )
    weights = np.random.default_rng(0).standard_normal(result.shape)
    (result * weights).sum().backward()
    (expected * torch.tensor(weights)).sum().backward()
    for tensor, mirror in zip(tensors, mirrors):
        np.testing.assert_allclose(
            tensor.grad, mirror.grad.numpy(), rtol=1e-6, atol=1e-9
        )


def draw(shape, seed):
    """Numbers of which none is 0, and no two are alike."""
    x = np.random.default_rng(seed).standard_normal(shape)
    return x + 0.1 * np.sign(x)


seeds = st.integers(0, 2**32 - 1)
sides = st.integers(1, 4)
shapes = st.lists(sides, max_size=3).map(tuple)


@st.composite
def broadcastable(draw_from):
    """Two shapes that NumPy brings together."""
    full = draw_from(shapes)

    def part():
        ones = draw_from(st.lists(st.booleans(), min_size=3, max_size=3))
        kept = tuple(1 if one else side for one, side in zip(ones, full))
        return kept[draw_from(st.integers(0, len(full))) :]

    first, second = part(), part()
    return (first, second) if draw_from(st.booleans()) else (full, second)
